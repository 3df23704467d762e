import { URGENCY } from '@paidan/contracts';
import { knownOr } from '@paidan/kernel';
import type { Context, Decide, Decision, NewEvent } from '@paidan/runtime';
import { move, recompute, sayStarted, started, stop, type Changed, type Rules } from './changes.js';
import { extended, isCitizens, isUnsaid, paused, resumed, said, startClock, type Clock } from './clock.js';
import type { ClockCommand, Facts } from './facts.js';
import { policyFor, type Policy } from './policy.js';
import { armed, decideStages, passedBefore } from './stages.js';
import { HEARD, holdingOf, STAGE, type HeardEvent, type Holding, type Over, type Registered, type TicketClocks } from './ticket-clocks.js';
import { raisedBy, shorten } from './urgency.js';

type Done = Decision<TicketClocks> | undefined;
type In<N extends HeardEvent['name']> = Extract<HeardEvent, { readonly name: N }>;
type Alive = Exclude<Registered, Over>;
type Held = Extract<Alive, { readonly holding: Holding }>;
type OfAssignment = Extract<HeardEvent, { readonly payload: { readonly assignment: number; readonly unit: string } }>;

const heard: ReadonlySet<string> = new Set(HEARD);

/** *Is it late, and who must know?* */
export const decideClocks: Decide<TicketClocks, Facts, ClockCommand> = (ticket, message, context) => {
  switch (message.kind) {
    case 'event':
      return heard.has(message.event.name) ? onEvent(ticket, message.event as HeardEvent, context) : undefined;
    case 'timer': {
      const known = ticket !== undefined && ticket.status !== 'unregistered' ? ticket : undefined;
      return message.timer.name === STAGE && known !== undefined ? decideStages(known, context) : undefined;
    }
    case 'command':
      return onRecompute(ticket, context);
    default:
      return message satisfies never;
  }
};

function onRecompute(ticket: TicketClocks | undefined, context: Context<Facts>): Decision<TicketClocks> {
  if (ticket === undefined || ticket.status === 'unregistered')
    return { record: ticket ?? { status: 'unregistered', early: [] }, outcome: { accepted: false, reason: 'unknown-ticket' } };
  const first = sayStarted(ticket.clocks, ticket.policy);
  const changed = then(first, recompute(first.clocks, rulesOf(ticket, context)));
  return { ...armed(ticket, changed, context), outcome: { accepted: true, answer: { events: changed.events.length } } };
}

function onEvent(ticket: TicketClocks | undefined, event: HeardEvent, context: Context<Facts>): Done {
  if (event.name === 'ticket.registered') return register(ticket, event, context);
  if (ticket === undefined || ticket.status === 'unregistered')
    return { record: { status: 'unregistered', early: [...(ticket?.early ?? []), event] } };
  // A ticket that is over has no clock that anybody could still do something about.
  if (ticket.status === 'over') return undefined;
  const passed = passedBefore(Date.parse(event.time), ticket, context);
  return after(passed, inOrder({ ...ticket, clocks: passed.clocks }, event, context));
}

function inOrder(ticket: Alive, event: Exclude<HeardEvent, In<'ticket.registered'>>, context: Context<Facts>): Done {
  // Nearly every ticket is assigned a moment after it was registered: all its clocks are one event then. Whatever else comes first finds the citizen's said.
  if (event.name === 'ticket.assigned') return ticket.status === 'answered' ? undefined : assign(ticket, event, context);
  if (event.name === 'ticket.held') return hold(ticket, event, context);
  const first = sayStarted(ticket.clocks, ticket.policy);
  // Worked on under its master: who knows for how long.
  if (event.name === 'ticket.linked' && ticket.status === 'unassigned') {
    const { master } = event.payload;
    return first.events.length === 0 && ticket.master === master ? undefined : armed({ ...ticket, master }, first, context);
  }
  if (first.events.length === 0) return onTicket(ticket, event, context);
  return after(first, onTicket({ ...ticket, clocks: first.clocks }, event, context));
}

/** Held for a person: who knows for how long. */
function hold(ticket: Alive, { payload, time }: In<'ticket.held'>, context: Context<Facts>): Done {
  if (ticket.status !== 'unassigned') return undefined;
  const urgent = moreUrgent(ticket, ticket.clocks, payload.urgency, Date.parse(time), context);
  const first = sayStarted(urgent.changed.clocks, urgent.ticket.policy);
  if (first.events.length === 0 && urgent.ticket === ticket) return undefined;
  return armed(urgent.ticket, then(urgent.changed, first), context);
}

