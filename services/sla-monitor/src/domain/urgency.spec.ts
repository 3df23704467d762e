import { APPEAL_TYPES, URGENCY } from '@paidan/contracts';
import { CALENDAR, shown } from '@paidan/kernel/calendar-kit';
import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import {
  assigned,
  decide,
  given,
  heldForPerson,
  MONDAY,
  POLICIES,
  registered,
  reopened,
  approved,
  returnAccepted,
  returned,
  said,
  timer,
  WATER,
} from './clocks.kit.js';
import { isCitizens, isRunning, type Clock } from './clock.js';
import { later } from './deadline.js';
import { policyFor } from './policy.js';
import type { Registered, TicketClocks } from './ticket-clocks.js';

const citizens = (ticket: TicketClocks | undefined): Clock | undefined =>
  (ticket as Registered).clocks.findLast((clock) => isCitizens(clock) && isRunning(clock));

describe('a ticket that dispatch finds more urgent than it was registered', () => {
  it('starts under the shorter limits when its assignment says so, the citizen’s counted from receipt', () => {
    const decision = decide(given(registered(MONDAY)), assigned('2026-03-02 10:05', 1, undefined, 'critical'));
    expect(said(decision)).toEqual([
      'started #1: sign 2026-03-02 10:35, respond 2026-03-02 10:35, finish 2026-03-03 10:05; citizen: finish 2026-03-03 10:00',
    ]);
    expect(decision?.events?.[0]?.payload).toMatchObject({ policy: { code: 'critical' } });
  });

  it('has the citizen’s deadline moved where it had been said, and its timer with it', () => {
    const held = given(registered(MONDAY), heldForPerson('2026-03-02 10:05'));
    expect(citizens(held)?.dueAt).toBe(later(CALENDAR, citizens(held)?.startedAt ?? 0, { count: 5, unit: 'WD' }));
    const decision = decide(held, assigned('2026-03-02 14:00', 1, undefined, 'critical'));
    expect(said(decision)).toEqual([
      'moved citizen finish: urgency-raised, 2026-03-09 18:00 to 2026-03-03 10:00',
      'started #1: sign 2026-03-02 14:30, respond 2026-03-02 14:30, finish 2026-03-03 14:00',
    ]);
    expect(shown((decision?.record as Registered).next)).toBe('2026-03-02 14:30');
  });

  it('is shortened while it is held, before and after its clock was said', () => {
    const first = decide(given(registered(MONDAY)), heldForPerson('2026-03-02 10:05', 'critical'));
    expect(said(first)).toEqual(['started citizen: finish 2026-03-03 10:00']);
    const later = decide(given(registered(MONDAY), heldForPerson('2026-03-02 10:05')), heldForPerson('2026-03-02 11:00', 'critical'));
    expect(said(later)).toEqual(['moved citizen finish: urgency-raised, 2026-03-09 18:00 to 2026-03-03 10:00']);
    // It is warned of two hours before the new deadline.
    expect(shown((later?.record as Registered).next)).toBe('2026-03-03 08:00');
    expect(said(decide(later?.record, timer(), { now: '2026-03-03 08:00' }))).toEqual(['warned citizen finish 2026-03-03 10:00: ']);
  });

  it('keeps them for who gets it next, and when it is done over', () => {
    const next = given(
      ...[registered(MONDAY), assigned('2026-03-02 10:05', 1, undefined, 'critical'), returned('2026-03-02 10:10')],
      ...[returnAccepted('2026-03-02 10:20'), assigned('2026-03-02 10:20', 2, WATER)],
    );
    const finish = next.clocks.find(({ assignment, clock }) => assignment === 2 && clock === 'finish');
    expect(shown(finish?.dueAt)).toBe('2026-03-03 10:20');
    const again = given(
      registered(MONDAY),
      assigned('2026-03-02 10:05', 1, undefined, 'critical'),
      approved('2026-03-02 11:00'),
      reopened('2026-03-05 09:00'),
    );
    expect(shown(citizens(again)?.dueAt)).toBe('2026-03-06 09:00');
  });
});

describe('what changes nothing', () => {
  it.each([
    ['the urgency that it has', 'critical', 'critical'],
    ['a lower one', 'critical', 'normal'],
    ['one that nobody knows', 'normal', 'moon'],
  ] as const)('%s', (_what, registeredAs, saidLater) => {
    const before = given(registered(MONDAY, { urgency: registeredAs }), heldForPerson('2026-03-02 10:05'));
    const { record, events = [] } = decide(before, assigned('2026-03-02 11:00', 1, undefined)) ?? {};
    const raised = decide(before, assigned('2026-03-02 11:00', 1, undefined, saidLater === 'moon' ? undefined : saidLater));
    expect(raised?.events).toEqual(events);
    expect(raised?.record).toEqual(record);
    expect(decide(before, heldForPerson('2026-03-02 11:00', saidLater === 'moon' ? undefined : saidLater))).toBeUndefined();
  });

  it('a ticket of an earlier release, whose kind nobody noted', () => {
    const { kind: _kind, ...before } = given(registered(MONDAY), heldForPerson('2026-03-02 10:05'));
    expect(said(decide(before, heldForPerson('2026-03-02 11:00', 'critical')))).toEqual([]);
  });
});

describe('whatever is raised, and when', () => {
  const HOUR = 3_600_000;
  it('the citizen waits as long as the shorter limit says, from receipt, and never longer', () => {
    const moments = fc.integer({ min: 0, max: 200 * 24 }).map((hours) => Date.parse('2026-01-05T00:00:00Z') + hours * HOUR);
    fc.assert(
      fc.property(
        ...([moments, fc.integer({ min: 0, max: 100 }), fc.constantFrom(...APPEAL_TYPES), fc.boolean()] as const),
        ...([fc.constantFrom(...URGENCY), fc.array(fc.constantFrom(...URGENCY), { maxLength: 3 })] as const),
        (start, waits, appealType, isSaid, urgency, raises) => {
          const time = (hours: number): string => shown(start + hours * HOUR) ?? '';
          const words = raises.map((raise, index) => heldForPerson(time(waits + index), raise));
          const begun = [registered(time(0), { appealType, urgency }), ...(isSaid ? [heldForPerson(time(0))] : [])];
          const clock = citizens(given(...begun, ...words));
          const limits = [urgency, ...raises.filter((raise) => URGENCY.indexOf(raise) > URGENCY.indexOf(urgency))].map(
            (one) => later(CALENDAR, start, policyFor(POLICIES, appealType, one).finish) ?? Infinity,
          );
          expect(clock?.dueAt).toBe(Math.min(...limits));
        },
      ),
      runs(300),
    );
  });
});
