import {
  APPEAL_TYPES,
  CHANNELS,
  CLOSE_REASONS,
  CONFIDENTIALITY,
  RELEASE_REFUSALS,
  REOPEN_REASONS,
  RETURN_REASONS,
  URGENCY,
  type Actor,
  type ReleaseRefusal,
  type ReturnReason,
  type ReturnRefusal,
  type RuledOutReason,
  type TicketEvent,
  type UnlinkReason,
  type Words,
} from '@paidan/contracts';
import { assertNever, knownOr, memberOf } from '@paidan/kernel';
import type { Context, Decide, Decision, Outcome } from '@paidan/runtime';
import { said } from './announcements.js';
import { firstLook } from './duplicates/first-look.js';
import { underFor } from './linking.js';
import {
  claimAgainst,
  objectionTo,
  objectionToUndo,
  refusal,
  staleness,
  stateOf,
  targetOf,
  type DispatchCommand,
  type Order,
} from './orders.js';
import {
  assignedByPerson,
  heldFor,
  isOpen,
  nothingKnown,
  placementByPerson,
  placementForRedo,
  placementOf,
  routeOf,
  type Facts,
} from './placements.js';
import type { RoutingDecision } from './routing/decision.js';
import {
  begin,
  evolve,
  type AppealFacts,
  type Fact,
  type Holding,
  type Linked,
  type Next,
  type Objection,
  type Placement,
  type Taken,
  type Ticket,
} from './ticket.js';

type Event<N extends TicketEvent['name']> = Extract<TicketEvent, { name: N }>;
type Ctx = Context<Facts>;

/** Events of others that dispatch has a use for. */
export const HEARD = [
  'ticket.registered',
  'ticket.withdrawn',
  'assignment.returned',
  'assignment.released',
  'release.refused',
  'reply.approved',
  'ticket.reopened',
  'ticket.closed',
] as const satisfies readonly TicketEvent['name'][];

/** *Who should hold it now?* */
export const decide: Decide<Ticket, Facts, DispatchCommand> = (ticket, message, context) => {
  switch (message.kind) {
    case 'event':
      return onEvent(ticket, message.event, context);
    case 'command':
      return onCommand(ticket, message.command, context);
    case 'timer':
      return undefined;
    default:
      return assertNever(message, 'message');
  }
};

function onEvent(ticket: Ticket | undefined, event: TicketEvent, context: Ctx): Decision<Ticket> | undefined {
  if (event.name === 'ticket.registered') return ticket === undefined ? registered(event, context) : undefined;
  if (ticket === undefined) return undefined;
  switch (event.name) {
    case 'ticket.withdrawn':
      return onWithdrawn(ticket, context);
    case 'assignment.returned':
      return onReturned(ticket, event, context);
    case 'assignment.released':
      return onReleased(ticket, event, context);
    case 'release.refused':
      return onReleaseRefused(ticket, event, context);
    case 'reply.approved':
      return onApproved(ticket, event, context);
    case 'ticket.reopened':
      return onReopened(ticket, event, context);
    case 'ticket.closed':
      return onClosed(ticket, event, context);
    default:
      return undefined;
  }
}

const isChannelKind = memberOf(CHANNELS);

