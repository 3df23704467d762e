import { until } from '@paidan/testing';
import { randomBytes } from 'node:crypto';
import type { LogClient, RawConsumer } from './kafkajs.js';
import type { LogRecord } from './log-record.js';

/** Reads topics whole, from their beginning, as a stranger with a group of its own. A broker that has just started refuses the first to join for a moment. */
export const readAll = (client: LogClient, topics: readonly string[], take: (record: LogRecord) => void): Promise<RawConsumer> =>
  until('a reader', () => join(client, topics, take).catch(() => undefined));

const join = (client: LogClient, topics: readonly string[], take: (record: LogRecord) => void): Promise<RawConsumer> =>
  client.consume(`reader-${randomBytes(4).toString('hex')}`, topics, {
    assigned: () => undefined,
    crashed: (error) => {
      throw error;
    },
    records: (records) => records.forEach(take),
  });
