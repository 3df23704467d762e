import type { Span, TimeUnit } from '@paidan/contracts';
import { at, CALENDAR, calendarOf, FILES, shown } from '@paidan/kernel/calendar-kit';
import { deadlineOf, earlier, later, type Running } from './deadline.js';

const span = (text: string): Span => {
  const [count, unit] = text.split(' ');
  return { count: Number(count), unit: unit as TimeUnit };
};
const due = (start: string, length: string, more: Partial<Running> = {}) => {
  const deadline = deadlineOf(CALENDAR, { span: span(length), startedAt: at(start), ...more });
  return deadline.kind === 'due' ? shown(deadline.at) : deadline;
};
const pause = (from: string, to?: string) => ({ from: at(from), ...(to === undefined ? {} : { to: at(to) }) });

describe('working days', () => {
  it.each([
    ['2026-02-13', 5, '2026-02-27'],
    ['2026-02-14', 1, '2026-02-24'],
    ['2026-02-16', 5, '2026-02-28'],
    ['2026-09-18', 5, '2026-09-24'],
    ['2026-09-19', 1, '2026-09-20'],
    ['2026-09-24', 5, '2026-10-09'],
    ['2026-09-30', 5, '2026-10-13'],
    ['2026-09-30', 15, '2026-10-27'],
    ['2025-01-24', 5, '2025-02-07'],
    ['2025-04-25', 5, '2025-05-06'],
    ['2025-09-26', 5, '2025-10-10'],
    ['2024-02-08', 5, '2024-02-21'],
    ['2024-09-12', 3, '2024-09-18'],
  ])('%s + %i WD = %s, at close of business, whatever the hour of the start', (start, count, end) => {
    for (const hour of ['00:00', '09:00', '17:59', '18:00', '23:59']) expect(due(`${start} ${hour}`, `${count} WD`)).toBe(`${end} 18:00`);
  });

  it('an unpublished year is awaited by name, never guessed', () => {
    expect(due('2026-12-30 10:00', '1 WD')).toBe('2026-12-31 18:00');
    expect(due('2026-12-30 10:00', '2 WD')).toEqual({ kind: 'awaits-year', year: 2027 });
    expect(due('2027-03-01 10:00', '1 WD')).toEqual({ kind: 'awaits-year', year: 2027 });
    expect(due('2023-06-01 10:00', '1 WD')).toEqual({ kind: 'awaits-year', year: 2023 });
  });

  it('a gap between published years is awaited, too', () => {
    const gap = calendarOf(FILES.filter(({ year }) => year !== 2025));
    expect(deadlineOf(gap, { span: span('5 WD'), startedAt: at('2024-12-30 10:00') })).toEqual({ kind: 'awaits-year', year: 2025 });
  });
});

describe('other units', () => {
  it.each([
    ['2026-02-13 16:30', '30 MIN', '2026-02-13 17:00'],
    ['2026-02-15 23:00', '24 H24', '2026-02-16 23:00'],
    // A lunch hour, a night and a spring festival are no business time.
    ['2026-03-02 11:00', '4 WH', '2026-03-02 16:00'],
    ['2026-03-02 17:00', '2 WH', '2026-03-03 10:00'],
    ['2026-02-14 17:00', '2 WH', '2026-02-24 10:00'],
    ['2026-02-15 12:00', '1 WH', '2026-02-24 10:00'],
    ['2026-03-02 08:00', '8 WH', '2026-03-02 18:00'],
    // 民法典 §203: a last day that is a day off gives way to the next working day.
    ['2026-03-02 10:00', '7 CD', '2026-03-09 18:00'],
    ['2026-02-10 10:00', '7 CD', '2026-02-24 18:00'],
    ['2026-09-13 10:00', '7 CD', '2026-09-20 18:00'],
  ])('%s + %s = %s', (start, length, end) => {
    expect(due(start, length)).toBe(end);
  });

  it('hours need no calendar, the last of calendar days does', () => {
    expect(due('2027-03-01 10:00', '24 H24')).toBe('2027-03-02 10:00');
    expect(due('2026-12-28 10:00', '7 CD')).toEqual({ kind: 'awaits-year', year: 2027 });
  });
});

