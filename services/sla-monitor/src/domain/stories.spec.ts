import { URGENCY, type EventName } from '@paidan/contracts';
import type { Calendar } from '@paidan/kernel';
import type { NewEvent } from '@paidan/runtime';
import { registration } from '@paidan/contracts/happenings';
import { live } from '@paidan/runtime/stories/live';
import { liveManyRestored, liveRestored } from '@paidan/runtime/stories/recalled';
import { type Happening, instantsFrom, type Payload, stories, STORY_START } from '@paidan/runtime/stories/story';
import { must, type Told, type Transitions } from '@paidan/runtime/stories/told';
import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { at, CALENDAR, calendarOf, FILES } from '@paidan/kernel/calendar-kit';
import { POLICIES, ROADS, TICKET, WATER } from './clocks.kit.js';
import { decideClocks } from './decisions.js';
import type { ClockCommand, Facts } from './facts.js';
import { recall } from './recall.js';
import { checkSound, checkTold, type Known } from './sound.kit.js';
import { HEARD, holdingOf, STAGE, TIMERS, TRANSITIONS, type Registered, type TicketClocks } from './ticket-clocks.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const number = fc.integer({ min: 1, max: 4 });
const unit = fc.constantFrom(ROADS, ROADS, WATER);

const castFrom = (start: number) =>
  stories({
    events: [...HEARD, 'ticket.assigned', 'ticket.assigned', 'work.suspended', 'work.resumed', 'ticket.reopened', 'work.progressed'],
    commands: { recompute: { type: 'object' } },
    by: ['operator-1'],
    names: {
      ...{ assignment: number, extension: number, unit, lead: unit, count: fc.integer({ min: 1, max: 12 }) },
      receivedAt: fc.constant(new Date(start).toISOString()),
      withdrawnAt: instantsFrom(start),
    },
    openings: [
      [],
      ['ticket.registered'],
      ...[
        [],
        ['assignment.signed', 'citizen.contacted'],
        ['work.suspended'],
        ['assignment.returned'],
        ['assignment.returned', 'return.refused'],
        ['reply.approved'],
      ].map((begun) => [...['ticket.registered', 'ticket.assigned'], ...begun]),
      ['ticket.registered', 'ticket.assigned', 'reply.approved', 'ticket.reopened'],
      ['ticket.assigned', 'ticket.registered'],
      ['ticket.registered', 'ticket.assigned', 'ticket.linked', 'reply.shared', 'ticket.unlinked', 'ticket.assigned'],
    ],
    commandsInTen: 1,
  });

/** A day in March that was thought to be worked, and turned out not to be. */
const CORRECTED = calendarOf(
  FILES.map((file) =>
    file.year === 2026 ? { ...file, days: [...file.days, { name: '更正', date: '2026-03-11', isOffDay: true }] } : file,
  ),
);
const correctedFrom = STORY_START + 8 * DAY;

/** Half of the hours the log is read up to now, in the others it is two hours behind. */
const readThrough = (now: number): number => (Math.floor(now / HOUR) % 2 === 0 ? now : now - 2 * HOUR);

const told = (start: number, calendarAt: (now: number) => Calendar): Told<TicketClocks, Facts, ClockCommand> => {
  // Live as long as one story.
  const known: Known = new Map();
  return {
    service: 'sla-monitor',
    ticketId: TICKET,
    start,
    decide: decideClocks,
    factsAt: (now) => ({ calendar: calendarAt(now), policies: POLICIES, readThrough: readThrough(now), second: 1_000 }),
    command: ({ commandId, by }) => ({
      commandId,
      name: 'recompute',
      ticketId: TICKET,
      actor: { kind: 'person', subject: by, roles: ['operator'] },
      payload: {},
    }),
    aim: (name, payload, record) => {
      if (record === undefined || record.status === 'unregistered') return payload;
      const last = Math.max(0, ...record.clocks.map(({ assignment = 0 }) => assignment));
      if (name === 'ticket.assigned') return { ...payload, assignment: last + 1 };
      const holding = holdingOf(record);
      if (!('assignment' in payload) || holding === undefined) return payload;
      return { ...payload, ...holding };
    },
    transitions: TRANSITIONS as Transitions,
    unheard: 'none',
    timers: TIMERS,
    checkDecision: (before, message, { record, events = [] }, now) => {
      const trigger = message.kind === 'event' ? message.event.name : message.kind === 'timer' ? STAGE : 'recompute';
      checkSound(before, record, now, trigger, calendarAt(now));
      checkTold(known, events, record);
      checkUrgency(before, record, events as readonly NewEvent[]);
    },
    checkRow: ({ record, timers }, said) => {
      const next = record !== undefined && record.status !== 'unregistered' ? record.next : undefined;
      must('the timer is armed for what comes next', timers[STAGE]?.dueAt === next, { record, timers });
      checkCards(said as readonly NewEvent[]);
    },
  };
};

