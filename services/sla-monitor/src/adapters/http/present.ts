import type { Calendar } from '@paidan/kernel';
import type { TicketRow } from '@paidan/runtime';
import { clockWords, dayWords } from '../../application/clock-words.js';
import { daysOf, leftOf, stagesOf } from '../../application/show-clock.js';
import type { Clock } from '../../domain/clock.js';
import type { Policy } from '../../domain/policy.js';
import { holdingOf, type Registered, type TicketClocks } from '../../domain/ticket-clocks.js';
import type { ClockShown, TicketClockView } from './shapes.js';

const iso = (at: number): string => new Date(at).toISOString();
const atOrNot = (at: number | undefined): { at?: string } => (at === undefined ? {} : { at: iso(at) });

/** @param now clock time: a clock without a deadline is told up to today */
export const viewOf = (
  { ticketId, parked }: TicketRow<TicketClocks>,
  ticket: Registered,
  calendar: Calendar,
  now: number,
): TicketClockView => {
  const { number, status, policy, clocks } = ticket;
  const holder = holdingOf(ticket)?.unit;
  return {
    ticketId,
    number,
    status,
    parked,
    ...(holder === undefined ? {} : { holder }),
    policy,
    clocks: clocks.map((clock) => clockShown(clock, policy, calendar, now)),
  };
};

const clockShown = (clock: Clock, policy: Policy, calendar: Calendar, now: number): ClockShown => {
  const { assignment, unit, span, shortened, startedAt, dueAt, awaitsYear, stopped, pauses = [], extensions = [], cards = [] } = clock;
  const left = leftOf(clock, calendar);
  return {
    clock: clock.clock,
    ...(assignment === undefined ? {} : { assignment }),
    ...(unit === undefined ? {} : { unit }),
    span,
    ...(shortened === undefined ? {} : { shortened: { from: shortened.from, at: iso(shortened.at) } }),
    startedAt: iso(startedAt),
    ...(dueAt === undefined ? {} : { dueAt: iso(dueAt) }),
    ...(awaitsYear === undefined ? {} : { awaitsYear }),
    ...(left === undefined ? {} : { left }),
    ...(stopped === undefined ? {} : { stopped: { because: stopped.because, at: iso(stopped.at) } }),
    stages: stagesOf(clock, policy, calendar).map(({ at, ...stage }) => ({ ...stage, ...atOrNot(at) })),
    pauses: pauses.map(({ from, to }) => ({ from: iso(from), ...(to === undefined ? {} : { to: iso(to) }) })),
    extensions: [...extensions],
    cards: cards.map(({ card, colour, dueAt: due, issuedAt, withdrawn = false }) => ({
      card,
      colour,
      dueAt: iso(due),
      issuedAt: iso(issuedAt),
      withdrawn,
    })),
    words: clockWords(clock),
    days: daysOf(clock, calendar, now).map((day) => {
      const { role: _role, ...rest } = day;
      return { ...rest, words: dayWords(day) };
    }),
  };
};
