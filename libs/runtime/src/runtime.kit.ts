import {
  decodeEvent,
  encodeHeaders,
  eventType,
  headerOf,
  partitionOf,
  retoldTopicOf,
  type EventName,
  type Service,
} from '@paidan/contracts';
import { sharedInfra, testDatabase, testTopics, type SharedInfra, type TestDatabase } from '@paidan/testing';
import kafkajs, { type Producer } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { LogRecord } from './kafka/log-record.js';
import type { Command, Decide, Message, NewEvent } from './reactor/decision.js';
import type { ServiceDefinition } from './reactor/service.js';
import type { Decoded } from './reactor/work.js';
import { Runtime, type RuntimeOptions } from './runtime.js';

/** The record of the service that these tests are about: what it has seen, in order. */
export interface Tally {
  readonly seen: readonly string[];
  readonly note: string;
}

/** Orders to the tally's decision, carried in an event's payload or a command's. */
export interface Order {
  readonly note?: string;
  /** `throw` = a bug; `sql` = a NUL that Postgres refuses; `huge` = an event no broker takes. */
  readonly fault?: 'throw' | 'sql' | 'huge';
  readonly timerAt?: number;
  readonly disarm?: boolean;
  readonly quiet?: boolean;
  readonly noticeTo?: string;
  /** A command is refused unless the record has this note. */
  readonly needs?: string;
}

export type TallyCommand = Command<'order', Order>;
/** What is wrong with this release: `healed` takes the orders' faults back; `timers` has every timer's decision throw. */
export const faults = { healed: false, timers: false };

const say = (payload: object): NewEvent => ({ name: 'ticket.held', payload }) as unknown as NewEvent;

export const decideTally: Decide<Tally, null, TallyCommand> = (record, message) => {
  const order: Order =
    message.kind === 'event' ? (message.event.payload as Order) : message.kind === 'command' ? message.command.payload : {};
  const label = labelOf(message);
  if ((order.fault === 'throw' || (message.kind === 'timer' && faults.timers)) && !faults.healed)
    throw Object.assign(new Error('a bug in the decision'), { code: 'bug' });
  if (order.needs !== undefined && order.needs !== record?.note)
    return {
      record: record ?? { seen: [], note: '' },
      outcome: { accepted: false, reason: 'not-yet', detail: { note: record?.note ?? null } },
    };
  const note = order.fault === 'sql' && !faults.healed ? 'NUL \u0000' : (order.note ?? record?.note ?? '');
  return {
    record: { seen: [...(record?.seen ?? []), label], note },
    events: order.quiet ? [] : [say({ label, ...(order.fault === 'huge' && !faults.healed && { ballast: 'x'.repeat(1_500_000) }) })],
    timers: order.disarm ? [{ name: 'alarm', at: null }] : order.timerAt === undefined ? [] : [{ name: 'alarm', at: order.timerAt }],
    notices:
      order.noticeTo === undefined ? [] : [{ topic: order.noticeTo, key: keyOf(message), type: 'paidan.test.v1', payload: { label } }],
    ...(message.kind === 'command' && { outcome: { accepted: true as const, answer: { count: (record?.seen.length ?? 0) + 1 } } }),
  };
};

const keyOf = (message: Message<TallyCommand>): string =>
  message.kind === 'event' ? message.event.ticketId : message.kind === 'command' ? message.command.ticketId : 'timer';

function labelOf(message: Message<TallyCommand>): string {
  switch (message.kind) {
    case 'event':
      return `e${message.event.epoch}.${message.event.sequence}`;
    case 'command':
      return `c:${message.command.payload.note ?? ''}`;
    case 'timer':
      return `t:${message.timer.name}`;
  }
}