/** Urgency only rises, and what follows from it only shortens. */
function checkUrgency(before: TicketClocks | undefined, after: TicketClocks, events: readonly NewEvent[]): void {
  for (const event of events)
    if (event.name === 'deadline.moved' && event.payload.because === 'urgency-raised') {
      const { assignment, from, to } = event.payload;
      must('it is the citizen’s deadline that comes nearer', assignment === undefined && (from === undefined || (to ?? '9') < from), event);
    }
  if (before === undefined || before.status === 'unregistered' || after.status === 'unregistered') return;
  const rank = ({ kind }: Registered): number => (kind === undefined ? -1 : URGENCY.indexOf(kind.urgency));
  must('urgency never falls', rank(after) >= rank(before), { before, after });
  must('limits change with the urgency alone', rank(after) > rank(before) || isDeepStrictEqual(after.policy, before.policy), {
    before,
    after,
  });
}

/** A card at most once for a clock and colour, unless the one before was withdrawn. */
function checkCards(said: readonly NewEvent[]): void {
  const standing = new Map<string, string>();
  for (const event of said) {
    if (event.name === 'card.issued') {
      const { assignment, clock, colour, card } = event.payload;
      const key = `${assignment} ${clock} ${colour}`;
      must('a card of a clock and colour comes once', !standing.has(key), said);
      standing.set(key, card);
    }
    if (event.name === 'card.withdrawn') {
      const key = [...standing].find(([, card]) => card === event.payload.card)?.[0];
      must('what is withdrawn was issued', key !== undefined, said);
      standing.delete(key as string);
    }
  }
}

describe('in whatever order they come', () => {
  it.each([
    ['in spring, with a calendar that is corrected', STORY_START, (now: number) => (now < correctedFrom ? CALENDAR : CORRECTED)],
    ['in December, with a year that is not published', at('2026-12-14 10:00'), () => CALENDAR],
  ])('messages never break the clocks: %s', (_when, start, calendarAt) => {
    const walked = new Set<string>();
    fc.assert(
      fc.property(castFrom(start), (story) => live(told(start, calendarAt), story).ways.forEach((way) => walked.add(way))),
      runs(300),
    );
    // The stories must come far enough.
    for (const way of ['answered ticket.reopened unassigned', 'suspended work.resumed assigned', 'returned return.refused assigned'])
      expect([...walked]).toContain(way);
  });
});

/** A warning that was passed over in silence: once a card stands for its deadline, or the clock has stopped, it says nothing. */
const bare = (ticket: TicketClocks | undefined): unknown =>
  ticket !== undefined && 'clocks' in ticket
    ? {
        ...ticket,
        clocks: ticket.clocks.map(({ warned, ...clock }) =>
          clock.cards === undefined && clock.stopped === undefined ? { ...clock, warned } : clock,
        ),
      }
    : ticket;

describe('restored from a back-up', () => {
  it('cards that timers had issued are not taken for those of a late word: what it stops is said to stop', () => {
    const event = (name: EventName, payload: Payload): Happening => ({
      ...{ kind: 'event', name, payload, aimed: true, late: 0, numbered: 'next', after: 60_000 },
    });
    const timer: Happening = { kind: 'timer', which: 'next', after: 0 };
    const story = [
      event('ticket.registered', registration({ receivedAt: new Date(STORY_START).toISOString() })),
      event('ticket.assigned', { assignment: 1, lead: 'city-roads', directoryVersion: 1, by: { kind: 'rule', rule: 'matter' } }),
      ...Array.from({ length: 5 }, () => timer),
      event('assignment.signed', { assignment: 1, unit: 'city-roads', officer: 'o-1' }),
    ];
    const { recalled } = liveRestored(
      told(STORY_START, () => CALENDAR),
      recall,
      story,
      2,
      bare,
      1,
    );
    // Yellow for each clock, red for finishing, the warning.
    expect(recalled).toBeGreaterThanOrEqual(5);
  });

  it('clocks are told by the log what became of them, and no card is issued twice', () => {
    expect(liveManyRestored(() => told(STORY_START, () => CALENDAR), recall, castFrom(STORY_START), runs(150), bare)).toBeGreaterThan(50);
  });
});
