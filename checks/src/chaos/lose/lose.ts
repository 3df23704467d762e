import { type Service, SERVICES } from '@paidan/contracts';
import { createTopics, type RunningSystem, topicsOf } from '@paidan/local';
import { setTimeout as delay } from 'node:timers/promises';
import { chance } from '../../cast/city/chance.js';
import { paidan } from '../../paidan.js';
import type { Plant } from '../faults/plant.js';
import { type Positions, positionsOf } from '../positions.js';
import { LostKafka } from './lost-kafka.js';
import { isWell, namesLoss, type Readiness } from './readiness.js';

/** Real milliseconds: the city gets going, until citizens have judged what was done and feedback, too, has something to say again; some services fall behind; there is no Kafka at all; nobody does anything yet; the city goes on. */
const WARM_UP = 60_000;
const BEHIND = 4_000;
const DOWN = 5_000;
const UNATTENDED = 5_000;
const GOES_ON = 20_000;

/** By then each service has named the loss, and is well again after it. */
const LONGEST = 90_000;
const LOOK_EVERY = 250;
/** A step that fails ends `paidan republish`, and the whole may be repeated. */
const TRIES = 3;

/** Real seconds by service, of those that came to it. */
type Seconds = Readonly<Partial<Record<Service, number>>>;

/** How a lost Kafka was got over. Real seconds since the loss. */
export interface Loss {
  /** Stood still when Kafka was lost, so that they had not read all of it. */
  readonly behind: readonly Service[];
  /** Until another one answered, with its topics. */
  readonly replaced: number;
  readonly named: Seconds;
  readonly republishBegan: number;
  readonly republished: number;
  /** What went wrong when it was tried; the last of {@link TRIES} is a violation. */
  readonly failures: readonly string[];
  readonly well: Seconds;
  /** As `paidan republish` tells it. */
  readonly services: readonly {
    readonly service: Service;
    /** Whose positions were put anew. */
    readonly topics: readonly string[];
    readonly events: number;
    readonly notices: number;
  }[];
}

/** A {@link Loss}, and what is needed to judge it. */
export interface LossSeen {
  readonly loss: Loss;
  /** Where everybody stood in the lost log. */
  readonly positions: Positions;
  readonly kafka: LostKafka;
}

/**
 * Kafka is lost while the city works, another one takes its place, and an operator goes the documented way on.
 * @returns nothing when it was stopped before
 */
export async function loseLog(
  plant: Plant,
  system: RunningSystem,
  seed: number,
  stop: AbortSignal,
  say: (line: string) => void,
): Promise<LossSeen | undefined> {
  const wait = (ms: number): Promise<unknown> => delay(ms, undefined, { signal: stop }).catch(() => undefined);
  await wait(WARM_UP);
  if (stop.aborted) return undefined;
  const behind = behindOf(seed);
  say(`${behind.join(', ')}: standing still for ${BEHIND / 1_000} s, and then Kafka is lost`);
  const signal = (name: NodeJS.Signals): Promise<unknown> => Promise.all(behind.map((service) => plant.handleOf(service).kill(name)));
  await signal('SIGSTOP');
  await delay(BEHIND);
  const lostAt = performance.now();
  const since = (): number => Math.round((performance.now() - lostAt) / 100) / 10;
  await plant.handleOf('kafka').kill('SIGKILL');
  await signal('SIGCONT');

  let [kafka, positions]: [LostKafka | undefined, Positions | undefined] = [undefined, undefined];
  await plant.replace('kafka', async () => {
    kafka = await LostKafka.putAside(system.dataDir);
    await delay(DOWN);
    positions = await positionsOf(system, SERVICES);
  });
  if (kafka === undefined || positions === undefined) throw new Error('Kafka came back without having been away');
  await createTopics(system.brokers, topicsOf(system.city));
  const replaced = since();
  say(`another Kafka with its topics after ${replaced} s`);
  const named = await untilEach(plant, namesLoss, since);
  say(`named by ${Object.keys(named).length} of ${SERVICES.length} services after ${Math.max(0, ...Object.values(named))} s`);
  await wait(UNATTENDED);

  const republishBegan = since();
  const { failures, services } = await republish(system, say);
  const republished = since();
  say(`said again after ${republished} s`);
  const well = await untilEach(plant, isWell, since);
  await wait(GOES_ON);
  return { loss: { behind, replaced, named, republishBegan, republished, failures, well, services }, positions, kafka };
}

/** Some of the services, by the seed; one at least. */
export function behindOf(seed: number): readonly Service[] {
  const chosen = SERVICES.filter((service) => chance(seed, 'behind', service) < 0.5);
  const one = SERVICES[Math.floor(chance(seed, 'behind') * SERVICES.length)] ?? 'intake';
  return chosen.length > 0 ? chosen : [one];
}

/** Asks every service until it is so, each for itself. @returns when it was; without those of which it never was */
async function untilEach(plant: Plant, is: (readiness: Readiness) => boolean, since: () => number): Promise<Seconds> {
  const until = Date.now() + LONGEST;
  const seen: Partial<Record<Service, number>> = {};
  await Promise.all(
    SERVICES.map(async (service) => {
      const address = `${plant.processesOf(service)[0]?.metricsUrl ?? ''}/health/ready`;
      for (; Date.now() < until; await delay(LOOK_EVERY)) {
        const answer = await fetch(address, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
        const readiness = (await answer?.json().catch(() => undefined)) as Readiness | undefined;
        if (readiness === undefined || !is(readiness)) continue;
        seen[service] = since();
        return;
      }
    }),
  );
  return seen;
}

/** As an operator does it, and again where it fails. */
async function republish(system: RunningSystem, say: (line: string) => void): Promise<Pick<Loss, 'failures' | 'services'>> {
  const failures: string[] = [];
  while (failures.length < TRIES) {
    const { code, out, err } = await paidan(['republish', '--json'], { PAIDAN_DATA_DIR: system.dataDir });
    if (code === 0) return { failures, services: (JSON.parse(out) as Pick<Loss, 'services'>).services };
    failures.push(`ended with ${code ?? 'no code'}: ${err.trim()}`);
    say(`paidan republish ${failures.at(-1) ?? ''}`);
    await delay(1_000);
  }
  return { failures, services: [] };
}
