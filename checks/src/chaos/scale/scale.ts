import { TICKETS_PARTITIONS } from '@paidan/contracts';
import { type RunningService, timeOf, type SystemClock } from '@paidan/local';
import { setTimeout as delay } from 'node:timers/promises';
import { positionsAt } from '../../partitions.js';
import type { Plant } from '../faults/plant.js';
import type { Stay } from './measure.js';

const SERVICE = 'dispatch';
/** So many processes of it, one number after the other. */
export const STEPS = [1, 2, 3, 2, 1] as const;

/** Real milliseconds: the city gets going, each number stays, and partitions are to be shared evenly, within. */
const WARM_UP = 6_000;
const STAY = 14_000;
const LONGEST_MOVE = 30_000;
const LOOK_EVERY = 500;

/** For how long all steps take at most, with what starting and stopping a process may take; seconds. */
export const LONGEST = ((WARM_UP + STEPS.length * (STAY + LONGEST_MOVE)) / 1_000) | 0;

/** Lets dispatch grow and shrink while it works. */
export async function scale(plant: Plant, clock: SystemClock | undefined, stop: AbortSignal, say: (line: string) => void): Promise<Stay[]> {
  const stays: Stay[] = [];
  await rest(WARM_UP, stop);
  for (const replicas of STEPS) {
    if (stop.aborted) break;
    const orderedAt = timeOf(clock);
    await become(replicas, plant);
    const runningAt = timeOf(clock);
    const partitions = await sharedOut(plant.processesOf(SERVICE));
    const settledAt = timeOf(clock);
    say(`${replicas} of ${SERVICE}: partitions ${Object.values(partitions).join(' + ')}${isEven(partitions) ? '' : ', which is not even'}`);
    await rest(STAY, stop);
    stays.push({ replicas, partitions, orderedAt, runningAt, settledAt, leftAt: timeOf(clock), isFirst: stays.length === 0 });
  }
  await become(1, plant);
  return stays;
}

async function become(replicas: number, plant: Plant): Promise<void> {
  for (;;) {
    const processes = plant.processesOf(SERVICE);
    const last = processes.at(-1);
    if (processes.length < replicas) await plant.join(SERVICE);
    else if (processes.length > replicas && last !== undefined) await plant.part(SERVICE, last);
    else return;
  }
}

/** Waits until everyone has its share. @returns how many partitions each has then, or has when that took too long */
async function sharedOut(processes: readonly RunningService[]): Promise<Readonly<Record<string, number>>> {
  for (const until = Date.now() + LONGEST_MOVE; ; await delay(LOOK_EVERY)) {
    const held = await Promise.all(
      processes.map(async ({ name, metricsUrl }) => [name, [...(await positionsAt(metricsUrl)).keys()]] as const),
    );
    const partitions = Object.fromEntries(held.map(([name, list]) => [name, list.length]));
    // Who has lost a partition may not know it yet.
    const inOneHand = new Set(held.flatMap(([, list]) => list)).size === TICKETS_PARTITIONS;
    if ((inOneHand && isEven(partitions)) || Date.now() > until) return partitions;
  }
}

/** Every partition is in one hand, and nobody has two more than another. */
export function isEven(partitions: Readonly<Record<string, number>>): boolean {
  const counts = Object.values(partitions);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return all === TICKETS_PARTITIONS && Math.max(...counts) - Math.min(...counts) <= 1;
}

const rest = (ms: number, stop: AbortSignal): Promise<void> => delay(ms, undefined, { signal: stop }).catch(() => undefined);
