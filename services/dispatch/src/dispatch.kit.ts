import {
  decodeEvent,
  decodeOutbound,
  DIRECTORY_TOPIC,
  partitionOf,
  seal,
  SEAL_IV_BYTES,
  type Content,
  type ContentKeys,
  type DirectoryMessage,
  type EventName,
  type EventPayload,
  type OpenContent,
  type TicketEvent,
} from '@paidan/contracts';
import { addWork, LogClient, type LogRecord } from '@paidan/runtime';
import { voices } from '@paidan/runtime/voices';
import { mintSigningKey, mintToken, startService, type Role, type RunningService, type TokenClaims } from '@paidan/service-host';
import { testDatabase, testTopics, until } from '@paidan/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { RUNTIME, type DispatchRuntime } from './adapters/definition.js';
import { readConfig } from './config.js';
import { dispatchService } from './dispatch.module.js';

const EXAMPLE_CITY = fileURLToPath(new URL('../../../deploy/city', import.meta.url));
const PARTITIONS = 2;

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export const newTicket = (): string => randomUUID();

/** Dispatch on a database and a log of its own, with an example city nobody else publishes; and hands to play intake and the departments. */
export class DispatchBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'paidan-dispatch-'));
  readonly tag = randomBytes(4).toString('hex');
  readonly topic = `t${this.tag}.tickets`;
  readonly said: TicketEvent[] = [];
  readonly directory: DirectoryMessage[] = [];
  readonly services: RunningService[] = [];
  readonly keys = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')] as const;
  private readonly signing = mintSigningKey();
  private readonly others = voices(PARTITIONS);
  private readonly closing: (() => Promise<unknown>)[] = [];
  private last: Parameters<DispatchBench['write']> | undefined;
  private readonly places = new Set<string>();
  private database!: Awaited<ReturnType<typeof testDatabase>>;

  private constructor(
    private readonly brokers: readonly string[],
    private readonly client: LogClient,
    private readonly env: (folder: string) => NodeJS.ProcessEnv,
  ) {}

  /**
   * @param change of the folder before the first start; the city's is in it
   * @param env further settings, by the folder
   */
  static async open(
    brokers: readonly string[],
    change: (folder: string) => void = () => undefined,
    env: (folder: string) => NodeJS.ProcessEnv = () => ({}),
  ): Promise<DispatchBench> {
    const bench = new DispatchBench(brokers, new LogClient({ brokers, clientId: 'dispatch-bench' }), env);
    bench.database = await testDatabase(['dispatch']);
    const topics = await testTopics([{ name: bench.topic, partitions: PARTITIONS }], { prefix: '' });
    // Other tests and their services use it, too: it is left where it is.
    await testTopics([{ name: DIRECTORY_TOPIC, partitions: 1 }], { prefix: '' });
    cpSync(EXAMPLE_CITY, join(bench.folder, 'city'), { recursive: true });
    bench.rename(`示例市教育局${bench.tag}`);
    change(bench.folder);
    bench.closing.push(
      () => topics.remove(),
      () => bench.database.drop(),
    );
    try {
      await bench.listen();
      await bench.start();
    } catch (error) {
      await bench.close();
      throw error;
    }
    return bench;
  }

  /** Another name for the education bureau: another directory. */
  rename(name: string): void {
    this.edit('units.csv', (text) => text.replace(/^(city-education),[^,]*/m, `$1,${name}`));
  }

  /** Changes a table of the city's folder, for replicas that start afterwards. */
  edit(file: string, change: (text: string) => string): void {
    const path = join(this.folder, 'city', file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  }

  /** Starts a replica; `keys` are those it holds. */
  async start(keys = 1): Promise<RunningService> {
    const file = (name: string, content: unknown): string => {
      const path = join(this.folder, name);
      writeFileSync(path, JSON.stringify(content));
      return path;
    };
    const held = Object.fromEntries(this.keys.slice(0, keys).map((key, i) => [`k${i + 1}`, key]));
    const urls = this.database.services['dispatch'];
    const config = readConfig({
      PAIDAN_HOST: '127.0.0.1',
      PAIDAN_PORT: '0',
      PAIDAN_METRICS_PORT: '0',
      PAIDAN_LOG_LEVEL: 'silent',
      PAIDAN_DATABASE_URL: urls?.databaseUrl,
      PAIDAN_MIGRATOR_URL: urls?.migratorUrl,
      PAIDAN_KAFKA_BROKERS: this.brokers.join(','),
      PAIDAN_TICKETS_TOPIC: this.topic,
      PAIDAN_TICKETS_PARTITIONS: String(PARTITIONS),
      PAIDAN_JWKS_FILE: file('jwks.json', this.signing.keySet),
      PAIDAN_CONTENT_KEYS_FILE: file(`content-keys-${keys}.json`, { current: 'k1', keys: held }),
      PAIDAN_CITY_DIR: join(this.folder, 'city'),
      PAIDAN_DIRECTORY_POLL: '200ms',
      ...this.env(this.folder),
    });
    const service = await startService({ name: 'dispatch', ...dispatchService(config) });
    this.services.push(service);
    return service;
  }

  get runtime(): DispatchRuntime {
    const [first] = this.services;
    if (first === undefined) throw new Error('not started');
    return first.app.get<DispatchRuntime>(RUNTIME);
  }

  /** Another service says something of a ticket. */
  async happens<N extends EventName>(ticketId: string, name: N, payload: EventPayload<N>): Promise<void> {
    const { key, value, headers } = this.others(ticketId, name, payload);
    await this.write(key, value, headers);
  }

  async write(key: string, value: string, headers: Readonly<Record<string, string>>): Promise<void> {
    this.last = [key, value, headers];
    await this.client.send([{ topic: this.topic, messages: [{ key, value, partition: partitionOf(key, PARTITIONS), headers }] }]);
  }

  /** Registrations that are handled in one transaction, in this order; they come over no log. */
  async together(registrations: readonly (readonly [ticketId: string, payload: EventPayload<'ticket.registered'>])[]): Promise<void> {
    const { reactor } = this.runtime;
    const items = registrations.map(([ticketId, payload], offset) => {
      const { key, value, headers, partition = 0 } = this.others(ticketId, 'ticket.registered', payload);
      const bytes = { key: Buffer.from(key), value: Buffer.from(value ?? '') };
      const record: LogRecord = { topic: this.topic, partition, offset, headers, timestamp: Date.now(), ...bytes };
      const decoded = reactor.definition.decode(record);
      if (decoded.kind !== 'message') throw new Error(`not understood: ${JSON.stringify(decoded)}`);
      return { ticketId, item: { kind: 'log', record, decoded } as const };
    });
    await reactor.apply(async (_tx, work) => {
      for (const { ticketId, item } of items) addWork(work, ticketId, item);
    });
  }

  /** The last thing said, once more: a relay that was killed between sending and deleting. */
  async repeat(): Promise<void> {
    if (this.last !== undefined) await this.write(...this.last);
  }

  /** The n-th event that dispatch said about a ticket under this name. */
  async heard<N extends EventName>(name: N, ticketId: string, nth = 1): Promise<EventPayload<N>> {
    const event = await until(
      `${name} ${nth}`,
      () => this.said.filter((said) => said.name === name && said.ticketId === ticketId)[nth - 1],
    );
    return event.payload as EventPayload<N>;
  }

  async call(
    method: 'GET' | 'POST',
    path: string,
    roles: readonly Role[],
    body?: object,
    claims: Partial<TokenClaims> = {},
    replica = 0,
  ): Promise<Answer> {
    const token = await mintToken(this.signing.privateJwk, { sub: `${roles.join('-')}-1`, roles, ...claims });
    const response = await fetch(`${this.services[replica]?.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** What is no JSON. */
  async text(path: string, roles: readonly Role[]): Promise<string> {
    const token = await mintToken(this.signing.privateJwk, { sub: `${roles.join('-')}-1`, roles });
    return (await fetch(`${this.services[0]?.url}${path}`, { headers: { authorization: `Bearer ${token}` } })).text();
  }

  /** Under the first key, which every replica holds, or the second one. */
  sealed(ticketId: string, content: OpenContent, key: 1 | 2 = 1): Content {
    const id = `k${key}`;
    const keys: ContentKeys = { current: id, keys: new Map([[id, Buffer.from(this.keys[key - 1] as string, 'base64')]]) };
    return seal(content, ticketId, keys, randomBytes(SEAL_IV_BYTES));
  }

  async close(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
    for (const close of this.closing.reverse()) await close();
    await this.client.close();
    rmSync(this.folder, { recursive: true });
  }

  /** From the beginning, and once more when the client crashes: a broker just started has not loaded its groups yet. */
  private async listen(attempt = 1): Promise<void> {
    const consumer = await this.client.consume(`bench-${this.tag}-${attempt}`, [this.topic, DIRECTORY_TOPIC], {
      assigned: () => undefined,
      crashed: () =>
        // It can crash while it is being made.
        void delay(1_000)
          .then(() => consumer.stop())
          .then(() => this.listen(attempt + 1)),
      records: (records) => {
        for (const record of records) {
          const place = `${record.topic}/${record.partition}/${record.offset}`;
          if (!this.places.has(place)) this.hear(record);
          this.places.add(place);
        }
      },
    });
    this.closing.push(() => consumer.stop());
  }

  private hear(record: LogRecord): void {
    if (record.topic === DIRECTORY_TOPIC) {
      const decoded = decodeOutbound(record.value);
      if (decoded.ok && decoded.message.type.startsWith('directory.')) this.directory.push(decoded.message as DirectoryMessage);
      return;
    }
    const decoded = decodeEvent(record.headers, record.value);
    if (decoded.ok && decoded.event.service === 'dispatch') this.said.push(decoded.event);
  }
}
