import { urlOf, withClient } from '@paidan/local';

/** What Postgres counted of its own work, of all services together. */
export interface DatabaseWork {
  readonly transactions: number;
  readonly inserted: number;
  readonly updated: number;
  /** Of the updates, those that touched no index. */
  readonly updatedHot: number;
  readonly deleted: number;
  readonly walBytes: number;
  readonly walRecords: number;
}

const NOTHING: DatabaseWork = { transactions: 0, inserted: 0, updated: 0, updatedHot: 0, deleted: 0, walBytes: 0, walRecords: 0 };
const COUNTED = Object.keys(NOTHING) as (keyof DatabaseWork)[];

/** Sessions tell what they did once a second at most; what is asked for is what they have told. */
export const databaseWork = (postgresUrl: string): Promise<DatabaseWork> =>
  withClient(urlOf(postgresUrl, 'paidan'), async (client) => {
    const { rows } = await client.query<Record<keyof DatabaseWork, string>>(
      `select d.xact_commit as transactions, d.tup_inserted as inserted, d.tup_updated as updated, d.tup_deleted as deleted,
         (select sum(n_tup_hot_upd) from pg_stat_user_tables) as "updatedHot",
         w.wal_bytes as "walBytes", w.wal_records as "walRecords"
       from pg_stat_database d, pg_stat_wal w where d.datname = current_database()`,
    );
    const [row] = rows;
    return row === undefined ? NOTHING : mapped((name) => Number(row[name]));
  });

export const perTicket = (before: DatabaseWork, after: DatabaseWork, tickets: number): DatabaseWork =>
  mapped((name) => Math.round((100 * (after[name] - before[name])) / tickets) / 100);

const mapped = (value: (name: keyof DatabaseWork) => number): DatabaseWork =>
  Object.fromEntries(COUNTED.map((name) => [name, value(name)])) as unknown as DatabaseWork;
