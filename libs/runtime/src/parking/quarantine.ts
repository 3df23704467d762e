import type { Queryable } from '../postgres/transaction.js';

/** Where a record lies in the log. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** A record that belongs to no ticket that could be told, kept aside with the reason. */
export interface QuarantinedRecord extends Place {
  readonly reason: string;
  readonly detail: string;
  /** Of its value. */
  readonly bytes: number;
  readonly quarantinedAt: Date;
}

const SHOWN = `topic, partition, log_offset as "offset", reason, detail, coalesce(length(value), 0) as bytes, quarantined_at as "quarantinedAt"`;
const shown = <T extends { readonly offset: string }>(row: T): Omit<T, 'offset'> & { readonly offset: number } => ({
  ...row,
  offset: Number(row.offset),
});
type Row = Omit<QuarantinedRecord, 'offset'> & { readonly offset: string };

/** The newest first. */
export async function quarantined(db: Queryable, limit: number): Promise<QuarantinedRecord[]> {
  const { rows } = await db.query<Row>(
    `select ${SHOWN} from quarantine order by quarantined_at desc, topic, partition, log_offset desc limit $1`,
    [limit],
  );
  return rows.map(shown);
}

export async function quarantinedAt(
  db: Queryable,
  { topic, partition, offset }: Place,
): Promise<(QuarantinedRecord & { readonly value: Buffer | null }) | undefined> {
  const { rows } = await db.query<Row & { readonly value: Buffer | null }>(
    `select ${SHOWN}, value from quarantine where topic = $1 and partition = $2 and log_offset = $3`,
    [topic, partition, offset],
  );
  return rows[0] && shown(rows[0]);
}

export async function countQuarantined(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: string }>('select count(*) as count from quarantine');
  return Number(rows[0]?.count ?? 0);
}
