import type { NewEvent } from '@paidan/runtime';
import fc from 'fast-check';
import { at, CALENDAR, shown } from './calendar.kit.js';
import { isCitizens, isRunning, isUnsaid, settle, standing } from './clock.js';
import {
  answered,
  approved,
  assigned,
  closed,
  contacted,
  decide,
  declined,
  extension,
  goesOn,
  heldForPerson,
  linked,
  recomputed,
  registered,
  released,
  reopened,
  returnAccepted,
  returned,
  returnRefused,
  signed,
  submitted,
  suspended,
  timer,
  withdrawn,
  type Message,
} from './clocks.kit.js';
import { HEARD, STAGE, STATUSES, TRANSITIONS, type Status, type TicketClocks, type Trigger } from './ticket-clocks.js';

const triggerOf = (message: Message): Trigger => {
  if (message.kind === 'event') return message.event.name as Trigger;
  return message.kind === 'timer' ? STAGE : 'recompute';
};

/** A message still without its time. */
type Late = (time: string) => Message;
const ofAssignment = [
  ...[signed, contacted, submitted, approved],
  ...[returned, returnAccepted, returnRefused, released],
  ...[suspended, goesOn, (time: string, n?: number) => extension(time, undefined, n)],
];
const ANY: readonly Late[] = [
  ...[registered, heldForPerson, answered, withdrawn, declined, linked, closed, reopened].map(
    (make): Late =>
      (time) =>
        make(time),
  ),
  ...[1, 2, 3].map(
    (n): Late =>
      (time) =>
        assigned(time, n),
  ),
  ...ofAssignment.flatMap((make) =>
    [1, 2].map(
      (n): Late =>
        (time) =>
          make(time, n),
    ),
  ),
  () => timer(),
  () => recomputed(),
];
const OPENINGS: readonly (readonly Late[])[] = [
  [],
  [registered],
  [registered, heldForPerson],
  [registered, assigned],
  [registered, assigned, returned],
  [registered, assigned, suspended],
  [registered, assigned, signed, contacted, submitted],
  [registered, assigned, approved],
  [registered, assigned, approved, reopened],
  [registered, withdrawn],
  [assigned],
  [assigned, returned],
  [assigned, suspended],
  [assigned, approved],
  [assigned, released],
  [assigned, closed],
].map((opening) =>
  opening.map(
    (make): Late =>
      (time) =>
        make(time),
  ),
);

describe('the transition table', () => {
  it('names known statuses and triggers only, and each status', () => {
    const triggers = new Set<string>([...HEARD, STAGE, 'recompute']);
    expect(new Set(Object.keys(TRANSITIONS))).toEqual(new Set(['none', ...STATUSES]));
    for (const row of Object.values(TRANSITIONS))
      for (const [trigger, targets] of Object.entries(row)) {
        expect(triggers).toContain(trigger);
        if (targets !== 'same') for (const target of targets) expect(STATUSES).toContain(target);
      }
  });

  it('reaches each status from the first word, and leaves none without a way on but the end', () => {
    const reached = new Set<Status | 'none'>(['none']);
    for (const status of reached)
      for (const targets of Object.values(TRANSITIONS[status])) if (targets !== 'same') for (const target of targets) reached.add(target);
    expect(reached).toEqual(new Set(['none', ...STATUSES]));
    const ends = STATUSES.filter((status) => Object.values(TRANSITIONS[status]).every((targets) => targets === 'same'));
    expect(ends).toEqual(['over']);
  });
});

