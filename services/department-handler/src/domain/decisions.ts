import { APPEAL_TYPES, CONFIDENTIALITY, URGENCY } from '@paidan/contracts';
import { knownOr } from '@paidan/kernel';
import type { Context, Decide, Decision, Notice } from '@paidan/runtime';
import type { WorkCommand } from './commands.js';
import { hearClock } from './deadlines.js';
import { resumedByItself } from './delays.js';
import type { Facts } from './facts.js';
import { kept, offers, withdrawals } from './notices.js';
import { onCommand } from './on-command.js';
import {
  HEARD,
  isHeld,
  RETURN_WINDOW,
  SUSPENSION,
  type Held,
  type HeardEvent,
  type Holding,
  type Ticket,
  type Unregistered,
  type WorkItem,
} from './work-item.js';

type Done = Decision<WorkItem> | undefined;
type In<N extends HeardEvent['name']> = Extract<HeardEvent, { readonly name: N }>;
type Registered = Exclude<WorkItem, Unregistered>;

const disarmed = [
  { name: RETURN_WINDOW, at: null },
  { name: SUSPENSION, at: null },
];
const heard: ReadonlySet<string> = new Set(HEARD);

/** *What did the holder do?* */
export const decideWork: Decide<WorkItem, Facts, WorkCommand> = (item, message, context) => {
  switch (message.kind) {
    case 'event':
      return heard.has(message.event.name) ? onEvent(item, message.event as HeardEvent, context) : undefined;
    case 'command':
      return onCommand(item, message.command, context);
    case 'timer':
      return onTimer(item, message.timer.name, context);
    default:
      return message satisfies never;
  }
};

function onTimer(item: WorkItem | undefined, name: string, context: Context<Facts>): Done {
  if (name === RETURN_WINDOW && item?.status === 'offered') return signedByDefault(item, context);
  return name === SUSPENSION && item?.status === 'suspended' ? resumedByItself(item, context) : undefined;
}

function onEvent(item: WorkItem | undefined, event: HeardEvent, context: Context<Facts>): Done {
  if (event.name === 'ticket.registered') return register(item, event, context);
  if (item === undefined || item.status === 'unregistered') {
    return { record: { status: 'unregistered', since: item?.since ?? context.now, early: [...(item?.early ?? []), event] } };
  }
  switch (event.name) {
    case 'ticket.assigned':
      return assign(item, event, context);
    case 'release.requested':
      return release(item, event, context);
    case 'return.accepted':
      return acceptReturn(item, event, context);
    case 'return.refused':
      return refuseReturn(item, event, context);
    case 'ticket.withdrawn':
      return over(item, event, 'withdrawn', context);
    case 'ticket.closed':
      return over(item, event, 'closed', context);
    case 'clock.started':
    case 'deadline.moved':
    case 'deadline.warned':
    case 'card.issued':
    case 'card.withdrawn':
      return hearClock(item, event, context);
    default:
      return event satisfies never;
  }
}

function register(item: WorkItem | undefined, { payload }: In<'ticket.registered'>, context: Context<Facts>): Done {
  if (item !== undefined && item.status !== 'unregistered') return undefined;
  const { number, receivedAt } = payload;
  const ticket: Ticket = {
    number,
    receivedAt,
    // A member that a newer intake added is read as the one that does least harm.
    appealType: knownOr(APPEAL_TYPES, payload.appealType, 'other'),
    urgency: knownOr(URGENCY, payload.urgency, 'normal'),
    confidentiality: knownOr(CONFIDENTIALITY, payload.confidentiality, 'confidential'),
  };
  const start: Decision<WorkItem> = { record: { status: 'awaiting', since: context.now, ticket, rounds: 0 } };
  return (item?.early ?? []).reduce((before, event) => {
    const next = onEvent(before.record, event, context);
    return next === undefined ? before : inTurn(before, next);
  }, start);
}

const inTurn = (first: Decision<WorkItem>, then: Decision<WorkItem>): Decision<WorkItem> => ({
  record: then.record,
  events: [...(first.events ?? []), ...(then.events ?? [])],
  timers: [...(first.timers ?? []), ...(then.timers ?? [])],
  notices: [...(first.notices ?? []), ...(then.notices ?? [])],
});

