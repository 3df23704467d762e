import { decodeHeaders, EVENTS, eventType, headerOf, isEventName, parseWireType, wireType, type Service } from '@paidan/contracts';
import type { LogRecord } from '../kafka/log-record.js';
import type { Command } from '../reactor/decision.js';
import type { Mark } from '../reactor/row.js';
import { decoded, type Decode } from '../reactor/work.js';
import { timerOf, type Waiting } from './waiting.js';

/** What a record is, for an operator: names and numbers of ours alone, nothing that a citizen, a department or any other stranger wrote. */
export interface RecordShown {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** The CloudEvents type of an event, `command sign`, `timer return-window`; `unknown` where it can't be told. */
  readonly type: string;
  /** Whose word it is, and under which number of the ticket, as far as that can be believed. */
  readonly said?: { readonly service: Service; readonly epoch: number; readonly sequence: number };
  /** ISO 8601, UTC: when it was said. */
  readonly time?: string;
}

export interface WaitingShown extends RecordShown {
  /** What a discard names it by. */
  readonly record: string;
  readonly parkedAt: Date;
  /** Of the first alone: why the ticket waits. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** How a service reads its log. */
export interface Reading<C extends Command> {
  readonly decode: Decode<C>;
  readonly ticketsTopic: string;
}

export function showRecord<C extends Command>(reading: Reading<C>, record: LogRecord): RecordShown {
  const { topic, partition, offset } = record;
  const said = saidIn(reading, record);
  const time = topic === reading.ticketsTopic ? Date.parse(headerOf(record.headers, 'ce_time') ?? '') : Number.NaN;
  return {
    topic,
    partition,
    offset,
    type: typeOf(reading, record),
    ...(said === undefined ? {} : { said: { service: said.service, epoch: said.mark[0], sequence: said.mark[1] } }),
    ...(Number.isNaN(time) ? {} : { time: new Date(time).toISOString() }),
  };
}

export const showWaiting = <C extends Command>(reading: Reading<C>, { id, record, parkedAt, error }: Waiting): WaitingShown => ({
  record: id,
  ...showRecord(reading, record),
  parkedAt,
  ...(error === undefined ? {} : { error }),
});

function typeOf<C extends Command>({ decode }: Reading<C>, record: LogRecord): string {
  const timer = timerOf(record);
  if (timer !== undefined) return `timer ${timer.name}`;
  const found = decoded(decode, record);
  if (found.kind === 'message' && found.message.kind === 'command') return `command ${found.message.command.name}`;
  if (found.kind === 'message' && found.message.kind === 'event' && isEventName(found.message.event.name))
    return eventType(found.message.event.name);
  // A header is anything its writer likes: it is repeated where it names an event of ours, in whatever version.
  const parsed = parseWireType(headerOf(record.headers, 'ce_type') ?? '');
  return parsed.kind === 'unknown-type' ? 'unknown' : wireType(parsed.name, parsed.version);
}

/** Whose word a record of the log of tickets is, about which ticket and under which number. Undefined where its envelope contradicts itself. */
export function saidIn<C extends Command>(
  { ticketsTopic }: Reading<C>,
  { topic, headers }: Pick<LogRecord, 'topic' | 'headers'>,
): { readonly service: Service; readonly ticketId: string; readonly mark: Mark } | undefined {
  if (topic !== ticketsTopic) return undefined; // a stranger's own, with headers of the stranger's choice
  const found = decodeHeaders(headers);
  if (!found.ok) return undefined;
  const { service, subject, epoch, sequence, type } = found.envelope;
  const parsed = parseWireType(type);
  if (parsed.kind === 'unknown-type') return undefined;
  const owner = isEventName(parsed.name) ? EVENTS[parsed.name].service : undefined;
  return owner === 'any' || owner === service ? { service, ticketId: subject, mark: [epoch, sequence] } : undefined;
}
