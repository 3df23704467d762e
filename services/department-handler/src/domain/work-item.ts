import type {
  AppealType,
  CardColour,
  Clock,
  Confidentiality,
  DepartmentCommandName,
  EventName,
  Outcome,
  ReleaseReason,
  ReturnReason,
  Span,
  SuspensionReason,
  TicketEvent,
  Urgency,
} from '@paidan/contracts';
import type { Member } from '@paidan/kernel';

/** What sla-monitor decides about an assignment; passed on to the unit that has or had it. */
export const CLOCK_EVENTS = [
  'clock.started',
  'deadline.moved',
  'deadline.warned',
  'card.issued',
  'card.withdrawn',
] as const satisfies readonly EventName[];
export type ClockEvent = TicketEvent<(typeof CLOCK_EVENTS)[number]>;

/** What of `paidan.tickets` bears on who holds a ticket, what the holder may do, and by when. */
export const HEARD = [
  'ticket.registered',
  'ticket.assigned',
  'release.requested',
  'return.accepted',
  'return.refused',
  'ticket.withdrawn',
  'ticket.closed',
  ...CLOCK_EVENTS,
] as const satisfies readonly EventName[];
export type HeardName = (typeof HEARD)[number];
export type HeardEvent = TicketEvent<HeardName>;

/** The timer of an unsigned offer: a unit that let the return window pass holds the ticket. */
export const RETURN_WINDOW = 'return-window';
/** The timer of suspended work whose end was named: it goes on by itself. */
export const SUSPENSION = 'suspension';

/** What registration says that an offer repeats. The citizen's text isn't here: it has a table of its own. */
export interface Ticket {
  readonly number: string;
  readonly appealType: AppealType;
  readonly urgency: Urgency;
  readonly confidentiality: Confidentiality;
  readonly receivedAt: string;
}

/** Without an instant there is none now: work is suspended, or the calendar of that year isn't published. */
export interface Deadline {
  readonly dueAt: number | null;
  readonly awaitsYear?: number;
}

export interface Card {
  readonly card: string;
  readonly colour: CardColour;
  readonly clock: Clock;
  readonly dueAt: number;
  readonly issuedAt: number;
  readonly withdrawn?: true;
}

/** 延期. */
export interface Extensions {
  /** How often it was asked for. */
  readonly asked: number;
  /** The newest, while a person has to decide on it. */
  readonly waiting?: { readonly span: Span; readonly by: string; readonly at: number };
}

/** One assignment, as dispatch decided it and with what has become of it. All instants of the record are epoch milliseconds. */
export interface Holding {
  readonly assignment: number;
  /** 主办: the one unit that acts. */
  readonly unit: string;
  readonly coHandlers: readonly string[];
  readonly copies: readonly string[];
  readonly matter: string | null;
  readonly designated: boolean;
  readonly returnUntil?: number;
  /** Its return was refused: it may not try again. */
  readonly kept?: true;
  readonly deadlines?: Readonly<Partial<Record<Clock, Deadline>>>;
  readonly cards?: readonly Card[];
  readonly extensions?: Extensions;
  /** The unit has been in touch with the citizen, or has tried. */
  readonly contacted?: true;
}

/** Without `by`: the return window passed unused. */
export interface Signature {
  readonly by?: string;
  readonly at: number;
}

/** A reply without its text, which lies under the command's id. */
export interface Reply {
  readonly round: number;
  readonly commandId: string;
  readonly by: string;
  readonly outcome: Outcome;
  readonly at: number;
}

export const STATUSES = [
  'unregistered',
  'awaiting',
  'offered',
  'signed',
  'suspended',
  'replied',
  'approved',
  'returned',
  'released',
  'withdrawn',
  'closed',
] as const;
export type Status = Member<typeof STATUSES>;

interface In<S extends Status> {
  readonly status: S;
  /** When it came into this status. */
  readonly since: number;
}

interface Known {
  readonly ticket: Ticket;
  /** Replies submitted so far, over all assignments. */
  readonly rounds: number;
}

interface Assigned extends Known {
  readonly holding: Holding;
}

/** Decided on before its registration was heard: an order that only a damaged log gives. What came early waits here instead of being lost. */
export interface Unregistered extends In<'unregistered'> {
  readonly early: readonly HeardEvent[];
}
export interface Awaiting extends In<'awaiting'>, Known {}
export interface Offered extends In<'offered'>, Assigned {}
export interface Signed extends In<'signed'>, Assigned {
  readonly signed: Signature;
}
/** 挂起 */
export interface Suspended extends In<'suspended'>, Assigned {
  readonly signed: Signature;
  readonly suspended: { readonly reason: SuspensionReason; readonly by: string; readonly until?: number };
}
export interface Replied extends In<'replied'>, Assigned {
  readonly signed: Signature;
  readonly reply: Reply;
}
export interface Approved extends In<'approved'>, Assigned {
  readonly signed: Signature;
  readonly reply: Reply;
  readonly approvedBy: string;
}
export interface Returned extends In<'returned'>, Assigned {
  readonly signed?: Signature;
  readonly returned: { readonly reason: ReturnReason; readonly by: string };
}
export interface Released extends In<'released'>, Assigned {
  readonly because: ReleaseReason;
}
export interface Withdrawn extends In<'withdrawn'>, Known {
  /** The assignment that ended with it, if there was one. */
  readonly holding?: Holding;
}

