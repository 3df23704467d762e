/*
 * Days as whole numbers: day 0 is 1970-01-01 in Asia/Shanghai. China has had one offset and no summer time since 1991, so a day is arithmetic;
 * Intl costs 2 µs a date, and a ticket asks for a dozen.
 */

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
const OFFSET = 8 * HOUR;
const MINUTE = 60_000;

/** The day of an instant (epoch ms). */
export const dayOf = (at: number): number => Math.floor((at + OFFSET) / DAY);

/** The instant a day begins. */
export const startOf = (day: number): number => day * DAY - OFFSET;

/** Minutes after midnight of a day as an instant. */
export const timeOn = (day: number, minutes: number): number => startOf(day) + minutes * MINUTE;

/** 0 is Sunday. */
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;

export const isWeekend = (day: number): boolean => weekdayOf(day) === 0 || weekdayOf(day) === 6;

export const yearOf = (day: number): number => new Date(day * DAY).getUTCFullYear();

export const firstDayOf = (year: number): number => Date.UTC(year, 0, 1) / DAY;

/** `2026-02-14` */
export const dateOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

/** The day of `2026-02-14`; undefined for what is no date. 30 February would become 2 March without a word, so it must come out as written. */
export const parseDate = (text: string): number | undefined => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) || dateOf(at / DAY) !== text ? undefined : at / DAY;
};
