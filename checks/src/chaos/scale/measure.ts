import type { Logged } from '../books/books.js';
import { onceEach } from '../ledger/finding.js';

/** A number of replicas while it stayed. Instants are of the city, epoch milliseconds. */
export interface Stay {
  readonly replicas: number;
  /** Partitions of the log of tickets by process, once they were shared out. */
  readonly partitions: Readonly<Record<string, number>>;
  /** When the number was ordered, when its processes were up and the others gone, when the partitions were shared out, and when the next was ordered. */
  readonly orderedAt: number;
  readonly runningAt: number;
  readonly settledAt: number;
  readonly leftAt: number;
  /** What the system began with: nothing changed. */
  readonly isFirst: boolean;
}

/** How the work went on; real milliseconds. */
export interface Flow {
  /** The longest time between two assignments. */
  readonly pause: number;
  /** The longest that a ticket waited from its registration to the first decision on it. */
  readonly wait: number;
}

/** What a step has shown. */
export interface Step extends Pick<Stay, 'replicas' | 'partitions'> {
  /** From the order until the partitions were shared out and somewhat longer: the start or end of a process, and the moving; real milliseconds. */
  readonly change?: Flow & { readonly process: number; readonly moving: number };
  /** Afterwards. */
  readonly steady: Flow & { readonly seconds: number; readonly accepted: number; readonly assigned: number };
}

/** A process that has a partition still has to read its position. Real milliseconds. */
const SETTLES_FOR = 2_000;

/** What the log tells of each step: accepted and assigned tickets by the services' own times, which all have one clock. */
export function measure(stays: readonly Stay[], stories: ReadonlyMap<string, readonly Logged[]>, factor: number): readonly Step[] {
  const { accepted, assigned, decided } = instantsOf(stories);
  const real = (ms: number): number => Math.round(ms / factor);
  const flow = (from: number, to: number): Flow => ({
    pause: real(longestGap(assigned, from, to)),
    wait: real(Math.max(0, ...decided.filter(({ at }) => at >= from && at < to).map(({ waited }) => waited))),
  });
  const within = (instants: readonly number[], from: number, to: number): number => instants.filter((at) => at >= from && at < to).length;
  return stays.map(({ replicas, partitions, orderedAt, runningAt, settledAt, leftAt, isFirst }) => {
    const from = settledAt + SETTLES_FOR * factor;
    const seconds = Math.max(0, real(leftAt - from)) / 1_000;
    const perSecond = (instants: readonly number[]): number =>
      seconds === 0 ? 0 : Math.round((within(instants, from, leftAt) / seconds) * 10) / 10;
    return {
      replicas,
      partitions,
      ...(isFirst
        ? {}
        : { change: { process: real(runningAt - orderedAt), moving: real(settledAt - runningAt), ...flow(orderedAt, from) } }),
      steady: { seconds, accepted: perSecond(accepted), assigned: perSecond(assigned), ...flow(from, leftAt) },
    };
  });
}

interface Instants {
  /** In order. */
  readonly accepted: readonly number[];
  readonly assigned: readonly number[];
  /** Tickets by when they were registered, with what it took to decide on them first. */
  readonly decided: readonly { readonly at: number; readonly waited: number }[];
}

function instantsOf(stories: ReadonlyMap<string, readonly Logged[]>): Instants {
  const [accepted, assigned, decided] = [[] as number[], [] as number[], [] as { at: number; waited: number }[]];
  for (const story of stories.values()) {
    const events = onceEach(story);
    const timeOf = (...names: readonly Logged['name'][]): number[] =>
      events.filter(({ name }) => names.includes(name)).map(({ time }) => Date.parse(time));
    assigned.push(...timeOf('ticket.assigned'));
    const [[at], [first]] = [timeOf('ticket.registered'), timeOf('ticket.assigned', 'ticket.held')];
    if (at === undefined) continue;
    accepted.push(at);
    if (first !== undefined) decided.push({ at, waited: first - at });
  }
  const inOrder = (a: number, b: number): number => a - b;
  return { accepted: accepted.sort(inOrder), assigned: assigned.sort(inOrder), decided };
}

/** The longest time without any of the instants that touches the window; where nothing comes before or after it, its edge counts. */
export function longestGap(inOrder: readonly number[], from: number, to: number): number {
  const before = inOrder.findLast((at) => at <= from) ?? from;
  const after = inOrder.find((at) => at >= to) ?? to;
  const marks = [before, ...inOrder.filter((at) => at > from && at < to), after];
  return Math.max(...marks.slice(1).map((at, index) => at - (marks[index] ?? at)));
}
