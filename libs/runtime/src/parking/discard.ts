import type { Service } from '@paidan/contracts';
import { RuntimeError } from '../errors.js';
import type { LogRecord } from '../kafka/log-record.js';
import type { Tx } from '../postgres/transaction.js';
import type { Command, Notice, Outcome } from '../reactor/decision.js';
import { isHandled, type Mark, type TicketRow } from '../reactor/row.js';
import { decoded } from '../reactor/work.js';
import { saidIn, type Reading } from './show-record.js';
import { timerOf, type Waiting } from './waiting.js';

/** What an operator orders: to throw away this very record, which the operator was shown, and no other that may be first by now. */
export interface DiscardOrder {
  readonly ticketId: string;
  /** {@link Waiting.id} */
  readonly record: string;
  readonly reason: string;
  /** The operator's `sub`. */
  readonly by: string;
}

/** A record that failed. */
export type Failed = Waiting & Required<Pick<Waiting, 'error'>>;

/** @throws RuntimeError `nothing-parked`, `not-first`, `not-failed` */
export function requireFailed(first: Waiting | undefined, { ticketId, record }: DiscardOrder): Failed {
  if (first === undefined) throw new RuntimeError('nothing-parked', `ticket ${ticketId} has nothing parked`);
  const { id, error } = first;
  if (id !== record) throw new RuntimeError('not-first', `ticket ${ticketId} waits for record ${id}, not for ${record}`, { first: id });
  if (error === undefined) throw new RuntimeError('not-failed', `record ${record} has not failed: replay the ticket`);
  return { ...first, error };
}

/** A word of a service about the ticket. */
export interface Said {
  readonly service: Service;
  readonly mark: Mark;
}

/** Whose word about this ticket a record is. */
export function saidOf<C extends Command>(
  reading: Reading<C>,
  ticketId: string,
  record: Pick<LogRecord, 'topic' | 'headers'>,
): Said | undefined {
  const said = saidIn(reading, record);
  return said?.ticketId === ticketId ? { service: said.service, mark: said.mark } : undefined;
}

/**
 * The row once a word is thrown away: its number counts as handled, so that its repetition doesn't park the ticket anew – unless a lower one that has not
 * been handled waits behind it. Numbers grow along the log, so this one is made up then, and the others would be passed over with it.
 */
export function markedAs<R>(row: TicketRow<R>, said: Said, behind: readonly Said[]): TicketRow<R> {
  const isIn = (marks: Pick<TicketRow<R>, 'handled'>, { service, mark: [epoch, sequence] }: Said): boolean =>
    isHandled(marks, { service, epoch, sequence });
  const isRepeated = ({ service, mark: [epoch, sequence] }: Said): boolean =>
    service === said.service && epoch === said.mark[0] && sequence === said.mark[1];
  const marked = { ...row, handled: { ...row.handled, [said.service]: said.mark } };
  const isLost = (other: Said): boolean => !isIn(row, other) && isIn(marked, other) && !isRepeated(other);
  return isIn(row, said) || behind.some(isLost) ? row : marked;
}

/** The row once a timer is thrown away. */
export function disarmed<R>(row: TicketRow<R>, timer: { readonly name: string; readonly version: number }): TicketRow<R> {
  const { [timer.name]: armed, ...timers } = row.timers;
  return armed?.version === timer.version ? { ...row, timers } : row;
}

/** Names a command that an operator threw away to whoever sent it, as the reason of its refusal. */
const DISCARDED: Outcome = { accepted: false, reason: 'discarded' };

/** What the sender of a record that is thrown away is told: a unit whose command it was, which may send it again. */
export function refusalsOf<C extends Command>(
  { decode }: Reading<C>,
  answer: ((command: C, outcome: Outcome) => readonly Notice[]) | undefined,
  record: LogRecord,
): readonly Notice[] {
  if (timerOf(record) !== undefined) return [];
  const found = decoded(decode, record);
  if (found.kind === 'quarantine') return found.notices ?? [];
  return found.kind === 'message' && found.message.kind === 'command' ? (answer?.(found.message.command, DISCARDED) ?? []) : [];
}

/** Moves the record from `parked` to `discarded`, every byte of it. */
export function moveToDiscarded(tx: Tx, { record, reason, by }: DiscardOrder, handled: boolean, at: Date): void {
  tx.send(
    `with gone as (delete from parked where id = $1 returning *)
     insert into discarded (id, ticket_id, topic, partition, log_offset, key, headers, value, error_code, error_message, parked_at,
       reason, discarded_by, discarded_at, handled)
     select id, ticket_id, topic, partition, log_offset, key, headers, value, error_code, error_message, parked_at,
       $2::text, $3::text, $4::timestamptz, $5::boolean from gone`,
    [record, reason, by, at, handled],
  );
}
