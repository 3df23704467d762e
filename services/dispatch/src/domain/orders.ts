import type { ReturnRefusal, UnlinkReason, Words } from '@paidan/contracts';
import type { Actor, Command, Outcome } from '@paidan/runtime';
import { standingOf, withSubordinates, type Directory } from './routing/directory.js';
import { decisionVersion, type Claim, type Target, type Ticket } from './ticket.js';

/** Every order names the decision that the person was looking at. */
interface OnDecision {
  readonly decisionVersion: number;
}

/** Where a dispatcher wants a ticket to go. */
export interface Order extends OnDecision {
  readonly unit: string;
  readonly coHandlers: readonly string[];
  readonly copies: readonly string[];
  readonly matter?: string;
  readonly designated: boolean;
  /** 派单意见. */
  readonly reason: string;
}

export type AssignCommand = Command<'assign', Order>;
export type ReassignCommand = Command<'reassign', Order & { readonly assignment: number }>;
/** 同意退单. */
export type AcceptReturnCommand = Command<'accept-return', OnDecision & { readonly assignment: number }>;
/** 不同意退单: the unit keeps it. */
export type RefuseReturnCommand = Command<
  'refuse-return',
  OnDecision & { readonly assignment: number; readonly reason: ReturnRefusal; readonly note?: string }
>;
/** Keeps a ticket for oneself while looking at it; again, for longer. */
export type ClaimCommand = Command<'claim', OnDecision>;
export type UnclaimCommand = Command<'unclaim', OnDecision>;
/** 撤销派单: takes back an assignment that was a slip of the hand. */
export type UndoCommand = Command<'undo', OnDecision & { readonly assignment: number }>;
/** 并入主单. */
export type LinkCommand = Command<'link', OnDecision & { readonly master: string }>;
/** The master has come under a master itself: its members go along. Dispatch's own. */
export type FollowCommand = Command<'follow', OnDecision & { readonly master: string; readonly masterNumber: string }>;
/** 解除并入; also dispatch's own, when the master ends without an answer. */
export type UnlinkCommand = Command<'unlink', OnDecision & { readonly reason: UnlinkReason; readonly note?: string }>;
export type DispatchCommand =
  | AssignCommand
  | ReassignCommand
  | AcceptReturnCommand
  | RefuseReturnCommand
  | ClaimCommand
  | UnclaimCommand
  | UndoCommand
  | LinkCommand
  | FollowCommand
  | UnlinkCommand;

/** The statuses in which a ticket takes an order. */
const TAKEN_IN: Readonly<Record<DispatchCommand['name'], readonly Ticket['status'][]>> = {
  assign: ['held'],
  reassign: ['assigned'],
  'accept-return': ['returned'],
  'refuse-return': ['returned'],
  claim: ['held', 'returned'],
  unclaim: ['held', 'returned'],
  undo: ['assigned'],
  link: ['held', 'assigned'],
  follow: ['linked'],
  unlink: ['linked'],
};

