import { encodeHeaders, TICKETS_TOPIC, type Envelope } from '@paidan/contracts';
import type { LogRecord } from './log-record.js';

export interface RecordGiven {
  readonly topic?: string;
  readonly partition?: number;
  readonly offset?: number;
  readonly key?: string | null;
  /** Bytes and a text go as they are, anything else as JSON. */
  readonly value?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A record as a broker hands it over: of the log of tickets and empty, unless it is said otherwise. */
export const recordOf = ({
  topic = TICKETS_TOPIC,
  partition = 0,
  offset = 0,
  key = null,
  value = null,
  headers = {},
}: RecordGiven): LogRecord => ({
  topic,
  partition,
  offset,
  key: key === null ? null : Buffer.from(key),
  value: value === null || Buffer.isBuffer(value) ? value : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
  timestamp: 0,
});

/** Headers of an event: the first that its service says of the ticket, unless it is said otherwise. */
export const eventHeaders = (about: Partial<Envelope> & Pick<Envelope, 'source' | 'type' | 'subject'>): Record<string, string> =>
  encodeHeaders({ id: 'e1', time: '2026-11-23T01:00:00.000Z', sequence: 1, epoch: 1, ...about });
