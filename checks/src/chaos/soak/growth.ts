import type { Sample } from './sample.js';

/**
 * How far what should stay as it is may rise from the middle third of a run to its last. What grows evenly from nothing rises by two thirds, so that each
 * bound lies below that.
 */
const MOST = {
  /** The least that a process held: what comes and goes with its garbage says nothing. */
  memory: { times: 1.15, plus: 12 },
  handles: { times: 1.05, plus: 4 },
  /** The median of its minutes; a shared machine has bad ones. */
  latency: { times: 1.4, plus: 20 },
  /** Of disk for each ticket, in kB. What is kept for days grows with the tickets, not faster. */
  perTicket: { times: 1.1, plus: 0.2 },
  /** Tables of days come and go. */
  tables: { times: 1.1, plus: 4 },
  /** Rows that wait all the time. */
  waiting: { times: 1.3, plus: 100 },
} as const;

type What = keyof typeof MOST;

/**
 * What grew in a run that did the same all the time.
 * @param samples one a minute; fewer than nine say nothing, as the first third is for getting going
 */
export function growthIn(samples: readonly Sample[]): readonly string[] {
  const third = Math.floor(samples.length / 3);
  if (third < 3) return [];
  const [middle, last] = [samples.slice(third, 2 * third), samples.slice(-third)];
  const [sample] = last;
  if (sample === undefined) return [];
  const found: string[] = [];
  const hold = (what: What, of: string, take: (sample: Sample) => number, sum: (values: readonly number[]) => number): void => {
    const [before, after] = [sum(middle.map(take)), sum(last.map(take))];
    const { times, plus } = MOST[what];
    if (after > before * times + plus)
      found.push(`${what} of ${of}: ${before.toFixed(1)} in the middle third, ${after.toFixed(1)} in the last`);
  };
  for (const name of Object.keys(sample.processes)) {
    hold('memory', name, ({ processes }) => processes[name]?.mb ?? 0, least);
    // Postgres keeps files open up to a limit of its own, for each of its processes.
    if (name !== 'postgres') hold('handles', name, ({ processes }) => processes[name]?.handles ?? 0, most);
  }
  for (const name of Object.keys(sample.schemas) as (keyof Sample['schemas'])[]) {
    hold('perTicket', name, (one) => kilobytesPerTicket(one, name), median);
    hold('tables', name, ({ schemas }) => schemas[name].tables, most);
    hold('waiting', name, ({ waiting }) => waiting[name], median);
  }
  hold('latency', 'assignments (p99)', ({ acceptedToAssignedMs }) => acceptedToAssignedMs?.p99 ?? Infinity, median);
  return found;
}

export const kilobytesPerTicket = ({ schemas, registered }: Sample, name: keyof Sample['schemas']): number =>
  ((schemas[name].tablesMb + schemas[name].indexesMb) * 1_024) / Math.max(1, registered);

const least = (values: readonly number[]): number => Math.min(...values);
const most = (values: readonly number[]): number => Math.max(...values);
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