/** The ticket that is new. */
export function registered({ payload, ticketId }: Event<'ticket.registered'>, context: Ctx): Decision<Ticket> {
  const { number, receivedAt, channel, addressee, mailbox } = payload;
  const appeal: AppealFacts = {
    channel,
    ...(isChannelKind(payload.channelKind) ? { channelKind: payload.channelKind } : {}),
    // A member that a newer intake added is read as the one that does least harm.
    appealType: knownOr(APPEAL_TYPES, payload.appealType, 'other'),
    urgency: knownOr(URGENCY, payload.urgency, 'normal'),
    confidentiality: knownOr(CONFIDENTIALITY, payload.confidentiality, 'confidential'),
    ...(addressee === undefined ? {} : { addressee }),
    ...(mailbox === undefined ? {} : { mailbox }),
  };
  const routed = routeOf(appeal, payload.content, ticketId, new Map(), receivedAt, context);
  const reported = routed.ruledOut.flatMap(({ unit, reason }) => (reason === 'is-reported-party' ? [unit] : []));
  const { citizen, under, alike } = asDuplicate(appeal, payload, ticketId, context);
  const first: Placement | Linked = under === undefined ? placementOf(routed, 1, context) : { did: 'linked', at: context.now, ...under };
  const known = { ...(citizen === undefined ? {} : { citizen }), ...(alike.length === 0 ? {} : { alike }) };
  return { record: begin({ number, receivedAt, appeal, reported, ...known }, first), events: said(first) };
}

/** Nothing of a ticket that is not open is held against others. */
function asDuplicate(
  appeal: AppealFacts,
  { content, citizen }: Event<'ticket.registered'>['payload'],
  ticketId: string,
  { facts }: Ctx,
): ReturnType<typeof firstLook> & { readonly citizen?: string | undefined } {
  if (!isOpen(appeal) || content.kind !== 'open') return { under: undefined, alike: [] };
  const newcomer = { said: content, appealType: appeal.appealType, urgency: appeal.urgency, citizen };
  return { citizen, ...firstLook(newcomer, facts.found.get(ticketId) ?? [], facts.policy.duplicates) };
}

function onReturned(ticket: Ticket, { payload, time, ticketId }: Event<'assignment.returned'>, context: Ctx): Decision<Ticket> | undefined {
  const holding = holdingOf(ticket, payload);
  if (holding === undefined || ticket.status === 'returned') return undefined;
  const { officer, grounds } = payload;
  const objection: Objection = {
    at: Date.parse(time),
    because: knownOr(RETURN_REASONS, payload.reason, 'misclassified'),
    officer,
    grounds,
  };
  // While a person takes it back anyway, the unit's wish and ours are one.
  if (ticket.status === 'releasing') {
    const accepted = acceptedReturn(holding, objection, { kind: 'rule', rule: 'asked-back' }, context);
    return settle(ticket, [accepted, whereWanted(ticket, holding, ticket.target, context)]);
  }
  const because = refusalOfReturn(holding, objection.at);
  if (because !== undefined) return settle(ticket, [refusedReturn(holding, objection, because, { kind: 'rule', rule: because }, context)]);
  if (context.facts.policy.returnReview === 'person') return settle(ticket, [{ did: 'returned', at: context.now, objection }]);
  return settle(ticket, givenUp(ticket, holding, objection, { kind: 'rule', rule: 'return-accepted' }, ticketId, context));
}

const acceptedReturn = ({ assignment, lead: unit }: Holding, objection: Objection, by: Actor, { now: at }: Ctx): Taken => ({
  did: 'return-accepted',
  at,
  assignment,
  unit,
  objection,
  by,
});

const refusedReturn = (
  { assignment, lead: unit, returnUntil }: Holding,
  objection: Objection,
  because: ReturnRefusal,
  by: Actor,
  { now: at }: Ctx,
  note?: Words,
): Taken => {
  const ended = because === 'window-passed' && returnUntil !== undefined ? { windowEnded: returnUntil } : {};
  return { did: 'return-refused', at, assignment, unit, objection, because, by, ...(note === undefined ? {} : { note }), ...ended };
};

/** The return is accepted, and the ticket goes to whoever is next. */
function givenUp(ticket: Ticket, holding: Holding, objection: Objection, by: Actor, ticketId: string, context: Ctx): readonly Fact[] {
  const accepted = acceptedReturn(holding, objection, by, context);
  return [accepted, placementAfterReturn(evolve(ticket, accepted), holding, objection.because, ticketId, context)];
}

