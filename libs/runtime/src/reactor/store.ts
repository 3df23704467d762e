import type { EventName } from '@paidan/contracts';
import { Fenced } from '../errors.js';
import { FENCED_SQLSTATE } from '../postgres/migrations/runtime-fence.js';
import { keepRows } from '../outbox/kept.js';
import { sqlCode } from '../postgres/sql-errors.js';
import type { Tx } from '../postgres/transaction.js';
import type { LogRecord, Slice } from '../kafka/log-record.js';
import type { Command, Notice, Outcome } from './decision.js';
import type { FoldedTicket, ParkedRecord, SaidNotice } from './fold-ticket.js';

/** Shards of the timer table; a ticket's timers are all in one. */
const TIMER_SHARDS = 8;

export function timerShard(ticketId: string): number {
  return Number.parseInt(ticketId.slice(-2), 16) % TIMER_SHARDS;
}

/** Compares each position with where its slice starts and sets it to where it ends; the transaction fails (see {@link fencedBy}) where one stands elsewhere. */
export function movePositions(tx: Tx, slices: readonly Slice[]): void {
  if (slices.length === 0) return;
  tx.send('select move_positions($1::text[], $2::integer[], $3::bigint[], $4::bigint[])', [
    slices.map((s) => s.topic),
    slices.map((s) => s.partition),
    slices.map((s) => s.from),
    slices.map((s) => s.to),
  ]);
}

/** The partitions that another process owns, if that is why the transaction failed. */
export function fencedBy(error: unknown, slices: readonly Slice[]): Fenced | undefined {
  if (sqlCode(error) !== FENCED_SQLSTATE) return undefined;
  const elsewhere = new Set(String((error as { detail?: unknown }).detail).split(','));
  return new Fenced(slices.filter(({ topic, partition }) => elsewhere.has(`${topic}/${partition}`)));
}

export interface KnownCommand {
  /** Null where only its words told of it: the payload was not among them. */
  readonly digest: Buffer | null;
  readonly ticketId: string;
  readonly outcome: Outcome;
}

export async function knownCommands(tx: Tx, commands: readonly Command[]): Promise<Map<string, KnownCommand>> {
  const { rows } = await tx.query<{ command_id: string; ticket_id: string; digest: Buffer | null; outcome: Outcome }>(
    'select command_id, ticket_id, digest, outcome from command where command_id = any($1::uuid[])',
    [commands.map((command) => command.commandId)],
  );
  return new Map(rows.map((row) => [row.command_id, { digest: row.digest, ticketId: row.ticket_id, outcome: row.outcome }]));
}

type Folded = readonly FoldedTicket<unknown, Command>[];

/** An event as it stands in the outbox. `payload` is JSON. */
export interface SaidRow {
  readonly id: string;
  readonly ticket_id: string;
  readonly name: EventName;
  readonly epoch: number;
  readonly sequence: number;
  readonly at: string;
  readonly traceparent: string | null;
  readonly payload: string;
  /** Of the command that led to it. */
  readonly causation_id: string | null;
}

/** @returns a list that fills with the rows when they are written. */
export function insertEvents(tx: Tx, folded: Folded, epoch: number, at: string): SaidRow[] {
  const rows = folded.flatMap(({ ticketId, events }) =>
    events.map(({ event, sequence, traceparent = null, causationId = null }) => ({
      ticket_id: ticketId,
      name: event.name,
      epoch,
      sequence,
      at,
      traceparent,
      payload: JSON.stringify(event.payload),
      causation_id: causationId,
    })),
  );
  const said: SaidRow[] = [];
  if (rows.length === 0) return said;
  tx.send(
    `with said as (
       insert into outbox (ticket_id, name, epoch, sequence, at, traceparent, payload, causation_id)
       select t, n, $4, s, $5, tp, p, c
       from unnest($1::uuid[], $2::text[], $3::integer[], $6::text[], $7::text[], $8::uuid[]) as u (t, n, s, tp, p, c)
       returning *
     ), kept as (${keepRows('outbox')} said)
     select id, ticket_id, sequence from said`,
    [
      rows.map((row) => row.ticket_id),
      rows.map((row) => row.name),
      rows.map((row) => row.sequence),
      epoch,
      at,
      rows.map((row) => row.traceparent),
      rows.map((row) => row.payload),
      rows.map((row) => row.causation_id),
    ],
    ({ rows: written }) => {
      // Postgres promises no order of what it returns, so each is found by its own words.
      const ids = new Map(written.map(({ id, ticket_id, sequence }) => [`${String(ticket_id)}/${String(sequence)}`, String(id)]));
      for (const row of rows) said.push({ id: ids.get(`${row.ticket_id}/${row.sequence}`) ?? '', ...row });
    },
  );
  return said;
}

