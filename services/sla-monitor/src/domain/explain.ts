import type { Span, TimeUnit } from '@paidan/contracts';
import { type Calendar, calendarError, dateOf, DAY, type DayKind, dayOf, HOUR, isWorked, kindOf, startOf, timeOn } from '@paidan/kernel';
import { deadlineOf, isTouched, type Pause, type Running } from './deadline.js';

/** One day of a time limit, and what it counted for. */
export interface CountedDay {
  readonly date: string;
  /** `suspended`: work was suspended on it, whatever day it was. */
  readonly kind: DayKind;
  /** Of the holiday, or of the one that a make-up day is worked for. */
  readonly name?: string;
  /** In the unit of the limit, to two places: 1 for a day, 2.5 for two and a half hours. */
  readonly counted: number;
  /** Counted so far, with this day. */
  readonly total: number;
  /** Of the part of the limit that this day belongs to: the limit itself, or an extension. */
  readonly of: Span;
  readonly role?: 'start' | 'due';
}

const LONGEST = 500;
const MINUTES: Readonly<Partial<Record<TimeUnit, number>>> = { WH: 60, H24: 60, MIN: 1 };

/**
 * How a deadline comes about, one day after the other: what each day is, whether it counted, how much has been counted with it. Told by its own count and
 * not by the deadline's, so that the two can be held against each other. Ends today where there is no deadline, and with the published calendar.
 */
export function explain(calendar: Calendar, running: Running, now: number): CountedDay[] {
  const { span, startedAt, pauses = [], extensions = [] } = running;
  const days: CountedDay[] = [];
  let from = startedAt;
  for (const [i, part] of [span, ...extensions].entries()) {
    const end = deadlineOf(calendar, { span, startedAt, pauses, extensions: extensions.slice(0, i) });
    const until = end.kind === 'due' ? end.at : Math.max(now, from);
    try {
      appendPart(days, calendar, { part, from, until, pauses, isStart: i === 0, isDue: end.kind === 'due' });
    } catch (error) {
      if (!calendarError.is(error, 'year-unpublished')) throw error;
      break;
    }
    if (end.kind !== 'due') break;
    from = end.at;
  }
  return days;
}

interface Part {
  readonly part: Span;
  readonly from: number;
  readonly until: number;
  readonly pauses: readonly Pause[];
  readonly isStart: boolean;
  readonly isDue: boolean;
}

function appendPart(days: CountedDay[], calendar: Calendar, { part, from, until, pauses, isStart, isDue }: Part): void {
  const [first, last] = [dayOf(from), dayOf(until)];
  const byDay = part.unit === 'WD' || part.unit === 'CD';
  let total = 0;
  // The last day of the limit is listed; an extension that counts days begins on the next.
  for (let day = byDay && !isStart ? first + 1 : first; day <= last && days.length < LONGEST; day += 1) {
    const [begins, ends] = [Math.max(from, startOf(day)), Math.min(until, startOf(day) + DAY)];
    const touched = byDay ? isTouched(calendar, day, pauses) : pauses.some((pause) => pause.from < ends && (pause.to ?? Infinity) > begins);
    const counted = byDay
      ? Number(day > first && !touched && (part.unit === 'CD' || isWorked(calendar, day)) && total < part.count)
      : minutesOf(calendar, part.unit, begins, ends, pauses) / (MINUTES[part.unit] ?? 1);
    total += counted;
    const { kind, name } = isPublished(calendar, day, byDay || part.unit === 'WH');
    const role = isStart && day === first ? 'start' : isDue && day === last ? 'due' : undefined;
    days.push({
      date: dateOf(day),
      kind: touched ? 'suspended' : kind,
      ...(name === undefined ? {} : { name }),
      counted: round(counted),
      total: round(total),
      of: part,
      ...(role === undefined ? {} : { role }),
    });
  }
}

/** Hours by the clock need no calendar; what kind of day they fall on is told where it is known. */
const isPublished = (calendar: Calendar, day: number, needed: boolean): ReturnType<typeof kindOf> => {
  try {
    return kindOf(calendar, day);
  } catch (error) {
    if (needed || !calendarError.is(error, 'year-unpublished')) throw error;
    return { kind: 'working' };
  }
};

/** Minutes of a stretch within one day that count: all of them, or those of business, without suspensions. */
function minutesOf(calendar: Calendar, unit: TimeUnit, from: number, until: number, pauses: readonly Pause[]): number {
  const day = dayOf(from);
  const open = unit !== 'WH' ? [[0, 1440] as const] : isWorked(calendar, day) ? calendar.hours : [];
  let milliseconds = 0;
  for (const [opens, closes] of open) {
    const [a, b] = [Math.max(from, timeOn(day, opens)), Math.min(until, timeOn(day, closes))];
    const lost = pauses.reduce((sum, { from: stop, to = Infinity }) => sum + Math.max(0, Math.min(b, to) - Math.max(a, stop)), 0);
    milliseconds += Math.max(0, b - a - lost);
  }
  return milliseconds / (HOUR / 60);
}

const round = (value: number): number => Math.round(value * 100) / 100;
