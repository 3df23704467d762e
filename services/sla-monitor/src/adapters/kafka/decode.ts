import { baseName, decodeEvent, eventType, headerOf, parseWireType, TICKETS_TOPIC } from '@paidan/contracts';
import { isUuid } from '@paidan/kernel';
import type { Decode } from '@paidan/runtime';
import type { ClockCommand } from '../../domain/facts.js';
import { HEARD } from '../../domain/ticket-clocks.js';

const SKIP = { kind: 'skip' } as const;
const heardTypes: ReadonlySet<string> = new Set(HEARD.map(eventType));
const heardNames: ReadonlySet<string> = new Set(HEARD.map(baseName));

/** What a record of the log means to the clocks. */
export const decodeFrom =
  (topic: string = TICKETS_TOPIC): Decode<ClockCommand> =>
  (record) => {
    if (record.topic !== topic) return { kind: 'quarantine', reason: 'foreign-topic', detail: record.topic };
    // A third of the log is our own words: one header tells, and nothing else of those is looked at.
    const type = headerOf(record.headers, 'ce_type');
    if (type !== undefined && !heardTypes.has(type)) {
      const parsed = parseWireType(type);
      if (parsed.kind !== 'unknown-version' || !heardNames.has(parsed.name)) return SKIP;
    }
    const decoded = decodeEvent(record.headers, record.value);
    const key = record.key?.toString();
    if (!isUuid(key)) return { kind: 'quarantine', reason: 'bad-key', detail: 'the key is no ticket id' };
    if (!decoded.ok) return { kind: 'unprocessable', ticketId: key, code: decoded.reason, detail: decoded.detail };
    const { event } = decoded;
    // Under another key it lies in another partition, where its ticket's order is not kept.
    if (event.ticketId !== key) return { kind: 'unprocessable', ticketId: key, code: 'key-mismatch', detail: 'the subject is not the key' };
    const { traceparent } = event;
    return { kind: 'message', ticketId: key, message: { kind: 'event', event }, ...(traceparent === undefined ? {} : { traceparent }) };
  };
