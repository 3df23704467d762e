import { headersFromBytes } from '../kafka/log-record.js';
import type { Queryable } from '../postgres/transaction.js';
import type { Command } from '../reactor/decision.js';
import { showRecord, type Reading, type RecordShown } from './show-record.js';

export interface ParkedTicket {
  readonly ticketId: string;
  readonly waiting: number;
  readonly since: Date;
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** A record that an operator threw away. */
export interface DiscardedRecord extends RecordShown {
  readonly record: string;
  /** Why it could not be processed. */
  readonly error: { readonly code: string; readonly message: string };
  readonly reason: string;
  readonly by: string;
  readonly at: Date;
  /** Its number counts as handled: should it come again, it is passed over. */
  readonly handled: boolean;
}

/** A ticket as a service's runtime holds it: what it has said of it, and what of it waits. */
export interface TicketStanding {
  /** Number of the last event that the service has said of it. */
  readonly sequence: number;
  readonly parked: boolean;
  /** Records parked, events not sent yet, notices to strangers not sent yet, and of both those that could not be sent. */
  readonly waiting: number;
  readonly unsentEvents: number;
  readonly unsentNotices: number;
  readonly setAside: number;
}

/** Parked tickets, longest waiting first. */
export async function parkedTickets(db: Queryable, limit: number): Promise<ParkedTicket[]> {
  const { rows } = await db.query<{ ticket_id: string; waiting: string; since: Date; code: string | null; message: string | null }>(
    `select ticket_id, count(*) as waiting, min(parked_at) as since, (array_agg(error_code order by id) filter (where error_code is not null))[1] as code,
       (array_agg(error_message order by id) filter (where error_message is not null))[1] as message
     from parked group by ticket_id order by min(id) limit $1`,
    [limit],
  );
  return rows.map((row) => ({
    ticketId: row.ticket_id,
    waiting: Number(row.waiting),
    since: row.since,
    errorCode: row.code ?? 'unknown',
    errorMessage: row.message ?? '',
  }));
}

interface DiscardedRow {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly log_offset: string;
  readonly headers: Buffer;
  readonly value: Buffer | null;
  readonly error_code: string;
  readonly error_message: string;
  readonly reason: string;
  readonly discarded_by: string;
  readonly discarded_at: Date;
  readonly handled: boolean;
}

/** What was thrown away of a ticket, in order; all of it, or the one record. */
export async function discardedOf<C extends Command>(
  db: Queryable,
  reading: Reading<C>,
  ticketId: string,
  record?: string,
): Promise<DiscardedRecord[]> {
  const { rows } = await db.query<DiscardedRow>(
    `select id, topic, partition, log_offset, headers, value, error_code, error_message, reason, discarded_by, discarded_at, handled
     from discarded where ticket_id = $1 and ($2::bigint is null or id = $2) order by id`,
    [ticketId, record ?? null],
  );
  return rows.map(({ id, log_offset, headers, error_code: code, error_message: message, discarded_by: by, discarded_at: at, ...row }) => ({
    record: id,
    ...showRecord(reading, { ...row, offset: Number(log_offset), key: null, headers: headersFromBytes(headers), timestamp: 0 }),
    error: { code, message },
    reason: row.reason,
    by,
    at,
    handled: row.handled,
  }));
}

/** Undefined where the service has no row of the ticket. The queues have no index on it: a person asks, and they are short while the log can be reached. */
export async function standingOf(db: Queryable, ticketId: string): Promise<TicketStanding | undefined> {
  const { rows } = await db.query<Record<Exclude<keyof TicketStanding, 'parked'>, string> & { readonly parked: boolean }>(
    `select sequence, parked,
       (select count(*) from parked p where p.ticket_id = t.ticket_id) as waiting,
       (select count(*) from outbox o where o.ticket_id = t.ticket_id) as "unsentEvents",
       (select count(*) from notice n where n.key = t.ticket_id::text) as "unsentNotices",
       (select count(*) from set_aside a where a.held_key = t.ticket_id::text or a.held_key like '%|' || t.ticket_id) as "setAside"
     from ticket t where ticket_id = $1`,
    [ticketId],
  );
  const found = rows[0];
  if (found === undefined) return undefined;
  const { parked, sequence, waiting, unsentEvents, unsentNotices, setAside } = found;
  return {
    sequence: Number(sequence),
    parked,
    waiting: Number(waiting),
    unsentEvents: Number(unsentEvents),
    unsentNotices: Number(unsentNotices),
    setAside: Number(setAside),
  };
}
