import { findSystem, type LocalKeys, localPorts, startInfra, startSystem, type SystemAddresses } from '@paidan/local';
import { Misuse } from '@paidan/local/call';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { CallbackServer } from '../cast/channels/callback-server.js';
import { CityTime, shownAt } from '../cast/city/time.js';
import { cityWithCallbacks } from '../cast/channels/own-city.js';
import { USUAL_FACTOR } from './options.js';

/** A system to play on. */
export interface Stage extends Pick<SystemAddresses, 'urls' | 'metricsUrls' | 'brokers' | 'cityDir'> {
  readonly keys: LocalKeys;
  readonly time: CityTime;
  /** Lines for people: whose it is, and what time it goes by. */
  readonly what: readonly string[];
  /** Something of it ended by itself; never called for a system that another process runs. */
  onFailure(listener: (line: string) => void): void;
  /** Stops what was started for the play; a system that ran before goes on. */
  leave(): Promise<void>;
}

export interface Wanted {
  readonly factor?: number;
  readonly callbacks: CallbackServer;
}

type Say = (line: string) => void;

/** Before any holiday of the year, and far from the end of the published calendars. */
const BEGIN = '2026-03-01T18:00:00+08:00';
/** Silent citizens keep a ticket open for a week, and unread replies for a month: too long for a play, even in accelerated time. */
const SHORTER = { PAIDAN_RATING_WINDOW: '3d', PAIDAN_PICK_UP_WINDOW: '5d' };

/** The system that `npm start` runs, or one of our own. */
export async function findOrStart(wanted: Wanted, say: Say, env: NodeJS.ProcessEnv = process.env): Promise<Stage> {
  const found = await findSystem();
  if (found === undefined) return ownSystem(wanted, say, env);
  const time = new CityTime(found.clock);
  if (wanted.factor !== undefined && wanted.factor !== time.factor) {
    throw new Misuse(
      `--factor is for a system that the play starts; the one that runs at ${found.urls['intake'] ?? found.dataDir} keeps ${timeOf(time)}. Stop it first, or start it with PAIDAN_CLOCK.`,
    );
  }
  await requireAnswers(found);
  return {
    ...found,
    time,
    what: [`on the system that runs at ${found.urls['intake'] ?? found.dataDir}`, ...aboutTime(time)],
    onFailure: () => undefined,
    leave: async () => undefined,
  };
}

const timeOf = ({ factor }: CityTime): string => (factor === 1 ? 'real time' : `a time that runs ${factor} times as fast`);

const aboutTime = (time: CityTime): readonly string[] =>
  time.paced
    ? [
        `it is ${shownAt(time.now())} in the city, and time runs ${time.factor} times as fast: a day in ${(86_400 / time.factor).toFixed(1)} s`,
      ]
    : ['time is real: everybody acts at once, and no deadline passes; warnings and cards need accelerated time'];

async function ownSystem({ factor, callbacks }: Wanted, say: Say, env: NodeJS.ProcessEnv): Promise<Stage> {
  const plan = localPorts(env);
  // Any free ports: the fixed ones are for who wants to call by hand, and the play must not fail of a port that is taken.
  const ports = { postgres: 0, kafka: 0, services: plan.services.map((service) => ({ ...service, port: 0, metricsPort: 0 })) };
  // Servers named by the environment keep their data, so the keys to it must stay too; and time can not go back there.
  const named = Boolean(env['PAIDAN_POSTGRES_URL'] || env['PAIDAN_KAFKA_BROKERS']);
  if (named && factor !== undefined && factor !== 1)
    throw new Misuse('--factor needs data of its own: on the servers that the environment names, time would go back at the next start');
  const speed = named ? 1 : (factor ?? USUAL_FACTOR);
  say('no system runs; starting one for this play');
  const cityDir = await cityWithCallbacks(callbacks, env);
  const infra = named ? undefined : await startInfra({ ephemeral: true, ports, onProgress: say, env });
  const leave = async (): Promise<void> => {
    await infra?.stop();
    await rm(cityDir, { recursive: true, force: true });
  };
  try {
    const system = await startSystem({
      ports,
      cityDir,
      onProgress: say,
      env: speed === 1 ? env : { ...SHORTER, ...env },
      ...(speed === 1 ? {} : { clock: { from: BEGIN, factor: speed } }),
      ...(infra === undefined ? {} : { infra }),
    });
    const time = new CityTime(system.clock);
    return {
      urls: system.urls,
      metricsUrls: system.metricsUrls,
      brokers: system.brokers,
      cityDir: system.cityDir,
      keys: system.keys,
      time,
      what: [
        named
          ? 'on a system started for this play, on the servers of the environment'
          : 'on a system started for this play; its data goes with it',
        ...aboutTime(time),
      ],
      onFailure: (listener) =>
        system.onFailure((what, reason, log) => listener(`${what} ended by itself (${reason}). The end of its log:\n${log}`)),
      leave: async () => {
        await system.stop();
        await leave();
      },
    };
  } catch (error) {
    await leave();
    throw error;
  }
}

async function requireAnswers({ metricsUrls, dataDir }: SystemAddresses): Promise<void> {
  for (const [name, url] of Object.entries(metricsUrls)) {
    if (await answers(`${url}/health/ready`)) continue;
    throw new Error(
      `The system that runs on ${dataDir} is not ready: its ${name} does not answer at ${url}/health/ready. Start it anew, or stop it to let the play start one.`,
    );
  }
}

/** A service that has just been restarted is given a moment. */
async function answers(url: string): Promise<boolean> {
  for (let tries = 0; tries < 20; tries += 1) {
    const ok = await fetch(url, { signal: AbortSignal.timeout(3_000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return true;
    await delay(500);
  }
  return false;
}
