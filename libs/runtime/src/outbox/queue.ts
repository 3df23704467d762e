import { encodeHeaders, eventType, partitionOf, sourceOf, type Service } from '@paidan/contracts';
import type { Queryable } from '../postgres/transaction.js';
import type { NoticeRow, SaidRow } from '../reactor/store.js';

/** A row on its way to the log. */
export interface QueuedMessage {
  readonly id: number;
  /** Rows of one key go out in order; a row that can't be sent holds the later ones of its key. */
  readonly heldKey: string;
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  /** Its number among what this service says of the ticket through this queue. */
  readonly turn?: { readonly of: string; readonly number: number };
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A table that is a queue: read the oldest, publish, delete. */
export interface Queue {
  readonly name: 'outbox' | 'notice';
  /** Whether a read may pass over rows of a ticket that wait, and still give its later ones (to another topic). */
  readonly skips: boolean;
  /** Rows with an id beyond `after`, oldest first, but none of the held keys and none of the blocked topics. */
  read(after: number, limit: number, blockedTopics: readonly string[]): Promise<QueuedMessage[]>;
}

/** The log of domain events: `paidan.tickets`, or its next generation, whose number of partitions may differ. */
export interface TicketsLog {
  readonly topic: string;
  readonly partitions: number;
}

/** `where` for rows that don't wait behind one that was set aside. */
const notHeld = (queue: string, key: string) => `not exists (select 1 from set_aside a where a.queue = '${queue}' and a.held_key = ${key})`;

/** Makes messages of the events that a service said. */
export const eventMessage = (service: Service, log: TicketsLog): ((row: SaidRow) => QueuedMessage) => {
  const source = sourceOf(service);
  return (row) => ({
    id: Number(row.id),
    heldKey: row.ticket_id,
    topic: log.topic,
    partition: partitionOf(row.ticket_id, log.partitions),
    key: row.ticket_id,
    turn: { of: row.ticket_id, number: row.sequence },
    value: row.payload,
    headers: encodeHeaders({
      // Unique with the source, and the same when the row is sent again.
      id: `${row.ticket_id}.${row.epoch}.${row.sequence}`,
      source,
      type: eventType(row.name),
      subject: row.ticket_id,
      time: row.at,
      sequence: row.sequence,
      epoch: row.epoch,
      ...(row.traceparent !== null && { traceparent: row.traceparent }),
      ...(row.causation_id !== null && { causationId: row.causation_id }),
    }),
  });
};

export const outboxQueue = (database: Queryable, toMessage: (row: SaidRow) => QueuedMessage): Queue => ({
  name: 'outbox',
  skips: false,
  read: async (after, limit) => {
    const { rows } = await database.query<SaidRow>(
      `select id, ticket_id, name, epoch, sequence, at, traceparent, payload, causation_id from outbox o
       where id > $1 and ${notHeld('outbox', 'o.ticket_id::text')} order by id limit $2`,
      [after, limit],
    );
    return rows.map(toMessage);
  },
});

/** Makes messages of what a service tells strangers. */
export const noticeMessage = (service: Service): ((row: NoticeRow) => QueuedMessage) => {
  const source = sourceOf(service);
  return (row) => ({
    id: Number(row.id),
    heldKey: `${row.topic}|${row.key}`,
    topic: row.topic,
    partition: 0, // a stranger's topic has one partition: its reader gets one order, and 2,000 messages a second pass through one
    key: row.key,
    ...(row.ticket_id !== null && row.number !== null && { turn: { of: row.ticket_id, number: row.number } }),
    value: row.payload,
    headers: encodeHeaders({
      id: row.notice_id,
      source,
      type: row.type,
      subject: row.key,
      time: row.at,
      ...(row.traceparent !== null && { traceparent: row.traceparent }),
    }),
  });
};

export const noticeQueue = (database: Queryable, toMessage: (row: NoticeRow) => QueuedMessage): Queue => ({
  name: 'notice',
  skips: true,
  read: async (after, limit, blockedTopics) => {
    const { rows } = await database.query<NoticeRow>(
      `select id, topic, key, type, notice_id, at, traceparent, payload, ticket_id, number from notice n
       where id > $1 and topic <> all($3::text[]) and ${notHeld('notice', `n.topic || '|' || n.key`)} order by id limit $2`,
      [after, limit, blockedTopics],
    );
    return rows.map(toMessage);
  },
});
