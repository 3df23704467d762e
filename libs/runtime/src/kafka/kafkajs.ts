import type * as kafkajsTypes from 'kafkajs';
import type { Consumer, KafkaConfig, Producer } from 'kafkajs';
import { createRequire } from 'node:module';
import type { LogRecord } from './log-record.js';
import { gathering, installFetchPace, type Gather } from './fetch-pace.js';
import { installRecordCodec } from './record-codec.js';

/*
 * The only file that knows kafkajs 2.2.4, and where its faults are met:
 * - its request queue arms a 1 ms timer per connection for ever, pending requests or not (6 % of a core when idle): mended below;
 * - its consumer stops for good after an error it judges non-retriable: `onCrash` is always told, and the owner builds a new one;
 * - it refetches from the default offset on OFFSET_OUT_OF_RANGE, and doesn't await its GROUP_JOIN listeners: the owner compares the first offset
 *   of each batch with what it expects and seeks (log-consumer.ts);
 * - reading and writing headers costs the square of their number: record-codec.ts, installed before the client is loaded;
 * - each fetch passes all partitions through its workers, empty ones too, and the next follows at once: fetch-pace.ts;
 * - an admin client that is asked to describe a topic while it has no fresh metadata of it forgets all others, also in the middle of another question
 *   (offsets then fail with a TypeError): one question at a time;
 * - a slow handler stalls every partition of the broker and starves the heartbeat: the owner's handler only queues.
 */
installRecordCodec(import.meta.url);
const require = createRequire(import.meta.url);
const { Kafka, logLevel, KafkaJSNumberOfRetriesExceeded } = require('kafkajs') as typeof kafkajsTypes;

interface RequestQueue {
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  pending: unknown[];
  checkPendingRequests(): void;
}
const requestQueue = require('kafkajs/src/network/requestQueue') as {
  prototype: RequestQueue & { scheduleCheckPendingRequests(): void };
};
requestQueue.prototype.scheduleCheckPendingRequests = function scheduleCheckPendingRequests(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    },
    Math.max(this.throttledUntil - Date.now(), 10),
  );
};

installFetchPace(require('kafkajs/src/consumer/consumerGroup') as Parameters<typeof installFetchPace>[0]);

export interface OutgoingMessage {
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly partition: number;
}

export interface TopicMessages {
  readonly topic: string;
  readonly messages: readonly OutgoingMessage[];
}

export type SendFailure = 'missing-topic' | 'too-large' | 'unavailable';

/** What a failed send means; kafkajs wraps the broker's answer in its own retry error. */
export function sendFailure(error: unknown): SendFailure {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth += 1) {
    const type = (current as { type?: unknown }).type;
    if (type === 'UNKNOWN_TOPIC_OR_PARTITION' || type === 'TOPIC_AUTHORIZATION_FAILED' || type === 'INVALID_TOPIC_EXCEPTION')
      return 'missing-topic';
    if (type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE' || type === 'INVALID_RECORD') return 'too-large';
    if (current instanceof KafkaJSNumberOfRetriesExceeded && current.cause === undefined) break;
  }
  return 'unavailable';
}

export interface PartitionOffsets {
  readonly partition: number;
  readonly low: number;
  readonly high: number;
}

export interface ConsumerEvents {
  /** Records of one partition in offset order. Must return at once. `high` is the offset the partition's next record will get. */
  records(records: readonly LogRecord[], high: number): void;
  assigned(partitions: ReadonlyMap<string, readonly number[]>): void;
  crashed(error: unknown): void;
}

export interface RawConsumer {
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
  seek(topic: string, partition: number, offset: number): void;
  commit(offsets: readonly { topic: string; partition: number; offset: number }[]): Promise<void>;
  stop(): Promise<void>;
}

export interface LogClientOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Extra kafkajs settings from configuration: `ssl`, `sasl`. */
  readonly security?: Pick<KafkaConfig, 'ssl' | 'sasl'>;
}

/** The city's Kafka, as far as the runtime needs it. */
export class LogClient {
  private readonly kafka: InstanceType<typeof Kafka>;
  private admin: Promise<ReturnType<InstanceType<typeof Kafka>['admin']>> | undefined;
  /** Ends with what the admin client was asked last. */
  private lastAsked: Promise<unknown> = Promise.resolve();
  private producer: Promise<Producer> | undefined;

  constructor(options: LogClientOptions) {
    this.kafka = new Kafka({
      brokers: [...options.brokers],
      clientId: options.clientId,
      connectionTimeout: 3_000,
      requestTimeout: 15_000,
      // Short: whoever calls has a loop of its own that waits and says so.
      retry: { retries: 2, initialRetryTime: 100, maxRetryTime: 1_000 },
      logLevel: logLevel.NOTHING,
      ...options.security,
    });
  }

  /** Sends with acks=all; returns when the log has every message. Partitions are given: order per ticket doesn't depend on a client's partitioner. */
  async send(batch: readonly TopicMessages[]): Promise<void> {
    this.producer ??= this.connected(
      this.kafka.producer({
        allowAutoTopicCreation: false,
        createPartitioner:
          () =>
          ({ message }) =>
            message.partition ?? 0,
      }),
    );
    try {
      const producer = await this.producer;
      await producer.sendBatch({
        acks: -1,
        topicMessages: batch.map(({ topic, messages }) => ({ topic, messages: messages as OutgoingMessage[] })),
      });
    } catch (error) {
      if (sendFailure(error) === 'unavailable') await this.dropProducer();
      throw error;
    }
  }