/** The ticket was over before a reply of this assignment was approved. An approved reply stays what it is. */
export interface Closed extends In<'closed'>, Known {
  readonly holding?: Holding;
}

/** What the holder of a ticket did; the one owner of the work item. */
export type WorkItem =
  Unregistered | Awaiting | Offered | Signed | Suspended | Replied | Approved | Returned | Released | Withdrawn | Closed;
/** Some unit has it now. */
export type Held = Offered | Signed | Suspended | Replied | Returned;

const HELD: ReadonlySet<Status> = new Set<Held['status']>(['offered', 'signed', 'suspended', 'replied', 'returned']);
export const isHeld = (item: WorkItem): item is Held => HELD.has(item.status);

/** 延期待审: what a person has to decide on, as long as that still changes something. */
export const extensionWaiting = (item: WorkItem): Extensions['waiting'] =>
  item.status === 'signed' || item.status === 'suspended' || item.status === 'replied' ? item.holding.extensions?.waiting : undefined;

/** What can move a work item. */
export type Trigger = HeardName | DepartmentCommandName | 'decide-extension' | typeof RETURN_WINDOW | typeof SUSPENSION;

const OVER = { 'ticket.withdrawn': ['withdrawn'], 'ticket.closed': ['closed'] } as const;
/** Dispatch waits for an answer: asked for an assignment that has ended, or once more, nothing moves and it gets one all the same. */
const answers = <S extends Status>(status: S) => ({ 'release.requested': [status] }) as const;
const ends = <S extends Status>(status: S) =>
  ({ 'ticket.assigned': ['offered'], 'release.requested': ['released', status], ...OVER }) as const;
/** A deadline or card is noted wherever there is an assignment, and moves nothing. */
const noted = <S extends Status>(status: S) =>
  ({ 'clock.started': [status], 'deadline.moved': [status], 'card.issued': [status], 'card.withdrawn': [status] }) as const;
/** What goes on beside the work. */
const beside = <S extends Status>(status: S) => ({ contact: [status], progress: [status], 'decide-extension': [status] }) as const;
const EARLY = {
  'ticket.assigned': ['unregistered'],
  'release.requested': ['unregistered'],
  'return.accepted': ['unregistered'],
  'return.refused': ['unregistered'],
  'ticket.withdrawn': ['unregistered'],
  'ticket.closed': ['unregistered'],
  ...noted('unregistered'),
  'deadline.warned': ['unregistered'],
} as const;

/**
 * The life of a work item: from each status, what moves it and where to. What a row doesn't name leaves the item where it is – an event of an old
 * assignment, a command that is refused – and nothing is said. `none` is the ticket nobody has heard of.
 */
export const TRANSITIONS: Readonly<Record<Status | 'none', Partial<Readonly<Record<Trigger, readonly Status[]>>>>> = {
  none: { 'ticket.registered': ['awaiting'], ...EARLY },
  unregistered: { 'ticket.registered': ['awaiting', 'offered', 'released', 'withdrawn', 'closed'], ...EARLY },
  awaiting: { 'ticket.assigned': ['offered'], ...answers('awaiting'), ...OVER },
  offered: { ...ends('offered'), ...noted('offered'), sign: ['signed'], return: ['returned'], [RETURN_WINDOW]: ['signed'] },
  signed: {
    ...ends('signed'),
    ...noted('signed'),
    ...beside('signed'),
    return: ['returned'],
    suspend: ['suspended'],
    'request-extension': ['signed'],
    reply: ['replied'],
  },
  suspended: { ...ends('suspended'), ...noted('suspended'), ...beside('suspended'), resume: ['signed'], [SUSPENSION]: ['signed'] },
  replied: { ...ends('replied'), ...noted('replied'), ...beside('replied'), approve: ['approved'], 'send-back': ['signed'] },
  returned: { ...ends('returned'), ...noted('returned'), 'return.accepted': ['released'], 'return.refused': ['offered', 'signed'] },
  // 重办: dispatch assigns it anew; the reply that went out stands.
  approved: { ...noted('approved'), ...answers('approved'), 'ticket.assigned': ['offered'] },
  released: { ...noted('released'), ...answers('released'), 'ticket.assigned': ['offered'], ...OVER },
  withdrawn: { ...noted('withdrawn'), ...answers('withdrawn') },
  closed: { ...noted('closed'), ...answers('closed') },
};

/** Timers that may be armed in a status; in the others none. */
export const TIMERS: Readonly<Partial<Record<Status, readonly string[]>>> = { offered: [RETURN_WINDOW], suspended: [SUSPENSION] };
