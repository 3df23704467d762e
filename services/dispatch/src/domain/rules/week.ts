import { WEEKDAYS } from '@paidan/contracts';
import { ZONE_MS, type RuleTime } from './document.js';

const DAY = 1_440;
const WEEK = 7 * DAY;
const MINUTE_MS = 60_000;
/** 1970-01-01 was a Thursday. */
const EPOCH_DAY = 3;

/** Minutes of the week from Monday 00:00 in Shanghai, `[first, end)`. */
export type Span = readonly [first: number, end: number];

export const ALL_WEEK: readonly Span[] = [[0, WEEK]];

/** @param at epoch ms */
export const minuteOfWeek = (at: number): number => {
  const minute = (Math.floor((at + ZONE_MS) / MINUTE_MS) + EPOCH_DAY * DAY) % WEEK;
  return minute < 0 ? minute + WEEK : minute;
};

const minuteOfDay = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** A window that begins and ends at the same time holds nothing: whoever means the whole day writes 00:00 to 24:00. */
export const isEmptyWindow = ({ from, to }: RuleTime): boolean => {
  const [first, end] = [minuteOfDay(from), minuteOfDay(to)];
  return first >= end && first % DAY === end % DAY;
};

/** What the windows cover, in order and without overlaps. */
export const spansOf = (windows: readonly RuleTime[]): readonly Span[] => {
  const spans: Span[] = [];
  for (const window of windows) {
    if (isEmptyWindow(window)) continue;
    const [from, to] = [minuteOfDay(window.from), minuteOfDay(window.to)];
    for (const day of window.days ?? WEEKDAYS) {
      const first = WEEKDAYS.indexOf(day) * DAY + from;
      const end = first - from + to + (to < from ? DAY : 0);
      if (first < WEEK) spans.push([first, Math.min(end, WEEK)]);
      if (end > WEEK) spans.push([Math.max(first, WEEK) - WEEK, end - WEEK]);
    }
  }
  return merged(spans);
};

const merged = (spans: readonly Span[]): readonly Span[] => {
  const joined: Span[] = [];
  for (const span of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last === undefined || span[0] > last[1]) joined.push(span);
    else if (span[1] > last[1]) joined[joined.length - 1] = [last[0], span[1]];
  }
  return joined;
};

/** A loop for once: of 2,000 rules with a time each, closures take a millisecond and this 0.1 ms. */
export const holds = (spans: readonly Span[], minute: number): boolean => {
  for (let at = 0; at < spans.length; at++) {
    const span = spans[at] as Span;
    if (minute < span[0]) return false;
    if (minute < span[1]) return true;
  }
  return false;
};

/** The hours of the week that the spans touch, Monday's first is 0. */
export const hoursOf = (spans: readonly Span[]): readonly number[] => [
  ...new Set(
    spans.flatMap(([first, end]) =>
      Array.from({ length: Math.ceil(end / 60) - Math.floor(first / 60) }, (_, at) => Math.floor(first / 60) + at),
    ),
  ),
];
export const hourOf = (minute: number): number => Math.floor(minute / 60);

export const isWithin = (inner: readonly Span[], outer: readonly Span[]): boolean =>
  inner.every(([first, end]) => outer.some((span) => span[0] <= first && end <= span[1]));

export const meet = (some: readonly Span[], others: readonly Span[]): boolean =>
  some.some(([first, end]) => others.some((span) => span[0] < end && first < span[1]));

/** What is in `spans` and not in `out`. */
export const without = (spans: readonly Span[], out: readonly Span[]): readonly Span[] =>
  out.reduce<readonly Span[]>(
    (left, [first, end]) =>
      left.flatMap((span): Span[] =>
        end <= span[0] || span[1] <= first
          ? [span]
          : [...(span[0] < first ? [[span[0], first] as const] : []), ...(end < span[1] ? [[end, span[1]] as const] : [])],
      ),
    spans,
  );
