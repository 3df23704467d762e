import type { Span, TimeUnit } from '@paidan/contracts';
import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import { at, CALENDAR } from '@paidan/kernel/calendar-kit';
import { deadlineOf, type Running } from './deadline.js';
import { explain } from './explain.js';

const span = (count: number, unit: TimeUnit): Span => ({ count, unit });
const lines = (running: Running, now = running.startedAt): string[] =>
  explain(CALENDAR, running, now).map(({ date, kind, name, counted, total, role }) =>
    [date.slice(5), kind, name, `+${counted}`, `=${total}`, role].filter((word) => word !== undefined).join(' '),
  );

describe('the explanation of a deadline', () => {
  it('tells each day of it: weekend, holiday, make-up day, counted or not', () => {
    expect(lines({ span: span(3, 'WD'), startedAt: at('2026-02-13 10:00') })).toEqual([
      '02-13 working +0 =0 start',
      '02-14 make-up 春节 +1 =1',
      '02-15 holiday 春节 +0 =1',
      '02-16 holiday 春节 +0 =1',
      '02-17 holiday 春节 +0 =1',
      '02-18 holiday 春节 +0 =1',
      '02-19 holiday 春节 +0 =1',
      '02-20 holiday 春节 +0 =1',
      '02-21 holiday 春节 +0 =1',
      '02-22 holiday 春节 +0 =1',
      '02-23 holiday 春节 +0 =1',
      '02-24 working +1 =2',
      '02-25 working +1 =3 due',
    ]);
  });

  it('tells what was suspended and what an extension added', () => {
    const pauses = [{ from: at('2026-03-03 10:00'), to: at('2026-03-04 10:00') }];
    expect(lines({ span: span(1, 'WD'), startedAt: at('2026-03-02 10:00'), pauses, extensions: [span(2, 'WD')] })).toEqual([
      '03-02 working +0 =0 start',
      '03-03 suspended +0 =0',
      '03-04 suspended +0 =0',
      '03-05 working +1 =1 due',
      '03-06 working +1 =1',
      '03-07 weekend +0 =1',
      '03-08 weekend +0 =1',
      '03-09 working +1 =2 due',
    ]);
  });

  it('tells hours', () => {
    const pauses = [{ from: at('2026-03-02 23:00'), to: at('2026-03-03 01:30') }];
    expect(lines({ span: span(4, 'H24'), startedAt: at('2026-03-02 21:00'), pauses })).toEqual([
      '03-02 suspended +2 =2 start',
      '03-03 suspended +2 =4 due',
    ]);
    expect(lines({ span: span(4, 'WH'), startedAt: at('2026-03-06 16:30') })).toEqual([
      '03-06 working +1.5 =1.5 start',
      '03-07 weekend +0 =1.5',
      '03-08 weekend +0 =1.5',
      '03-09 working +2.5 =4 due',
    ]);
  });

  it('ends today while work is suspended, and where the published calendar ends', () => {
    const suspended = { span: span(5, 'WD'), startedAt: at('2026-03-02 10:00'), pauses: [{ from: at('2026-03-04 09:00') }] };
    expect(lines(suspended, at('2026-03-05 12:00'))).toEqual([
      '03-02 working +0 =0 start',
      '03-03 working +1 =1',
      '03-04 suspended +0 =1',
      '03-05 suspended +0 =1',
    ]);
    const awaited = lines({ span: span(5, 'WD'), startedAt: at('2026-12-29 10:00') }, at('2027-01-10 12:00'));
    expect(awaited).toEqual(['12-29 working +0 =0 start', '12-30 working +1 =1', '12-31 working +1 =2']);
    expect(lines({ span: span(24, 'H24'), startedAt: at('2027-01-10 12:00') })).toHaveLength(2);
  });

  it('comes to the deadline by its own count', () => {
    const unit = fc.constantFrom<TimeUnit>('WD', 'CD', 'WH', 'H24', 'MIN');
    const start = fc
      .integer({ min: at('2024-01-02 00:00') / 60_000, max: at('2026-09-01 00:00') / 60_000 })
      .map((minute) => minute * 60_000);
    const gap = fc.tuple(fc.integer({ min: 0, max: 9_000 }), fc.integer({ min: 1, max: 4_000 }));
    fc.assert(
      fc.property(start, unit, fc.integer({ min: 1, max: 20 }), gap, (startedAt, of, count, [wait, length]) => {
        const pauses = [{ from: startedAt + wait * 60_000, to: startedAt + (wait + length) * 60_000 }];
        const running = { span: span(count, of), startedAt, pauses };
        const deadline = deadlineOf(CALENDAR, running);
        const last = explain(CALENDAR, running, startedAt).at(-1);
        expect(last).toMatchObject({ role: explain(CALENDAR, running, startedAt).length > 1 ? 'due' : 'start' });
        expect(last?.total).toBeCloseTo(count, 1);
        expect(deadline).toMatchObject({ kind: 'due' });
        if (deadline.kind === 'due') expect(last?.date).toBe(new Date(deadline.at + 8 * 3_600_000).toISOString().slice(0, 10));
      }),
      runs(400),
    );
  });
});
