import type { Content, HoldReason, Urgency } from '@paidan/contracts';
import type { Queryable } from '@paidan/runtime';
import type { Ticket } from '../../domain/ticket.js';
import { urgencyOfRank, urgencyRank } from './ticket-columns.js';

/** What waits for a dispatcher: 待派单 and 退单待审. */
export type Queue = 'held' | 'returned';

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

export interface QueuedTicket<Q extends Queue> {
  readonly ticketId: string;
  readonly parked: boolean;
  readonly ticket: Extract<Ticket, { status: Q }>;
  /** Absent of a text that was erased. */
  readonly content: Content | undefined;
  readonly position: QueuePosition;
}

interface Row<Q extends Queue> {
  ticket_id: string;
  urgency: number;
  held_since: Date;
  parked: boolean;
  record: Extract<Ticket, { status: Q }>;
  content: string | null;
}

/**
 * A page of a queue: the most urgent first, among those the one that has waited longest. Pages follow on a position, not an offset, so that a
 * ticket assigned meanwhile makes nobody skip another.
 */
export async function readQueue<Q extends Queue>(
  db: Queryable,
  queue: Q,
  filter: QueueFilter,
  after: QueuePosition | undefined,
  limit: number,
): Promise<QueuedTicket<Q>[]> {
  // As a literal: the planner takes the partial index of this queue.
  const conditions = [`t.status = '${queue}'`];
  const parameters: unknown[] = [];
  const given = (value: unknown): string => `$${parameters.push(value)}`;
  if (filter.urgency !== undefined) conditions.push(`t.urgency = ${given(urgencyRank(filter.urgency))}`);
  if (filter.reason !== undefined) conditions.push(`t.hold_reason = ${given(filter.reason)}`);
  // Beginning with it, as a range: that the index can answer.
  if (filter.matter !== undefined)
    conditions.push(`t.matter collate "C" >= ${given(filter.matter)} and t.matter collate "C" < ${given(`${filter.matter}:`)}`);
  if (after !== undefined) {
    const rank = given(urgencyRank(after.urgency));
    const place = `(${given(new Date(after.since))}::timestamptz, ${given(after.ticketId)}::uuid)`;
    // The first half alone lets the index start where the last page ended.
    conditions.push(`t.urgency <= ${rank} and (t.urgency < ${rank} or (t.held_since, t.ticket_id) > ${place})`);
  }
  const { rows } = await db.query<Row<Q>>(
    `select t.ticket_id, t.urgency, t.held_since, t.parked, t.record, x.content
     from (select ticket_id, urgency, held_since, parked, record from ticket t
           where ${conditions.join(' and ')} order by t.urgency desc, t.held_since, t.ticket_id limit ${given(limit)}) t
     left join ticket_text x on x.ticket_id = t.ticket_id
     order by t.urgency desc, t.held_since, t.ticket_id`,
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

/** Counting on costs more than a page of 50 and tells a dispatcher nothing new. */
export const COUNTED = 10_000;

/** How many wait, counted up to {@link COUNTED}. */
export async function countSome(db: Queryable, queue: Queue): Promise<number> {
  const { rows } = await db.query<{ count: string }>(
    `select count(*) as count from (select from ticket where status = '${queue}' limit ${COUNTED}) waiting`,
  );
  return Number(rows[0]?.count ?? 0);
}

export async function countQueue(db: Queryable, queue: Queue): Promise<number> {
  const { rows } = await db.query<{ count: string }>(`select count(*) as count from ticket where status = '${queue}'`);
  return Number(rows[0]?.count ?? 0);
}
