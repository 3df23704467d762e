import type { TicketEvent } from '@paidan/contracts';

/** (epoch, sequence) of the last event heard, by service. Each service numbers what it says of a ticket 1, 2, 3 …, so a missing number shows. */
export type Marks = Readonly<Record<string, readonly [epoch: number, sequence: number]>>;

type Numbered = Pick<TicketEvent, 'name' | 'service' | 'epoch' | 'sequence'>;

/** Numbers of a service that never came: from `first` to `last`. */
export interface Gap {
  readonly service: string;
  /** Of the event that came in their place. */
  readonly epoch: number;
  readonly first: number;
  readonly last: number;
}

export const marked = (marks: Marks, { service, epoch, sequence }: Numbered): Marks => ({ ...marks, [service]: [epoch, sequence] });

/**
 * What is missing before an event that hasn't been heard before. A service restored from a back-up counts on from the last number it remembers, under a
 * new epoch: going back is no gap. A snapshot stands for all that was said before it.
 */
export const gapBefore = (marks: Marks, { name, service, epoch, sequence }: Numbered): Gap | undefined => {
  if (name === 'ticket.snapshot') return undefined;
  const last = marks[service]?.[1] ?? 0;
  return sequence > last + 1 ? { service, epoch, first: last + 1, last: sequence - 1 } : undefined;
};

/** The gaps among events that were heard in this order, after what the marks say. */
export const gapsIn = (marks: Marks, events: readonly Numbered[]): Gap[] => {
  const gaps: Gap[] = [];
  let known = marks;
  for (const event of events) {
    const gap = gapBefore(known, event);
    if (gap !== undefined) gaps.push(gap);
    known = marked(known, event);
  }
  return gaps;
};
