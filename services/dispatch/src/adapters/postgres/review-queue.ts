import type { Content, HoldReason, Urgency } from '@paidan/contracts';
import type { Queryable } from '@paidan/runtime';
import type { Ticket } from '../../domain/ticket.js';
import { urgencyOfRank, urgencyRank } from './ticket-columns.js';

export interface QueueFilter {
  readonly urgency?: Urgency | undefined;
  readonly reason?: HoldReason | undefined;
  /** Matter code, or the beginning of one. */
  readonly matter?: string | undefined;
}

/** Where the last page ended. */
export interface QueuePosition {
  readonly urgency: Urgency;
  readonly since: number;
  readonly ticketId: string;
}

export interface QueuedTicket {
  readonly ticketId: string;
  readonly parked: boolean;
  readonly ticket: Extract<Ticket, { status: 'held' }>;
  /** Absent of a text that was erased. */
  readonly content: Content | undefined;
  readonly position: QueuePosition;
}

interface Row {
  ticket_id: string;
  urgency: number;
  held_since: Date;
  parked: boolean;
  record: Extract<Ticket, { status: 'held' }>;
  content: string | null;
}

/**
 * A page of the review queue: the most urgent first, among those the one that has waited longest. Pages follow on a position, not an offset, so that a
 * ticket assigned meanwhile makes nobody skip another.
 */
export async function readQueue(
  db: Queryable,
  filter: QueueFilter,
  after: QueuePosition | undefined,
  limit: number,
): Promise<QueuedTicket[]> {
  const conditions = [`t.status = 'held'`];
  const parameters: unknown[] = [];
  const given = (value: unknown): string => `$${parameters.push(value)}`;
  if (filter.urgency !== undefined) conditions.push(`t.urgency = ${given(urgencyRank(filter.urgency))}`);
  if (filter.reason !== undefined) conditions.push(`t.hold_reason = ${given(filter.reason)}`);
  if (filter.matter !== undefined) conditions.push(`starts_with(t.matter, ${given(filter.matter)})`);
  if (after !== undefined) {
    const rank = given(urgencyRank(after.urgency));
    const place = `(${given(new Date(after.since))}::timestamptz, ${given(after.ticketId)}::uuid)`;
    // The first half alone lets the index start where the last page ended.
    conditions.push(`t.urgency <= ${rank} and (t.urgency < ${rank} or (t.held_since, t.ticket_id) > ${place})`);
  }
  const { rows } = await db.query<Row>(
    `select t.ticket_id, t.urgency, t.held_since, t.parked, t.record, x.content
     from ticket t left join ticket_text x on x.ticket_id = t.ticket_id
     where ${conditions.join(' and ')} order by t.urgency desc, t.held_since, t.ticket_id limit ${given(limit)}`,
    parameters,
  );
  return rows.map((row) => ({
    ticketId: row.ticket_id,
    parked: row.parked,
    ticket: row.record,
    content: row.content === null ? undefined : (JSON.parse(row.content) as Content),
    position: { urgency: urgencyOfRank(row.urgency), since: row.held_since.getTime(), ticketId: row.ticket_id },
  }));
}

export async function countQueue(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: string }>(`select count(*) as count from ticket where status = 'held'`);
  return Number(rows[0]?.count ?? 0);
}