function refusalOfReturn({ designated, returnUntil }: Holding, saidAt: number): ReturnRefusal | undefined {
  if (designated) return 'designated';
  return returnUntil !== undefined && saidAt > returnUntil ? 'window-passed' : undefined;
}

/** Returns that say "another unit's": the rules may look for it. The others say that no unit can take it as it stands. */
const FOR_ANOTHER_UNIT: ReadonlySet<ReturnReason> = new Set(['not-our-duty', 'not-our-area', 'misclassified']);

/** By the rules of today. */
function routedAnew(ticket: Ticket, ticketId: string, context: Ctx): RoutingDecision | undefined {
  const content = context.facts.contents.get(ticketId);
  const excluded = new Map<string, RuledOutReason>(ticket.returnedBy.map((unit) => [unit, 'returned-before']));
  for (const unit of ticket.reported) excluded.set(unit, 'is-reported-party');
  // The text may have been erased since (个保法 §47): then a person must ask elsewhere.
  return content && routeOf(ticket.appeal, content, ticketId, excluded, ticket.receivedAt, context);
}

function placementAfterReturn(ticket: Ticket, returned: Holding, reason: ReturnReason, ticketId: string, context: Ctx): Placement {
  const { facts } = context;
  const routed = routedAnew(ticket, ticketId, context) ?? nothingKnown;
  if (ticket.returnedBy.length >= facts.policy.maxReturns) return heldFor('returned-too-often', routed, context);
  // What a person decided is not decided over by a rule.
  if (returned.by.kind === 'person' || !FOR_ANOTHER_UNIT.has(reason)) return heldFor('asked-by-person', routed, context);
  return placementOf(routed, ticket.assignments + 1, context);
}

function onReleased(ticket: Ticket, { payload }: Event<'assignment.released'>, context: Ctx): Decision<Ticket> | undefined {
  const holding = holdingOf(ticket, payload);
  if (holding === undefined) return undefined;
  return settle(ticket, [
    ticket.status === 'releasing'
      ? whereWanted(ticket, holding, ticket.target, context)
      : heldFor('asked-by-person', { ...nothingKnown, matter: holding.matter }, context),
  ]);
}

/** Where the person wanted it who asked for it back. */
const whereWanted = (ticket: Ticket, holding: Holding, target: Next, context: Ctx): Placement | Linked =>
  'master' in target ? { did: 'linked', at: context.now, ...target } : placementByPerson(ticket, holding, target, context);

function onReleaseRefused(ticket: Ticket, { payload }: Event<'release.refused'>, context: Ctx): Decision<Ticket> | undefined {
  const holding = holdingOf(ticket, payload);
  if (holding === undefined || ticket.status !== 'releasing') return undefined;
  const because = knownOr(RELEASE_REFUSALS, payload.because, 'already-ended');
  const dropped = requestDropped(holding, ticket.target, because, context);
  if (because === 'reply-approved') return settle(ticket, [dropped]);
  // Ended, and we were not told how: nobody holds it, so a person must see it.
  return settle(ticket, [dropped, heldFor('asked-by-person', { ...nothingKnown, matter: holding.matter }, context)]);
}

function onApproved(ticket: Ticket, { payload }: Event<'reply.approved'>, context: Ctx): Decision<Ticket> | undefined {
  const holding = holdingOf(ticket, payload);
  if (holding === undefined) return undefined;
  const at = context.now;
  const answered: Fact = { did: 'answered', at };
  if (ticket.status !== 'releasing') return settle(ticket, [answered]);
  return settle(ticket, [requestDropped(holding, ticket.target, 'reply-approved', context), answered]);
}

function onWithdrawn(ticket: Ticket, { now: at }: Ctx): Decision<Ticket> | undefined {
  if (ticket.status === 'answered' || ticket.status === 'withdrawn' || ticket.status === 'closed') return undefined;
  if (ticket.status !== 'assigned' && ticket.status !== 'returned') return settle(ticket, [{ did: 'withdrawn', at }]);
  const { assignment, lead: unit } = ticket.holding;
  return settle(ticket, [{ did: 'withdrawn', at, released: { assignment, unit } }]);
}

