import { isUtf8 } from 'node:buffer';
import { decodeHeaders, headerOf, parseWireType, type EventEnvelope, type WireHeaders } from './envelope.js';
import { EVENTS, type EventName, type EventPayload, type TicketEvent } from './events.js';
import { strictProblems, structureProblems } from './validators.js';

/** Why a message is no event for this consumer. */
export const DECODE_FAILURES = ['unknown-type', 'unknown-version', 'bad-envelope', 'bad-json', 'schema'] as const;
export type DecodeFailure = (typeof DECODE_FAILURES)[number];

export type Decoded =
  | { readonly ok: true; readonly event: TicketEvent }
  | {
      readonly ok: false;
      readonly reason: DecodeFailure;
      /** For people: which header or member, and the rule it breaks. Never a value: it may be what a citizen wrote. */
      readonly detail: string;
      /** Where the headers are good: what has to be parked is known by ticket and sequence. */
      readonly envelope?: EventEnvelope;
    };

/**
 * Parses a value without ever quoting it: V8's own message carries a piece of the text, and messages end up in logs. Bytes that are no UTF-8 are refused:
 * decoding would make U+FFFD of them, and a text in GBK would be kept as rubbish, with nobody told.
 */
export const parseJson = (value: Buffer | string | null | undefined): { ok: true; json: unknown } | { ok: false; detail: string } => {
  if (value === null || value === undefined) return { ok: false, detail: 'no value (a tombstone)' };
  if (typeof value !== 'string' && !isUtf8(value)) return { ok: false, detail: `value of ${value.length} bytes is not valid UTF-8` };
  try {
    return { ok: true, json: JSON.parse(typeof value === 'string' ? value : value.toString('utf8')) };
  } catch {
    return { ok: false, detail: `value of ${Buffer.byteLength(value)} bytes is not JSON` };
  }
};

/**
 * An event of `paidan.tickets` from a Kafka message. The type is looked at first: a consumer skips what it doesn't know at the price of one header.
 *
 * - `unknown-type`: skip it
 * - `unknown-version`: park it, retryable – a newer release of this consumer will understand
 * - the rest: a fault of the producer; park the ticket, or quarantine the message when there is no envelope
 */
export const decodeEvent = (headers: WireHeaders, value: Buffer | string | null | undefined): Decoded => {
  const type = headerOf(headers, 'ce_type');
  const parsed = type === undefined ? undefined : parseWireType(type);
  if (parsed?.kind === 'unknown-type') return { ok: false, reason: 'unknown-type', detail: `type ${(type ?? '').slice(0, 100)}` };

  const decoded = decodeHeaders(headers);
  if (!decoded.ok) return { ok: false, reason: 'bad-envelope', detail: `${decoded.reason}: ${decoded.detail}` };
  const { envelope } = decoded;
  if (parsed?.kind !== 'known') return { ok: false, reason: 'unknown-version', detail: `type ${envelope.type}`, envelope };

  const owner = EVENTS[parsed.name].service;
  if (owner !== 'any' && owner !== envelope.service) {
    return { ok: false, reason: 'bad-envelope', detail: `bad-source: ${envelope.service} may not say ${parsed.name}`, envelope };
  }
  return decodePayload(parsed.name, envelope, value);
};

/** The second half of {@link decodeEvent}, for who has looked at the envelope and wants the event after all. */
export const decodePayload = (name: EventName, envelope: EventEnvelope, value: Buffer | string | null | undefined): Decoded => {
  const json = parseJson(value);
  if (!json.ok) return { ok: false, reason: 'bad-json', detail: json.detail, envelope };
  const problems = structureProblems(EVENTS[name].schema, json.json);
  if (problems.length > 0) return { ok: false, reason: 'schema', detail: problems.join('; '), envelope };
  const { service, subject, epoch, sequence, time, id, traceparent } = envelope;
  const event = {
    name,
    service,
    ticketId: subject,
    epoch,
    sequence,
    time,
    payload: json.json,
    id,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  // The schema of `name` has just been held against the payload, which is what ties the two members of the union together.
  return { ok: true, event: event as TicketEvent };
};

/** Problems of a payload under every promise of its schema, `[]` when there are none: for producers, in tests and while developing. */
export const eventProblems = <N extends EventName>(name: N, payload: EventPayload<N>): string[] =>
  strictProblems(EVENTS[name].schema, payload);
