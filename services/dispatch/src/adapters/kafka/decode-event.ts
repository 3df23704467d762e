import { baseName, decodeEvent, headerOf, parseWireType } from '@paidan/contracts';
import { isUuid } from '@paidan/kernel';
import type { Decoded, LogRecord } from '@paidan/runtime';
import { HANDLED } from '../../domain/decisions.js';
import type { DispatchCommand } from '../../domain/orders.js';

const handled: ReadonlySet<string> = new Set(HANDLED);
const handledInAnyVersion: ReadonlySet<string> = new Set(HANDLED.map(baseName));

/**
 * A record of the log of tickets. Most are for others and cost one header; what is for us and can't be read waits behind its ticket, or in quarantine
 * when it names none.
 */
export const decode = (record: LogRecord): Decoded<DispatchCommand> => {
  const type = headerOf(record.headers, 'ce_type');
  const parsed = type === undefined ? undefined : parseWireType(type);
  if (parsed?.kind === 'unknown-type') return { kind: 'skip' };
  if (parsed?.kind === 'known' && !handled.has(parsed.name)) return { kind: 'skip' };
  if (parsed?.kind === 'unknown-version' && !handledInAnyVersion.has(parsed.name)) return { kind: 'skip' };

  const decoded = decodeEvent(record.headers, record.value);
  const ticketId = record.key?.toString();
  if (!isUuid(ticketId)) return { kind: 'quarantine', reason: 'bad-key', detail: `the key of a ${type ?? 'message'} is no ticket id` };
  if (!decoded.ok) return { kind: 'unprocessable', ticketId, code: decoded.reason, detail: decoded.detail };
  const { event } = decoded;
  if (event.ticketId !== ticketId)
    return { kind: 'unprocessable', ticketId, code: 'bad-envelope', detail: 'key and ce_subject name two tickets' };
  return {
    kind: 'message',
    ticketId,
    message: { kind: 'event', event },
    ...(event.traceparent === undefined ? {} : { traceparent: event.traceparent }),
  };
};
