import type { Span } from '@paidan/contracts';
import { type Calendar, calendarError, closeOf, dayOf, HOUR, isWorked, startOf, timeOn, workdayAfter, workdayBefore } from '@paidan/kernel';

/** While work is suspended no time passes. In order and apart; the last one is open while it lasts. Instants are epoch milliseconds. */
export interface Pause {
  readonly from: number;
  readonly to?: number;
}

/** Everything that a deadline follows from, beside the calendar. */
export interface Running {
  readonly span: Span;
  readonly startedAt: number;
  readonly pauses?: readonly Pause[];
  readonly extensions?: readonly Span[];
}

/** `left` is in the unit in which it is counted. */
export type Deadline =
  | { readonly kind: 'due'; readonly at: number }
  | { readonly kind: 'suspended'; readonly left: Span }
  | { readonly kind: 'awaits-year'; readonly year: number };

type Passed = { readonly at: number } | { readonly left: number };

const MILLISECONDS = { H24: HOUR, MIN: 60_000, WH: HOUR } as const;
const NONE: readonly Pause[] = [];

/**
 * When a clock runs out: the one function that says so, always computed anew from the whole and never from an earlier answer. By 民法典 §201–203:
 * days are counted from the day after the start and end at close of business; hours run from the instant.
 *
 * - `WD` the last of so many working days; a day during which work was suspended isn't counted, and neither is the day it was resumed on
 * - `CD` the last of so many days, or the next working day if that is none
 * - `WH` business time, `H24` and `MIN` time by the clock, suspensions left out
 */
export function deadlineOf(calendar: Calendar, { span, startedAt, pauses = NONE, extensions }: Running): Deadline {
  try {
    let at = startedAt;
    const parts = extensions === undefined ? [span] : [span, ...extensions];
    for (const [i, part] of parts.entries()) {
      const passed = pass(calendar, at, part, pauses);
      if ('left' in passed) {
        const rest = parts.slice(i + 1).filter(({ unit }) => unit === part.unit);
        return { kind: 'suspended', left: { count: rest.reduce((sum, { count }) => sum + count, passed.left), unit: part.unit } };
      }
      at = passed.at;
    }
    return { kind: 'due', at };
  } catch (error) {
    return { kind: 'awaits-year', year: awaitedYear(error) };
  }
}

/** @throws the error itself if it is another */
const awaitedYear = (error: unknown): number => {
  if (calendarError.is(error, 'year-unpublished')) return Number(error.extensions?.['year']);
  throw error;
};

/** The instant that lies a span after another one; nothing while a suspension keeps it from coming, or while its year is unpublished. */
export function later(calendar: Calendar, from: number, span: Span, pauses: readonly Pause[] = NONE): number | undefined {
  const deadline = deadlineOf(calendar, { span, startedAt: from, pauses });
  return deadline.kind === 'due' ? deadline.at : undefined;
}

/** The instant from which on no more than a span is left until a deadline. Nothing where the calendar doesn't reach back so far. */
export function earlier(calendar: Calendar, due: number, { count, unit }: Span, pauses: readonly Pause[] = NONE): number | undefined {
  try {
    switch (unit) {
      case 'WD': {
        if (pauses.length === 0) return closeOf(calendar, workdayBefore(calendar, dayOf(due), count));
        let day = dayOf(due);
        for (let left = count; left > 0;) {
          day = workdayBefore(calendar, day);
          if (!isTouched(calendar, day, pauses)) left -= 1;
        }
        return closeOf(calendar, day);
      }
      case 'CD':
        return closeOf(calendar, dayOf(due) - count);
      case 'WH':
        return businessBefore(calendar, due, count * HOUR);
      case 'H24':
      case 'MIN':
        return due - count * MILLISECONDS[unit];
      default:
        return unit satisfies never;
    }
  } catch (error) {
    awaitedYear(error);
    return undefined;
  }
}

