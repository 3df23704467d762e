import { isUuid } from '@paidan/kernel';
import { EVENT_NAMES, EVENTS, type EventName } from './events.js';
import { SERVICES, type Service } from './vocabulary.js';

/*
 * CloudEvents 1.0, Kafka protocol binding, binary mode: attributes in headers, the payload alone in the value. Headers are what a
 * consumer pays most for – eight of them halve its rate – so there are these and no others.
 */

/** CloudEvents attributes of a message of Paidan. */
export interface Envelope {
  /** Unique with the source; the same event sent again has the same id. */
  readonly id: string;
  /** `/paidan/<service>` */
  readonly source: string;
  /** `paidan.<name>.v<version>` */
  readonly type: string;
  /** Ticket id, where there is one. */
  readonly subject: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** 1, 2, 3 … per (service, ticket); domain events only. */
  readonly sequence?: number;
  /** Epoch of the service's schema; domain events only. */
  readonly epoch?: number;
  /** W3C trace context (CloudEvents distributed tracing extension). */
  readonly traceparent?: string;
  /** Id of the command that led to it; domain events only, none where a timer or another service's event did. */
  readonly causationId?: string;
}

/** An envelope on `paidan.tickets`: sequence and epoch are there. */
export interface EventEnvelope extends Envelope {
  readonly service: Service;
  readonly sequence: number;
  readonly epoch: number;
}

/** Message headers as Kafka clients give them. */
export type WireHeaders = Readonly<Record<string, Buffer | string | readonly (Buffer | string)[] | undefined>>;

export const CONTENT_TYPE = 'application/json';

export const sourceOf = (service: Service): string => `/paidan/${service}`;

export const encodeHeaders = (envelope: Envelope): Record<string, string> => {
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: envelope.id,
    ce_source: envelope.source,
    ce_type: envelope.type,
    ce_subject: envelope.subject,
    ce_time: envelope.time,
    'content-type': CONTENT_TYPE,
  };
  if (envelope.sequence !== undefined) headers['ce_sequence'] = String(envelope.sequence);
  if (envelope.epoch !== undefined) headers['ce_epoch'] = String(envelope.epoch);
  if (envelope.traceparent !== undefined) headers['ce_traceparent'] = envelope.traceparent;
  if (envelope.causationId !== undefined) headers['ce_causationid'] = envelope.causationId;
  return headers;
};

/** What is wrong with an envelope. */
export const ENVELOPE_FAULTS = [
  'missing-header',
  'wrong-specversion',
  'wrong-content-type',
  'bad-source',
  'bad-time',
  'bad-sequence',
  'bad-epoch',
] as const;
export type EnvelopeFault = (typeof ENVELOPE_FAULTS)[number];

export type DecodedHeaders =
  { readonly ok: true; readonly envelope: EventEnvelope } | { readonly ok: false; readonly reason: EnvelopeFault; readonly detail: string };

/** One header as text; the last one wins when a client sent it twice. */
export const headerOf = (headers: WireHeaders, name: string): string | undefined => {
  const value = headers[name];
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return undefined;
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return value.at(-1)?.toString();
};

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * The trace context of a message, from us or from a stranger who knows the W3C's header alone; nothing when it is malformed. It is kept beside what
 * the message leads to, and a NUL in it would have Postgres refuse that: one broken bridge would park every ticket it speaks about.
 */
export const traceparentOf = (headers: WireHeaders): string | undefined => {
  const sent = headerOf(headers, 'ce_traceparent') ?? headerOf(headers, 'traceparent');
  return sent !== undefined && TRACEPARENT.test(sent) ? sent : undefined;
};

const SOURCES: ReadonlyMap<string, Service> = new Map(SERVICES.map((service) => [sourceOf(service), service]));
const WHOLE = /^\d{1,15}$/;

