import type { RunningSystem } from '@paidan/local';
import { setTimeout as delay } from 'node:timers/promises';
import { Observer } from '../../observer.js';
import { takeSample, type Sample } from './sample.js';

const MINUTE = 60_000;

/** Looks at the system once a minute while the city works on it. */
export async function soak(
  minutes: number,
  system: RunningSystem,
  stop: AbortSignal,
  say: (line: string) => void,
): Promise<readonly Sample[]> {
  const observer = await Observer.start(system.brokers, system.clock);
  try {
    const samples: Sample[] = [];
    const began = performance.now();
    for (let minute = 1; minute <= minutes; minute += 1) {
      await delay(Math.max(0, began + minute * MINUTE - performance.now()), undefined, { signal: stop }).catch(() => undefined);
      if (stop.aborted) break;
      const sample = await takeSample(minute, system, observer);
      samples.push(sample);
      const { p50 = '–', p99 = '–' } = sample.acceptedToAssignedMs ?? {};
      say(`minute ${minute}: ${sample.registered} tickets, accepted→assigned p50 ${p50} ms, p99 ${p99} ms`);
    }
    return samples;
  } finally {
    await observer.stop();
  }
}