export function decodeTally(record: LogRecord): Decoded<TallyCommand> {
  if (headerOf(record.headers, 'ce_type') === 'paidan.command') {
    const command = JSON.parse(String(record.value)) as TallyCommand;
    return { kind: 'message', ticketId: command.ticketId, message: { kind: 'command', command } };
  }
  const decoded = decodeEvent(record.headers, record.value);
  if (decoded.ok) return { kind: 'message', ticketId: decoded.event.ticketId, message: { kind: 'event', event: decoded.event } };
  if (decoded.reason === 'unknown-type') return { kind: 'skip' };
  // The tests' payloads are orders, not what the schema says.
  if (decoded.reason === 'schema' && decoded.envelope) {
    const { envelope } = decoded;
    const event = {
      name: 'ticket.registered',
      ...envelope,
      ticketId: envelope.subject,
      payload: JSON.parse(String(record.value)) as object,
    };
    return { kind: 'message', ticketId: envelope.subject, message: { kind: 'event', event: event as never } };
  }
  if (decoded.envelope) return { kind: 'unprocessable', ticketId: decoded.envelope.subject, code: decoded.reason, detail: decoded.detail };
  return { kind: 'quarantine', reason: decoded.reason, detail: decoded.detail };
}

/** A column that SQL can refuse to fill. */
class TallyNote1763900000001 implements MigrationInterface {
  readonly name = 'TallyNote1763900000001';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table ticket add column note text');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table ticket drop column note');
  }
}

export const tallyMigrations = [TallyNote1763900000001];

export const tallyDefinition: ServiceDefinition<Tally, null, TallyCommand> = {
  service: 'dispatch',
  decide: decideTally,
  decode: decodeTally,
  columns: [{ name: 'note', type: 'text', value: ({ note }) => note }],
  facts: () => null,
};

/** A schema and topics of its own on the given servers, the tally's runtime on them, and hands to put records into the log and look at rows. */
export class Bench {
  readonly runtimes: Runtime<Tally, null, TallyCommand>[] = [];
  private producer: Producer | undefined;
  readonly pg: pg.Pool;
  readonly kafka: InstanceType<typeof kafkajs.Kafka>;