/** The ticket and clocks under the limits of the urgency that dispatch's rules have found; as they were where that is none. */
function moreUrgent<T extends Alive>(
  ticket: T,
  clocks: readonly Clock[],
  urgency: string | undefined,
  at: number,
  { facts }: Context<Facts>,
): { readonly ticket: T; readonly changed: Changed } {
  const since = clocks.findLast((clock) => isCitizens(clock))?.startedAt ?? at;
  const raised = raisedBy(ticket, urgency, since, facts);
  if (raised === undefined) return { ticket, changed: unchanged(clocks) };
  return { ticket: { ...ticket, ...raised }, changed: shorten(clocks, at, { policy: raised.policy, calendar: facts.calendar }) };
}

const after = ({ events }: Changed, next: Done): Done =>
  next === undefined || events.length === 0 ? next : { ...next, events: [...events, ...(next.events ?? [])] };

type OfTicket = Exclude<HeardEvent, In<'ticket.registered' | 'ticket.assigned' | 'ticket.held'>>;

/** `at` is the event's own time everywhere below: when it was said decides what is late, not when it was heard. */
function onTicket(ticket: Alive, event: OfTicket, context: Context<Facts>): Done {
  const at = Date.parse(event.time);
  const { clocks } = ticket;
  switch (event.name) {
    case 'ticket.withdrawn':
    case 'ticket.declined':
    case 'ticket.closed':
      return armed({ status: 'over', ...known(ticket) }, stop(clocks, at, everyClock, 'moot'), context);
    // 并入主单: whoever held it doesn't any more; the citizen waits on, and no longer than before.
    case 'ticket.linked':
      if (ticket.status === 'answered' || ticket.status === 'unassigned') return undefined;
      return armed({ status: 'unassigned', ...known(ticket), master: event.payload.master }, giveBack(ticket, at, context), context);
    case 'ticket.unlinked':
      if (ticket.status === 'answered') return goOnWaiting(ticket, context);
      return ticket.status === 'unassigned' ? armed({ status: 'unassigned', ...known(ticket) }, unchanged(clocks), context) : undefined;
    case 'reply.shared':
    case 'ticket.answered': {
      if (ticket.status === 'answered') return undefined;
      if (event.name === 'reply.shared' && !(ticket.status === 'unassigned' && ticket.master === event.payload.master)) return undefined;
      const answered = stop(clocks, at, isCitizens);
      return armed({ status: 'answered', ...known(ticket) }, then(answered, stop(answered.clocks, at, everyClock, 'moot')), context);
    }
    case 'ticket.reopened':
      return ticket.status === 'answered' ? reopen(ticket, at, context) : undefined;
    default: {
      const holding = holdingOf(ticket);
      if (holding === undefined || event.payload.assignment !== holding.assignment) return undefined;
      return onAssignment({ ...ticket, holding } as Held, event, at, context);
    }
  }
}

/** Events of the assignment that is held now. */
function onAssignment(ticket: Held, event: OfAssignment, at: number, context: Context<Facts>): Done {
  const { clocks, holding, status } = ticket;
  const rules = rulesOf(ticket, context);
  const own = (clock: Clock): boolean => clock.assignment === holding.assignment;
  const finishing = (clock: Clock): boolean => clock.clock === 'finish' && (own(clock) || isCitizens(clock));
  const stopOwn = (name: Clock['clock']): Changed => stop(clocks, at, (clock) => own(clock) && clock.clock === name);
  switch (event.name) {
    case 'assignment.signed':
      return armed(ticket, stopOwn('sign'), context);
    case 'citizen.contacted':
    case 'reply.submitted':
      return armed(ticket, stopOwn('respond'), context);
    case 'assignment.returned': {
      // Who says the ticket isn't its own has answered the offer. Whether rightly is dispatch's to decide; the other clocks run on until then.
      if (status === 'returned') return undefined;
      const signed = stopOwn('sign');
      return armed({ ...ticket, status: 'returned' }, then(signed, goOn(signed.clocks, at, everyClock, rules)), context);
    }
    case 'return.refused':
      return status === 'returned' ? armed({ ...ticket, status: 'assigned' }, unchanged(clocks), context) : undefined;
    case 'return.accepted':
    case 'assignment.released':
      return armed({ status: 'unassigned', ...known(ticket) }, giveBack(ticket, at, context), context);
    case 'work.suspended': {
      const change = (clock: Clock): Clock => paused(clock, at);
      const suspended = () => move(clocks, finishing, { because: 'suspended', at, change }, rules);
      return status === 'assigned' ? armed({ ...ticket, status: 'suspended' }, suspended(), context) : undefined;
    }
    case 'work.resumed':
      return status === 'suspended' ? armed({ ...ticket, status: 'assigned' }, goOn(clocks, at, everyClock, rules), context) : undefined;
    case 'extension.granted': {
      const change = (clock: Clock): Clock => extended(clock, event.payload.span);
      return armed(ticket, move(clocks, finishing, { because: 'extended', at, change }, rules), context);
    }
    case 'reply.approved':
      return armed(
        { status: 'answered', ...known(ticket) },
        stop(clocks, at, (clock) => own(clock) || isCitizens(clock)),
        context,
      );
    default:
      return event satisfies never;
  }
}

