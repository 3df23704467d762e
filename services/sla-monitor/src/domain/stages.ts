import { RECIPIENT_ROLES, type CardColour, type RecipientRole } from '@paidan/contracts';
import { DAY } from '@paidan/kernel';
import type { Context, Decision, NewEvent, TimerChange } from '@paidan/runtime';
import { iso, recompute, sayStarted, type Changed } from './changes.js';
import { awaitsCalendar, isCitizens, isRunning, nextStage, type Card, type Clock, type Stage } from './clock.js';
import type { Facts } from './facts.js';
import { holdingOf, STAGE, type Registered, type TicketClocks } from './ticket-clocks.js';

/** Longest that a stage waits for the log without looking again, in seconds of real time. A city has 11,000 due at one close of business. */
const PATIENCE = 5;

const RULES: Readonly<Record<Clock['clock'], Readonly<Record<CardColour, string>>>> = {
  sign: { yellow: 'sign-overdue', red: 'sign-long-overdue' },
  respond: { yellow: 'respond-overdue', red: 'respond-long-overdue' },
  finish: { yellow: 'finish-overdue', red: 'finish-long-overdue' },
};

/** Until dispatch has decided on a return nobody knows whether the unit had anything to do. */
const isJudged = (ticket: Registered, { assignment }: Clock): boolean =>
  ticket.status !== 'returned' || assignment !== ticket.holding.assignment;

const stageOf = (ticket: Registered, clock: Clock, { calendar }: Facts): Stage | undefined =>
  isJudged(ticket, clock) ? nextStage(clock, ticket.policy, calendar) : undefined;

/**
 * The timer has come: every stage whose instant has passed and up to which the log has been read. A word said before that instant that isn't here by then
 * is late itself, and the card is withdrawn when it arrives.
 */
export function decideStages(ticket: Registered, context: Context<Facts>): Decision<TicketClocks> {
  const { facts, now } = context;
  const first = sayStarted(ticket.clocks, ticket.policy);
  const due = recompute(first.clocks, { policy: ticket.policy, calendar: facts.calendar });
  const events: NewEvent[] = [...first.events, ...due.events];
  const known: Registered = { ...ticket, clocks: due.clocks };
  const clocks = due.clocks.map((before) => {
    let clock = before;
    for (;;) {
      const stage = stageOf(known, clock, facts);
      if (stage === undefined || stage.at > now || stage.at > facts.readThrough) return clock;
      const [next, event] = take(clock, stage, known, context);
      if (event !== undefined) events.push(event);
      clock = next;
    }
  });
  return armed({ ...ticket, clocks }, { clocks, events }, context, true);
}

/**
 * What came of deadlines that had passed when something was said, where that is heard before the timer looked: a card must not depend on whether this service
 * was up at the minute. What is not past, and warnings, are left to the timer.
 * @param at when it was said
 */
export function passedBefore(at: number, ticket: Registered, context: Context<Facts>): Changed {
  const events: NewEvent[] = [];
  const passed = Math.min(at, context.now + 1);
  const clocks = ticket.clocks.map((before) => {
    let clock = before;
    while ((clock.dueAt ?? Infinity) < passed) {
      const stage = stageOf(ticket, clock, context.facts);
      if (stage === undefined || stage.at >= passed) break;
      const [next, event] = take(clock, stage, ticket, context);
      if (event !== undefined) events.push(event);
      clock = next;
    }
    return clock;
  });
  return { clocks, events };
}

function take(clock: Clock, { stage, at }: Stage, ticket: Registered, { now, newId }: Context<Facts>): [Clock, NewEvent?] {
  const { dueAt = at, assignment, unit, clock: name } = clock;
  if (stage === 'warning') {
    const next = { ...clock, warned: dueAt };
    return dueAt <= now || isWarnedAnyway(clock, ticket) ? [next] : [next, warning(clock, dueAt, ticket)];
  }
  if (assignment === undefined || unit === undefined) throw new Error(`a ${stage} card for nobody`);
  const card: Card = { card: newId(), colour: stage, at, dueAt, issuedAt: now };
  const event: NewEvent = {
    name: 'card.issued',
    payload: {
      clock: name,
      assignment,
      unit,
      card: card.card,
      colour: stage,
      rule: RULES[name][stage],
      dueAt: iso(dueAt),
      issuedAt: iso(now),
      recipients: [...RECIPIENT_ROLES],
      accountability: stage === 'red',
    },
  };
  return [{ ...clock, cards: [...(clock.cards ?? []), card] }, event];
}

/** The unit's own deadline is the citizen's or earlier, as on nearly every ticket: it is warned of that, and not told twice. */
const isWarnedAnyway = ({ assignment, dueAt = 0 }: Clock, ticket: Registered): boolean => {
  const covers = (other: Clock): boolean => !isCitizens(other) && other.clock === 'finish' && (other.dueAt ?? Infinity) <= dueAt;
  return assignment === undefined && ticket.clocks.some((other) => covers(other) && isRunning(other) && isJudged(ticket, other));
};

/** The clocks once warnings that say nothing have passed: whoever recalls what a timer said knows nothing of what it didn't. */
export const passedInSilence = (ticket: Registered, { facts, now }: Context<Facts>): readonly Clock[] =>
  ticket.clocks.map((clock) => {
    const stage = stageOf(ticket, clock, facts);
    const { dueAt = now } = clock;
    const isSilent = stage?.stage === 'warning' && stage.at <= now && (dueAt <= now || isWarnedAnyway(clock, ticket));
    return isSilent ? { ...clock, warned: dueAt } : clock;
  });

function warning({ clock, assignment, unit }: Clock, dueAt: number, ticket: Registered): NewEvent {
  const holder = holdingOf(ticket);
  const told = unit ?? holder?.unit;
  const recipients: RecipientRole[] = told === undefined ? [] : ['officer'];
  return {
    name: 'deadline.warned',
    payload: {
      clock,
      ...(assignment === undefined ? {} : { assignment }),
      ...(told === undefined ? {} : { unit: told }),
      dueAt: iso(dueAt),
      left: ticket.policy.warnBefore,
      recipients,
    },
  };
}

/** The decision with its timer: for the earliest stage of all clocks, for another look at the log, and each day for a calendar that isn't there. */
export function armed(
  ticket: Registered,
  { clocks, events }: Changed,
  { facts, now }: Context<Facts>,
  fired = false,
): Decision<TicketClocks> {
  const { next: before, ...rest } = ticket;
  const record: Registered = { ...rest, clocks };
  let next: number | undefined;
  const propose = (at: number): void => void (next = next === undefined ? at : Math.min(next, at));
  for (const clock of clocks) {
    const stage = stageOf(record, clock, facts);
    if (stage !== undefined) propose(stage.at > now || !fired ? stage.at : now + patience(stage.at, facts));
    // Any look within a day will do: each computes anew what waits.
    else if (awaitsCalendar(clock, ticket.policy, facts.calendar))
      propose(before !== undefined && before > now ? Math.min(before, now + DAY) : now + DAY);
  }
  const timers: TimerChange[] = next === before && !fired ? [] : [{ name: STAGE, at: next ?? null }];
  return { record: next === undefined ? record : { ...record, next }, events, ...(timers.length > 0 && { timers }) };
}

/** How long to wait for a log that is behind: as far as it is behind, between one second of real time and five. */
const patience = (at: number, { readThrough, second }: Facts): number =>
  Math.ceil(readThrough === 0 ? second : Math.min(Math.max(at - readThrough, second), PATIENCE * second));
