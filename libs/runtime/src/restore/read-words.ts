import { decodeHeaders, headerOf, parseJson, sourceOf, type Service } from '@paidan/contracts';
import { isUuid } from '@paidan/kernel';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { LogClient, RawConsumer } from '../kafka/kafkajs.js';
import { Lane } from '../kafka/lane.js';
import type { LogRecord } from '../kafka/log-record.js';
import { RuntimeError } from '../errors.js';
import { recallGroup } from './emptied.js';
import type { FoundWord } from './words.js';

/** What is read of one partition. */
export interface Stretch {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

const PAGE = 1_000;
/** Nothing came for so long: the client is built anew. Milliseconds. */
const PATIENCE_MS = 20_000;

export interface Reading {
  readonly client: LogClient;
  readonly service: Service;
  readonly topic: string;
  readonly stretches: readonly Stretch[];
  readonly signal: AbortSignal;
}

/** Gives what the service said itself. @throws as {@link readStretches} */
export function readWords(reading: Reading, take: (words: readonly FoundWord[]) => Promise<void>): Promise<void> {
  const source = sourceOf(reading.service);
  return readStretches(reading, (records) => take(records.flatMap((record) => wordOf(record, source))));
}

/**
 * Reads stretches of a topic beside the service's own reading.
 * @throws RuntimeError `log-unavailable` when the log stops giving; the reading is repeatable
 */
export async function readStretches(
  { client, service, topic, stretches, signal }: Reading,
  take: (records: readonly LogRecord[]) => Promise<void>,
): Promise<void> {
  const lanes = new Map<number, Lane>();
  const left = new Map(stretches.filter(({ from, to }) => from < to).map((stretch) => [stretch.partition, stretch]));
  if (left.size === 0) return;
  let crashed: unknown;
  let movedAt = Date.now();
  const assigned = (partitions: ReadonlyMap<string, readonly number[]>): void => {
    for (const partition of partitions.get(topic) ?? []) lanes.set(partition, new Lane(topic, partition, () => raw));
  };
  const raw: RawConsumer = await client.consume(recallGroup(service, randomUUID()), [topic], {
    assigned,
    crashed: (error) => (crashed = error),
    records: (records, high) => {
      const first = records[0];
      if (first !== undefined) lanes.get(first.partition)?.accept(records, high);
    },
  });
  try {
    while (left.size > 0) {
      if (signal.aborted) throw new RuntimeError('shutting-down', 'stopped while the log was read');
      if (crashed !== undefined || Date.now() - movedAt > PATIENCE_MS)
        throw new RuntimeError('log-unavailable', 'the log stopped giving what was said', {}, { cause: crashed });
      let moved = false;
      for (const [partition, lane] of lanes) {
        const stretch = left.get(partition);
        if (stretch === undefined) continue;
        if (lane.needsPosition) lane.begin(lane.position === 0 ? stretch.from : lane.position);
        if (!lane.hasWork) continue;
        const slice = lane.slice(PAGE);
        await take(slice.records.filter(({ offset }) => offset < stretch.to));
        lane.handled(slice, lane.generation, true);
        moved = true;
        if (lane.position >= stretch.to) left.delete(partition);
      }
      if (moved) movedAt = Date.now();
      else await delay(20, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await raw.stop();
  }
}

/** Of what lies in the topic under the service's name, whatever can be one of its words. */
function wordOf({ headers, key, value, partition, offset }: LogRecord, source: string): FoundWord[] {
  if (headerOf(headers, 'ce_source') !== source) return [];
  const decoded = decodeHeaders(headers);
  const parsed = parseJson(value);
  if (!decoded.ok || !parsed.ok || value === null || !isUuid(key?.toString())) return [];
  const { subject: ticketId, epoch, sequence, time: at, type, traceparent, causationId } = decoded.envelope;
  if (ticketId !== key?.toString()) return [];
  return [{ ticketId, epoch, sequence, partition, offset, at, type, traceparent, payload: value.toString('utf8'), causationId }];
}
