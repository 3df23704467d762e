import { isEventName, parseWireType, type Service, type TicketEvent } from '@paidan/contracts';
import { keepRows } from '../outbox/kept.js';
import type { Queryable, Tx } from '../postgres/transaction.js';
import type { FoldedTicket } from '../reactor/fold-ticket.js';
import type { Command } from '../reactor/decision.js';
import type { LogRecord } from '../kafka/log-record.js';
import type { OwnWord } from './recall.js';

/** How the tickets of a restored schema are folded. */
export interface RestoredFolds {
  /** The log has been read: words that are left take effect. */
  readonly whole: boolean;
  /** Whether a record had been handled before the schema was restored. */
  readonly wasHandled: (record: LogRecord) => boolean;
}

export interface FoundWord {
  readonly ticketId: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly partition: number;
  readonly offset: number;
  readonly at: string;
  readonly traceparent: string | undefined;
  readonly type: string;
  readonly payload: string;
  readonly causationId: string | undefined;
}

/** Keeps words until they are folded; those that the schema knows of are left out. @returns how many it did not know of */
export async function keepWords(database: Queryable, words: readonly FoundWord[]): Promise<number> {
  if (words.length === 0) return 0;
  const { affected } = await database.query(
    `insert into recalled_word (ticket_id, epoch, sequence, partition, log_offset, at, traceparent, type, payload, causation_id)
     select u.* from unnest($1::uuid[], $2::integer[], $3::integer[], $4::integer[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::uuid[])
       as u (ticket_id, epoch, sequence, partition, log_offset, at, traceparent, type, payload, causation_id)
     left join ticket t using (ticket_id)
     where u.sequence > coalesce(t.sequence, 0) on conflict do nothing`,
    [
      words.map(({ ticketId }) => ticketId),
      words.map(({ epoch }) => epoch),
      words.map(({ sequence }) => sequence),
      words.map(({ partition }) => partition),
      words.map(({ offset }) => offset),
      words.map(({ at }) => at),
      words.map(({ traceparent }) => traceparent ?? null),
      words.map(({ type }) => type),
      words.map(({ payload }) => payload),
      words.map(({ causationId }) => causationId ?? null),
    ],
  );
  return affected;
}

interface WordRow {
  readonly ticket_id: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly partition: number;
  readonly log_offset: string;
  readonly at: string;
  readonly type: string;
  readonly payload: string;
  readonly causation_id: string | null;
}

/** The words that wait, by ticket, in the order in which they were said. To be asked for behind the locking of the tickets' rows. */
export async function wordsOf(tx: Tx, service: Service, ticketIds: readonly string[]): Promise<ReadonlyMap<string, readonly OwnWord[]>> {
  const { rows } = await tx.query<WordRow>(
    `select ticket_id, epoch, sequence, partition, log_offset, at, type, payload, causation_id from recalled_word
     where ticket_id = any($1::uuid[]) order by ticket_id, epoch, sequence`,
    [ticketIds],
  );
  const found = new Map<string, OwnWord[]>();
  for (const row of rows) {
    const words = found.get(row.ticket_id) ?? [];
    if (words.length === 0) found.set(row.ticket_id, words);
    const commandId = row.causation_id ?? undefined;
    words.push({ event: eventOf(row, service), partition: row.partition, offset: Number(row.log_offset), ...(commandId && { commandId }) });
  }
  return found;
}

/** A type that this release doesn't know stays a word without meaning: its number counts. */
function eventOf({ ticket_id: ticketId, epoch, sequence, at: time, type, payload }: WordRow, service: Service): TicketEvent {
  const parsed = parseWireType(type);
  const name = parsed.kind === 'known' ? parsed.name : type;
  const id = `${ticketId}.${epoch}.${sequence}`;
  return { name, service, ticketId, epoch, sequence, time, id, payload: JSON.parse(payload) as unknown } as TicketEvent;
}

type Folded = readonly FoldedTicket<unknown, Command>[];

/** Words that were folded wait no longer; they belong to what was said and is kept, as if the schema had said them itself. */
export function settleWords(tx: Tx, folded: Folded): void {
  const done = folded.flatMap(({ recalled, unfolded }) => [...recalled, ...unfolded]);
  const anew = folded.reduce((sum, { events }) => sum + events.length, 0);
  const notRepeated = folded.reduce((sum, ticket) => sum + ticket.noticesNotRepeated, 0);
  const unfolded = folded.reduce((sum, ticket) => sum + ticket.unfolded.length, 0);
  if (done.length > 0)
    tx.send(
      `with done as (
         delete from recalled_word w using unnest($1::uuid[], $2::integer[], $3::integer[], $4::text[]) as d (t, e, s, n)
         where w.ticket_id = d.t and w.epoch = d.e and w.sequence = d.s
         returning w.ticket_id, d.n as name, w.epoch, w.sequence, w.at, w.traceparent, w.payload, w.causation_id
       ) ${keepRows('outbox')} (
         select nextval(pg_get_serial_sequence('outbox', 'id')) as id, d.*
         from (select * from done where name is not null order by ticket_id, epoch, sequence) d
       ) said`,
      [
        done.map(({ event }) => event.ticketId),
        done.map(({ event }) => event.epoch),
        done.map(({ event }) => event.sequence),
        // One of a type that this release doesn't know could not be said again.
        done.map(({ event }) => (isEventName(event.name) ? event.name : null)),
      ],
    );
  if (done.length + anew + notRepeated > 0)
    tx.send(
      `update restoration set recalled = recalled + $1, said_anew = said_anew + $2, notices_not_repeated = notices_not_repeated + $3,
         unfolded = unfolded + $4 where ended_at is null`,
      [done.length - unfolded, anew, notRepeated, unfolded],
    );
}
