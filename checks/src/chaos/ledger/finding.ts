import type { Logged } from '../books/books.js';

/** What a run must not do. */
export const RULES = [
  'answers-differ',
  'submission-refused',
  'conflict-taken',
  'story-missing',
  'story-doubled',
  'story-unasked',
  'number-doubled',
  'sequence-gap',
  'sequence-order',
  'sequence-clash',
  'not-said-again',
  'said-otherwise',
  'trail-differs',
  'trail-gap',
  'row-differs',
  'effect-doubled',
  'order-wrong',
  'command-unanswered',
  'command-answers-differ',
  'command-lost',
  'command-unasked',
  'command-effects',
  'offer-missing',
  'offer-doubled',
  'member-assigned',
  'member-of-member',
  'member-unanswered',
  'member-answered-twice',
  'member-hanging',
  'reply-misplaced',
  'rating-lost',
  'callback-lost',
  'callback-changed',
  'callback-unasked',
  'clock-missing',
  'clock-wrong',
  'card-missing',
  'card-without-cause',
  'card-doubled',
  'left-behind',
  'position-behind',
  'timer-overdue',
  'unreadable',
  'contact-leaked',
] as const;
export type Rule = (typeof RULES)[number];

/** One violation, with what shows it. */
export interface Finding {
  readonly rule: Rule;
  readonly ticketId?: string;
  readonly evidence: string;
}

export const finding = (rule: Rule, ticketId: string | undefined, evidence: string): Finding => ({
  rule,
  ...(ticketId === undefined ? {} : { ticketId }),
  evidence,
});

const numberOf = ({ service, epoch, sequence }: Logged): string => `${service}/${epoch}/${sequence}`;

/** The events of a story without repeats: of each number the first that came. */
export function onceEach(story: readonly Logged[]): readonly Logged[] {
  const seen = new Set<string>();
  return story.filter((event) => {
    const number = numberOf(event);
    if (seen.has(number)) return false;
    seen.add(number);
    return true;
  });
}

/** The assignments that anybody has to act on: a ticket can be closed while dispatch, which hasn't heard of it, takes it out from under its master. */
export function assignmentsOf(story: readonly Logged[]): readonly Extract<Logged, { name: 'ticket.assigned' }>[] {
  const closed = story.findIndex(({ name }) => name === 'ticket.closed');
  return (closed < 0 ? story : story.slice(0, closed)).filter((event) => event.name === 'ticket.assigned');
}

/** An event as evidence names it. */
export const shown = (event: Logged): string => `${event.name} (${numberOf(event)} at offset ${event.offset}, ${event.time})`;

/** Members of a list that occur more than once, by their key. */
export function doubled<T>(list: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return new Map([...groups].filter(([, group]) => group.length > 1));
}
