import { parseTopic } from '@paidan/contracts';
import { type Admin, type Consumer, Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { topicOffsets } from '../offsets.js';

type Json = Readonly<Record<string, unknown>>;

/** A record as it lies in the log. */
export interface Heard {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | undefined;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** The value, where it is a JSON object. */
  readonly json: Json;
}

export interface Written {
  readonly partition: number;
  readonly offset: string;
}

export interface Envelope {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string | Buffer>>;
}

/**
 * Reads every topic of the city from its beginning and writes to any, with nothing but kafkajs: what adapters and departments have. ACLs are
 * Kafka's business, so this hand can also write what a stranger may not.
 */
export class Log {
  readonly heard: Heard[] = [];

  private constructor(
    private readonly topics: readonly string[],
    private readonly consumer: Consumer,
    private readonly producer: Producer,
    private readonly admin: Admin,
  ) {}

  static async open(brokers: readonly string[], topics: readonly string[]): Promise<Log> {
    const kafka = new Kafka({ clientId: 'stranger', brokers: [...brokers], logLevel: logLevel.NOTHING });
    const consumer = kafka.consumer({ groupId: `stranger-${randomUUID()}`, allowAutoTopicCreation: false, maxWaitTimeInMs: 100 });
    const producer = kafka.producer({ allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner });
    const admin = kafka.admin();
    await Promise.all([consumer.connect(), producer.connect(), admin.connect()]);
    const log = new Log(topics, consumer, producer, admin);
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message: { offset, key, value, headers = {} } }) => {
        const texts = Object.entries(headers).map(([name, header]) => [name, String(header)]);
        log.heard.push({
          topic,
          partition,
          offset: Number(offset),
          key: key?.toString(),
          value,
          headers: Object.fromEntries(texts) as Record<string, string>,
          json: objectOf(value),
        });
      },
    });
    return log;
  }

  async close(): Promise<void> {
    await Promise.all([this.consumer.disconnect(), this.producer.disconnect(), this.admin.disconnect()]);
  }

  /** Writes one record: an object as JSON, anything else as it is. */
  async write(topic: string, value: object | string | Buffer | null, { key, headers = {} }: Envelope = {}): Promise<Written> {
    const bytes = value === null || typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value);
    const message = { value: bytes, headers: { ...headers }, ...(key === undefined ? {} : { key }) };
    const [written] = await this.producer.send({ topic, acks: -1, messages: [message] });
    return { partition: written?.partition ?? -1, offset: written?.baseOffset ?? '' };
  }

  on(topic: string): readonly Heard[] {
    return this.heard.filter((record) => record.topic === topic);
  }

  /** Waits for the n-th record of a topic that `fits`. */
  async until(what: string, topic: string, fits: (json: Json, record: Heard) => boolean, nth = 1, ms = 20_000): Promise<Heard> {
    for (const end = Date.now() + ms; ; await delay(20)) {
      const found = this.on(topic).filter((record) => fits(record.json, record))[nth - 1];
      if (found !== undefined) return found;
      if (Date.now() > end) throw new Error(`waited ${ms} ms in vain on ${topic}: ${what}. There is:\n${this.tail(topic)}`);
    }
  }

  /** Waits for the n-th event of a name about a ticket on `paidan.tickets`. */
  event(name: string, ticketId: string, nth = 1): Promise<Heard> {
    const type = `paidan.${name}.v1`;
    return this.until(
      `${name} ${nth} of ${ticketId}`,
      'paidan.tickets',
      (_, { key, headers }) => key === ticketId && headers['ce_type'] === type,
      nth,
    );
  }

  /** Names of the events about a ticket, as they stand in the log; of these services alone, where their order among others is open. */
  story(ticketId: string, by?: readonly string[]): string[] {
    return this.on('paidan.tickets')
      .filter(({ key, headers }) => key === ticketId && (by === undefined || by.some((name) => headers['ce_source'] === `/paidan/${name}`)))
      .map(({ headers }) => (headers['ce_type'] ?? '').replace(/^paidan\.|\.v1$/g, ''));
  }

  /** Returns when everything that stood in any topic at the call has been heard. */
  async caughtUp(): Promise<void> {
    const ends = await Promise.all(
      this.topics.map(async (topic) =>
        (await topicOffsets(this.admin, topic)).map(({ partition, high }) => ({ topic, partition, high: Number(high) })),
      ),
    );
    for (const { topic, partition, high } of ends.flat())
      if (high > 0)
        await this.until(`offset ${high - 1}`, topic, (_, record) => record.partition === partition && record.offset >= high - 1);
  }

  /** Where a piece of text stands: as it is, or under JSON's escapes. Topics that strangers themselves write are theirs. */
  whereIs(text: string): string[] {
    const escaped = JSON.stringify(text).slice(1, -1);
    const found = this.heard.filter(({ topic, key = '', value, headers }) => {
      const family = parseTopic(topic)?.family;
      if (family === 'submissions' || family === 'commands') return false;
      const all = [key, value?.toString() ?? '', ...Object.values(headers)].join('\n');
      return [text, escaped, asciiJson(text)].some((form) => all.includes(form));
    });
    return found.map(({ topic, partition, offset }) => `${topic}/${partition}@${offset}`);
  }

  private tail(topic: string): string {
    return this.on(topic)
      .slice(-8)
      .map(({ key, headers, value }) => `  ${key ?? '-'} ${headers['ce_type'] ?? '-'} ${value?.toString().slice(0, 300) ?? '-'}`)
      .join('\n');
  }
}

/** As a serialiser writes it that keeps to ASCII. */
export const asciiJson = (text: string): string =>
  text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

function objectOf(value: Buffer | null): Json {
  try {
    const json: unknown = JSON.parse(value?.toString() ?? '');
    return typeof json === 'object' && json !== null ? (json as Json) : {};
  } catch {
    return {};
  }
}
