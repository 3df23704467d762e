import { type BusinessHours, type Calendar, type CalendarYear, checkYear, makeCalendar, type YearProblem } from '@paidan/kernel';
import type { Log } from '@paidan/runtime';
import { slaError } from '../errors.js';

/** A year as an operator loaded it; it wins over the file of the release. */
export interface LoadedYear {
  readonly year: number;
  /** Grows with each loading, over all years. */
  readonly revision: number;
  readonly file: unknown;
  readonly loadedBy: string;
  readonly loadedAt: Date;
}

/** Where loaded years are kept. */
export interface CalendarShelf {
  all(): Promise<LoadedYear[]>;
  /** Keeps a year unless what is kept is the same, alone among replicas. `check` sees what is kept already and throws if the year can't be taken. */
  keep(year: number, file: unknown, by: string, check: (kept: readonly LoadedYear[]) => { readonly corrects: boolean }): Promise<void>;
}

export interface CalendarsOptions {
  /** The years of the release. */
  readonly files: readonly CalendarYear[];
  readonly hours: BusinessHours;
  readonly shelf: CalendarShelf;
  readonly log: Log;
}

interface InForce {
  readonly revision: number;
  readonly calendar: Calendar;
  readonly loaded: ReadonlyMap<number, LoadedYear>;
}

/** The calendar in force: the years of the release, and those that operators loaded since. */
export class Calendars {
  #inForce: InForce;

  constructor(private readonly options: CalendarsOptions) {
    this.#inForce = this.#put([]);
  }

  get current(): Calendar {
    return this.#inForce.calendar;
  }

  /** The newest loading that is in force here. */
  get revision(): number {
    return this.#inForce.revision;
  }

  loaded(year: number): LoadedYear | undefined {
    return this.#inForce.loaded.get(year);
  }

  /** Takes over what another replica loaded. @throws PaidanError `calendar-invalid` if a kept year contradicts a newer release */
  async refresh(): Promise<void> {
    const kept = await this.options.shelf.all();
    if (revisionOf(kept) === this.#inForce.revision) return;
    this.#inForce = this.#put(kept);
    this.options.log.info({ years: [...this.#inForce.calendar.years.keys()] }, 'calendar in force');
  }

  /**
   * Publishes a year, or corrects it: all of it, or what is wrong with it and nothing.
   * @throws PaidanError `calendar-invalid` naming each wrong day
   */
  async load(year: number, file: unknown, by: string): Promise<void> {
    const checked = checkYear(file, year);
    if (!checked.ok) throw invalid(year, checked.problems);
    const fresh = checked.year;
    if (fresh === undefined) throw invalid(year, [NO_PAPERS]);
    await this.options.shelf.keep(year, file, by, (kept) => {
      const before = this.#put(kept).calendar;
      const years = [...before.years.values()].filter((other) => other.year !== year);
      const made = makeCalendar([...years, fresh], this.options.hours);
      if (!made.ok) throw invalid(year, made.problems);
      // A year that was published before, or that says something of the December of one that was: deadlines that are known already may be wrong.
      return {
        corrects:
          before.years.has(year) || fresh.days.some(({ day }) => before.runs.some(({ first, last }) => day >= first && day <= last)),
      };
    });
    await this.refresh();
  }

  #put(kept: readonly LoadedYear[]): InForce {
    const { files, hours } = this.options;
    const loaded = new Map(kept.map((one) => [one.year, one]));
    const years = kept.map(({ year, file }) => {
      const checked = checkYear(file, year);
      if (!checked.ok || checked.year === undefined) throw invalid(year, checked.ok ? [NO_PAPERS] : checked.problems);
      return checked.year;
    });
    const made = makeCalendar([...files.filter(({ year }) => !loaded.has(year)), ...years], hours);
    if (!made.ok) throw slaError('calendar-invalid', made.problems.map(({ detail }) => detail).join('; '));
    return { revision: revisionOf(kept), calendar: made.calendar, loaded };
  }
}

const revisionOf = (kept: readonly LoadedYear[]): number => kept.reduce((newest, { revision }) => Math.max(newest, revision), 0);

const NO_PAPERS: YearProblem = {
  pointer: '/papers',
  code: 'no-papers',
  detail: 'names no notice that publishes it',
  detailZh: '没有公布文件',
};

const invalid = (year: number, problems: readonly YearProblem[]): Error =>
  slaError('calendar-invalid', `the calendar of ${year}: ${problems.length} wrong`, { extensions: { year, errors: problems } });
