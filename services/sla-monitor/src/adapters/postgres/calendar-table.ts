import type { Database, Queryable } from '@paidan/runtime';
import type { CalendarShelf, LoadedYear } from '../../application/calendars.js';

interface Row {
  readonly year: number;
  readonly revision: string;
  readonly file: string;
  readonly loaded_by: string;
  readonly loaded_at: Date;
}

const read = async (db: Queryable): Promise<LoadedYear[]> => {
  const { rows } = await db.query<Row>('select year, revision, file, loaded_by, loaded_at from calendar_year order by year');
  return rows.map(({ revision, file, loaded_by: loadedBy, loaded_at: loadedAt, year }) => ({
    year,
    revision: Number(revision),
    file: JSON.parse(file) as unknown,
    loadedBy,
    loadedAt,
  }));
};

/**
 * Years loaded by operators, for all replicas.
 * @param heardMs real time within which each replica has heard of a new one
 */
export const calendarTable = (database: Database, now: () => number, heardMs: number): CalendarShelf => ({
  all: () => read(database),
  keep: (year, file, by, check) =>
    database.transaction(async (tx) => {
      // Two years loaded at once must not contradict each other: each is checked against what the other left.
      await tx.query(`select pg_advisory_xact_lock(hashtext('calendar:' || current_schema()))`);
      const kept = await read(tx);
      const text = JSON.stringify(file);
      if (kept.some((one) => one.year === year && JSON.stringify(one.file) === text)) return;
      const { corrects } = check(kept);
      tx.send(
        `insert into calendar_year (year, revision, file, loaded_by, loaded_at, swept, sweep_from)
         values ($1, nextval('calendar_revision'), $2, $3, $4, $5, now() + $6 * interval '1 millisecond')
         on conflict (year) do update set revision = excluded.revision, file = excluded.file, loaded_by = excluded.loaded_by,
           loaded_at = excluded.loaded_at, swept = excluded.swept, swept_after = null, sweep_from = excluded.sweep_from`,
        [year, text, by, new Date(now()), !corrects, heardMs],
      );
    }),
});
