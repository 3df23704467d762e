import {
  APPEAL_TYPES,
  CLOSE_REASONS,
  CONFIDENTIALITY,
  RELEASE_REFUSALS,
  REOPEN_REASONS,
  RETURN_REASONS,
  URGENCY,
  type ReturnReason,
  type ReturnRefusal,
  type RuledOutReason,
  type TicketEvent,
  type Words,
} from '@paidan/contracts';
import { assertNever, knownOr } from '@paidan/kernel';
import type { Context, Decide, Decision, Outcome } from '@paidan/runtime';
import { said } from './announcements.js';
import { objection, staleness, stateOf, targetOf, type DispatchCommand } from './orders.js';
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
import { begin, evolve, type AppealFacts, type Fact, type Holding, type Placement, type Taken, type Ticket } from './ticket.js';

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
  if (event.name === 'ticket.registered') return ticket === undefined ? onRegistered(event, context) : undefined;
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

function onRegistered({ payload, ticketId }: Event<'ticket.registered'>, context: Ctx): Decision<Ticket> {
  const { number, receivedAt, channel, addressee } = payload;
  const appeal: AppealFacts = {
    channel,
    // A member that a newer intake added is read as the one that does least harm.
    appealType: knownOr(APPEAL_TYPES, payload.appealType, 'other'),
    urgency: knownOr(URGENCY, payload.urgency, 'normal'),
    confidentiality: knownOr(CONFIDENTIALITY, payload.confidentiality, 'confidential'),
    ...(addressee === undefined ? {} : { addressee }),
  };
  const routed = routeOf(appeal, payload.content, ticketId, new Map(), context.facts);
  const reported = routed.ruledOut.flatMap(({ unit, reason }) => (reason === 'is-reported-party' ? [unit] : []));
  const first = placementOf(routed, 1, context);
  return { record: begin({ number, receivedAt, appeal, reported }, first), events: said(first) };
}

function onReturned(ticket: Ticket, { payload, time, ticketId }: Event<'assignment.returned'>, context: Ctx): Decision<Ticket> | undefined {
  const holding = holdingOf(ticket, payload);
  if (holding === undefined) return undefined;
  const { assignment, lead: unit } = holding;
  const at = context.now;
  // While a person takes it back anyway, the unit's wish and ours are one.
  const because = ticket.status === 'releasing' ? undefined : refusalOfReturn(holding, Date.parse(time));
  if (because !== undefined) return settle(ticket, [{ did: 'return-refused', at, assignment, unit, because }]);

  const reason = knownOr(RETURN_REASONS, payload.reason, 'misclassified');
  const accepted: Taken = { did: 'return-accepted', at, assignment, unit, because: reason };
  const next =
    ticket.status === 'releasing'
      ? placementByPerson(ticket, ticket.target, context)
      : placementAfterReturn(evolve(ticket, accepted), holding, reason, ticketId, context);
  return settle(ticket, [accepted, next]);
}

function refusalOfReturn({ designated, returnUntil }: Holding, saidAt: number): ReturnRefusal | undefined {
  if (designated) return 'designated';
  return returnUntil !== undefined && saidAt > returnUntil ? 'window-passed' : undefined;
}

/** Returns that say "another unit's": the rules may look for it. The others say that no unit can take it as it stands. */
const FOR_ANOTHER_UNIT: ReadonlySet<ReturnReason> = new Set(['not-our-duty', 'not-our-area', 'misclassified']);

function placementAfterReturn(ticket: Ticket, returned: Holding, reason: ReturnReason, ticketId: string, context: Ctx): Placement {
  const { facts } = context;
  const content = facts.contents.get(ticketId);
  const excluded = new Map<string, RuledOutReason>(ticket.returnedBy.map((unit) => [unit, 'returned-before']));
  for (const unit of ticket.reported) excluded.set(unit, 'is-reported-party');
  // The text may have been erased since (个保法 §47): then a person must ask elsewhere.
  const routed = content === undefined ? nothingKnown : routeOf(ticket.appeal, content, ticketId, excluded, facts);
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
      ? placementByPerson(ticket, ticket.target, context)
      : heldFor('asked-by-person', { ...nothingKnown, matter: holding.matter }, context),
  ]);
}