/** A notice as it stands in its table. `payload` is JSON. */
export interface NoticeRow {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly type: string;
  readonly notice_id: string;
  readonly at: string;
  readonly traceparent: string | null;
  readonly payload: string;
  /** The ticket that it is of and its number there; null for what is said beside any ticket. */
  readonly ticket_id: string | null;
  readonly number: number | null;
}

/** @returns a list that fills with the rows when they are written. */
export function insertNotices(
  tx: Tx,
  folded: readonly Pick<Folded[number], 'ticketId' | 'notices'>[],
  beside: readonly Notice[],
  at: string,
  newId: () => string,
): NoticeRow[] {
  const toRow = (notice: SaidNotice, ticketId: string | null): Omit<NoticeRow, 'id'> => ({
    topic: notice.topic,
    key: notice.key,
    type: notice.type,
    notice_id: newId(),
    at,
    traceparent: notice.traceparent ?? null,
    payload: JSON.stringify(notice.payload),
    ticket_id: notice.number === undefined ? null : ticketId,
    number: notice.number ?? null,
  });
  const rows = [
    ...beside.map((notice) => toRow(notice, null)),
    ...folded.flatMap(({ ticketId, notices }) => notices.map((notice) => toRow(notice, ticketId))),
  ];
  const said: NoticeRow[] = [];
  if (rows.length === 0) return said;
  tx.send(
    `with said as (
       insert into notice (topic, key, type, notice_id, at, traceparent, payload, ticket_id, number)
       select t, k, ty, i, $5, tp, p, ti, n
       from unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $6::text[], $7::text[], $8::uuid[], $9::integer[]) as u (t, k, ty, i, tp, p, ti, n)
       returning *
     ), kept as (${keepRows('notice')} said)
     select id, notice_id from said`,
    [
      rows.map((row) => row.topic),
      rows.map((row) => row.key),
      rows.map((row) => row.type),
      rows.map((row) => row.notice_id),
      at,
      rows.map((row) => row.traceparent),
      rows.map((row) => row.payload),
      rows.map((row) => row.ticket_id),
      rows.map((row) => row.number),
    ],
    ({ rows: written }) => {
      const ids = new Map(written.map(({ id, notice_id }) => [String(notice_id), String(id)]));
      for (const row of rows) said.push({ id: ids.get(row.notice_id) ?? '', ...row });
    },
  );
  return said;
}

/** @param armedDays collects days whose partition this transaction made sure of: known only once it commits. */
export function insertTimers(tx: Tx, folded: Folded, knownDays: ReadonlySet<string>, armedDays: string[]): void {
  // One that was armed and replaced within the same fold would only be found stale.
  const rows = folded.flatMap(({ ticketId, row, timers }) =>
    timers.filter(({ name, version }) => row.timers[name]?.version === version).map((timer) => ({ ticketId, ...timer })),
  );
  if (rows.length === 0) return;
  const due = rows.map((row) => new Date(row.dueAt).toISOString());
  for (const day of new Set(due.map((iso) => iso.slice(0, 10))))
    if (!knownDays.has(day)) {
      tx.send('select ensure_timer_day($1::date)', [day]);
      armedDays.push(day);
    }
  tx.send(
    `insert into timer (shard, due_at, ticket_id, name, version)
     select * from unnest($1::smallint[], $2::timestamptz[], $3::uuid[], $4::text[], $5::integer[]) on conflict do nothing`,
    [
      rows.map((row) => timerShard(row.ticketId)),
      due,
      rows.map((row) => row.ticketId),
      rows.map((row) => row.name),
      rows.map((row) => row.version),
    ],
  );
}

