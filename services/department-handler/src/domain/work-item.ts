import type {
  AppealType,
  Confidentiality,
  DepartmentCommandName,
  EventName,
  Outcome,
  ReleaseReason,
  ReturnReason,
  TicketEvent,
  Urgency,
} from '@paidan/contracts';
import type { Member } from '@paidan/kernel';

/** What of `paidan.tickets` bears on who holds a ticket and what the holder may do. */
export const HEARD = [
  'ticket.registered',
  'ticket.assigned',
  'release.requested',
  'return.accepted',
  'return.refused',
  'ticket.withdrawn',
] as const satisfies readonly EventName[];
export type HeardName = (typeof HEARD)[number];
export type HeardEvent = TicketEvent<HeardName>;

/** The timer of an unsigned offer: a unit that let the return window pass holds the ticket. */
export const RETURN_WINDOW = 'return-window';

/** What registration says that an offer repeats. The citizen's text isn't here: it has a table of its own. */
export interface Ticket {
  readonly number: string;
  readonly appealType: AppealType;
  readonly urgency: Urgency;
  readonly confidentiality: Confidentiality;
  readonly receivedAt: string;
}

/** One assignment, as dispatch decided it. All instants of the record are epoch milliseconds. */
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
  'replied',
  'approved',
  'returned',
  'released',
  'withdrawn',
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

/** What the holder of a ticket did; the one owner of the work item. */
export type WorkItem = Unregistered | Awaiting | Offered | Signed | Replied | Approved | Returned | Released | Withdrawn;
/** Some unit has it now. */
export type Held = Offered | Signed | Replied | Returned;

export const isHeld = (item: WorkItem): item is Held =>
  item.status === 'offered' || item.status === 'signed' || item.status === 'replied' || item.status === 'returned';

/** What can move a work item. */
export type Trigger = HeardName | DepartmentCommandName | typeof RETURN_WINDOW;

const ENDS = { 'ticket.assigned': ['offered'], 'release.requested': ['released'], 'ticket.withdrawn': ['withdrawn'] } as const;
const EARLY = {
  'ticket.assigned': ['unregistered'],
  'release.requested': ['unregistered'],
  'return.accepted': ['unregistered'],
  'return.refused': ['unregistered'],
  'ticket.withdrawn': ['unregistered'],
} as const;

/**
 * The life of a work item: from each status, what moves it and where to. What a row doesn't name leaves the item where it is – an event of an old
 * assignment, a command that is refused. `none` is the ticket nobody has heard of.
 */
export const TRANSITIONS: Readonly<Record<Status | 'none', Partial<Readonly<Record<Trigger, readonly Status[]>>>>> = {
  none: { 'ticket.registered': ['awaiting'], ...EARLY },
  unregistered: { 'ticket.registered': ['awaiting', 'offered', 'released', 'withdrawn'], ...EARLY },
  awaiting: { 'ticket.assigned': ['offered'], 'ticket.withdrawn': ['withdrawn'] },
  offered: { ...ENDS, sign: ['signed'], return: ['returned'], [RETURN_WINDOW]: ['signed'] },
  signed: { ...ENDS, return: ['returned'], progress: ['signed'], reply: ['replied'] },
  replied: { ...ENDS, progress: ['replied'], approve: ['approved'], 'send-back': ['signed'] },
  returned: { ...ENDS, 'return.accepted': ['released'], 'return.refused': ['offered', 'signed'] },
  // 重办: dispatch assigns it anew; the reply that went out stands.
  approved: { 'ticket.assigned': ['offered'] },
  released: { 'ticket.assigned': ['offered'], 'ticket.withdrawn': ['withdrawn'] },
  withdrawn: {},
};
