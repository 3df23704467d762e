import { type Admin, Kafka, logLevel } from 'kafkajs';
import { InfraError } from './errors.js';
import { sleep } from './host.js';

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** Topic settings by Kafka's names, e.g. `cleanup.policy`. */
  readonly config?: Readonly<Record<string, string>>;
}

/** Settings that our topics ask for. */
export const topicConfig = {
  /** 30 days: the schemas are the state, the log is how it travels. */
  retained: { 'cleanup.policy': 'delete', 'retention.ms': String(30 * 24 * 60 * 60 * 1000) },
  /** Only the last record of a key is kept, for good. */
  compacted: { 'cleanup.policy': 'compact' },
} as const;

/**
 * Makes the topics that are missing, in one request, and returns when each partition has a leader. An existing topic with another number of
 * partitions is an error: keys would move between partitions, and a ticket's events would lose their order.
 */
export async function createTopics(brokers: readonly string[], topics: readonly TopicSpec[]): Promise<void> {
  const kafka = new Kafka({ clientId: 'paidan-local', brokers: [...brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const before = await leaders(admin);
    refuseOtherCounts(topics, before);
    const missing = topics.filter(({ name }) => !before.has(name));
    if (missing.length === 0) return;
    await admin.createTopics({
      topics: missing.map(({ name, partitions, config = {} }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor: -1,
        configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
      })),
      // kafkajs would wait by asking for these topics by name, and fails when one of them is not in the broker's metadata yet.
      waitForLeaders: false,
      timeout: 30_000,
    });
    await untilLed(admin, topics);
  } finally {
    await admin.disconnect();
  }
}

async function untilLed(admin: Admin, topics: readonly TopicSpec[]): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const now = await leaders(admin);
    refuseOtherCounts(topics, now);
    const waiting = topics.filter(({ name }) => now.get(name)?.every((leader) => leader >= 0) !== true);
    if (waiting.length === 0) return;
    if (Date.now() > deadline) {
      throw new InfraError(
        'kafka-unreachable',
        `Kafka did not give ${waiting.length} topics a leader within 30 s, among them ${waiting[0]?.name ?? ''}.`,
      );
    }
    await sleep(50);
  }
}

/** Leader of each partition by topic. */
async function leaders(admin: Admin): Promise<ReadonlyMap<string, readonly number[]>> {
  const { topics } = await admin.fetchTopicMetadata();
  return new Map(topics.map(({ name, partitions }) => [name, partitions.map(({ leader }) => leader)]));
}

function refuseOtherCounts(topics: readonly TopicSpec[], existing: ReadonlyMap<string, readonly number[]>): void {
  for (const { name, partitions } of topics) {
    const found = existing.get(name)?.length;
    if (found === undefined || found === partitions) continue;
    throw new InfraError(
      'kafka-topic-differs',
      `The topic ${name} has ${found} partitions and should have ${partitions}. The number is fixed when a topic is made: drain it into a new topic, or run npm run reset on a local system.`,
    );
  }
}
