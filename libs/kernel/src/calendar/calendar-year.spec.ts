import { calendarOf, CALENDAR, FILES, holidayFile, HOURS } from './calendar.kit.js';
import { checkYear } from './calendar-year.js';
import { isWorked, kindOf, makeCalendar, workdayAfter, workdayBefore } from './calendar.js';
import { dateOf, firstDayOf, parseDate, weekdayOf } from './day.js';

const day = (date: string): number => {
  const parsed = parseDate(date);
  if (parsed === undefined) throw new Error(date);
  return parsed;
};
const off = (date: string, name = '某节') => ({ name, date, isOffDay: true });
const worked = (date: string, name = '某节') => ({ name, date, isOffDay: false });
const file = (days: readonly unknown[], more: object = {}) => ({ year: 2026, papers: ['notice'], days, ...more });
const wrong = (value: unknown, year = 2026): string[] => {
  const checked = checkYear(value, year);
  return checked.ok ? [] : checked.problems.map(({ pointer, code, date }) => [pointer, code, date].filter(Boolean).join(' '));
};

describe('the published years', () => {
  it.each([
    [2024, 251],
    [2025, 248],
    [2026, 248],
  ])('%i has %i working days', (year, count) => {
    const days = Array.from({ length: firstDayOf(year + 1) - firstDayOf(year) }, (_, i) => firstDayOf(year) + i);
    expect(days.filter((one) => isWorked(CALENDAR, one))).toHaveLength(count);
  });

  it('know what each day is', () => {
    expect(kindOf(CALENDAR, day('2026-02-14'))).toEqual({ kind: 'make-up', name: '春节' });
    expect(kindOf(CALENDAR, day('2026-10-01'))).toEqual({ kind: 'holiday', name: '国庆节' });
    expect(kindOf(CALENDAR, day('2026-03-01'))).toEqual({ kind: 'weekend' });
    expect(kindOf(CALENDAR, day('2026-03-02'))).toEqual({ kind: 'working' });
    expect(() => kindOf(CALENDAR, day('2027-10-01'))).toThrow(
      expect.objectContaining({ code: 'year-unpublished', extensions: { year: 2027 } }),
    );
  });

  it('count forward and back alike', () => {
    for (let one = day('2024-06-01'); one < day('2026-11-01'); one += 1) {
      const next = workdayAfter(CALENDAR, one, 3);
      expect(isWorked(CALENDAR, next)).toBe(true);
      expect(workdayBefore(CALENDAR, next, 3)).toBe(isWorked(CALENDAR, one) ? one : workdayBefore(CALENDAR, one));
    }
  });

  it('a year without papers says nothing yet', () => {
    expect(checkYear(holidayFile(2027), 2027)).toEqual({ ok: true, year: undefined });
  });
});

describe('a file that is wrong', () => {
  it.each<[string, unknown, string[]]>([
    ['a make-up day that is also a holiday', file([off('2026-10-10'), worked('2026-10-10')]), ['/days/1/date off-and-worked 2026-10-10']],
    ['a day twice', file([off('2026-10-01'), off('2026-10-01')]), ['/days/1/date twice 2026-10-01']],
    ['a day of another year', file([off('2027-01-01')]), ['/days/0/date outside-year 2027-01-01']],
    ['a day of an earlier month than the December before', file([off('2025-11-30')]), ['/days/0/date outside-year 2025-11-30']],
    ['a make-up day on a weekday', file([worked('2026-03-02')]), ['/days/0/date worked-anyway 2026-03-02']],
    ['a date that is none', file([off('2026-02-30'), off('10/01')]), ['/days/0/date no-date', '/days/1/date no-date']],
    ['another year', file([off('2026-10-01')], { year: 2025 }), ['/year other-year']],
    ['days that nobody published', file([off('2026-10-01')], { papers: [] }), ['/papers no-papers']],
    ['a notice without days', file([]), ['/days no-days']],
    [
      'members of other types',
      file([{ name: 5, date: '2026-10-01', isOffDay: 'yes' }, 7], { papers: [1] }),
      ['/papers not-texts', '/days/0/name no-name', '/days/0/isOffDay not-boolean', '/days/1 not-an-object'],
    ],
    ['no lists', { year: 2026 }, ['/papers not-texts', '/days not-a-list']],
    ['nothing', null, [' not-an-object'.trim()]],
  ])('%s is named', (_, value, problems) => {
    expect(wrong(value)).toEqual(problems);
  });

  it('has every problem told, each in two languages', () => {
    const checked = checkYear(file([off('2026-10-10'), worked('2026-10-10'), worked('2026-03-02'), off('2027-01-01')]), 2026);
    const problems = checked.ok ? [] : checked.problems;
    expect(problems).toHaveLength(3);
    expect(problems[0]).toMatchObject({
      detail: '2026-10-10 is both a holiday and a make-up day',
      detailZh: '2026-10-10 既是放假日又是调休上班日',
    });
  });
});

describe('years together', () => {
  // New Year's Eve of 2022 stood in the notice of 2023.
  const next = { year: 2027, papers: ['notice'], days: [off('2026-12-31', '元旦'), off('2027-01-01', '元旦')] };

  it('a notice may mark days of the December before', () => {
    expect(wrong(next, 2027)).toEqual([]);
    const calendar = calendarOf([...FILES, next]);
    expect([isWorked(CALENDAR, day('2026-12-31')), isWorked(calendar, day('2026-12-31'))]).toEqual([true, false]);
    expect(dateOf(workdayAfter(calendar, day('2026-12-30')))).toBe('2027-01-04');
  });

  it('may not contradict each other', () => {
    const years = [
      { year: 2026, papers: ['a'], days: [{ day: day('2026-12-26'), name: '元旦', off: false }] },
      { year: 2027, papers: ['b'], days: [{ day: day('2026-12-26'), name: '元旦', off: true }] },
    ];
    const made = makeCalendar(years, HOURS);
    expect(made.ok ? [] : made.problems).toMatchObject([{ pointer: '/days/0/date', date: '2026-12-26', code: 'years-differ' }]);
  });
});

describe('days', () => {
  it('have their weekday, before 1970 too', () => {
    expect([weekdayOf(day('2026-03-02')), weekdayOf(day('2026-03-01')), weekdayOf(day('1969-12-31'))]).toEqual([1, 0, 3]);
  });
});