  async offsets(topic: string): Promise<PartitionOffsets[]> {
    const offsets = await this.withAdmin((admin) => admin.fetchTopicOffsets(topic));
    return offsets.map((entry) => ({ partition: entry.partition, low: Number(entry.low), high: Number(entry.high) }));
  }

  /** Where each partition stood at an instant (epoch ms): the offset of the first record that is not older, or its end. */
  async offsetsAt(topic: string, instant: number): Promise<ReadonlyMap<number, number>> {
    const offsets = await this.withAdmin((admin) => admin.fetchTopicOffsetsByTimestamp(topic, instant));
    return new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
  }

  /** What a consumer group has told of its positions; partitions of which it has told nothing are left out. */
  async told(groupId: string, topics: readonly string[]): Promise<readonly { topic: string; partition: number; offset: number }[]> {
    // The client takes no topics for all of the group's.
    if (topics.length === 0) return [];
    const found = await this.withAdmin((admin) => admin.fetchOffsets({ groupId, topics: [...topics] }));
    return found.flatMap(({ topic, partitions }) =>
      partitions.flatMap(({ partition, offset }) => (Number(offset) < 0 ? [] : [{ topic, partition, offset: Number(offset) }])),
    );
  }

  async describe(topic: string): Promise<{ clusterId: string; partitions: number }> {
    return this.withAdmin(async (admin) => {
      const [cluster, metadata] = await Promise.all([admin.describeCluster(), admin.fetchTopicMetadata({ topics: [topic] })]);
      return { clusterId: cluster.clusterId, partitions: metadata.topics[0]?.partitions.length ?? 0 };
    });
  }

  async clusterId(): Promise<string> {
    return this.withAdmin(async (admin) => (await admin.describeCluster()).clusterId);
  }

  /** Ids of all consumer groups, of those without members as well. */
  async groups(): Promise<string[]> {
    return this.withAdmin(async (admin) => (await admin.listGroups()).groups.map(({ groupId }) => groupId));
  }

  async topics(): Promise<string[]> {
    return this.withAdmin((admin) => admin.listTopics());
  }

  /** Joins the group and reads. Offsets in Kafka are informative (lag tools); the positions that count are in Postgres. */
  async consume(groupId: string, topics: readonly string[], events: ConsumerEvents, gather?: Gather): Promise<RawConsumer> {
    if (gather) gathering.set(groupId, gather);
    const consumer = this.kafka.consumer({
      groupId,
      allowAutoTopicCreation: false,
      sessionTimeout: 10_000,
      rebalanceTimeout: 15_000,
      heartbeatInterval: 2_000,
      minBytes: 1,
      maxWaitTimeInMs: 1_000,
      maxBytesPerPartition: 1_048_576,
      maxBytes: 8_388_608,
      retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 2_000, restartOnFailure: async () => false },
    });
    let stopped = false;
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!stopped) events.crashed(payload.error);
    });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => events.assigned(new Map(Object.entries(payload.memberAssignment))));
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        // Only queues: one after the other is soon done.
        eachBatch: ({ batch, resolveOffset }) => {
          resolveOffset(batch.lastOffset());
          events.records(
            batch.messages.map((message) => ({
              topic: batch.topic,
              partition: batch.partition,
              offset: Number(message.offset),
              key: message.key,
              value: message.value,
              headers: (message.headers ?? {}) as LogRecord['headers'],
              timestamp: Number(message.timestamp),
            })),
            Number(batch.highWatermark),
          );
          return Promise.resolve();
        },
      });
    } catch (error) {
      stopped = true;
      await disconnect(consumer);
      throw error;
    }
    return {
      pause: (topic, partition) => consumer.pause([{ topic, partitions: [partition] }]),
      resume: (topic, partition) => consumer.resume([{ topic, partitions: [partition] }]),
      seek: (topic, partition, offset) => consumer.seek({ topic, partition, offset: String(offset) }),
      commit: (offsets) => consumer.commitOffsets(offsets.map((entry) => ({ ...entry, offset: String(entry.offset) }))),
      stop: async () => {
        stopped = true;
        await disconnect(consumer);
      },
    };
  }

  async close(): Promise<void> {
    const [admin, producer] = [this.admin, this.producer];
    this.admin = undefined;
    this.producer = undefined;
    await Promise.allSettled([admin?.then((a) => a.disconnect()), producer?.then((p) => p.disconnect())]);
  }

  private async connected<T extends { connect(): Promise<void> }>(client: T): Promise<T> {
    await client.connect();
    return client;
  }

  private async dropProducer(): Promise<void> {
    const producer = this.producer;
    this.producer = undefined;
    await producer?.then((p) => p.disconnect()).catch(() => undefined);
  }

  /** Each waits for the one before; `work` must not ask again. */
  private withAdmin<T>(work: (admin: ReturnType<InstanceType<typeof Kafka>['admin']>) => Promise<T>): Promise<T> {
    const asked = this.lastAsked.then(() => this.askAdmin(work));
    this.lastAsked = asked.catch(() => undefined);
    return asked;
  }

  private async askAdmin<T>(work: (admin: ReturnType<InstanceType<typeof Kafka>['admin']>) => Promise<T>): Promise<T> {
    this.admin ??= this.connected(this.kafka.admin());
    try {
      return await work(await this.admin);
    } catch (error) {
      const admin = this.admin;
      this.admin = undefined;
      await admin?.then((a) => a.disconnect()).catch(() => undefined);
      throw error;
    }
  }
}

/** Leaves the group; a broker that doesn't answer must not keep a process from ending. */
async function disconnect(consumer: Consumer): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, 5_000)));
  await Promise.race([consumer.disconnect().catch(() => undefined), patience]);
  clearTimeout(timer);
}
