import kafkajs, { type Consumer, type Kafka, type Producer } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { WireHeaders } from '@paidan/contracts';
import { topicOffsets } from '../../offsets.js';

/** A record of a topic as strangers read it. */
export interface Read {
  readonly topic: string;
  readonly key: string;
  readonly value: Buffer | null;
  readonly headers: WireHeaders;
}

/** Something the play went through that its table should say. */
export type Complain = (what: string) => void;

export const openKafka = (brokers: readonly string[], clientId: string): Kafka =>
  new kafkajs.Kafka({ clientId, brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 8, initialRetryTime: 200 } });

/** Something that reads until it is told not to. */
export interface Reader {
  disconnect(): Promise<void>;
}

/** Who crashed reads what came since once more; everybody here knows what they have had already. Milliseconds. */
const COMMIT_EVERY = 5_000;

/**
 * Reads topics from now on, under a group of its own. Returns when nothing that is written from then on can be missed. What crashes for good, by kafkajs's
 * judgement, is begun anew. Where Kafka knows nothing of the group any more it is another Kafka, and all of its log is read: everybody here knows by ids
 * what they have had.
 */
export async function readFromNow(
  kafka: Kafka,
  name: string,
  topics: readonly string[],
  take: (read: Read) => void,
  complain: Complain,
): Promise<Reader> {
  const admin = kafka.admin();
  await admin.connect();
  const now = await Promise.all(
    topics.map(async (topic) => (await topicOffsets(admin, topic)).map(({ partition, high }) => ({ topic, partition, offset: high }))),
  );
  await admin.disconnect();

  const groupId = `paidan-cast-${name}-${randomUUID()}`;
  let closed = false;
  let consumer = begin();
  // Before it fetches anything; kafkajs commits each, and goes on from there after a rebalance.
  const joined = once(consumer, consumer.events.GROUP_JOIN, () => now.flat().forEach((place) => consumer.seek(place)));
  await run(consumer);
  await joined;
  return {
    disconnect: async () => {
      closed = true;
      await consumer.disconnect();
    },
  };

  function begin(): Consumer {
    const next = kafka.consumer({
      groupId,
      allowAutoTopicCreation: false,
      // Two busy cores may keep this process waiting; a member that was thrown out reads much once more.
      sessionTimeout: 60_000,
      maxWaitTimeInMs: 200,
    });
    next.on(next.events.CRASH, ({ payload }) => {
      complain(`reading ${name} over Kafka failed: ${payload.error.message}`);
      if (!payload.restart) void again(next);
    });
    return next;
  }

  async function run(reader: Consumer): Promise<void> {
    await reader.connect();
    await reader.subscribe({ topics: [...topics], fromBeginning: true });
    await reader.run({
      autoCommitInterval: COMMIT_EVERY,
      eachBatch: async ({ batch }) => {
        for (const { key, value, headers } of batch.messages) {
          take({ topic: batch.topic, key: key?.toString() ?? '', value, headers: (headers ?? {}) as WireHeaders });
        }
      },
    });
  }

  async function again(broken: Consumer): Promise<void> {
    await broken.disconnect().catch(() => undefined);
    for (; !closed; await delay(1_000)) {
      consumer = begin();
      const begun = await run(consumer).then(
        () => true,
        () => false,
      );
      if (begun) return;
      await consumer.disconnect().catch(() => undefined);
    }
  }
}

/** @param act is called before kafkajs goes on */
const once = (consumer: Consumer, event: Consumer['events'][keyof Consumer['events']], act: () => void): Promise<void> =>
  new Promise((resolve) => {
    const off = consumer.on(event, () => {
      off();
      act();
      resolve();
    });
  });

interface Outgoing {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
}

const AT_ONCE = 500;

/** Writes in the order in which it is told, gathering what comes within a few milliseconds. */
export class LogWriter {
  private queue: Outgoing[] = [];
  private sending: Promise<void> | undefined;
  private closed = false;

  private constructor(
    private readonly producer: Producer,
    private readonly complain: Complain,
  ) {}

  static async open(kafka: Kafka, complain: Complain): Promise<LogWriter> {
    const producer = kafka.producer({ allowAutoTopicCreation: false, createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    return new LogWriter(producer, complain);
  }

  /** What is lost on the way is for the sender to say again: every message here has an id, and repeating it is harmless. */
  write(topic: string, key: string, value: object): void {
    if (this.closed) return;
    this.queue.push({ topic, key, value: JSON.stringify(value) });
    this.sending ??= new Promise((resolve) => setTimeout(resolve, 3)).then(() => this.flush());
  }

  private async flush(): Promise<void> {
    while (this.queue.length > 0) {
      const batch = this.queue.splice(0, AT_ONCE);
      const topicMessages = byTopic(batch);
      await this.producer.sendBatch({ acks: -1, topicMessages }).catch(async (error: Error) => {
        if (isOutage(error)) {
          this.complain(`Kafka took nothing for a while: ${error.message}`);
          if (!this.closed) this.queue.unshift(...batch);
          return delay(1_000);
        }
        if (topicMessages.length === 1) return this.complain(`writing to ${topicMessages[0]?.topic ?? ''} failed: ${error.message}`);
        // One missing topic fails a whole batch, and the others have done nothing wrong.
        for (const one of topicMessages) {
          await this.producer
            .send({ acks: -1, ...one })
            .catch((again: Error) => this.complain(`writing to ${one.topic} failed: ${again.message}`));
        }
      });
    }
    this.sending = undefined;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.sending;
    await this.producer.disconnect();
  }
}

/** Nobody answered; an answer, whatever it is, has a type. */
function isOutage(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if ('type' in cause && typeof cause.type === 'string') return false;
  return true;
}

function byTopic(batch: readonly Outgoing[]): { topic: string; messages: { key: string; value: string }[] }[] {
  const topics = new Map<string, { key: string; value: string }[]>();
  for (const { topic, key, value } of batch) {
    const messages = topics.get(topic);
    if (messages === undefined) topics.set(topic, [{ key, value }]);
    else messages.push({ key, value });
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}
