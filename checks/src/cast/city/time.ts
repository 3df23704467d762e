import { type SystemClock, timeOf } from '@paidan/local';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The city's offset from UTC; it has no summer time. */
const OFFSET = 8 * HOUR;
const OPENS = 8.5 * HOUR;
const CLOSES = 17.5 * HOUR;

/** Time as the system has it: real, or so many times as fast. Everything that happens in the play happens in it; epoch milliseconds. */
export class CityTime {
  readonly factor: number;

  constructor(readonly clock: SystemClock | undefined) {
    this.factor = clock?.factor ?? 1;
  }

  /** In real time nobody can wait for days: people act at once, and deadlines are far away. */
  get paced(): boolean {
    return this.factor > 1;
  }

  now = (): number => timeOf(this.clock);

  /** Real milliseconds in so many of the city's. */
  inReal(span: number): number {
    return span / this.factor;
  }
}

/** What people of the play are going to do, at instants of the city's time. */
export class Agenda {
  private readonly entries = new Set<NodeJS.Timeout>();
  private closed = false;

  constructor(private readonly time: CityTime) {}

  /** Something is still going to be done. */
  get isEmpty(): boolean {
    return this.entries.size === 0;
  }

  at(instant: number, act: () => void): void {
    if (this.closed) return;
    const entry = setTimeout(
      () => {
        this.entries.delete(entry);
        act();
      },
      Math.max(0, this.time.inReal(instant - this.time.now())),
    );
    this.entries.add(entry);
  }

  /** Nobody does anything any more that they meant to do later. */
  async close(): Promise<void> {
    this.closed = true;
    for (const entry of this.entries) clearTimeout(entry);
    this.entries.clear();
  }
}

const timeOfDay = (at: number): number => (at + OFFSET) % DAY;
const weekday = (at: number): number => new Date(at + OFFSET).getUTCDay();
const isWeekend = (at: number): boolean => weekday(at) === 0 || weekday(at) === 6;

/**
 * Officers work on weekdays from half past eight to half past five: what falls outside is done at some moment of the next working day. Holidays are the
 * monitor's to know; a play of some weeks begins where there are none.
 * @param share from 0 up to 1: which moment
 */
export function inOfficeHours(at: number, share: number): number {
  const time = timeOfDay(at);
  if (!isWeekend(at) && time >= OPENS && time < CLOSES) return at;
  let day = at - time + (time >= CLOSES ? DAY : 0);
  while (isWeekend(day)) day += DAY;
  return day + OPENS + Math.floor(share * (CLOSES - OPENS));
}

/** `2026-03-04 Wed 14:20`, on the city's clocks. */
export function shownAt(at: number): string {
  const [date = '', time = ''] = new Date(at + OFFSET).toISOString().split('T');
  return `${date} ${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][weekday(at)] ?? ''} ${time.slice(0, 5)}`;
}

/** A span as people say it: `3 d 4 h`, `2 h 05 m`, `40 m`. */
export function shownSpan(span: number): string {
  const minutes = Math.round(span / MINUTE);
  const [days, hours, rest] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60), minutes % 60];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${String(rest).padStart(2, '0')} m` : `${rest} m`;
}
