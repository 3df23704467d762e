import { readFileSync } from 'node:fs';
import { checkYear } from './calendar-year.js';
import { makeCalendar, type BusinessHours, type Calendar } from './calendar.js';

/* The calendar as it is shipped, for the specs. */

export interface HolidayFile {
  readonly year: number;
  readonly papers: readonly string[];
  readonly days: readonly { readonly name: string; readonly date: string; readonly isOffDay: boolean }[];
}

export const HOLIDAYS = new URL('../../../../deploy/city/holidays/', import.meta.url);

export const holidayFile = (year: number): HolidayFile =>
  JSON.parse(readFileSync(new URL(`${year}.json`, HOLIDAYS), 'utf8')) as HolidayFile;

/** Nine to six with an hour for lunch. */
export const HOURS: BusinessHours = [
  [540, 720],
  [780, 1080],
];

export const calendarOf = (files: readonly HolidayFile[], hours = HOURS): Calendar => {
  const years = files.map((file) => {
    const checked = checkYear(file, file.year);
    if (!checked.ok || checked.year === undefined) throw new Error(`calendar of ${file.year}: ${JSON.stringify(checked)}`);
    return checked.year;
  });
  const made = makeCalendar(years, hours);
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.calendar;
};

export const FILES: readonly HolidayFile[] = [2024, 2025, 2026].map(holidayFile);
export const CALENDAR = calendarOf(FILES);

/** `2026-02-14 18:00` in Shanghai, as epoch milliseconds. */
export const at = (text: string): number => Date.parse(`${text.replace(' ', 'T')}+08:00`);

export const shown = (instant: number | undefined): string | undefined =>
  instant === undefined ? undefined : new Date(instant + 8 * 3_600_000).toISOString().replace('T', ' ').slice(0, 16);
