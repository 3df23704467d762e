import kafkajs, { type Kafka } from 'kafkajs';
import type { WireHeaders } from '@paidan/contracts';
import { randomUUID } from 'node:crypto';
import { topicOffsets } from '../../offsets.js';

export interface Stored {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: WireHeaders;
}

const STILL_FOR = 60_000;

/** Where each partition of the topics begins and ends, by `topic/partition`. */
export async function endsOf(kafka: Kafka, topics: readonly string[]): Promise<{ lows: Map<string, number>; ends: Map<string, number> }> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const [lows, ends] = [new Map<string, number>(), new Map<string, number>()];
    for (const topic of topics)
      for (const { partition, low, high } of await topicOffsets(admin, topic)) {
        lows.set(`${topic}/${partition}`, Number(low));
        ends.set(`${topic}/${partition}`, Number(high));
      }
    return { lows, ends };
  } finally {
    await admin.disconnect();
  }
}

/**
 * Reads topics whole, from their beginning to their end as it is now.
 * @throws when nothing comes for a minute though there is more
 * @returns where each partition ended, by `topic/partition`
 */
export async function readTopics(
  kafka: Kafka,
  topics: readonly string[],
  take: (stored: Stored) => void,
): Promise<ReadonlyMap<string, number>> {
  const { lows, ends } = await endsOf(kafka, topics);
  const left = new Map([...ends].filter(([place, end]) => end > (lows.get(place) ?? 0)));
  if (left.size === 0) return ends;
  const consumer = kafka.consumer({ groupId: `paidan-chaos-${randomUUID()}`, allowAutoTopicCreation: false, maxBytes: 16_777_216 });
  let heardAt = Date.now();
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const watch = setInterval(() => {
        if (Date.now() - heardAt > STILL_FOR) reject(new Error(`nothing more comes of ${[...left.keys()].join(', ')}`));
      }, 1_000);
      const done = (): void => {
        clearInterval(watch);
        resolve();
      };
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      consumer
        .run({
          autoCommit: false,
          eachBatch: async ({ batch: { topic, partition, messages } }) => {
            heardAt = Date.now();
            const place = `${topic}/${partition}`;
            const end = ends.get(place) ?? 0;
            for (const { offset, key, value, headers } of messages) {
              if (Number(offset) >= end) break;
              take({ topic, partition, offset: Number(offset), key, value, headers: (headers ?? {}) as WireHeaders });
            }
            if (Number(messages.at(-1)?.offset ?? -1) + 1 >= end) left.delete(place);
            if (left.size === 0) done();
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return ends;
}

export const openReader = (brokers: readonly string[]): Kafka =>
  new kafkajs.Kafka({ clientId: 'paidan-chaos-books', brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });
