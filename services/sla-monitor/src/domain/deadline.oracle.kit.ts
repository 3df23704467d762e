import type { Span } from '@paidan/contracts';
import type { HolidayFile } from '@paidan/kernel/calendar-kit';
import type { Pause } from './deadline.js';

/*
 * The same question answered slowly and in another way: quarter by quarter of an hour and date by date, straight from the files, without tables, without
 * a shared line. It knows nothing of unpublished years; the property asks it only about what lies well inside the published ones.
 */

const MINUTE = 60_000;
/** All instants are on it: by the minute the property took fifteen times as long. */
export const QUARTER = 15 * MINUTE;

export interface Office {
  readonly files: readonly HolidayFile[];
  /** Business hours, `09:00` to `18:00`. */
  readonly hours: readonly (readonly [string, string])[];
}

const local = (instant: number): { date: string; time: string } => {
  const [date = '', rest = ''] = new Date(instant + 8 * 60 * MINUTE).toISOString().split('T');
  return { date, time: rest.slice(0, 5) };
};
const instantOf = (date: string, time: string): number => Date.parse(`${date}T${time}:00+08:00`);
const nextDate = (date: string): string => new Date(Date.parse(`${date}T12:00:00Z`) + 1440 * MINUTE).toISOString().slice(0, 10);

const works = ({ files }: Office, date: string): boolean => {
  for (const { days } of files) for (const day of days) if (day.date === date) return !day.isOffDay;
  return !['Sat', 'Sun'].includes(new Date(`${date}T12:00:00Z`).toUTCString().slice(0, 3));
};

/** The due instant, or undefined while suspended. */
export function slowDeadline(office: Office, startedAt: number, parts: readonly Span[], pauses: readonly Pause[]): number | undefined {
  const closing = office.hours.at(-1)?.[1] ?? '';
  const suspended = (instant: number): boolean => pauses.some((p) => p.from <= instant && (p.to === undefined || instant < p.to));
  /** Some of the day up to close of business is suspended. */
  const spoilt = (date: string): boolean => {
    for (let now = instantOf(date, '00:00'); now < instantOf(date, closing); now += QUARTER) if (suspended(now)) return true;
    return false;
  };
  const stuck = (date: string): boolean => pauses.some((p) => p.to === undefined && p.from < instantOf(date, closing));

  let now = startedAt;
  for (const { count, unit } of parts) {
    if (unit === 'WD' || unit === 'CD') {
      let { date } = local(now);
      for (let counted = 0; ;) {
        date = nextDate(date);
        if (stuck(date)) return undefined;
        if (spoilt(date)) continue;
        if (unit === 'CD' || works(office, date)) counted += 1;
        if (counted >= count && works(office, date)) break;
      }
      now = instantOf(date, closing);
    } else {
      const minutes = count * (unit === 'MIN' ? 1 : 60);
      for (let passed = 0; passed < minutes; now += QUARTER) {
        if (pauses.some((p) => p.to === undefined && p.from <= now)) return undefined;
        const { date, time } = local(now);
        const open = unit !== 'WH' || (works(office, date) && office.hours.some(([from, to]) => from <= time && time < to));
        if (open && !suspended(now)) passed += 15;
      }
    }
  }
  return now;
}