/** Why an order is refused. */
export const REFUSALS = [
  'unknown-ticket',
  'stale-decision',
  'stale-assignment',
  'wrong-state',
  'unknown-unit',
  'unit-inactive',
  'unit-excluded',
  'holds-it-now',
  'unknown-matter',
  'for-supervisor',
  'claimed',
  'not-yours',
  'too-late',
  'unknown-master',
  'own-master',
  'own-member',
  'master-ended',
  'not-to-be-linked',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** In ISO 8601, as everything that leaves this service. */
export const claimView = ({ by, until }: Claim) => ({ by, until: new Date(until).toISOString() });

/** What a person is shown of a ticket whose state is not the one they ordered on. */
export const stateOf = (ticket: Ticket) => ({
  status: ticket.status,
  decisionVersion: decisionVersion(ticket),
  ...('holding' in ticket ? { assignment: ticket.holding.assignment, lead: ticket.holding.lead } : {}),
  ...(ticket.status === 'releasing' && 'lead' in ticket.target ? { target: ticket.target.lead } : {}),
  ...(ticket.status === 'linked' ? { master: ticket.under.master, masterNumber: ticket.under.masterNumber } : {}),
  ...('claim' in ticket && ticket.claim !== undefined ? { claim: claimView(ticket.claim) } : {}),
  ...(ticket.status === 'closed' ? { because: ticket.because } : {}),
});

export const refusal = (reason: Refusal, ticket: Ticket | undefined, detail: Readonly<Record<string, unknown>> = {}): Outcome => ({
  accepted: false,
  reason,
  detail: { ...detail, ...(ticket === undefined ? {} : { state: stateOf(ticket) }) },
});

/** Whether the order was given on what is still the newest decision, and in a status that takes it. */
export const staleness = (ticket: Ticket | undefined, { name, payload }: DispatchCommand): Outcome | undefined => {
  if (ticket === undefined) return refusal('unknown-ticket', undefined);
  if (payload.decisionVersion !== decisionVersion(ticket)) return refusal('stale-decision', ticket);
  if (!TAKEN_IN[name].includes(ticket.status)) return refusal('wrong-state', ticket);
  if ('assignment' in payload && 'holding' in ticket && payload.assignment !== ticket.holding.assignment)
    return refusal('stale-assignment', ticket);
  return undefined;
};

/** Whether somebody else is looking at the ticket; a supervisor may step in. `now` is epoch ms. */
export const claimAgainst = (ticket: Ticket, { subject, roles }: Actor, now: number): Outcome | undefined => {
  if (!('claim' in ticket) || ticket.claim === undefined) return undefined;
  const { by, until } = ticket.claim;
  return by === subject || until <= now || roles.includes('supervisor') ? undefined : refusal('claimed', ticket);
};

/** Whether an assignment may be undone: by who gave the order or a supervisor, and not when the unit has long been at it. */
export const objectionToUndo = (ticket: Ticket, { subject, roles }: Actor, now: number, windowMs: number): Outcome | undefined => {
  const newest = ticket.decisions.at(-1);
  if (newest?.did !== 'assigned' || newest.by.kind !== 'person') return refusal('not-yours', ticket);
  if (newest.by.subject !== subject && !roles.includes('supervisor')) return refusal('not-yours', ticket);
  return now - newest.at > windowMs ? refusal('too-late', ticket) : undefined;
};

/** 会商: units have returned it once too often, so that a supervisor says who has it, and that is final. */
export const isForCoordination = (ticket: Ticket): boolean => ticket.status === 'held' && ticket.reason === 'returned-too-often';

/** Whether the units and the matter of the order may be, by the directory in force at that time and by what the ticket has been through. */
export const objectionTo = (ticket: Ticket, order: Order, actor: Actor, directory: Directory, now: number): Outcome | undefined => {
  if (isForCoordination(ticket) && !actor.roles.includes('supervisor')) return refusal('for-supervisor', ticket);
  const reported = new Set(ticket.reported.flatMap((unit) => withSubordinates(directory, unit)));
  const designatedBySupervisor = isDesignated(ticket, order) && actor.roles.includes('supervisor');
  // 信访工作条例 §30: what is reported never reaches the reported. A complaint that merely names a unit may be its own business; a supervisor says so.
  const mayMeetReported = designatedBySupervisor && ticket.appeal.appealType !== 'report' && ticket.appeal.confidentiality === 'open';

  for (const [role, code] of [
    ['lead', order.unit],
    ...order.coHandlers.map((unit) => ['co-handler', unit] as const),
    ...order.copies.map((unit) => ['copy', unit] as const),
  ] as const) {
    const unit = directory.units.get(code);
    if (unit === undefined) return refusal('unknown-unit', ticket, { unit: code });
    if (standingOf(unit, now) !== 'in-force') return refusal('unit-inactive', ticket, { unit: code });
    if (reported.has(code) && !(role === 'lead' && mayMeetReported))
      return refusal('unit-excluded', ticket, { unit: code, because: 'is-reported-party' });
    // 直接指定 is final: only a supervisor may send it back to who returned it. Working along is no return.
    if (role === 'lead' && ticket.returnedBy.includes(code) && !designatedBySupervisor)
      return refusal('unit-excluded', ticket, { unit: code, because: 'returned-before' });
  }
  if ('holding' in ticket && ticket.holding.lead === order.unit) return refusal('holds-it-now', ticket, { unit: order.unit });
  if (order.matter !== undefined && !directory.matterByCode.has(order.matter))
    return refusal('unknown-matter', ticket, { matter: order.matter });
  return undefined;
};

const isDesignated = (ticket: Ticket, order: Order): boolean => order.designated || isForCoordination(ticket);

export const targetOf = (ticket: Ticket, order: Order, actor: Actor, matter: string | null, opinion: Words): Target => {
  const coHandlers = order.coHandlers.filter((unit) => unit !== order.unit);
  return {
    lead: order.unit,
    coHandlers,
    copies: order.copies.filter((unit) => unit !== order.unit && !coHandlers.includes(unit)),
    matter: order.matter ?? matter,
    designated: isDesignated(ticket, order),
    by: { kind: 'person', subject: actor.subject },
    opinion,
  };
};