/** 重办. What is not answered is being worked on already; what was answered with its master goes its own way now. */
function onReopened(ticket: Ticket, { payload, ticketId }: Event<'ticket.reopened'>, context: Ctx): Decision<Ticket> | undefined {
  if (ticket.status === 'linked') {
    const by: Actor = { kind: 'rule', rule: 'reopened' };
    return settle(ticket, ownWay(ticket, { because: 'reopened', by }, ticketId, context));
  }
  if (ticket.status !== 'answered') return undefined;
  return settle(ticket, [placementForRedo(ticket, ticket.holding, knownOr(REOPEN_REASONS, payload.because, 'unsatisfied'), context)]);
}

type Member = Extract<Ticket, { status: 'linked' }>;

/** No longer under its master; where it goes, the rules of today say. */
function ownWay(ticket: Member, why: { because: UnlinkReason; by: Actor; note?: Words }, ticketId: string, context: Ctx): readonly Fact[] {
  const { master, masterNumber } = ticket.under;
  const unlinked: Fact = { did: 'unlinked', at: context.now, master, masterNumber, ...why };
  const routed = routedAnew(ticket, ticketId, context);
  const next =
    routed === undefined ? heldFor('asked-by-person', nothingKnown, context) : placementOf(routed, ticket.assignments + 1, context);
  return [unlinked, next];
}

/** 办结: no more orders. Whoever still holds it hears the same word from the log. */
function onClosed(ticket: Ticket, { payload }: Event<'ticket.closed'>, { now: at }: Ctx): Decision<Ticket> | undefined {
  if (ticket.status === 'withdrawn' || ticket.status === 'closed') return undefined;
  return settle(ticket, [{ did: 'closed', at, because: knownOr(CLOSE_REASONS, payload.because, 'answered') }]);
}

function onCommand(ticket: Ticket | undefined, command: DispatchCommand, context: Ctx): Decision<Ticket> {
  const { actor, ticketId } = command;
  // The runtime keeps nothing of a refused command, its record is not read.
  const refused = (outcome: Outcome): Decision<Ticket> => ({ record: ticket as Ticket, outcome });
  const stale = staleness(ticket, command);
  if (ticket === undefined || stale !== undefined) return refused(stale as Outcome);
  const { now: at, facts } = context;
  const theirs = command.name === 'undo' ? objectionToUndo(ticket, actor, at, facts.policy.undoMs) : claimAgainst(ticket, actor, at);
  if (theirs !== undefined) return refused(theirs);
  const open = isOpen(ticket.appeal);
  const wordsOf = (text: string): Words => (open ? { kind: 'open', text } : facts.seal({ text }, ticketId));
  const by: Actor = { kind: 'person', subject: actor.subject };
  switch (command.name) {
    case 'accept-return': {
      const { holding, objection } = returnedOf(ticket);
      return settle(ticket, givenUp(ticket, holding, objection, by, ticketId, context), true);
    }
    case 'refuse-return': {
      const { holding, objection } = returnedOf(ticket);
      const { reason, note } = command.payload;
      const told = note === undefined ? undefined : wordsOf(note);
      return settle(ticket, [refusedReturn(holding, objection, reason, by, context, told)], true);
    }
    case 'claim':
      return settle(ticket, [{ did: 'claimed', at, claim: { by: actor.subject, until: at + facts.policy.claimMs } }], true);
    case 'unclaim':
      return settle(ticket, [{ did: 'unclaimed', at }], true);
    case 'undo': {
      if (ticket.status !== 'assigned') throw new TypeError(`a ticket that is ${ticket.status} has no assignment to undo`);
      const { assignment, lead: unit } = ticket.holding;
      return settle(ticket, [{ did: 'release-requested', at, assignment, unit, target: { by } }], true);
    }
    case 'link': {
      const found = underFor(ticketId, ticket, command.payload.master, facts.masters, actor.subject);
      if ('against' in found) return refused(found.against);
      if (ticket.status !== 'assigned') return settle(ticket, [{ did: 'linked', at, ...found.under }], true);
      const { assignment, lead: unit } = ticket.holding;
      return settle(ticket, [{ did: 'release-requested', at, assignment, unit, target: found.under }], true);
    }
    case 'follow': {
      const { under } = memberOfMaster(ticket);
      const { master, masterNumber } = command.payload;
      if (master === ticketId || master === under.master) return refused(refusal('own-master', ticket));
      return settle(ticket, [{ did: 'linked', at, ...under, master, masterNumber, by: { kind: 'rule', rule: 'with-its-master' } }], true);
    }
    case 'unlink': {
      const { reason: because, note } = command.payload;
      const why = { because, by: actor.kind === 'system' ? ({ kind: 'rule', rule: because } as const) : by };
      const told = note === undefined ? {} : { note: wordsOf(note) };
      return settle(ticket, ownWay(memberOfMaster(ticket), { ...why, ...told }, ticketId, context), true);
    }
    case 'assign':
    case 'reassign': {
      const against = objectionTo(ticket, command.payload, actor, facts.directory, at);
      return against === undefined ? ordered(ticket, command.payload, actor, wordsOf, context) : refused(against);
    }
    default:
      return assertNever(command, 'command');
  }
}

