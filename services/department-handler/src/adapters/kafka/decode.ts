import { decodeCommand, DIRECTORY_TOPIC, TICKETS_TOPIC, traceparentOf, unitOfTopic, type DecodedCommand } from '@paidan/contracts';
import { decodeHeard, type Actor, type Decode, type Decoded, type LogRecord, type Notice } from '@paidan/runtime';
import { REFUSALS } from '../../application/refusals.js';
import { toWorkCommand } from '../../application/to-work-command.js';
import type { WorkCommand } from '../../domain/commands.js';
import { noticeTo } from '../../domain/notices.js';
import { CLOCK_EVENTS, HEARD } from '../../domain/work-item.js';
import { decodeDirectory } from './decode-directory.js';

type Record = Decoded<WorkCommand>;

const SKIP = { kind: 'skip' } as const;
const decodeHeardEvent: Decode<WorkCommand> = decodeHeard(HEARD);
const clockNames: ReadonlySet<string> = new Set(CLOCK_EVENTS);

/** Topics that are named otherwise when the log is in its next generation. */
export interface TopicNames {
  readonly tickets: string;
  readonly directory: string;
}
export const TOPICS: TopicNames = { tickets: TICKETS_TOPIC, directory: DIRECTORY_TOPIC };

/** What a record of any topic this service reads means to it. */
export const decodeFrom =
  (topics: TopicNames) =>
  (record: LogRecord): Record => {
    if (record.topic === topics.tickets) return decodeTicketEvent(record);
    if (record.topic === topics.directory) {
      const decoded = decodeDirectory(record);
      // Messages of the directory belong to no ticket: taken in beside the fold, in its transaction.
      return decoded.kind === 'fault' ? { kind: 'quarantine', reason: decoded.reason, detail: decoded.detail } : SKIP;
    }
    const unit = unitOfTopic(record.topic);
    if (unit === undefined) return { kind: 'quarantine', reason: 'foreign-topic', detail: record.topic };
    return decodeUnitCommand(record, unit);
  };

function decodeTicketEvent(record: LogRecord): Record {
  const decoded = decodeHeardEvent(record);
  if (decoded.kind !== 'message' || decoded.message.kind !== 'event') return decoded;
  const { event } = decoded.message;
  // A clock on the ticket itself is the citizen's: it would lock and write a row of every ticket for no unit.
  return clockNames.has(event.name) && !('unit' in event.payload) ? SKIP : decoded;
}

function decodeUnitCommand(record: LogRecord, unit: string): Record {
  const decoded = decodeCommand(record.value);
  if (!decoded.ok)
    return { kind: 'quarantine', reason: decoded.reason, detail: decoded.detail, notices: [unreadable(record, unit, decoded)] };
  const command = toWorkCommand(decoded.command, actorOf(unit, decoded.command.officer), unit);
  const traceparent = traceparentOf(record.headers);
  return {
    kind: 'message',
    ticketId: command.ticketId,
    message: { kind: 'command', command },
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** Where a unit's system names no officer, the unit itself speaks. */
const actorOf = (unit: string, officer: string | undefined): Actor => ({ kind: 'unit', subject: officer ?? unit, unit, roles: [] });

/** Tells the sender what couldn't be read, by whatever of it could: its ids, and always its place in the log. */
const unreadable = ({ partition, offset }: LogRecord, unit: string, fault: Extract<DecodedCommand, { ok: false }>): Notice => {
  const { reason, detail, errors, commandId, ticketId, command } = fault;
  return noticeTo(unit, ticketId ?? unit, {
    type: 'command.refused',
    reason,
    detail,
    detailZh: REFUSALS[reason].titleZh,
    errors: [...errors],
    ...(commandId === undefined ? {} : { commandId }),
    ...(command === undefined ? {} : { command }),
    ...(ticketId === undefined ? {} : { ticketId }),
    position: { partition, offset: String(offset) },
  });
};