function onReleaseRefused(ticket: Ticket, { payload }: Event<'release.refused'>, context: Ctx): Decision<Ticket> | undefined {
  const holding = holdingOf(ticket, payload);
  if (holding === undefined || ticket.status !== 'releasing') return undefined;
  const because = knownOr(RELEASE_REFUSALS, payload.because, 'already-ended');
  const dropped: Taken = { did: 'request-dropped', at: context.now, assignment: holding.assignment, unit: ticket.target.lead, because };
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
  const { assignment } = holding;
  return settle(ticket, [{ did: 'request-dropped', at, assignment, unit: ticket.target.lead, because: 'reply-approved' }, answered]);
}

function onWithdrawn(ticket: Ticket, { now: at }: Ctx): Decision<Ticket> | undefined {
  if (ticket.status === 'answered' || ticket.status === 'withdrawn' || ticket.status === 'closed') return undefined;
  if (ticket.status !== 'assigned') return settle(ticket, [{ did: 'withdrawn', at }]);
  const { assignment, lead: unit } = ticket.holding;
  return settle(ticket, [{ did: 'withdrawn', at, released: { assignment, unit } }]);
}

/** 重办. What is not answered is being worked on already. */
function onReopened(ticket: Ticket, { payload }: Event<'ticket.reopened'>, context: Ctx): Decision<Ticket> | undefined {
  if (ticket.status !== 'answered') return undefined;
  return settle(ticket, [placementForRedo(ticket, ticket.holding, knownOr(REOPEN_REASONS, payload.because, 'unsatisfied'), context)]);
}

/** 办结: no more orders. Whoever still holds it hears the same word from the log. */
function onClosed(ticket: Ticket, { payload }: Event<'ticket.closed'>, { now: at }: Ctx): Decision<Ticket> | undefined {
  if (ticket.status === 'withdrawn' || ticket.status === 'closed') return undefined;
  return settle(ticket, [{ did: 'closed', at, because: knownOr(CLOSE_REASONS, payload.because, 'answered') }]);
}

function onCommand(ticket: Ticket | undefined, command: DispatchCommand, context: Ctx): Decision<Ticket> {
  const { actor, payload, ticketId } = command;
  // The runtime keeps nothing of a refused command, its record is not read.
  const refused = (outcome: Outcome): Decision<Ticket> => ({ record: ticket as Ticket, outcome });
  const stale = staleness(ticket, command);
  if (ticket === undefined || stale !== undefined) return refused(stale as Outcome);
  const against = objection(ticket, payload, actor, context.facts.directory);
  if (against !== undefined) return refused(against);

  const words = { text: payload.reason };
  const opinion: Words = isOpen(ticket.appeal) ? { kind: 'open', ...words } : context.facts.seal(words, ticketId);
  if (ticket.status === 'held') {
    const target = targetOf(payload, actor, ticket.matter, opinion);
    return settle(ticket, [assignedByPerson(ticket, target, context)], true);
  }
  if (ticket.status !== 'assigned') throw new TypeError(`a ticket that is ${ticket.status} takes no order`);
  const { assignment, lead, matter } = ticket.holding;
  const target = targetOf(payload, actor, matter, opinion);
  return settle(ticket, [{ did: 'release-requested', at: context.now, assignment, unit: lead, target }], true);
}

/** The current holding, if that is what the event is about; a word about an old assignment, or of a co-handler, is not. */
function holdingOf(ticket: Ticket, about: { readonly assignment: number; readonly unit: string }): Holding | undefined {
  if (ticket.status !== 'assigned' && ticket.status !== 'releasing') return undefined;
  const { holding } = ticket;
  return holding.assignment === about.assignment && holding.lead === about.unit ? holding : undefined;
}

function settle(ticket: Ticket, facts: readonly Fact[], answering = false): Decision<Ticket> {
  const record = facts.reduce(evolve, ticket);
  return { record, events: facts.flatMap(said), ...(answering ? { outcome: { accepted: true, answer: stateOf(record) } } : {}) };
}