/** Refused ones as well: who repeats a command because its answer was lost must hear that answer, though the reason has gone meanwhile. */
export function insertCommands<C extends Command>(
  tx: Tx,
  folded: readonly FoldedTicket<unknown, C>[],
  digest: (command: C, outcome: Outcome) => Buffer,
): void {
  const rows = folded.flatMap((ticket) => ticket.settled);
  if (rows.length === 0) return;
  tx.send(
    `insert into command (command_id, ticket_id, digest, outcome) select * from unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::jsonb[])`,
    [
      rows.map(({ command }) => command.commandId),
      rows.map(({ command }) => command.ticketId),
      rows.map(({ command, outcome }) => digest(command, outcome)),
      rows.map(({ outcome }) => JSON.stringify(outcome)),
    ],
  );
}

/** Commands that a restored schema knows by their words alone, as their last word has it. One that it remembers anyway stays as it is. */
export function insertRecalledCommands(tx: Tx, folded: Folded): void {
  const told = folded.flatMap(({ ticketId, recalledCommands }) => recalledCommands.map((command) => ({ ticketId, ...command })));
  const rows = [...new Map(told.map((command) => [command.commandId, command])).values()];
  if (rows.length === 0) return;
  tx.send(
    `insert into command (command_id, ticket_id, outcome) select * from unnest($1::uuid[], $2::uuid[], $3::jsonb[])
     on conflict (command_id) do update set outcome = excluded.outcome where command.digest is null and command.ticket_id = excluded.ticket_id`,
    [rows.map(({ commandId }) => commandId), rows.map(({ ticketId }) => ticketId), rows.map(({ outcome }) => JSON.stringify(outcome))],
  );
}

export function insertParked(tx: Tx, rows: readonly (ParkedRecord & { ticketId: string; headers: Buffer })[]): void {
  if (rows.length === 0) return;
  tx.send(
    `insert into parked (ticket_id, topic, partition, log_offset, key, headers, value, error_code, error_message)
     select * from unnest($1::uuid[], $2::text[], $3::integer[], $4::bigint[], $5::bytea[], $6::bytea[], $7::bytea[], $8::text[], $9::text[])
     on conflict (topic, partition, log_offset) do nothing`,
    [
      rows.map((row) => row.ticketId),
      ...place(rows.map((row) => row.record)),
      rows.map((row) => row.record.key),
      rows.map((row) => row.headers),
      rows.map((row) => row.record.value),
      rows.map((row) => row.error?.code ?? null),
      rows.map((row) => row.error?.message ?? null),
    ],
  );
}

export function insertQuarantined(tx: Tx, rows: readonly { record: LogRecord; reason: string; detail: string; headers: Buffer }[]): void {
  if (rows.length === 0) return;
  tx.send(
    `insert into quarantine (topic, partition, log_offset, key, headers, value, reason, detail)
     select * from unnest($1::text[], $2::integer[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bytea[], $7::text[], $8::text[])
     on conflict (topic, partition, log_offset) do nothing`,
    [
      ...place(rows.map((row) => row.record)),
      rows.map((row) => row.record.key),
      rows.map((row) => row.headers),
      rows.map((row) => row.record.value),
      rows.map((row) => row.reason),
      rows.map((row) => row.detail.replaceAll('\u0000', '\\0').toWellFormed().slice(0, 2000)),
    ],
  );
}

const place = (records: readonly LogRecord[]): [string[], number[], number[]] => [
  records.map((record) => record.topic),
  records.map((record) => record.partition),
  records.map((record) => record.offset),
];
