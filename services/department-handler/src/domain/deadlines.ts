import type { AssignmentsMessage } from '@paidan/contracts';
import type { Context, Decision } from '@paidan/runtime';
import type { Facts } from './facts.js';
import { hasSystem, noticeTo } from './notices.js';
import type { Card, ClockEvent, Deadline, Holding, Unregistered, WorkItem } from './work-item.js';

type Registered = Exclude<WorkItem, Unregistered>;

/**
 * Passes on what sla-monitor decided about an assignment, to the unit that has or had it, and keeps it with the current one. This service alone
 * writes to the units' topics: so a deadline never overtakes the offer it belongs to.
 */
export function hearClock(item: Registered, event: ClockEvent, { facts }: Context<Facts>): Decision<WorkItem> | undefined {
  const { unit } = event.payload;
  // The citizen's own deadline, on the ticket: no unit's.
  if (unit === undefined) return undefined;
  const message = messageOf(item.ticket.number, event, unit);
  const notices = message !== undefined && hasSystem(facts.directory, unit) ? [noticeTo(unit, event.ticketId, message)] : [];
  const holding = 'holding' in item ? item.holding : undefined;
  const noted = holding && notedIn(holding, event);
  if (noted === undefined) return notices.length === 0 ? undefined : { record: item, notices };
  return { record: { ...item, holding: noted } as Registered, notices };
}

const instant = (text: string | undefined): number | null => (text === undefined ? null : Date.parse(text));

const deadlineOf = (due: string | undefined, awaitsYear: number | undefined): Deadline => ({
  dueAt: instant(due),
  ...(awaitsYear === undefined ? {} : { awaitsYear }),
});

/** The holding with what the event says about it; nothing when it is about another, or nothing to keep. */
function notedIn(holding: Holding, event: ClockEvent): Holding | undefined {
  if (event.name === 'card.withdrawn') {
    const { cards } = holding;
    if (cards?.some(({ card }) => card === event.payload.card) !== true) return undefined;
    return { ...holding, cards: cards.map((card) => (card.card === event.payload.card ? { ...card, withdrawn: true } : card)) };
  }
  if (event.payload.assignment !== holding.assignment) return undefined;
  switch (event.name) {
    case 'clock.started': {
      const started = event.payload.clocks.map(({ clock, dueAt, awaitsYear }) => [clock, deadlineOf(dueAt, awaitsYear)]);
      return { ...holding, deadlines: { ...holding.deadlines, ...(Object.fromEntries(started) as Holding['deadlines']) } };
    }
    case 'deadline.moved': {
      const { clock, to, awaitsYear } = event.payload;
      return { ...holding, deadlines: { ...holding.deadlines, [clock]: deadlineOf(to, awaitsYear) } };
    }
    case 'card.issued': {
      const { card, colour, clock, dueAt, issuedAt } = event.payload;
      const shown: Card = { card, colour, clock, dueAt: Date.parse(dueAt), issuedAt: Date.parse(issuedAt) };
      return { ...holding, cards: [...(holding.cards ?? []), shown] };
    }
    case 'deadline.warned':
      return undefined;
    default:
      return event satisfies never;
  }
}

/** What the unit is told; nothing of a clock that is on no assignment. */
function messageOf(number: string, event: ClockEvent, unit: string): AssignmentsMessage | undefined {
  const { ticketId } = event;
  const { assignment } = event.payload;
  const about = { ticketId, number, unit };
  if (event.name === 'card.withdrawn') {
    const { card, colour } = event.payload;
    return { type: 'card.taken-back', ...about, ...(assignment === undefined ? {} : { assignment }), card, colour };
  }
  if (assignment === undefined) return undefined;
  const head = { ...about, assignment };
  switch (event.name) {
    case 'clock.started': {
      const deadlines = event.payload.clocks.map(({ clock, dueAt, awaitsYear }) => told(clock, dueAt, awaitsYear));
      return { type: 'deadline.set', ...head, deadlines };
    }
    case 'deadline.moved': {
      const { clock, to, awaitsYear, because } = event.payload;
      return { type: 'deadline.set', ...head, because, deadlines: [told(clock, to, awaitsYear)] };
    }
    case 'deadline.warned': {
      const { clock, dueAt, left, recipients } = event.payload;
      return { type: 'deadline.near', ...head, clock, dueAt, left, recipients };
    }
    case 'card.issued': {
      const { clock, card, colour, rule, dueAt, issuedAt, recipients, accountability } = event.payload;
      return { type: 'card.shown', ...head, clock, card, colour, rule, dueAt, issuedAt, recipients, accountability };
    }
    default:
      return event satisfies never;
  }
}

const told = <C>(clock: C, dueAt: string | undefined, awaitsYear: number | undefined) => ({
  clock,
  dueAt: dueAt ?? null,
  ...(awaitsYear === undefined ? {} : { awaitsYear }),
});
