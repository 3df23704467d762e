import kafkajs from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { percentile } from '../percentile.js';
import { round } from '../processes.js';

export interface Limits {
  /** Messages a second, 600 bytes each. */
  readonly kafkaProduced: number;
  readonly kafkaConsumed: number;
  /** Rows a second. */
  readonly rowsInBatches: number;
  readonly rowsOneByOne: number;
  /** One write forced to the disk, milliseconds. On its way to an assignment a ticket waits for four of them: its tail is no shorter than the disk's. */
  readonly flushMs: { readonly p50: number; readonly p99: number };
}

const MESSAGES = 60_000;
const BATCH = 1_000;

/** What the machine's Kafka client and Postgres do when nothing else asks of them: the ceiling under which everything else is. */
export async function rawLimits(brokers: readonly string[], postgresUrl: string): Promise<Limits> {
  const kafka = await kafkaLimits(brokers);
  return { ...kafka, ...(await postgresLimits(postgresUrl)), flushMs: await flushTimes() };
}

/** As often as at 50 tickets a second, in the folder of temporary files, where the bench keeps its data. */
export async function flushTimes(): Promise<Limits['flushMs']> {
  const folder = await mkdtemp(join(tmpdir(), 'paidan-flush-'));
  const file = await open(join(folder, 'file'), 'w');
  try {
    const page = Buffer.alloc(8_192);
    const times: number[] = [];
    for (let i = 0; i < 300; i += 1) {
      const began = performance.now();
      await file.write(page);
      await file.datasync();
      times.push(performance.now() - began);
      await delay(15);
    }
    return { p50: round(percentile(times, 50), 1), p99: round(percentile(times, 99), 1) };
  } finally {
    await file.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function kafkaLimits(brokers: readonly string[]): Promise<Pick<Limits, 'kafkaProduced' | 'kafkaConsumed'>> {
  const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });
  const topic = `bench.limits.${randomUUID().slice(0, 8)}`;
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 12 }] });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const value = 'x'.repeat(600);
  let began = performance.now();
  for (let sent = 0; sent < MESSAGES; sent += BATCH)
    await producer.send({ topic, acks: -1, messages: Array.from({ length: BATCH }, (_, i) => ({ value, partition: i % 12 })) });
  const kafkaProduced = round(MESSAGES / ((performance.now() - began) / 1000));
  await producer.disconnect();
  const consumer = kafka.consumer({ groupId: topic });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let seen = 0;
  began = 0;
  const seconds = await new Promise<number>((resolve, reject) => {
    consumer
      .run({
        eachBatch: async ({ batch }) => {
          began ||= performance.now();
          seen += batch.messages.length;
          if (seen >= MESSAGES) resolve((performance.now() - began) / 1000);
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
  return { kafkaProduced, kafkaConsumed: round(MESSAGES / seconds) };
}

async function postgresLimits(postgresUrl: string): Promise<Pick<Limits, 'rowsInBatches' | 'rowsOneByOne'>> {
  const client = new pg.Client(postgresUrl);
  await client.connect();
  await client.query('create table bench_limits (id bigint generated always as identity primary key, body text not null)');
  try {
    const bodies = Array.from({ length: BATCH }, () => 'x'.repeat(300));
    let began = performance.now();
    for (let rows = 0; rows < 100_000; rows += BATCH)
      await client.query('insert into bench_limits (body) select unnest($1::text[])', [bodies]);
    const rowsInBatches = round(100_000 / ((performance.now() - began) / 1000));
    began = performance.now();
    for (let rows = 0; rows < 2_000; rows += 1) await client.query('insert into bench_limits (body) values ($1)', [bodies[0]]);
    return { rowsInBatches, rowsOneByOne: round(2_000 / ((performance.now() - began) / 1000)) };
  } finally {
    await client.query('drop table bench_limits');
    await client.end();
  }
}
