import { setTimeout as delay } from 'node:timers/promises';
import { type Fault, pairName } from './plan.js';

/** What became of a fault. Milliseconds since the storm began. */
export interface Struck extends Fault {
  readonly beganAt: number;
  readonly endedAt: number;
  readonly hit: boolean;
  readonly failure?: string;
}

/** So many faults at once; more would leave nothing standing that could go wrong. */
const AT_ONCE = 3;
const SERVERS: ReadonlySet<string> = new Set(['kafka', 'postgres']);

/** Lets faults happen in their order, three at a time, never two on one target, and never Kafka and Postgres at once. */
export async function storm(
  plan: readonly Fault[],
  commit: (fault: Fault) => Promise<boolean>,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<readonly Struck[]> {
  const began = performance.now();
  const now = (): number => Math.round(performance.now() - began);
  const struck: Struck[] = [];
  const under = new Map<Fault, Promise<void>>();
  const isFree = (fault: Fault): boolean =>
    under.size < AT_ONCE &&
    [...under.keys()].every(({ target }) => target !== fault.target && !(SERVERS.has(target) && SERVERS.has(fault.target)));

  for (const fault of plan) {
    await delay(fault.pauseMs, undefined, { signal }).catch(() => undefined);
    while (!isFree(fault)) await Promise.race(under.values());
    if (signal.aborted) break;
    const beganAt = now();
    say(`${fault.number}/${plan.length} ${pairName(fault)}${fault.ms > 0 ? ` for ${(fault.ms / 1_000).toFixed(1)} s` : ''}`);
    const done = commit(fault)
      .then(
        (hit) => ({ hit }),
        (error: unknown) => ({ hit: false, failure: error instanceof Error ? error.message : String(error) }),
      )
      .then((outcome) => {
        struck.push({ ...fault, beganAt, endedAt: now(), ...outcome });
        under.delete(fault);
      });
    under.set(fault, done);
  }
  await Promise.all(under.values());
  return struck.sort((a, b) => a.number - b.number);
}