function pass(calendar: Calendar, from: number, { count, unit }: Span, pauses: readonly Pause[]): Passed {
  switch (unit) {
    case 'WD':
      return pauses.length === 0
        ? { at: closeOf(calendar, workdayAfter(calendar, dayOf(from), count)) }
        : passDays(calendar, from, count, pauses, (day) => workdayAfter(calendar, day));
    case 'CD':
      return passCalendarDays(calendar, from, count, pauses);
    case 'WH':
      return passBusiness(calendar, from, count, pauses);
    case 'H24':
    case 'MIN': {
      const passed = spend({ left: count * MILLISECONDS[unit] }, from, Infinity, pauses);
      return 'left' in passed ? { left: Math.ceil(passed.left / MILLISECONDS[unit]) } : passed;
    }
    default:
      return unit satisfies never;
  }
}

function passDays(calendar: Calendar, from: number, count: number, pauses: readonly Pause[], next: (day: number) => number): Passed {
  let day = dayOf(from);
  for (let left = count; left > 0;) {
    day = next(day);
    if (isSuspendedAt(closeOf(calendar, day), pauses)) return { left };
    if (!isTouched(calendar, day, pauses)) left -= 1;
  }
  return { at: closeOf(calendar, day) };
}

function passCalendarDays(calendar: Calendar, from: number, count: number, pauses: readonly Pause[]): Passed {
  const passed = passDays(calendar, from, count, pauses, (day) => day + 1);
  if ('left' in passed) return passed;
  let day = dayOf(passed.at);
  for (; !isWorked(calendar, day) || isTouched(calendar, day, pauses); day += 1)
    if (isSuspendedAt(closeOf(calendar, day), pauses)) return { left: 1 };
  return { at: closeOf(calendar, day) };
}

function passBusiness(calendar: Calendar, from: number, count: number, pauses: readonly Pause[]): Passed {
  let passed: Passed = { left: count * HOUR };
  for (let day = isWorked(calendar, dayOf(from)) ? dayOf(from) : workdayAfter(calendar, dayOf(from)); ; day = workdayAfter(calendar, day)) {
    for (const [open, close] of calendar.hours) {
      passed = spend(passed, Math.max(timeOn(day, open), from), timeOn(day, close), pauses);
      if ('at' in passed) return passed;
    }
    if (isSuspendedAt(closeOf(calendar, day), pauses)) return { left: Math.ceil(passed.left / HOUR) };
  }
}

function businessBefore(calendar: Calendar, due: number, milliseconds: number): number {
  let left = milliseconds;
  for (let day = dayOf(due); ; day = workdayBefore(calendar, day)) {
    if (!isWorked(calendar, day)) continue;
    for (const [open, close] of calendar.hours.toReversed()) {
      const [from, until] = [timeOn(day, open), Math.min(timeOn(day, close), due)];
      if (until <= from) continue;
      if (until - from >= left) return until - left;
      left -= until - from;
    }
  }
}

/** Takes milliseconds from `left` between two instants, suspensions left out: the instant at which it is used up, or what remains. */
function spend(passed: { readonly left: number }, from: number, until: number, pauses: readonly Pause[]): Passed {
  let { left } = passed;
  let at = from;
  for (const pause of pauses) {
    const to = pause.to ?? Infinity;
    if (to <= at) continue;
    const free = Math.min(pause.from, until) - at;
    if (free >= left) return { at: at + left };
    if (free > 0) left -= free;
    at = to;
    if (at >= until) return { left };
  }
  return until - at >= left ? { at: at + left } : { left: left - Math.max(0, until - at) };
}

/** Whether a suspension falls on a day before its close of business: such a day is not counted. */
export const isTouched = (calendar: Calendar, day: number, pauses: readonly Pause[]): boolean => {
  const [begins, closes] = [startOf(day), closeOf(calendar, day)];
  return pauses.some(({ from, to = Infinity }) => from < closes && to > begins);
};

/** Whether a suspension without an end has begun before an instant: then that instant doesn't come for the clock. */
const isSuspendedAt = (at: number, pauses: readonly Pause[]): boolean => {
  const last = pauses.at(-1);
  return last !== undefined && last.to === undefined && last.from < at;
};