  private constructor(
    readonly infra: SharedInfra,
    readonly partitions: number,
    readonly topic: string,
    private readonly testDb: TestDatabase,
  ) {
    this.kafka = new kafkajs.Kafka({ brokers: [...infra.brokers], logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 20 } });
    this.pg = new pg.Pool({ connectionString: testDb.superuserUrl, max: 4 });
    this.pg.on('error', () => undefined);
  }

  get urls() {
    const urls = this.testDb.services['dispatch'];
    if (urls === undefined) throw new Error('no schema for the tally');
    return urls;
  }

  /** Of a superuser. */
  get superuserUrl(): string {
    return this.testDb.superuserUrl;
  }

  /** A second service's schema. */
  get intakeUrls() {
    const urls = this.testDb.services['intake'];
    if (urls === undefined) throw new Error('no schema for intake');
    return urls;
  }

  static async open(infra: SharedInfra = sharedInfra(), partitions = 4): Promise<Bench> {
    const topics = await testTopics(
      ['tickets', retoldTopicOf('tickets')].map((name) => ({ name, partitions })),
      { infra },
    );
    return new Bench(infra, partitions, topics.name('tickets'), await testDatabase(['dispatch', 'intake'], { infra }));
  }

  options(overrides: Partial<RuntimeOptions> = {}): RuntimeOptions {
    return {
      database: {
        url: this.urls.databaseUrl,
        migratorUrl: this.urls.migratorUrl,
        schema: 'dispatch',
        migrations: tallyMigrations,
        entities: [],
        applicationName: 'tally',
      },
      kafka: { brokers: this.infra.brokers, clientId: 'tally' },
      ticketsLog: { topic: this.topic, partitions: this.partitions },
      ...overrides,
    };
  }

  /** Opens a runtime without reading or relaying. */
  async runtime(
    overrides: Partial<RuntimeOptions> & { definition?: Partial<typeof tallyDefinition> } = {},
  ): Promise<Runtime<Tally, null, TallyCommand>> {
    const { definition, ...rest } = overrides;
    const runtime = await Runtime.open({ ...tallyDefinition, ...definition }, this.options(rest));
    this.runtimes.push(runtime);
    return runtime;
  }

  read(runtime: Runtime<Tally, null, TallyCommand>, group = this.topic) {
    return runtime.read({ group, topics: async () => [this.topic] });
  }

  async send(
    ticketId: string,
    sequence: number,
    order: Order = {},
    more: { epoch?: number; service?: Service; name?: EventName } = {},
  ): Promise<void> {
    await this.sendAll([{ ticketId, sequence, order, ...more }]);
  }

  async sendAll(
    events: readonly { ticketId: string; sequence: number; order?: Order; epoch?: number; service?: Service; name?: EventName }[],
  ): Promise<void> {
    await this.produce(
      events.map(({ ticketId, sequence, order = {}, epoch = 1, service = 'intake', name = 'ticket.registered' }) => ({
        key: ticketId,
        value: JSON.stringify(order),
        partition: partitionOf(ticketId, this.partitions),
        headers: encodeHeaders({
          id: randomUUID(),
          source: `/paidan/${service}`,
          type: eventType(name),
          subject: ticketId,
          time: new Date().toISOString(),
          sequence,
          epoch,
        }),
      })),
    );
  }

  async sendCommand(command: TallyCommand): Promise<void> {
    await this.produce([
      {
        key: command.ticketId,
        value: JSON.stringify(command),
        partition: partitionOf(command.ticketId, this.partitions),
        headers: { ce_type: 'paidan.command' },
      },
    ]);
  }

  async produce(
    messages: { key: string; value: string; partition: number; headers: Record<string, string> }[],
    topic = this.topic,
  ): Promise<void> {
    if (!this.producer) {
      this.producer = this.kafka.producer({ allowAutoTopicCreation: false });
      await this.producer.connect();
    }
    await this.producer.send({ topic, acks: -1, messages });
  }

  /** Everything this service said on the log, in order per partition. */
  async said(topic = this.topic): Promise<{ ticketId: string; sequence: number; epoch: number; payload: { label: string } }[]> {
    const admin = this.kafka.admin();
    await admin.connect();
    const ends = (await admin.fetchTopicOffsets(topic)).map((entry) => ({
      partition: entry.partition,
      left: Number(entry.high) - Number(entry.low),
    }));
    await admin.disconnect();
    let left = ends.reduce((sum, entry) => sum + entry.left, 0);
    const found: { ticketId: string; sequence: number; epoch: number; payload: { label: string } }[] = [];
    if (left === 0) return found;
    const consumer = this.kafka.consumer({ groupId: randomUUID() });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          eachMessage: async ({ message }) => {
            left -= 1;
            if (headerOf(message.headers as never, 'ce_source') === '/paidan/dispatch')
              found.push({
                ticketId: String(message.key),
                sequence: Number(headerOf(message.headers as never, 'ce_sequence')),
                epoch: Number(headerOf(message.headers as never, 'ce_epoch')),
                payload: JSON.parse(String(message.value)) as { label: string },
              });
            if (left === 0) resolve();
          },
        })
        .catch(reject);
    });
    await consumer.disconnect();
    return found;
  }

  /** Records in a topic, over its partitions. */
  async lengthOf(topic: string): Promise<number> {
    const admin = this.kafka.admin();
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(topic);
    await admin.disconnect();
    return ends.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  }

  async rows<T extends object = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    const client = await this.pg.connect();
    try {
      await client.query('set search_path = dispatch');
      return (await client.query<T>(sql, parameters)).rows;
    } finally {
      client.release();
    }
  }

  async seen(ticketId: string): Promise<readonly string[]> {
    const [row] = await this.rows<{ record: Tally | null }>('select record from ticket where ticket_id = $1', [ticketId]);
    return row?.record?.seen ?? [];
  }

  async close(): Promise<void> {
    await Promise.all(this.runtimes.map((runtime) => runtime.stop().catch(() => undefined)));
    await this.producer?.disconnect();
    await this.pg.end();
    await this.testDb.drop().catch(() => undefined); // the outage tests' server may be gone already
  }
}

export const newTicket = (): string => randomUUID();
