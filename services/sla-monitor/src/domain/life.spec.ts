import { at, CALENDAR, shown } from '@paidan/kernel/calendar-kit';
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
  shared,
  signed,
  submitted,
  suspended,
  timer,
  unlinked,
  withdrawn,
  type Message,
} from './clocks.kit.js';
import { checkSound, checkTold, type Known } from './sound.kit.js';
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
  ...[registered, heldForPerson, answered, withdrawn, declined, linked, unlinked, shared, closed, reopened].map(
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
  [registered, linked],
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

  const live = (messages: readonly Late[]): void => {
    let ticket: TicketClocks | undefined;
    let now = at('2026-03-02 10:00');
    const known: Known = new Map();
    for (const make of messages) {
      now += 3_600_000;
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
      checkSound(before, ticket, now, trigger, CALENDAR);
      checkTold(known, decision.events ?? [], ticket);
    }
  };

  // Each beginning is followed by each message once, and the unheard-of ticket by its registration.
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
