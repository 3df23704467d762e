import { findSystem, type LocalKeys, localPorts, startInfra, startSystem, type SystemAddresses } from '@paidan/local';
import { setTimeout as delay } from 'node:timers/promises';

/** A system to play on. */
export interface Stage extends Pick<SystemAddresses, 'urls' | 'brokers' | 'cityDir'> {
  readonly keys: LocalKeys;
  /** One line for people: whose it is. */
  readonly what: string;
  /** Something of it ended by itself; never called for a system that another process runs. */
  onFailure(listener: (line: string) => void): void;
  /** Stops what was started for the play; a system that ran before goes on. */
  leave(): Promise<void>;
}

type Say = (line: string) => void;

/** The system that `npm start` runs, or one of our own. */
export async function findOrStart(say: Say, env: NodeJS.ProcessEnv = process.env): Promise<Stage> {
  const found = await findSystem();
  if (found === undefined) return ownSystem(say, env);
  await requireAnswers(found);
  return {
    ...found,
    what: `the system that runs at ${found.urls['intake'] ?? found.dataDir}`,
    onFailure: () => undefined,
    leave: async () => undefined,
  };
}

async function ownSystem(say: Say, env: NodeJS.ProcessEnv): Promise<Stage> {
  const plan = localPorts(env);
  // Any free ports: the fixed ones are for who wants to call by hand, and the play must not fail of a port that is taken.
  const ports = { postgres: 0, kafka: 0, services: plan.services.map((service) => ({ ...service, port: 0, metricsPort: 0 })) };
  // Servers named by the environment keep their data, so the keys to it must stay too.
  const named = Boolean(env['PAIDAN_POSTGRES_URL'] || env['PAIDAN_KAFKA_BROKERS']);
  say('no system runs; starting one for this play');
  const infra = named ? undefined : await startInfra({ ephemeral: true, ports, onProgress: say, env });
  try {
    const system = await startSystem({ ports, onProgress: say, env, ...(infra === undefined ? {} : { infra }) });
    return {
      urls: system.urls,
      brokers: system.brokers,
      cityDir: system.cityDir,
      keys: system.keys,
      what: named
        ? 'a system started for this play, on the servers of the environment'
        : 'a system started for this play; its data goes with it',
      onFailure: (listener) =>
        system.onFailure((what, reason, log) => listener(`${what} ended by itself (${reason}). The end of its log:\n${log}`)),
      leave: async () => {
        await system.stop();
        await infra?.stop();
      },
    };
  } catch (error) {
    await infra?.stop();
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
