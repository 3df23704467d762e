import type { EventName, TicketEvent } from '@paidan/contracts';
import type { Member } from '@paidan/kernel';
import type { Clock } from './clock.js';
import type { Policy } from './policy.js';
import type { Kind } from './urgency.js';

/** What of `paidan.tickets` starts, stops or moves a clock, or lets it be known. */
export const HEARD = [
  'ticket.registered',
  'ticket.withdrawn',
  'ticket.declined',
  'ticket.assigned',
  'ticket.held',
  'return.accepted',
  'return.refused',
  'ticket.linked',
  'ticket.unlinked',
  'reply.shared',
  'ticket.answered',
  'assignment.signed',
  'assignment.returned',
  'assignment.released',
  'citizen.contacted',
  'work.suspended',
  'work.resumed',
  'extension.granted',
  'reply.submitted',
  'reply.approved',
  'ticket.reopened',
  'ticket.closed',
] as const satisfies readonly EventName[];
export type HeardName = (typeof HEARD)[number];
export type HeardEvent = TicketEvent<HeardName>;

/**
 * The one timer of a ticket, armed for whatever comes first of all its clocks. One for each clock would be four rows a ticket on the hot path and four
 * entries in its row, and two of the four fall on the same instant.
 */
export const STAGE = 'stage';

export interface Holding {
  readonly assignment: number;
  readonly unit: string;
}

export const STATUSES = ['unregistered', 'unassigned', 'assigned', 'returned', 'suspended', 'answered', 'over'] as const;
export type Status = Member<typeof STATUSES>;

interface Known {
  readonly number: string;
  readonly policy: Policy;
  readonly kind?: Kind;
  /** All clocks there ever were, in the order of their start. */
  readonly clocks: readonly Clock[];
  /** The instant that {@link STAGE} is armed for. */
  readonly next?: number;
}
interface Held extends Known {
  readonly holding: Holding;
}

/** Spoken of before its registration was heard, as only a damaged log does; what came early waits. */
export interface Unregistered {
  readonly status: 'unregistered';
  readonly early: readonly HeardEvent[];
}
/** No unit holds it: it is on its way, in the review queue, was given back, or is worked on under its master. The citizen's clock runs all the same, said or not. */
export interface Unassigned extends Known {
  readonly status: 'unassigned';
  /** The ticket whose reply is to be its own. */
  readonly master?: string;
}
export interface Assigned extends Held {
  readonly status: 'assigned';
}
/** The unit says it isn't its own and dispatch hasn't decided. The clocks run, but no card is issued before that: a justified return ends them. */
export interface Returned extends Held {
  readonly status: 'returned';
}
export interface Suspended extends Held {
  readonly status: 'suspended';
}
/** The citizen judges now: it is closed, or reopened. */
export interface Answered extends Known {
  readonly status: 'answered';
}
export interface Over extends Known {
  readonly status: 'over';
}

/** The clocks of one ticket. */
export type TicketClocks = Unregistered | Unassigned | Assigned | Returned | Suspended | Answered | Over;
export type Registered = Exclude<TicketClocks, Unregistered>;

export const holdingOf = (ticket: Registered): Holding | undefined => ('holding' in ticket ? ticket.holding : undefined);

export type Trigger = HeardName | typeof STAGE | 'recompute';

const ENDS = {
  'ticket.withdrawn': ['over'],
  'ticket.declined': ['over'],
  'ticket.closed': ['over'],
} as const;
const TIMES = { [STAGE]: 'same', recompute: 'same' } as const;
/** A master's reply is none of them: feedback had not heard yet that dispatch has taken the ticket out, and takes it back when it does. */
const LEAVES = {
  'ticket.linked': ['unassigned'],
  'ticket.assigned': ['assigned'],
  'return.accepted': ['unassigned'],
  'assignment.released': ['unassigned'],
  'reply.approved': ['answered'],
  'ticket.answered': ['answered'],
} as const;
const WORKED_ON = {
  'assignment.signed': 'same',
  'citizen.contacted': 'same',
  'reply.submitted': 'same',
  'extension.granted': 'same',
} as const;
const EARLY = Object.fromEntries(HEARD.filter((name) => name !== 'ticket.registered').map((name) => [name, ['unregistered']])) as Partial<
  Record<Trigger, readonly ['unregistered']>
>;

/**
 * The life of a ticket's clocks: from each status, what moves it and where to; `same` changes clocks alone, or what is known of them. What a row doesn't
 * name changes nothing – an event of an assignment that has ended. `none` is the ticket nobody has heard of.
 */
export const TRANSITIONS: Readonly<Record<Status | 'none', Partial<Readonly<Record<Trigger, readonly Status[] | 'same'>>>>> = {
  none: { 'ticket.registered': ['unassigned'], ...EARLY },
  unregistered: { 'ticket.registered': ['unassigned', 'assigned', 'returned', 'suspended', 'answered', 'over'], ...EARLY },
  unassigned: {
    ...ENDS,
    ...TIMES,
    'ticket.linked': 'same',
    'ticket.unlinked': 'same',
    'reply.shared': ['answered'],
    'ticket.assigned': ['assigned'],
    'ticket.held': 'same',
    'ticket.answered': ['answered'],
  },
  assigned: { ...ENDS, ...TIMES, ...LEAVES, ...WORKED_ON, 'assignment.returned': ['returned'], 'work.suspended': ['suspended'] },
  returned: { ...ENDS, ...TIMES, ...LEAVES, ...WORKED_ON, 'return.refused': ['assigned'] },
  suspended: { ...ENDS, ...TIMES, ...LEAVES, ...WORKED_ON, 'work.resumed': ['assigned'], 'assignment.returned': ['returned'] },
  // 重办: the citizen's clock starts once more; dispatch then assigns it anew. Answered with the reply to a master that it isn't under any more, it never was.
  answered: { ...ENDS, ...TIMES, 'ticket.reopened': ['unassigned'], 'ticket.unlinked': ['unassigned'] },
  over: { ...TIMES },
};

const JUDGES = [STAGE] as const;
/**
 * Timers that may be armed in a status; in the others none. Where no clock runs any more one can still wait for the calendar of an unpublished year, which
 * says whether it was stopped in time.
 */
export const TIMERS: Readonly<Partial<Record<Status, readonly string[]>>> = {
  unassigned: JUDGES,
  assigned: JUDGES,
  returned: JUDGES,
  suspended: JUDGES,
  answered: JUDGES,
  over: JUDGES,
};
