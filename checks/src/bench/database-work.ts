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

/** Rows written, by table (`dispatch.ticket`); partitions of a table are counted as the table. */
export type TableWork = Readonly<Record<string, number>>;

/** Rows inserted, updated and deleted, of each service's tables. */
export const tableWork = (postgresUrl: string): Promise<TableWork> =>
  withClient(urlOf(postgresUrl, 'paidan'), async (client) => {
    const { rows } = await client.query<{ name: string; written: string }>(
      `select s.schemaname || '.' || coalesce(whole.relname, s.relname) as name, sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del) as written
       from pg_stat_user_tables s
         left join pg_inherits i on i.inhrelid = s.relid
         left join pg_class whole on whole.oid = i.inhparent
       group by 1`,
    );
    return Object.fromEntries(rows.map(({ name, written }) => [name, Number(written)]));
  });

/** By how much each grew, per ticket; the most first, without what is below `least`. */
export const tablesPerTicket = (before: TableWork, after: TableWork, tickets: number, least: number): TableWork =>
  Object.fromEntries(
    Object.entries(after)
      .map(([name, written]) => [name, Math.round((100 * (written - (before[name] ?? 0))) / tickets) / 100] as const)
      .filter(([, written]) => written >= least)
      .sort(([, a], [, b]) => b - a),
  );
