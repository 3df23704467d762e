import {
  decodeEvent,
  decodeHeaders,
  encodeHeaders,
  OUTBOUND,
  retoldTopicOf,
  sourceOf,
  wireType,
  type DirectoryUnit,
  type EventName,
  type EventPayload,
  type TicketEvent,
} from '@paidan/contracts';
import { uuidv7 } from '@paidan/kernel';
import { LogClient, manualClock, readingElsewhere, type LogRecord, type Retold } from '@paidan/runtime';
import { readAll } from '@paidan/runtime/reader';
import { voices, type Saying } from '@paidan/runtime/voices';
import { mintApiKey, mintSigningKey, mintToken, startService, type Role } from '@paidan/service-host';
import { sharedInfra, testDatabase, testPrefix, testTopics, until } from '@paidan/testing';
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { RUNTIME, type FeedbackRuntime } from './adapters/definition.js';
import { readConfig } from './config.js';
import { feedbackService } from './feedback.module.js';

const PARTITIONS = 3;
/** Proof key and codes as intake makes them. */
const PROOF_KEY = createHmac('sha256', randomBytes(32)).update('query-code-proof').digest();
export const CODE = '7KQX3VHT';

export interface Post {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An adapter's end of the call-back: keeps what came, answers as it is told. */
async function startAdapter() {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const posts: Post[] = [];
  const answers: { next: (response: ServerResponse, post: Post) => void } = { next: (response) => response.writeHead(204).end() };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const post = { headers: request.headers, body };
      posts.push(post);
      answers.next(response, post);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    secret,
    port: (server.address() as AddressInfo).port,
    answers,
    of: (ticketId: string): Post[] => posts.filter(({ headers }) => headers['webhook-id']?.toString().startsWith(ticketId)),
    /** @throws when the signature isn't that of the channel's secret */
    verified: ({ headers, body }: Post): unknown => new Webhook(secret).verify(body, headers as Record<string, string>),
    stop: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface FeedbackOptions {
  /** As in production: no call-back into a private range. */
  readonly guarded?: boolean;
}

/** The service as it runs, on a database and a log of its own, with an adapter that has a call-back (`web`) and one that has none (`app`). */
export async function startFeedback({ guarded = false }: FeedbackOptions = {}) {
  const { brokers } = sharedInfra();
  const database = await testDatabase(['feedback']);
  const urls = database.services['feedback'];
  if (urls === undefined) throw new Error('no schema');
  const prefix = testPrefix();
  const topics = { tickets: `${prefix}tickets`, directory: `${prefix}directory` };
  const made = await testTopics(
    [
      { name: topics.tickets, partitions: PARTITIONS },
      { name: retoldTopicOf(topics.tickets), partitions: PARTITIONS },
      { name: topics.directory, partitions: 1, config: { 'cleanup.policy': 'compact' } },
    ],
    { prefix: '' },
  );
  const adapter = await startAdapter();
  const folder = mkdtempSync(join(tmpdir(), 'paidan-feedback-'));
  const file = (name: string, content: object | string): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const { privateJwk, keySet } = mintSigningKey();
  const keys = ['web', 'app'].map((channel) => mintApiKey(channel));
  const contentKey = randomBytes(32);
  file('web.secret', adapter.secret);
  const config = readConfig({
    PAIDAN_HOST: '127.0.0.1',
    PAIDAN_PORT: '0',
    PAIDAN_METRICS_PORT: '0',
    PAIDAN_LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    PAIDAN_DATABASE_URL: urls.databaseUrl,
    PAIDAN_MIGRATOR_URL: urls.migratorUrl,
    PAIDAN_KAFKA_BROKERS: brokers.join(','),
    PAIDAN_API_KEYS_FILE: file('api-keys.json', { keys: keys.map(({ entry }) => entry) }),
    PAIDAN_JWKS_FILE: file('jwks.json', keySet),
    PAIDAN_CONTENT_KEYS_FILE: file('content-keys.json', { current: 'k1', keys: { k1: contentKey.toString('base64') } }),
    PAIDAN_QUERY_PROOF_KEY: PROOF_KEY.toString('base64'),
    PAIDAN_CALLBACK_ALLOW_PRIVATE: String(!guarded),
    PAIDAN_CALLBACK_TIMEOUT: '2s',
    PAIDAN_CHANNELS_FILE: file(
      'channels.csv',
      'id,name,kind,active,callback_url,callback_secret_file\n' +
        `web,网页,web,yes,${guarded ? 'https' : 'http'}://127.0.0.1:${adapter.port}/replies,web.secret\napp,移动应用,app,yes,,\n`,
    ),
  });
  const client = new LogClient({ brokers, clientId: 'feedback-test' });
  const log = new Map<string, TicketEvent>();
  const reader = await readAll(client, [topics.tickets], (record) => {
    const decoded = decodeEvent(record.headers, record.value);
    if (decoded.ok) log.set(`${decoded.event.service} ${decoded.event.id}`, decoded.event);
  });

  const clock = manualClock(Date.now());
  let ahead = 0;
  const names: Readonly<Record<string, readonly string[]>> = { tickets: [topics.tickets], directory: [topics.directory] };
  const service = await startService({
    name: 'feedback',
    ...feedbackService(config, {
      topics,
      realTime: () => Date.now() + ahead,
      runtime: { clock, ticketsLog: { topic: topics.tickets, partitions: PARTITIONS } },
      reading: (running) => readingElsewhere(running, (group) => ({ group: `${prefix}${group}`, topics: names[group] ?? [] })),
    }),
  });
  const runtime = service.app.get<FeedbackRuntime>(RUNTIME);
  const others = voices(PARTITIONS);
  const request = async (method: string, path: string, headers: Record<string, string>, body?: object) => {
    const answer = await fetch(`${service.url}${path}`, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
  };
  return {
    service,
    runtime,
    clock,
    adapter,
    contentKeys: { current: 'k1', keys: new Map([['k1', new Uint8Array(contentKey)]]) },
    realTime: (): number => Date.now() + ahead,
    /** Real time passes for the retries, at once. */
    realTimePasses: (ms: number): void => {
      ahead += ms;
    },
    /** What feedback said about a ticket. */
    said: (ticketId: string): TicketEvent[] =>
      [...log.values()].filter((event) => event.ticketId === ticketId && event.service === 'feedback'),
    /** What intake says instead of the query code. */
    proofOf: (ticketId: string): string => createHmac('sha256', PROOF_KEY).update(`${ticketId} ${CODE}`).digest('base64url'),

    /** Another service says something of a ticket; `skip` numbers are lost on the way. */
    async happens<N extends EventName>(
      ticketId: string,
      name: N,
      payload: EventPayload<N>,
      saying: Omit<Saying, 'time'> = {},
    ): Promise<void> {
      const time = new Date(clock.now()).toISOString();
      await client.send([{ topic: topics.tickets, messages: [others(ticketId, name, payload, { ...saying, time })] }]);
    },

    /** What was told again, where it lies. */
    async retold({ stretches }: Pick<Retold, 'stretches'>) {
      const found: LogRecord[] = [];
      const left = stretches.reduce((sum, { from, to }) => sum + to - from, 0);
      const again = await readAll(client, [retoldTopicOf(topics.tickets)], (record) => {
        const stretch = stretches.find(
          ({ partition, from, to }) => partition === record.partition && record.offset >= from && record.offset < to,
        );
        if (stretch !== undefined) found.push(record);
      });
      await until('what was told again', () => found.length >= left);
      await again.stop();
      return found
        .sort((a, b) => a.partition - b.partition || a.offset - b.offset)
        .map(({ headers, value }) => {
          const decoded = decodeHeaders(headers);
          if (!decoded.ok || value === null) throw new Error('an event was told again as none');
          const { subject: ticketId, ...envelope } = decoded.envelope;
          return { ticketId, ...envelope, payload: JSON.parse(String(value)) as unknown };
        });
    },

    /** Dispatch publishes what units are called. */
    async publishes(version: number, units: Readonly<Record<string, string>>): Promise<void> {
      const messages = Object.entries(units).map(([code, name]) => {
        const entry: DirectoryUnit = {
          ...{
            type: 'directory.unit',
            version,
            code,
            name,
            aliases: [],
            level: 1,
            parent: null,
            kind: 'bureau',
            areas: [],
            integration: 'kafka',
          },
          active: true,
        };
        const headers = encodeHeaders({
          id: newId(),
          source: sourceOf('dispatch'),
          type: wireType(entry.type, OUTBOUND[entry.type].version),
          subject: `unit:${code}`,
          time: new Date().toISOString(),
        });
        return { key: `unit:${code}`, value: JSON.stringify(entry), headers, partition: 0 };
      });
      await client.send([{ topic: topics.directory, messages }]);
    },

    /** A request by a member of staff. */
    async asks(who: { roles: readonly Role[]; unit?: string }, method: 'GET' | 'POST', path: string, body?: object) {
      const token = await mintToken(privateJwk, { sub: 'p1', roles: who.roles, ...(who.unit === undefined ? {} : { unit: who.unit }) });
      return request(method, path, { authorization: `Bearer ${token}` }, body);
    },
    /** A request by an adapter. */
    hands: (channel: 'web' | 'app', path: string, body: object) =>
      request('POST', path, { 'x-api-key': keys.find(({ entry }) => entry.channel === channel)?.key ?? '' }, body),
    /** A request by somebody. */
    tries: (path: string, body: object) => request('POST', path, {}, body),

    async rows<Row = Record<string, unknown>>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
      return (await runtime.database.query<Row>(sql, parameters)).rows;
    },
    async metrics(): Promise<string> {
      return (await fetch(`http://127.0.0.1:${service.metricsPort}/metrics`)).text();
    },

    async stop(): Promise<void> {
      await service.stop();
      await adapter.stop();
      await reader.stop();
      await client.close();
      await made.remove();
      await database.drop();
      rmSync(folder, { recursive: true });
    },
  };
}

export type Feedback = Awaited<ReturnType<typeof startFeedback>>;

export const newId = (): string => uuidv7(Date.now(), randomBytes(10));
