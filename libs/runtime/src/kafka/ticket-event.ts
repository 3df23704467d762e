import { baseName, decodeEvent, eventType, headerOf, parseWireType, type EventName } from '@paidan/contracts';
import { isUuid } from '@paidan/kernel';
import type { Command } from '../reactor/decision.js';
import type { Decode } from '../reactor/work.js';

/**
 * Reads `paidan.tickets` for a service that takes notice of these events. Most of the log is for others, or its own words: one header tells, and nothing
 * else of those is looked at. What it hears and can't read waits behind its ticket, a newer version of it as well; or in quarantine where no ticket is named.
 */
export const decodeHeard = <C extends Command>(heard: readonly EventName[]): Decode<C> => {
  const types: ReadonlySet<string> = new Set(heard.map(eventType));
  const names: ReadonlySet<string> = new Set(heard.map(baseName));
  return ({ headers, key, value }) => {
    const type = headerOf(headers, 'ce_type');
    if (type !== undefined && !types.has(type)) {
      const parsed = parseWireType(type);
      if (parsed.kind !== 'unknown-version' || !names.has(parsed.name)) return { kind: 'skip' };
    }
    const decoded = decodeEvent(headers, value);
    const ticketId = key?.toString();
    if (!isUuid(ticketId)) return { kind: 'quarantine', reason: 'bad-key', detail: 'the key is no ticket id' };
    if (!decoded.ok) return { kind: 'unprocessable', ticketId, code: decoded.reason, detail: decoded.detail };
    const { event } = decoded;
    // Under another key it lies in another partition, where its ticket's order is not kept.
    if (event.ticketId !== ticketId) return { kind: 'unprocessable', ticketId, code: 'key-mismatch', detail: 'the subject is not the key' };
    const { traceparent } = event;
    return { kind: 'message', ticketId, message: { kind: 'event', event }, ...(traceparent === undefined ? {} : { traceparent }) };
  };
};
