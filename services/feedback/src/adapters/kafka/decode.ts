import {
  baseName,
  decodeHeaders,
  decodePayload,
  DIRECTORY_TOPIC,
  EVENTS,
  eventType,
  headerOf,
  parseJson,
  parseWireType,
  sourceOf,
  TICKETS_TOPIC,
  type EventEnvelope,
  type TicketEvent,
} from '@paidan/contracts';
import { isUuid } from '@paidan/kernel';
import type { Decoded, LogRecord } from '@paidan/runtime';
import type { FeedbackCommand } from '../../domain/commands.js';
import { HEARD } from '../../domain/ticket.js';
import { decodeName } from './decode-name.js';

type Record = Decoded<FeedbackCommand>;

const SKIP = { kind: 'skip' } as const;
const heardTypes: ReadonlySet<string> = new Set(HEARD.map(eventType));
const heardNames: ReadonlySet<string> = new Set(HEARD.map(baseName));
const OWN = sourceOf('feedback');
const CONTROL = /[\u0000-\u001f]/;
/** The columns of the trail are integers. */
const MOST = 2_147_483_647;

/** Topics that are named otherwise when the log is in its next generation. */
export interface TopicNames {
  readonly tickets: string;
  readonly directory: string;
}
export const TOPICS: TopicNames = { tickets: TICKETS_TOPIC, directory: DIRECTORY_TOPIC };

/** An event as the trail keeps it: its CloudEvents type, and its payload as it came. */
export interface AsItCame {
  readonly type: string;
  readonly payload: string;
}

const came = new WeakMap<TicketEvent, AsItCame>();

/** How an event came. It isn't a member of the event, because events that come early are kept in records. @throws for an event that no log brought */
export const asItCame = (event: TicketEvent): AsItCame => {
  const found = came.get(event);
  if (found === undefined) throw new Error(`${event.name} of ${event.ticketId} came over no log`);
  return found;
};

/** What a record of the log means to feedback. */
export const decodeFrom =
  (topics: TopicNames) =>
  (record: LogRecord): Record => {
    if (record.topic === topics.tickets) return decodeTicketEvent(record);
    const decoded = decodeName(record);
    // Names belong to no ticket: taken in beside the fold, in its transaction.
    return decoded.kind === 'fault' ? { kind: 'quarantine', reason: decoded.reason, detail: decoded.detail } : SKIP;
  };

/**
 * Everything is heard, what we don't know as well: the trail is of all services, and a number that is passed over would look like a gap. Only what moves
 * a ticket here is parsed; for the rest the headers do, and the payload is kept unread.
 */
function decodeTicketEvent({ headers, key: rawKey, value }: LogRecord): Record {
  if (headerOf(headers, 'ce_source') === OWN) return SKIP;
  const key = rawKey?.toString();
  if (!isUuid(key)) return { kind: 'quarantine', reason: 'bad-key', detail: 'the key is no ticket id' };
  const unprocessable = (code: string, detail: string): Record => ({ kind: 'unprocessable', ticketId: key, code, detail });
  const decoded = decodeHeaders(headers);
  if (!decoded.ok) return unprocessable('bad-envelope', `${decoded.reason}: ${decoded.detail}`);
  const { envelope } = decoded;
  // Under another key it lies in another partition, where its ticket's order is not kept.
  if (envelope.subject !== key) return unprocessable('key-mismatch', 'the subject is not the key');
  if (envelope.sequence > MOST || envelope.epoch > MOST) return unprocessable('bad-envelope', 'sequence or epoch beyond all measure');
  if (CONTROL.test(envelope.type) || CONTROL.test(envelope.time)) return unprocessable('bad-envelope', 'control characters in a header');

  const parsed = parseWireType(envelope.type);
  const owner = parsed.kind === 'known' ? EVENTS[parsed.name].service : 'any';
  if (owner !== 'any' && owner !== envelope.service)
    return unprocessable('bad-envelope', `bad-source: ${envelope.service} may not say ${envelope.type}`);
  if (parsed.kind === 'unknown-version' && heardNames.has(parsed.name)) return unprocessable('unknown-version', `type ${envelope.type}`);

  const text = textOf(value);
  if (text === undefined) return unprocessable('bad-json', 'the payload is not JSON in UTF-8');
  if (!heardTypes.has(envelope.type)) return message(unread(envelope), envelope.type, text);
  const whole = parsed.kind === 'known' ? decodePayload(parsed.name, envelope, text) : undefined;
  if (!whole?.ok) return unprocessable(whole?.reason ?? 'unknown-type', whole?.detail ?? envelope.type);
  return message(whole.event, envelope.type, text, envelope.traceparent);
}

function message(event: TicketEvent, type: string, payload: string, traceparent?: string): Record {
  came.set(event, { type, payload });
  const { ticketId } = event;
  return { kind: 'message', ticketId, message: { kind: 'event', event }, ...(traceparent === undefined ? {} : { traceparent }) };
}

/** An event whose payload nobody has looked at, and nobody does: decisions have no name for it. */
const unread = ({ service, subject, epoch, sequence, time, id, type }: EventEnvelope): TicketEvent => {
  const [, name = type] = /^paidan\.(.+)\.v\d+$/.exec(type) ?? [];
  return { name, service, ticketId: subject, epoch, sequence, time, id, payload: undefined } as unknown as TicketEvent;
};

/** The payload as one line of JSON, undefined when it is none: what a stranger has laid out over several lines is looked at and written anew. */
const textOf = (value: Buffer | null): string | undefined => {
  if (value === null) return undefined;
  const text = value.toString('utf8');
  // Our own services write one line; what isn't UTF-8 shows as U+FFFD.
  if (!CONTROL.test(text) && !text.includes('\ufffd')) return text;
  const parsed = parseJson(value);
  return parsed.ok ? JSON.stringify(parsed.json) : undefined;
};
