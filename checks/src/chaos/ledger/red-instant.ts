import type { Span } from '@paidan/contracts';
import type { Limits } from '../books/books.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The city's offset from UTC, and its close of business. */
const OFFSET = 8 * HOUR;
const CLOSE = 18 * HOUR;

/** While work is suspended no time passes. */
export interface Pause {
  readonly from: number;
  readonly to?: number;
}

/** Written anew and on purpose without a look at how the monitor does it: day by day and hour by hour, slow and plain. */
export function redInstant(dueAt: number, { count, unit }: Span, pauses: readonly Pause[], limits: Limits): number | undefined {
  switch (unit) {
    case 'WD':
      return afterWorkingDays(dueAt, count, pauses, limits);
    case 'H24':
      return afterHours(dueAt, count * HOUR, pauses);
    default:
      throw new Error(`no red card is due ${count} ${unit} after a deadline in this city`);
  }
}

const dayStart = (at: number): number => Math.floor((at + OFFSET) / DAY) * DAY - OFFSET;

function isWorked(start: number, { marked }: Limits): boolean {
  const local = new Date(start + OFFSET);
  const off = marked.get(local.toISOString().slice(0, 10));
  return off === undefined ? local.getUTCDay() !== 0 && local.getUTCDay() !== 6 : !off;
}

function afterWorkingDays(from: number, count: number, pauses: readonly Pause[], limits: Limits): number | undefined {
  let start = dayStart(from);
  for (let left = count; left > 0;) {
    start += DAY;
    if (!isWorked(start, limits)) continue;
    const close = start + CLOSE;
    if (pauses.some(({ from: began, to }) => to === undefined && began < close)) return undefined;
    if (!pauses.some(({ from: began, to = Number.POSITIVE_INFINITY }) => began < close && to > start)) left -= 1;
  }
  return start + CLOSE;
}

function afterHours(from: number, milliseconds: number, pauses: readonly Pause[]): number | undefined {
  let at = from;
  let left = milliseconds;
  for (const { from: began, to } of pauses) {
    if (to !== undefined && to <= at) continue;
    const free = Math.max(0, began - at);
    if (free >= left) break;
    if (to === undefined) return undefined;
    left -= free;
    at = to;
  }
  return at + left;
}