describe('a suspension', () => {
  // 2026-03-02 is a Monday; five working days end on the 9th.
  const start = '2026-03-02 10:00';

  it('takes out the days it falls on, the first and the last of them, too', () => {
    expect(due(start, '5 WD', { pauses: [pause('2026-03-04 10:00', '2026-03-11 10:00')] })).toBe('2026-03-17 18:00');
    expect(due(start, '5 WD', { pauses: [pause('2026-03-04 10:00', '2026-03-04 15:00')] })).toBe('2026-03-10 18:00');
  });

  it('after close of business spares that day', () => {
    expect(due(start, '5 WD', { pauses: [pause('2026-03-04 18:00', '2026-03-05 10:00')] })).toBe('2026-03-10 18:00');
    expect(due(start, '5 WD', { pauses: [pause('2026-03-04 19:00', '2026-03-04 23:00')] })).toBe('2026-03-09 18:00');
  });

  it('without an end leaves no deadline, and says what is left', () => {
    expect(due(start, '5 WD', { pauses: [pause('2026-03-04 10:00')] })).toEqual({ kind: 'suspended', left: span('4 WD') });
    expect(due(start, '24 H24', { pauses: [pause('2026-03-02 15:30')] })).toEqual({ kind: 'suspended', left: span('19 H24') });
    const extended = { pauses: [pause('2026-03-04 10:00')], extensions: [span('3 WD')] };
    expect(due(start, '5 WD', extended)).toEqual({ kind: 'suspended', left: span('7 WD') });
  });

  it('that begins when time is up, or later, changes nothing', () => {
    expect(due(start, '5 WD', { pauses: [pause('2026-03-09 18:00')] })).toBe('2026-03-09 18:00');
    expect(due(start, '24 H24', { pauses: [pause('2026-03-03 10:00')] })).toBe('2026-03-03 10:00');
  });

  it('stops hours for as long as it lasts', () => {
    const pauses = [pause('2026-03-02 09:00', '2026-03-02 11:00'), pause('2026-03-02 12:00', '2026-03-02 14:30')];
    expect(due(start, '4 H24', { pauses })).toBe('2026-03-02 17:30');
    expect(due(start, '4 WH', { pauses })).toBe('2026-03-02 17:30');
    expect(due(start, '4 WH', { pauses: [pause('2026-03-02 12:30', '2026-03-02 13:30')] })).toBe('2026-03-02 15:30');
  });
});

describe('an extension', () => {
  it('is counted from the deadline it moves, in its own unit', () => {
    expect(due('2026-03-02 10:00', '5 WD', { extensions: [span('3 WD'), span('2 WD')] })).toBe('2026-03-16 18:00');
    expect(due('2026-03-02 10:00', '5 WD', { extensions: [span('24 H24')] })).toBe('2026-03-10 18:00');
  });
});

describe('before and after a deadline', () => {
  const at18 = at('2026-02-27 18:00');

  it('a warning stands at the close of an earlier working day', () => {
    expect(shown(earlier(CALENDAR, at18, span('1 WD')))).toBe('2026-02-26 18:00');
    expect(shown(earlier(CALENDAR, at18, span('4 WD')))).toBe('2026-02-14 18:00');
    expect(shown(earlier(CALENDAR, at18, span('2 WD'), [pause('2026-02-25 09:00', '2026-02-25 12:00')]))).toBe('2026-02-24 18:00');
    expect(shown(earlier(CALENDAR, at18, span('2 H24')))).toBe('2026-02-27 16:00');
    expect(shown(earlier(CALENDAR, at18, span('30 MIN')))).toBe('2026-02-27 17:30');
    expect(shown(earlier(CALENDAR, at('2026-02-24 10:00'), span('3 WH')))).toBe('2026-02-14 16:00');
    expect(shown(earlier(CALENDAR, at18, span('2 CD')))).toBe('2026-02-25 18:00');
  });

  it('that would lie before the published calendar is not there', () => {
    expect(earlier(CALENDAR, at('2024-01-02 18:00'), span('3 WD'))).toBeUndefined();
  });

  it('a red card follows the deadline by its span, unless work is suspended', () => {
    expect(shown(later(CALENDAR, at18, span('1 WD')))).toBe('2026-02-28 18:00');
    expect(later(CALENDAR, at18, span('1 WD'), [pause('2026-02-28 09:00')])).toBeUndefined();
    expect(later(CALENDAR, at('2026-12-31 18:00'), span('1 WD'))).toBeUndefined();
  });
});
