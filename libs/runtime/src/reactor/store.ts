import { jsonArray } from '../postgres/json-array.js';
import type { Tx } from '../postgres/transaction.js';
import type { LogRecord, Slice } from '../kafka/log-record.js';
import type { Command, Notice, Outcome } from './decision.js';
import type { FoldedTicket, ParkedRecord } from './fold-ticket.js';

/** Shards of the timer table; a ticket's timers are all in one. */
const TIMER_SHARDS = 8;

export function timerShard(ticketId: string): number {
  return Number.parseInt(ticketId.slice(-2), 16) % TIMER_SHARDS;
}

/** Compares each position with where its slice starts and sets it to where it ends. @returns the partitions that moved. */
export async function movePositions(tx: Tx, slices: readonly Slice[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ topic: string; partition: number }>(
    `update log_position p set next_offset = s.next from unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[]) as s (topic, partition, expected, next)
     where p.topic = s.topic and p.partition = s.partition and p.next_offset = s.expected returning p.topic, p.partition`,
    [slices.map((s) => s.topic), slices.map((s) => s.partition), slices.map((s) => s.from), slices.map((s) => s.to)],
  );
  return new Set(rows.map((row) => `${row.topic}/${row.partition}`));
}

export interface KnownCommand {
  readonly digest: Buffer;
  readonly outcome: Outcome;
}

export async function knownCommands(tx: Tx, commands: readonly Command[]): Promise<Map<string, KnownCommand>> {
  const { rows } = await tx.query<{ command_id: string; digest: Buffer; outcome: Outcome }>(
    'select command_id, digest, outcome from command where command_id = any($1::uuid[])',
    [commands.map((command) => command.commandId)],
  );
  return new Map(rows.map((row) => [row.command_id, { digest: row.digest, outcome: row.outcome }]));
}

type Folded = readonly FoldedTicket<unknown, Command>[];

export function insertEvents(tx: Tx, folded: Folded, epoch: number, at: string): void {
  const rows = folded.flatMap((ticket) => ticket.events.map((event) => ({ ticketId: ticket.ticketId, ...event })));
  if (rows.length === 0) return;
  tx.send(
    `insert into outbox (ticket_id, name, epoch, sequence, at, traceparent, payload)
     select t, n, $4, s, $5, tp, p from unnest($1::uuid[], $2::text[], $3::integer[], $6::text[], $7::text[]) as u (t, n, s, tp, p)`,
    [
      rows.map((row) => row.ticketId),
      rows.map((row) => row.event.name),
      rows.map((row) => row.sequence),
      epoch,
      at,
      rows.map((row) => row.traceparent ?? null),
      jsonArray(rows.map((row) => JSON.stringify(row.event.payload))),
    ],
  );
}

export function insertNotices(
  tx: Tx,
  notices: readonly (Notice & { readonly traceparent?: string })[],
  at: string,
  newId: () => string,
): void {
  if (notices.length === 0) return;
  tx.send(
    `insert into notice (topic, key, type, notice_id, at, traceparent, payload)
     select t, k, ty, i, $5, tp, p from unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $6::text[], $7::text[]) as u (t, k, ty, i, tp, p)`,
    [
      notices.map((notice) => notice.topic),
      notices.map((notice) => notice.key),
      notices.map((notice) => notice.type),
      notices.map(() => newId()),
      at,
      notices.map((notice) => notice.traceparent ?? null),
      jsonArray(notices.map((notice) => JSON.stringify(notice.payload))),
    ],
  );
}

/** @param armedDays collects days whose partition this transaction made sure of: known only once it commits. */
export function insertTimers(tx: Tx, folded: Folded, knownDays: ReadonlySet<string>, armedDays: string[]): void {
  const rows = folded.flatMap((ticket) => ticket.timers.map((timer) => ({ ticketId: ticket.ticketId, ...timer })));
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

/** Accepted commands only: a refusal is decided anew when the command is repeated, because the reason may have gone. */
export function insertCommands<C extends Command>(
  tx: Tx,
  folded: readonly FoldedTicket<unknown, C>[],
  digest: (command: C) => Buffer,
): void {
  const rows = folded.flatMap((ticket) => ticket.accepted);
  if (rows.length === 0) return;
  tx.send(
    `insert into command (command_id, ticket_id, digest, outcome) select * from unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::jsonb[])`,
    [
      rows.map(({ command }) => command.commandId),
      rows.map(({ command }) => command.ticketId),
      rows.map(({ command }) => digest(command)),
      jsonArray(rows.map(({ outcome }) => JSON.stringify(outcome))),
    ],
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