function register(ticket: TicketClocks | undefined, { payload }: In<'ticket.registered'>, context: Context<Facts>): Done {
  if (ticket !== undefined && ticket.status !== 'unregistered') return undefined;
  const { number, appealType, urgency, receivedAt } = payload;
  const policy = policyFor(context.facts.policies, appealType, urgency);
  const start = armed(
    { status: 'unassigned', number, policy, kind: { appealType, urgency: knownOr(URGENCY, urgency, 'normal') }, clocks: [] },
    unchanged([citizensClock(policy, Date.parse(receivedAt), context)]),
    context,
  );
  return (ticket?.early ?? []).reduce((before, event) => {
    const next = onEvent(before.record, event, context);
    return next === undefined ? before : inTurn(before, next);
  }, start);
}

function assign(ticket: Exclude<Alive, { status: 'answered' }>, { payload, time }: In<'ticket.assigned'>, context: Context<Facts>): Done {
  const at = Date.parse(time);
  const { assignment, lead: unit } = payload;
  // An old number, said again in another epoch.
  if (ticket.clocks.some((clock) => (clock.assignment ?? 0) >= assignment)) return undefined;
  const { calendar } = context.facts;
  const left = holdingOf(ticket) === undefined ? unchanged(ticket.clocks) : giveBack(ticket as Held, at, context);
  const urgent = moreUrgent(ticket, left.clocks, payload.urgency, at, context);
  const given = then(left, urgent.changed);
  const { policy } = urgent.ticket;
  const start = (clock: Clock['clock']): Clock => startClock({ clock, assignment, unit }, policy[clock], at, calendar);
  const clocks: [Clock, ...Clock[]] = [start('sign'), start('respond'), start('finish')];
  const events: NewEvent[] = [...given.events, started(clocks, policy, given.clocks.find(isUnsaid))];
  return armed(
    { status: 'assigned', ...known(urgent.ticket), holding: { assignment, unit } },
    { clocks: [...given.clocks.map(said), ...clocks], events },
    context,
  );
}

/** Of the citizen, who has waited since an instant. What comes next says that it runs: the assignment in the same word, anything else before its own. */
const citizensClock = (policy: Policy, since: number, { facts }: Context<Facts>): Clock => ({
  ...startClock({ clock: 'finish' }, policy.finish, since, facts.calendar),
  unsaid: true,
});

/** What the citizen was answered was another ticket's answer: the deadline is the one that it was from the first. */
function goOnWaiting(ticket: Alive, context: Context<Facts>): Done {
  const last = ticket.clocks.findLast(isCitizens);
  return last === undefined ? undefined : reopen(ticket, last.startedAt, context);
}

/** 重办: the citizen waits once more, from the day the answer was found wanting. */
function reopen(ticket: Alive, at: number, context: Context<Facts>): Done {
  const clocks = [...ticket.clocks, citizensClock(ticket.policy, at, context)];
  return armed({ status: 'unassigned', ...known(ticket) }, unchanged(clocks), context);
}

/** The unit holds it no longer: its clocks are moot, and what it had suspended goes on for the citizen. */
function giveBack({ clocks, holding, ...ticket }: Held, at: number, context: Context<Facts>): Changed {
  const stopped = stop(clocks, at, (clock) => clock.assignment === holding.assignment, 'moot');
  return then(stopped, goOn(stopped.clocks, at, isCitizens, rulesOf(ticket, context)));
}

const goOn = (clocks: readonly Clock[], at: number, chosen: (clock: Clock) => boolean, rules: Rules): Changed =>
  move(clocks, chosen, { because: 'resumed', at, change: (clock) => resumed(clock, at) }, rules);

const everyClock = (): boolean => true;
const unchanged = (clocks: readonly Clock[]): Changed => ({ clocks, events: [] });
const then = (first: Changed, next: Changed): Changed => ({ clocks: next.clocks, events: [...first.events, ...next.events] });
const rulesOf = ({ policy }: Pick<Registered, 'policy'>, { facts }: Context<Facts>): Rules => ({ policy, calendar: facts.calendar });

const known = ({ number, policy, kind, clocks, next }: Registered) => ({
  ...{ number, policy, clocks },
  ...(kind === undefined ? {} : { kind }),
  ...(next === undefined ? {} : { next }),
});

const inTurn = (first: Decision<TicketClocks>, next: Decision<TicketClocks>): Decision<TicketClocks> => ({
  record: next.record,
  events: [...(first.events ?? []), ...(next.events ?? [])],
  timers: [...(first.timers ?? []), ...(next.timers ?? [])],
});
