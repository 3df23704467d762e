import type { CloseReason, Confidentiality, DeliveryWay, EventName, Outcome, Service, TicketEvent } from '@paidan/contracts';
import type { Member } from '@paidan/kernel';
import type { Marks } from './marks.js';

/** What of `paidan.tickets` bears on whether the citizen is answered and whether it is over. All the rest goes into the trail and moves nothing. */
export const HEARD = [
  'ticket.registered',
  'ticket.withdrawn',
  'ticket.declined',
  'ticket.linked',
  'ticket.unlinked',
  'ticket.answered',
  'reply.approved',
] as const satisfies readonly EventName[];
export type HeardName = (typeof HEARD)[number];
export type HeardEvent = TicketEvent<HeardName>;

/** A delivered reply that nobody rates closes the ticket. */
export const NO_RATING = 'no-rating';
/** So does a reply that nobody fetches: it could not be pushed, or wasn't to be. */
export const NOT_FETCHED = 'not-fetched';

/** What registration says that is needed later. The citizen's text isn't here: it lies in the trail. */
export interface Ticket {
  readonly number: string;
  readonly channel: string;
  readonly confidentiality: Confidentiality;
  readonly replyWanted: boolean;
  /** Keyed digest of the query code. */
  readonly proof: string;
}

/** Where an event lies in the trail. */
export interface TrailPlace {
  /** Of the master whose reply it is; absent for the ticket's own. */
  readonly ticketId?: string;
  readonly service: Service;
  readonly epoch: number;
  readonly sequence: number;
}

/** An approved reply without its text, which is read from the trail. A direct answer of the desk has neither assignment nor unit. */
export interface Answer {
  readonly round: number;
  /** When it was approved; all instants of the record are epoch milliseconds. */
  readonly at: number;
  readonly text: TrailPlace;
  readonly assignment?: number;
  readonly unit?: string;
  readonly outcome?: Outcome;
}

export interface Delivery {
  readonly way: DeliveryWay;
  readonly at: number;
}

/** A rating and what it led to; the same again gets the same answer. */
export interface Rating {
  readonly round: number;
  /** Number of the rating within the ticket. */
  readonly number: number;
  readonly stars: number;
  /** Digest of all that was said with it. */
  readonly fingerprint: string;
  readonly led: 'reopened' | CloseReason;
}

export const STATUSES = ['unregistered', 'open', 'linked', 'answered', 'delivered', 'closed'] as const;
export type Status = Member<typeof STATUSES>;

interface In<S extends Status> {
  readonly status: S;
  readonly heard: Marks;
}

interface Known {
  readonly ticket: Ticket;
  /** How often it was reopened. */
  readonly reopened: number;
  readonly ratings: readonly Rating[];
}

interface WithAnswer extends Known {
  readonly answer: Answer;
}

/** Heard of before its registration: an order that only a damaged log gives. What moves it waits here. */
export interface Unregistered extends In<'unregistered'> {
  readonly early: readonly HeardEvent[];
}
export interface Open extends In<'open'>, Known {
  /** The one that did not hold. */
  readonly answer?: Answer;
}
/** 并入主单: worked on under its master, whose reply it gets. */
export interface Linked extends In<'linked'>, Known {
  readonly master: { readonly ticketId: string; readonly number: string };
  /** The one that did not hold. */
  readonly answer?: Answer;
}
export interface Answered extends In<'answered'>, WithAnswer {}
export interface Delivered extends In<'delivered'>, WithAnswer {
  readonly delivery: Delivery;
}
export interface Closed extends In<'closed'>, Known {
  readonly because: CloseReason;
  readonly at: number;
  readonly answer?: Answer;
  readonly delivery?: Delivery;
}

/** What feedback knows of a ticket. */
export type Follow = Unregistered | Open | Linked | Answered | Delivered | Closed;
export type Registered = Exclude<Follow, Unregistered>;

export const COMMANDS = ['deliver', 'rate', 'share'] as const;

/** What can move a ticket here. `heard` is any event that HEARD doesn't name. */
export type Trigger = HeardName | 'heard' | Member<typeof COMMANDS> | typeof NO_RATING | typeof NOT_FETCHED;

const EARLY = {
  'ticket.withdrawn': ['unregistered'],
  'ticket.declined': ['unregistered'],
  'ticket.linked': ['unregistered'],
  'ticket.unlinked': ['unregistered'],
  'ticket.answered': ['unregistered'],
  'reply.approved': ['unregistered'],
} as const;
const GOES_ON = {
  'ticket.withdrawn': ['closed'],
  'ticket.declined': ['closed'],
  'ticket.answered': ['answered'],
  'reply.approved': ['answered'],
} as const;

/**
 * The life of a ticket as the citizen sees it: from each status, what moves it and where to. What a row doesn't name leaves the ticket where it is.
 * `none` is the ticket nobody has heard of.
 */
export const TRANSITIONS: Readonly<Record<Status | 'none', Partial<Readonly<Record<Trigger, readonly Status[]>>>>> = {
  none: { 'ticket.registered': ['open'], heard: ['unregistered'], ...EARLY },
  unregistered: { 'ticket.registered': ['open', 'linked', 'answered', 'closed'], ...EARLY },
  open: { ...GOES_ON, 'ticket.linked': ['linked'] },
  linked: { ...GOES_ON, 'ticket.linked': ['linked'], 'ticket.unlinked': ['open'], share: ['answered'] },
  // What was answered with the reply to a master that it isn't under any more, is not answered.
  answered: { ...GOES_ON, 'ticket.unlinked': ['open'], deliver: ['delivered'], [NOT_FETCHED]: ['closed'] },
  delivered: { ...GOES_ON, 'ticket.unlinked': ['open'], rate: ['open', 'closed'], [NO_RATING]: ['closed'] },
  // A reply approved while the citizen took the ticket back, say, is in the trail and changes nothing.
  closed: {},
};

/** Timers that may be armed in a status; in the others none. */
export const TIMERS: Readonly<Partial<Record<Status, readonly string[]>>> = { answered: [NOT_FETCHED], delivered: [NO_RATING] };