function assign(item: Registered, event: In<'ticket.assigned'>, context: Context<Facts>): Done {
  const { assignment, lead, coHandlers, copies, matter, designated, returnUntil } = event.payload;
  // An old number, or the ticket was taken back or closed before dispatch knew.
  if (item.status === 'withdrawn' || item.status === 'closed' || (item.status !== 'awaiting' && assignment <= item.holding.assignment))
    return undefined;
  const windowEnd = returnUntil === undefined ? undefined : Date.parse(returnUntil);
  const holding: Holding = {
    assignment,
    unit: lead,
    coHandlers,
    copies,
    matter,
    designated,
    ...(windowEnd === undefined ? {} : { returnUntil: windowEnd }),
  };
  const { rounds } = item;
  // Dispatch says an urgency only where it is higher than the one at registration; the limits go by it.
  const ticket: Ticket = { ...item.ticket, urgency: knownOr(URGENCY, event.payload.urgency ?? '', item.ticket.urgency) };
  const ended: Notice[] = isHeld(item) ? withdrawals(ticket, item.holding, event.ticketId, 'reassigned', context.facts.directory) : [];
  return {
    record: { status: 'offered', since: context.now, ticket, rounds, holding },
    timers: [...(item.status === 'suspended' ? [{ name: SUSPENSION, at: null }] : []), { name: RETURN_WINDOW, at: windowEnd ?? null }],
    notices: [...ended, ...offers(ticket, holding, event, context.facts)],
  };
}

/** The holder alone knows whether it can still let go; dispatch waits for this answer, so there always is one. */
function release(item: Registered, event: In<'release.requested'>, context: Context<Facts>): Done {
  const { assignment, unit, reason } = event.payload;
  const refused = (because: 'reply-approved' | 'already-ended'): Done => ({
    record: item,
    events: [{ name: 'release.refused', payload: { assignment, unit, because } }],
  });
  if (item.status === 'awaiting' || item.holding === undefined || item.holding.assignment !== assignment) return refused('already-ended');
  if (item.status === 'approved') return refused('reply-approved');
  const events: Decision<WorkItem>['events'] = [{ name: 'assignment.released', payload: { assignment, unit: item.holding.unit } }];
  // Asked again, or overtaken by the citizen's withdrawal: nobody holds it, and that is the answer.
  if (!isHeld(item)) return { record: item, events };
  return { ...letGo(item, event.ticketId, reason, context), events };
}

const letGo = (
  item: Held,
  ticketId: string,
  because: In<'release.requested'>['payload']['reason'],
  context: Context<Facts>,
): Decision<WorkItem> => ({
  record: { status: 'released', since: context.now, ticket: item.ticket, rounds: item.rounds, holding: item.holding, because },
  timers: disarmed,
  notices: withdrawals(item.ticket, item.holding, ticketId, because, context.facts.directory),
});

function acceptReturn(item: Registered, event: In<'return.accepted'>, context: Context<Facts>): Done {
  if (item.status !== 'returned' || item.holding.assignment !== event.payload.assignment) return undefined;
  return letGo(item, event.ticketId, 'return-accepted', context);
}

function refuseReturn(item: Registered, event: In<'return.refused'>, context: Context<Facts>): Done {
  if (item.status !== 'returned' || item.holding.assignment !== event.payload.assignment) return undefined;
  const { ticket, rounds, signed } = item;
  const holding: Holding = { ...item.holding, kept: true };
  const again = { since: context.now, ticket, rounds, holding };
  const notices = kept(ticket, holding, event, context.facts.directory);
  if (signed !== undefined) return { record: { status: 'signed', signed, ...again }, notices };
  // Armed anew, and due at once when the window passed while dispatch thought about it.
  return { record: { status: 'offered', ...again }, timers: [{ name: RETURN_WINDOW, at: holding.returnUntil ?? null }], notices };
}

/** Taken back by the citizen, or closed: nobody works on it any longer. An approved reply stays what it is. */
function over(item: Registered, { ticketId }: HeardEvent, status: 'withdrawn' | 'closed', context: Context<Facts>): Done {
  if (item.status === 'withdrawn' || item.status === 'closed' || item.status === 'approved') return undefined;
  const { ticket, rounds } = item;
  const gone = { status, since: context.now, ticket, rounds } as const;
  if (item.status === 'awaiting') return { record: gone };
  return {
    record: { ...gone, holding: item.holding },
    timers: disarmed,
    notices: isHeld(item) ? withdrawals(ticket, item.holding, ticketId, status, context.facts.directory) : [],
  };
}

function signedByDefault(item: Extract<WorkItem, { status: 'offered' }>, { now }: Context<Facts>): Done {
  const { assignment, unit } = item.holding;
  return {
    record: { ...item, status: 'signed', since: now, signed: { at: now } },
    events: [{ name: 'assignment.signed', payload: { assignment, unit } }],
  };
}
