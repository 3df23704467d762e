import { headersFromBytes, type LogRecord } from '../kafka/log-record.js';
import type { Queryable } from '../postgres/transaction.js';
import type { Command } from '../reactor/decision.js';
import { TIMER_TOPIC } from '../reactor/fold-ticket.js';
import { decoded, type Decode, type Item } from '../reactor/work.js';

/** A record that waits behind its ticket, as the table `parked` keeps it. */
export interface Waiting {
  /** They wait in this order. */
  readonly id: string;
  readonly record: LogRecord;
  readonly parkedAt: Date;
  /** Why it can't be processed; of one behind the first nobody has tried. */
  readonly error?: { readonly code: string; readonly message: string };
}

interface Row {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly log_offset: string;
  readonly key: Buffer | null;
  readonly headers: Buffer;
  readonly value: Buffer | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly parked_at: Date;
}

/** The first `limit` records that wait for a ticket. */
export async function waitingFor(db: Queryable, ticketId: string, limit: number): Promise<Waiting[]> {
  const { rows } = await db.query<Row>(
    `select id, topic, partition, log_offset, key, headers, value, error_code, error_message, parked_at
     from parked where ticket_id = $1 order by id limit $2`,
    [ticketId, limit],
  );
  return rows.map(({ id, topic, partition, log_offset, key, value, headers, parked_at: parkedAt, error_code: code, error_message }) => ({
    id,
    record: { topic, partition, offset: Number(log_offset), key, value, headers: headersFromBytes(headers), timestamp: 0 },
    parkedAt,
    ...(code === null ? {} : { error: { code, message: error_message ?? '' } }),
  }));
}

/** What tells the numbers of those that wait behind a record. */
export async function waitingBehind(db: Queryable, ticketId: string, id: string): Promise<Pick<LogRecord, 'topic' | 'headers'>[]> {
  const { rows } = await db.query<Pick<Row, 'topic' | 'headers'>>('select topic, headers from parked where ticket_id = $1 and id > $2', [
    ticketId,
    id,
  ]);
  return rows.map(({ topic, headers }) => ({ topic, headers: headersFromBytes(headers) }));
}

export async function countWaiting(db: Queryable, ticketId: string): Promise<number> {
  const { rows } = await db.query<{ count: string }>('select count(*) as count from parked where ticket_id = $1', [ticketId]);
  return Number(rows[0]?.count ?? 0);
}

/** The timer that a record stands in for; undefined for a record of the log. */
export function timerOf({ topic, offset }: LogRecord): { readonly name: string; readonly version: number } | undefined {
  const [first, , ...name] = topic.split('/');
  return first === TIMER_TOPIC ? { name: name.join('/'), version: offset } : undefined;
}

/** What today's release makes of a waiting record. Undefined where it has no use for it any more: it is decided by doing nothing. */
export function itemOf<C extends Command>(decode: Decode<C>, ticketId: string, record: LogRecord): Item<C> | undefined {
  const timer = timerOf(record);
  if (timer !== undefined) return { kind: 'timer', ...timer };
  const found = decoded(decode, record);
  if (found.kind === 'skip') return undefined;
  if (found.kind === 'quarantine')
    return { kind: 'log', record, decoded: { kind: 'unprocessable', ticketId, code: found.reason, detail: found.detail } };
  return { kind: 'log', record, decoded: found };
}
