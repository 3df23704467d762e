import type { CalendarYear, MarkedDay, YearProblem } from './calendar-year.js';
import { defineErrors } from '../errors.js';
import { dateOf, firstDayOf, isWeekend, timeOn, yearOf } from './day.js';

/** `year-unpublished`: nobody can say yet whether a day of that year is worked. Never guessed: libraries that do call 1 October 2027 a working day. */
export const calendarError = defineErrors('calendar', { 'year-unpublished': { retryable: true, loud: 'info' } });

/** The working day in minutes after midnight, in order and apart. Its last minute is the close of business. */
export type BusinessHours = readonly (readonly [open: number, close: number])[];

/** Published years that follow each other, with their working days counted once and for all. */
interface Run {
  readonly first: number;
  readonly last: number;
  /** The working days, in order. */
  readonly worked: Int32Array;
  /** How many of them are not after a day, by day since `first`. */
  readonly upTo: Int32Array;
}

export interface Calendar {
  readonly hours: BusinessHours;
  readonly years: ReadonlyMap<number, CalendarYear>;
  readonly marked: ReadonlyMap<number, MarkedDay>;
  readonly runs: readonly Run[];
}

export type MadeCalendar =
  { readonly ok: true; readonly calendar: Calendar } | { readonly ok: false; readonly problems: readonly YearProblem[] };

/** Puts years together. Two of them may both mark a day of December, but not differently. */
export function makeCalendar(years: readonly CalendarYear[], hours: BusinessHours): MadeCalendar {
  const sorted = [...years].sort((a, b) => a.year - b.year);
  const marked = new Map<number, MarkedDay>();
  const problems: YearProblem[] = [];
  for (const { year, days } of sorted)
    for (const [index, day] of days.entries()) {
      const before = marked.get(day.day);
      if (before !== undefined && before.off !== day.off) {
        const date = dateOf(day.day);
        const detail = `${date} is ${offOrWorked(day.off)} by ${year} and ${offOrWorked(before.off)} by ${yearOf(day.day)}`;
        problems.push({
          pointer: `/days/${index}/date`,
          date,
          code: 'years-differ',
          detail,
          detailZh: `${date} 在 ${year} 年与 ${yearOf(day.day)} 年的安排中不一致`,
        });
      }
      marked.set(day.day, day);
    }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, calendar: { hours, years: new Map(sorted.map((year) => [year.year, year])), marked, runs: runsOf(sorted, marked) } };
}

const offOrWorked = (off: boolean): string => (off ? 'a holiday' : 'a make-up day');

function runsOf(years: readonly CalendarYear[], marked: ReadonlyMap<number, MarkedDay>): Run[] {
  const runs: Run[] = [];
  for (let i = 0; i < years.length;) {
    const from = years[i]?.year ?? 0;
    let to = from;
    for (i += 1; years[i]?.year === to + 1; i += 1) to += 1;
    const [first, last] = [firstDayOf(from), firstDayOf(to + 1) - 1];
    const worked: number[] = [];
    const upTo = new Int32Array(last - first + 1);
    for (let day = first; day <= last; day += 1) {
      const mark = marked.get(day);
      if (mark === undefined ? !isWeekend(day) : !mark.off) worked.push(day);
      upTo[day - first] = worked.length;
    }
    runs.push({ first, last, worked: Int32Array.from(worked), upTo });
  }
  return runs;
}

/** One for each year: an error takes 30 µs to make, and in December every ticket asks for a day of the next year. */
const errors = new Map<number, Error>();

function unpublished(year: number): Error {
  const known = errors.get(year);
  if (known !== undefined) return known;
  const error = calendarError('year-unpublished', `the calendar of ${year} is not published`, { extensions: { year } });
  errors.set(year, error);
  return error;
}

const runWith = (calendar: Calendar, day: number): Run => {
  for (const run of calendar.runs) if (day >= run.first && day <= run.last) return run;
  throw unpublished(yearOf(day));
};

/** @throws PaidanError `year-unpublished` */
export const isWorked = (calendar: Calendar, day: number): boolean => {
  const { first, upTo } = runWith(calendar, day);
  return (upTo[day - first] ?? 0) > (day === first ? 0 : (upTo[day - first - 1] ?? 0));
};

/** The `count`th working day after a day, which doesn't count itself. @throws PaidanError `year-unpublished` */
export const workdayAfter = (calendar: Calendar, day: number, count = 1): number => {
  const { first, last, upTo, worked } = runWith(calendar, day);
  const found = worked[(upTo[day - first] ?? 0) + count - 1];
  if (found === undefined) throw unpublished(yearOf(last) + 1);
  return found;
};

/** The `count`th working day before a day. @throws PaidanError `year-unpublished` */
export const workdayBefore = (calendar: Calendar, day: number, count = 1): number => {
  const { first, upTo, worked } = runWith(calendar, day);
  const before = (upTo[day - first] ?? 0) - (isWorked(calendar, day) ? 1 : 0);
  const found = worked[before - count];
  if (found === undefined) throw unpublished(yearOf(first) - 1);
  return found;
};

/** Close of business: the instant at which a day has been worked. */
export const closeOf = ({ hours }: Calendar, day: number): number => timeOn(day, hours.at(-1)?.[1] ?? 0);

/** What a day is. */
export const DAY_KINDS = ['working', 'weekend', 'holiday', 'make-up', 'suspended'] as const;
export type DayKind = (typeof DAY_KINDS)[number];

/** @throws PaidanError `year-unpublished` */
export const kindOf = (calendar: Calendar, day: number): { readonly kind: Exclude<DayKind, 'suspended'>; readonly name?: string } => {
  runWith(calendar, day);
  const mark = calendar.marked.get(day);
  if (mark !== undefined) return { kind: mark.off ? 'holiday' : 'make-up', name: mark.name };
  return { kind: isWeekend(day) ? 'weekend' : 'working' };
};
