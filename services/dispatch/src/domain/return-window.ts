import { calendarError, closeOf, dayOf, workdayAfter, type Calendar } from '@paidan/kernel';

/** How long a unit may return what it was given: working days of the city, or time by the clock (ms). */
export type ReturnWindow =
  { readonly kind: 'working-days'; readonly count: number } | { readonly kind: 'hours'; readonly milliseconds: number };

/** The longest break that the State Council has published is nine days off (2026: 2-15 to 2-23), and the day before it is none of the window either. */
const LONGEST_BREAK = 10;

/**
 * The last instant at which a unit may return what it was given at `from` (epoch ms): working days are counted from the day after and end at close of
 * business. Where they cross into a year whose calendar isn't published yet nobody can count them; then the window is as long as it can turn out to be,
 * because a unit must not lose its right to a guess.
 */
export const returnUntil = (calendar: Calendar, window: ReturnWindow, from: number): number => {
  if (window.kind === 'hours') return from + window.milliseconds;
  const { count } = window;
  const day = dayOf(from);
  try {
    return closeOf(calendar, workdayAfter(calendar, day, count));
  } catch (error) {
    if (!calendarError.is(error, 'year-unpublished')) throw error;
    return closeOf(calendar, day + count + 2 * Math.ceil(count / 5) + LONGEST_BREAK);
  }
};
