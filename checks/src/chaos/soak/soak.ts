import type { RunningSystem } from '@paidan/local';
import { setTimeout as delay } from 'node:timers/promises';
import { Observer } from '../../observer.js';
import { lookAtQueues, takeSample, type Sample } from './sample.js';

const MINUTE = 60_000;
/** Looks at the queues within a minute; of a city whose day divides a minute, not always at the same hour. */
const LOOKS = 7;

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
      const queues: Sample['waiting'][] = [];
      for (let look = 1; look <= LOOKS && !stop.aborted; look += 1) {
        const at = began + (minute - 1 + look / LOOKS) * MINUTE;
        await delay(Math.max(0, at - performance.now()), undefined, { signal: stop }).catch(() => undefined);
        queues.push(await lookAtQueues(system.postgresUrl));
      }
      if (stop.aborted) break;
      const sample = await takeSample(minute, system, observer, queues);
      samples.push(sample);
      const { p50 = '–', p99 = '–' } = sample.acceptedToAssignedMs ?? {};
      say(`minute ${minute}: ${sample.registered} tickets, accepted→assigned p50 ${p50} ms, p99 ${p99} ms`);
    }
    return samples;
  } finally {
    await observer.stop();
  }
}
