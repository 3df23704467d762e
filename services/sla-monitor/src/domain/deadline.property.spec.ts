import type { Span } from '@paidan/contracts';
import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import { CALENDAR, calendarOf, FILES, shown, type HolidayFile } from '@paidan/kernel/calendar-kit';
import { deadlineOf, type Pause } from './deadline.js';
import { QUARTER, slowDeadline, type Office } from './deadline.oracle.kit.js';

const office: Office = {
  files: FILES,
  hours: [
    ['09:00', '12:00'],
    ['13:00', '18:00'],
  ],
};
const [FIRST, LAST] = [Date.parse('2024-01-02T00:00:00+08:00'), Date.parse('2026-08-01T00:00:00+08:00')];
const START = fc.integer({ min: FIRST / QUARTER, max: LAST / QUARTER }).map((quarter) => quarter * QUARTER);
const SPAN: fc.Arbitrary<Span> = fc.oneof(
  fc.record({ count: fc.integer({ min: 1, max: 15 }), unit: fc.constantFrom('WD' as const, 'CD' as const) }),
  fc.record({ count: fc.integer({ min: 1, max: 30 }), unit: fc.constantFrom('WH' as const, 'H24' as const) }),
  fc.record({ count: fc.integer({ min: 1, max: 20 }).map((quarters) => quarters * 15), unit: fc.constant('MIN' as const) }),
);
/** Alternating stretches of work and suspension, in quarters of an hour after the start; the last may be without an end. */
const PAUSES = fc.tuple(fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 6 }), fc.integer({ min: -130, max: 130 }));

const pausesFrom = (start: number, [stretches, offset]: [number[], number]): Pause[] => {
  const pauses: Pause[] = [];
  let now = start + offset * QUARTER;
  for (let i = 0; i < stretches.length; i += 2) {
    const from = now + (stretches[i] ?? 0) * QUARTER;
    const length = stretches[i + 1];
    now = from + (length ?? 0) * QUARTER;
    pauses.push(length === undefined ? { from } : { from, to: now });
  }
  return pauses;
};

const both = (calendarFiles: readonly HolidayFile[], start: number, parts: readonly Span[], pauses: readonly Pause[]) => {
  const [span, ...extensions] = parts as [Span, ...Span[]];
  const deadline = deadlineOf(calendarFiles === FILES ? CALENDAR : calendarOf(calendarFiles), {
    span,
    startedAt: start,
    pauses,
    extensions,
  });
  const slow = slowDeadline({ ...office, files: calendarFiles }, start, parts, pauses);
  return [deadline.kind === 'due' ? shown(deadline.at) : deadline.kind, slow === undefined ? 'suspended' : shown(slow)];
};

describe('the deadline', () => {
  it('is the one found quarter by quarter and day by day, whatever the start, the spans and the suspensions', () => {
    const parts = fc.array(SPAN, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(START, parts, PAUSES, (start, spans, stretches) => {
        const [fast, slow] = both(FILES, start, spans, pausesFrom(start, stretches));
        expect(fast).toBe(slow);
      }),
      runs(500),
    );
  });

  it('is so under calendars that nobody has published', () => {
    const weekend = (date: string): boolean => ['Sat', 'Sun'].includes(new Date(`${date}T12:00:00Z`).toUTCString().slice(0, 3));
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 364 }), { maxLength: 120 }).map((offsets): HolidayFile => {
      const marked = offsets.map((offset) => {
        const date = new Date(Date.parse('2025-01-01T00:00:00Z') + offset * 86_400_000).toISOString().slice(0, 10);
        return { name: '某节', date, isOffDay: !(weekend(date) && offset % 2 === 0) };
      });
      return { year: 2025, papers: ['notice'], days: marked };
    });
    const start = fc.integer({ min: 0, max: 300 * 96 }).map((quarter) => Date.parse('2025-01-01T00:00:00+08:00') + quarter * QUARTER);
    fc.assert(
      fc.property(
        days.filter((file) => file.days.length > 0),
        start,
        SPAN,
        (file, from, span) => {
          const [fast, slow] = both([...FILES.filter(({ year }) => year !== 2025), file], from, [span], []);
          expect(fast).toBe(slow);
        },
      ),
      runs(150),
    );
  });

  it('never comes earlier by a suspension that ended or an extension, and never before its start', () => {
    fc.assert(
      fc.property(START, SPAN, SPAN, PAUSES, (start, span, extension, stretches) => {
        const pauses = pausesFrom(start, stretches).filter(({ to }) => to !== undefined);
        const instant = (running: Parameters<typeof deadlineOf>[1]): number => {
          const deadline = deadlineOf(CALENDAR, running);
          if (deadline.kind !== 'due') throw new Error(deadline.kind);
          return deadline.at;
        };
        const plain = instant({ span, startedAt: start });
        const paused = instant({ span, startedAt: start, pauses });
        expect(plain).toBeGreaterThan(start);
        expect(paused).toBeGreaterThanOrEqual(plain);
        expect(instant({ span, startedAt: start, pauses, extensions: [extension] })).toBeGreaterThan(paused);
      }),
      runs(300),
    );
  });
});
