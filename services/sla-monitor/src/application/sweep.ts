import type { Log } from '@paidan/runtime';
import type { Calendars } from './calendars.js';

/** What one page did; without `last` it was the last page. */
export interface SweptPage {
  readonly tickets: number;
  readonly last?: string;
}

/** Tickets that a new calendar concerns, computed anew a page at a time; each page is a transaction. */
export interface Sweeper {
  /** Tickets that wait for one of these years, from an id on. */
  awaiting(years: readonly number[], after: string | undefined): Promise<SweptPage>;
  /** The next tickets after a correction up to this revision. */
  corrected(revision: number): Promise<SweptPage>;
}

export interface SweepOptions {
  readonly calendars: Calendars;
  readonly sweeper: Sweeper;
  readonly log: Log;
  /** Real time, milliseconds. */
  readonly pollMs: number;
}

/**
 * Follows the calendar: looks whether another replica loaded a year, and lets the tickets that a year concerns be computed anew. What is left to do stands
 * in the tables, so it goes on after a crash, and several replicas share it. The daily look of each waiting ticket would do the same a day later.
 */
export class Sweep {
  #running = false;
  #loop: Promise<void> = Promise.resolve();
  #wake: (() => void) | undefined;

  constructor(private readonly options: SweepOptions) {}

  start(): void {
    this.#running = true;
    this.#loop = this.#run();
  }

  /** Looks now instead of at the next turn. */
  wake(): void {
    this.#wake?.();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.wake();
    await this.#loop;
  }

  /** One look. @returns how many tickets were computed anew */
  async look(): Promise<number> {
    const { calendars, sweeper } = this.options;
    await calendars.refresh();
    const years = [...calendars.current.years.keys()];
    let swept = 0;
    for (const page of [(after: string | undefined) => sweeper.awaiting(years, after), () => sweeper.corrected(calendars.revision)])
      for (let done: SweptPage = { tickets: 0, last: '' }; done.last !== undefined; swept += done.tickets) {
        done = await page(done.last === '' ? undefined : done.last);
        if (!this.#running) break;
      }
    if (swept > 0) this.options.log.info({ tickets: swept }, 'deadlines computed anew under the calendar in force');
    return swept;
  }

  async #run(): Promise<void> {
    for (let failures = 0; this.#running;) {
      try {
        await this.look();
        failures = 0;
      } catch (err) {
        if (failures++ % 20 === 0) this.options.log.warn({ err }, 'calendar: looking again later');
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.options.pollMs).unref();
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (!this.#running) this.#wake();
      });
    }
  }
}