/** The envelope of a domain event on `paidan.tickets`. */
export const decodeHeaders = (headers: WireHeaders): DecodedHeaders => {
  const fail = (reason: EnvelopeFault, detail: string): DecodedHeaders => ({ ok: false, reason, detail });
  const specversion = headerOf(headers, 'ce_specversion');
  const id = headerOf(headers, 'ce_id');
  const source = headerOf(headers, 'ce_source');
  const type = headerOf(headers, 'ce_type');
  const subject = headerOf(headers, 'ce_subject');
  const time = headerOf(headers, 'ce_time');
  const sequence = headerOf(headers, 'ce_sequence');
  const epoch = headerOf(headers, 'ce_epoch');
  if (!specversion || !id || !source || !type || !subject || !time || !sequence || !epoch) {
    const named = { specversion, id, source, type, subject, time, sequence, epoch };
    const missing = Object.entries(named).flatMap(([name, value]) => (value ? [] : [`ce_${name}`]));
    return fail('missing-header', missing.join(', '));
  }
  if (specversion !== '1.0') return fail('wrong-specversion', `ce_specversion is ${specversion.slice(0, 20)}, not 1.0`);
  const contentType = headerOf(headers, 'content-type');
  if (contentType !== undefined && contentType !== CONTENT_TYPE && !/^application\/json\s*;/i.test(contentType)) {
    return fail('wrong-content-type', `content-type is ${contentType.slice(0, 60)}`);
  }
  const service = SOURCES.get(source);
  if (!service) return fail('bad-source', `ce_source ${source.slice(0, 60)} is no service of Paidan`);
  if (Number.isNaN(Date.parse(time))) return fail('bad-time', 'ce_time is no instant');
  if (!WHOLE.test(sequence) || sequence === '0') return fail('bad-sequence', `ce_sequence is ${sequence.slice(0, 20)}`);
  if (!WHOLE.test(epoch)) return fail('bad-epoch', `ce_epoch is ${epoch.slice(0, 20)}`);
  const traceparent = traceparentOf(headers);
  const causationId = headerOf(headers, 'ce_causationid');
  return {
    ok: true,
    envelope: {
      id,
      source,
      service,
      type,
      subject,
      time,
      sequence: Number(sequence),
      epoch: Number(epoch),
      ...(traceparent === undefined ? {} : { traceparent }),
      ...(causationId !== undefined && isUuid(causationId) ? { causationId } : {}),
    },
  };
};

/** `'ticket.registered#2'` and `'ticket.registered'` are versions of one event. */
export const baseName = (name: string): string => name.split('#', 1)[0] ?? name;

/** The CloudEvents type: `paidan.<name>.v<version>`. */
export const wireType = (name: string, version: number): string => `paidan.${baseName(name)}.v${version}`;

const KNOWN_TYPES: ReadonlyMap<string, EventName> = new Map(EVENT_NAMES.map((name) => [wireType(name, EVENTS[name].version), name]));
const WIRE_TYPES: Readonly<Record<string, string>> = Object.fromEntries([...KNOWN_TYPES].map(([type, name]) => [name, type]));
const KNOWN_NAMES: ReadonlySet<string> = new Set(EVENT_NAMES.map(baseName));

/** The CloudEvents type of an event. */
export const eventType = (name: EventName): string => WIRE_TYPES[name] ?? wireType(name, EVENTS[name].version);

export type ParsedType =
  | { readonly kind: 'known'; readonly name: EventName; readonly version: number }
  /** Of an event we know, in a version we don't: to be parked until this consumer is newer. */
  | { readonly kind: 'unknown-version'; readonly name: string; readonly version: number }
  /** Nothing we know: to be skipped. */
  | { readonly kind: 'unknown-type' };

export const parseWireType = (type: string): ParsedType => {
  const name = KNOWN_TYPES.get(type);
  if (name) return { kind: 'known', name, version: EVENTS[name].version };
  const [, base = '', version = ''] = /^paidan\.([a-z0-9.-]+)\.v(\d{1,6})$/.exec(type) ?? [];
  return KNOWN_NAMES.has(base) ? { kind: 'unknown-version', name: base, version: Number(version) } : { kind: 'unknown-type' };
};