function ordered(
  ticket: Ticket,
  order: Order,
  actor: DispatchCommand['actor'],
  wordsOf: (text: string) => Words,
  context: Ctx,
): Decision<Ticket> {
  const opinion = wordsOf(order.reason);
  if (ticket.status === 'held')
    return settle(ticket, [assignedByPerson(ticket, targetOf(ticket, order, actor, ticket.matter, opinion), context)], true);
  if (ticket.status !== 'assigned') throw new TypeError(`a ticket that is ${ticket.status} takes no order`);
  const { assignment, lead, matter } = ticket.holding;
  const target = targetOf(ticket, order, actor, matter, opinion);
  return settle(ticket, [{ did: 'release-requested', at: context.now, assignment, unit: lead, target }], true);
}

function returnedOf(ticket: Ticket): Extract<Ticket, { status: 'returned' }> {
  if (ticket.status === 'returned') return ticket;
  throw new TypeError(`a ticket that is ${ticket.status} has no return to look at`);
}

function memberOfMaster(ticket: Ticket): Member {
  if (ticket.status === 'linked') return ticket;
  throw new TypeError(`a ticket that is ${ticket.status} is under no master`);
}

const requestDropped = ({ assignment }: Holding, target: Next, because: ReleaseRefusal, { now: at }: Ctx): Taken => ({
  did: 'request-dropped',
  at,
  assignment,
  ...('lead' in target ? { unit: target.lead } : {}),
  ...('master' in target ? { masterNumber: target.masterNumber } : {}),
  because,
});

/** The current holding, if that is what the event is about; a word about an old assignment, or of a co-handler, is not. */
function holdingOf(ticket: Ticket, about: { readonly assignment: number; readonly unit: string }): Holding | undefined {
  if (ticket.status !== 'assigned' && ticket.status !== 'returned' && ticket.status !== 'releasing') return undefined;
  const { holding } = ticket;
  return holding.assignment === about.assignment && holding.lead === about.unit ? holding : undefined;
}

function settle(ticket: Ticket, facts: readonly Fact[], answering = false): Decision<Ticket> {
  const record = facts.reduce(evolve, ticket);
  return { record, events: facts.flatMap(said), ...(answering ? { outcome: { accepted: true, answer: stateOf(record) } } : {}) };
}