describe('the clocks of a ticket', () => {
  const walked = new Set<string>();

  const live = (messages: readonly Late[], hours: readonly number[] = []): void => {
    let ticket: TicketClocks | undefined;
    let now = at('2026-03-02 10:00');
    const known = new Set<string>();
    for (const [i, make] of messages.entries()) {
      now += (hours[i] ?? 1) * 3_600_000;
      const time = shown(now) ?? '';
      const message = make(time);
      const before: TicketClocks | undefined = ticket;
      const decision = decide(before, message, { now: time });
      if (message.kind === 'command' && decision?.outcome === undefined) throw new Error('a command without an answer');
      if (decision === undefined || decision.outcome?.accepted === false) continue;
      ticket = decision.record;
      const from: Status | 'none' = before?.status ?? 'none';
      const trigger = triggerOf(message);
      const allowed = TRANSITIONS[from][trigger] ?? [];
      expect(allowed === 'same' ? [from] : allowed).toContain(ticket.status);
      walked.add(`${from} ${trigger} ${allowed === 'same' ? 'same' : ticket.status}`);
      checkSound(before, ticket, now, trigger);
      checkTold(known, decision.events ?? [], ticket);
    }
  };

  const message = fc.constantFrom(...ANY);
  const story = fc
    .tuple(fc.constantFrom(...OPENINGS), fc.array(message, { maxLength: 20 }))
    .map(([opening, rest]): readonly Late[] => [...opening, ...rest]);

  it('in any order of messages never fail and move as the table says', () => {
    const hours = fc.array(fc.integer({ min: 0, max: 80 }), { minLength: 25, maxLength: 25 });
    fc.assert(fc.property(story, hours, live), { numRuns: 150 });
  });

  // Chance misses one way or another, so each beginning is followed by each message once, and the unheard-of ticket by its registration.
  it('after each beginning take each message as the table says', () => {
    for (const opening of OPENINGS) for (const next of ANY) live([...opening, next]);
    for (const next of ANY) live([next, (time) => registered(time)]);
    for (const next of ANY) live([(time) => assigned(time), next, (time) => registered(time)]);
  });

  it('have been along each way of the table', () => {
    const ways = Object.entries(TRANSITIONS).flatMap(([from, row]) =>
      Object.entries(row).flatMap(([trigger, targets]) =>
        targets === 'same' ? [`${from} ${trigger} same`] : targets.map((target) => `${from} ${trigger} ${target}`),
      ),
    );
    expect(ways.filter((way) => !walked.has(way))).toEqual([]);
  });
});

/**
 * Who reads the log alone knows of each clock that it runs, once, before anything else is said of it and until it stops; all but the citizen's of a ticket
 * that is on its way to a unit or to a person.
 */
function checkTold(known: Set<string>, events: readonly NewEvent[], ticket: TicketClocks): void {
  const key = (clock: string, { assignment }: { readonly assignment?: number }): string => `${assignment ?? 'citizen'} ${clock}`;
  const starts = (clock: string): void => {
    expect(known).not.toContain(clock);
    known.add(clock);
  };
  for (const event of events)
    switch (event.name) {
      case 'clock.started':
        for (const { clock } of event.payload.clocks) starts(key(clock, event.payload));
        if (event.payload.citizens !== undefined) starts(key(event.payload.citizens.clock, {}));
        break;
      case 'clock.stopped':
        for (const { clock } of event.payload.clocks) expect(known.delete(key(clock, event.payload))).toBe(true);
        break;
      case 'deadline.moved':
      case 'deadline.warned':
      case 'card.issued':
        expect(known).toContain(key(event.payload.clock, event.payload));
        break;
      default:
        break;
    }
  if (ticket.status === 'unregistered') return;
  const running = ticket.clocks.filter(isRunning);
  expect(known).toEqual(new Set(running.filter((clock) => !isUnsaid(clock)).map((clock) => key(clock.clock, clock))));
  const unsaid = ticket.clocks.filter(isUnsaid);
  expect(unsaid.every((clock) => isCitizens(clock) && isRunning(clock) && ticket.status === 'unassigned')).toBe(true);
}

/** What is true of every record, whatever has happened. */
function checkSound(before: TicketClocks | undefined, ticket: TicketClocks, now: number, trigger: Trigger): void {
  if (ticket.status === 'unregistered') return;
  const { clocks, next } = ticket;
  // The deadline kept is the one that follows from the whole, and nothing else.
  for (const clock of clocks.filter(isRunning)) expect(settle(clock, CALENDAR)).toEqual(clock);
  for (const clock of clocks) {
    const colours = standing(clock).map(({ colour }) => colour);
    expect(new Set(colours).size).toBe(colours.length);
    if (clock.assignment === undefined) expect(clock.cards ?? []).toEqual([]);
  }
  expect(clocks.filter((clock) => isRunning(clock) && clock.assignment === undefined).length).toBeLessThanOrEqual(1);
  expect(
    new Set(clocks.filter((clock) => isRunning(clock) && clock.assignment !== undefined).map(({ assignment }) => assignment)).size,
  ).toBeLessThanOrEqual(1);
  if (ticket.status === 'answered' || ticket.status === 'over') expect([clocks.filter(isRunning), next]).toEqual([[], undefined]);
  if (trigger === STAGE && next !== undefined) expect(next).toBeGreaterThan(now);
  // A card is never unissued and never comes again; what stopped stays so.
  if (before === undefined || before.status === 'unregistered') return;
  for (const [i, clock] of before.clocks.entries()) {
    expect(clocks[i]?.cards?.map(({ card }) => card).slice(0, clock.cards?.length ?? 0) ?? []).toEqual(
      clock.cards?.map(({ card }) => card) ?? [],
    );
    if (clock.stopped !== undefined) expect(clocks[i]).toEqual(clock);
  }
}
