import { RuntimeError } from '../errors.js';
import { sqlCode } from './sql-errors.js';
import type { Queryable, Tx } from './transaction.js';
import type { TicketRow } from '../reactor/row.js';

/** A typed column of `ticket` beside the record: only what is queried, and no index on what changes with every event. */
export interface Column<R> {
  readonly name: string;
  readonly type: 'text' | 'integer' | 'uuid' | 'timestamptz' | 'boolean' | 'smallint';
  readonly value: (record: R) => string | number | boolean | Date | null;
}

interface StoredRow {
  ticket_id: string;
  sequence: number;
  notices: number;
  handled: TicketRow<unknown>['handled'];
  timers: TicketRow<unknown>['timers'];
  timer_version: number;
  parked: boolean;
  record: unknown;
}

const BASE = 'ticket_id, sequence, notices, handled, timers, timer_version, parked, record';

/** A ticket's row that two transactions created at once is no bad data: the later one does its work again and finds it. */
export function createdMeanwhile(error: unknown): RuntimeError | undefined {
  const { constraint } = error as { readonly constraint?: string };
  if (sqlCode(error) !== '23505' || constraint !== 'ticket_pkey') return undefined;
  return new RuntimeError('row-conflict', 'another transaction created one of the tickets first');
}

/** Reads and writes whole sets of ticket rows: one statement each, whatever their number. */
export class Rows<R> {
  private readonly insertSql: string;
  private readonly updateSql: string;

  constructor(private readonly columns: readonly Column<R>[]) {
    const extra = columns.map((column, i) => ({ name: column.name, array: `$${i + 9}::${column.type}[]` }));
    const source = `unnest($1::uuid[], $2::integer[], $3::integer[], $4::json[], $5::json[], $6::integer[], $7::boolean[], $8::json[]${extra.map((e) => `, ${e.array}`).join('')})`;
    const names = [BASE, ...extra.map((e) => e.name)].join(', ');
    this.insertSql = `insert into ticket (${names}) select * from ${source}`;
    const assignments = names
      .split(', ')
      .slice(1)
      .map((name) => `${name} = new.${name}`)
      .join(', ');
    this.updateSql = `update ticket set ${assignments} from ${source} as new (${names}) where ticket.ticket_id = new.ticket_id`;
  }

  /** Locks the tickets that exist, in id order, so that two transactions over overlapping sets can't wait for each other. */
  async lock(tx: Tx, ticketIds: readonly string[]): Promise<Map<string, TicketRow<R>>> {
    const { rows } = await tx.query<StoredRow>(
      `select ${BASE} from ticket where ticket_id = any($1::uuid[]) order by ticket_id for update`,
      [[...ticketIds].sort()],
    );
    return new Map(rows.map((row) => [row.ticket_id, this.fromStored(row)]));
  }

  /** Reads one ticket without a lock, for showing. */
  async read(db: Queryable, ticketId: string): Promise<TicketRow<R> | undefined> {
    const { rows } = await db.query<StoredRow>(`select ${BASE} from ticket where ticket_id = $1`, [ticketId]);
    return rows[0] && this.fromStored(rows[0]);
  }

  /** Another transaction may have created one of them in between: the transaction fails then with {@link createdMeanwhile}. */
  insert(tx: Tx, rows: readonly TicketRow<R>[]): void {
    if (rows.length > 0) tx.send(this.insertSql, this.parameters(rows));
  }

  update(tx: Tx, rows: readonly TicketRow<R>[]): void {
    if (rows.length > 0) tx.send(this.updateSql, this.parameters(rows));
  }

  private fromStored(row: StoredRow): TicketRow<R> {
    return {
      ticketId: row.ticket_id,
      sequence: row.sequence,
      notices: row.notices,
      handled: row.handled,
      timers: row.timers,
      timerVersion: row.timer_version,
      parked: row.parked,
      // The record was written by this service's own code; a change of its shape is a migration, not a surprise met here.
      record: (row.record ?? undefined) as R | undefined,
    };
  }

  private parameters(rows: readonly TicketRow<R>[]): unknown[] {
    return [
      rows.map((row) => row.ticketId),
      rows.map((row) => row.sequence),
      rows.map((row) => row.notices),
      rows.map((row) => JSON.stringify(row.handled)),
      rows.map((row) => JSON.stringify(row.timers)),
      rows.map((row) => row.timerVersion),
      rows.map((row) => row.parked),
      rows.map((row) => (row.record === undefined ? null : JSON.stringify(row.record))),
      ...this.columns.map((column) => rows.map((row) => (row.record === undefined ? null : column.value(row.record)))),
    ];
  }
}
