import {
  assignmentsTopic,
  commandsTopic,
  decodeEvent,
  decodeOutbound,
  directoryHash,
  directoryKey,
  encodeHeaders,
  headerOf,
  OUTBOUND,
  sourceOf,
  wireType,
  type AssignmentsMessage,
  type DirectoryMailbox,
  type DirectoryMessage,
  type DirectoryPublished,
  type DirectoryUnit,
  type EventName,
  type EventPayload,
  type TicketEvent,
} from '@paidan/contracts';
import { uuidv7 } from '@paidan/kernel';
import { LogClient, readingElsewhere, type Clock } from '@paidan/runtime';
import { readAll } from '@paidan/runtime/reader';
import { voices } from '@paidan/runtime/voices';
import { mintSigningKey, mintToken, startService, type Role, type RunningService } from '@paidan/service-host';
import { sharedInfra, testDatabase, testPrefix, testTopics } from '@paidan/testing';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUNTIME, type WorkRuntime } from './adapters/definition.js';
import { readConfig } from './config.js';
import { departmentService } from './department-handler.module.js';

const PARTITIONS = 3;

/** The service as it runs, on a database, a log and units of its own. */
export async function startDepartments(units: readonly string[]) {
  const { brokers } = sharedInfra();
  const database = await testDatabase(['department_handler']);
  const urls = database.services['department_handler'];
  if (urls === undefined) throw new Error('no schema');
  const prefix = testPrefix();
  const topics = { tickets: `${prefix}tickets`, directory: `${prefix}directory` };
  const made = await testTopics(
    [
      { name: topics.tickets, partitions: PARTITIONS },
      { name: topics.directory, partitions: 1, config: { 'cleanup.policy': 'compact' } },
      ...units.flatMap((unit) => [assignmentsTopic(unit), commandsTopic(unit)].map((name) => ({ name, partitions: 1 }))),
    ],
    { prefix: '' },
  );
  const folder = mkdtempSync(join(tmpdir(), 'paidan-departments-'));
  const file = (name: string, content: object): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const { privateJwk, keySet } = mintSigningKey();
  const contentKey = randomBytes(32);
  const config = readConfig({
    PAIDAN_HOST: '127.0.0.1',
    PAIDAN_PORT: '0',
    PAIDAN_METRICS_PORT: '0',
    PAIDAN_LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    PAIDAN_DATABASE_URL: urls.databaseUrl,
    PAIDAN_MIGRATOR_URL: urls.migratorUrl,
    PAIDAN_KAFKA_BROKERS: brokers.join(','),
    PAIDAN_JWKS_FILE: file('jwks.json', keySet),
    PAIDAN_CONTENT_KEYS_FILE: file('content-keys.json', { current: 'k1', keys: { k1: contentKey.toString('base64') } }),
  });
  const client = new LogClient({ brokers, clientId: 'department-test' });
  // Delivery is at least once: like any careful reader this one keeps the first of what comes under one id.
  const log = new Map<string, TicketEvent>();
  const notices = new Map(units.map((unit) => [unit, new Map<string, AssignmentsMessage>()]));
  const reader = await readAll(client, [topics.tickets, ...units.map(assignmentsTopic)], (record) => {
    if (record.topic === topics.tickets) {
      const decoded = decodeEvent(record.headers, record.value);
      if (!decoded.ok) return;
      // Unique with its source alone.
      const id = `${decoded.event.service} ${decoded.event.id}`;
      if (!log.has(id)) log.set(id, decoded.event);
      return;
    }
    const decoded = decodeOutbound(record.value);
    if (!decoded.ok) throw new Error(decoded.detail);
    const told = notices.get(units.find((unit) => assignmentsTopic(unit) === record.topic) ?? '');
    const id = headerOf(record.headers, 'ce_id');
    if (id === undefined) throw new Error(`a notice without an id on ${record.topic}`);
    if (told !== undefined && !told.has(id)) told.set(id, decoded.message as AssignmentsMessage);
  });

  const names: Readonly<Record<string, readonly string[]>> = {
    tickets: [topics.tickets],
    directory: [topics.directory],
    commands: units.map(commandsTopic),
  };
  let ahead = 0;
  const clock: Clock = { now: () => Date.now() + ahead, factor: 1 };
  const service: RunningService = await startService({
    name: 'department-handler',
    ...departmentService(config, {
      topics,
      runtime: { clock, ticketsLog: { topic: topics.tickets, partitions: PARTITIONS } },
      reading: (runtime) => readingElsewhere(runtime, (group) => ({ group: `${prefix}${group}`, topics: names[group] ?? [] })),
    }),
  });
  const runtime = service.app.get<WorkRuntime>(RUNTIME);
  const others = voices(PARTITIONS);
  return {
    service,
    runtime,
    contentKeys: { current: 'k1', keys: new Map([['k1', new Uint8Array(contentKey)]]) },
    /** Hours pass at once. */
    passes: (ms: number): void => {
      ahead += ms;
    },
    /** What the service said about a ticket. */
    said: (ticketId: string): TicketEvent[] =>
      [...log.values()].filter((event) => event.ticketId === ticketId && event.service === 'department-handler'),
    /** What a unit was told, about a ticket or at all. */
    told: (unit: string, ticketId?: string): AssignmentsMessage[] =>
      [...(notices.get(unit)?.values() ?? [])].filter(
        (message) => ticketId === undefined || ('ticketId' in message && message.ticketId === ticketId),
      ),

    async happens<N extends EventName>(ticketId: string, name: N, payload: EventPayload<N>): Promise<void> {
      await client.send([{ topic: topics.tickets, messages: [others(ticketId, name, payload)] }]);
    },

    /** A unit's system writes to its own topic, in one go; a text goes as it is. */
    async writes(unit: string, ...said: readonly (object | string)[]): Promise<void> {
      const messages = said.map((message) => {
        const value = typeof message === 'string' ? message : JSON.stringify(message);
        return { key: unit, value, headers: {}, partition: 0 };
      });
      await client.send([{ topic: commandsTopic(unit), messages }]);
    },

    async publish(version: number, codes: readonly string[], change: { readonly count?: number } = {}): Promise<void> {
      const entries = codes.map((code): DirectoryUnit => ({
        type: 'directory.unit',
        version,
        code,
        name: code,
        aliases: [],
        level: 1,
        parent: null,
        kind: 'bureau',
        areas: [],
        integration: code.endsWith('desk') ? 'desk' : 'kafka',
        active: true,
      }));
      // Kinds that are of no use to this service: they must not count.
      const mailboxes = codes.map((unit): DirectoryMailbox => ({
        type: 'directory.mailbox',
        version,
        code: unit,
        name: unit,
        unit,
        active: true,
      }));
      const further = [{ type: 'directory.mailbox', count: mailboxes.length, hash: directoryHash(mailboxes) }];
      const [count, hash] = [entries.length, directoryHash(entries)];
      const marker: DirectoryPublished = { type: 'directory.published', version, count, hash, further, ...change };
      const messages = [...mailboxes, ...entries, marker].map((entry: DirectoryMessage) => {
        const headers = encodeHeaders({
          id: uuidv7(Date.now(), randomBytes(10)),
          source: sourceOf('dispatch'),
          type: wireType(entry.type, OUTBOUND[entry.type].version),
          subject: directoryKey(entry),
          time: new Date().toISOString(),
        });
        return { key: directoryKey(entry), value: JSON.stringify(entry), headers, partition: 0 };
      });
      await client.send([{ topic: topics.directory, messages }]);
    },

    /** A request by a member of staff of a unit. */
    async asks(who: { unit: string; sub?: string; roles?: readonly Role[] }, method: 'GET' | 'POST', path: string, body?: object) {
      const { unit, sub = 'officer-1', roles = ['officer'] } = who;
      const token = await mintToken(privateJwk, { sub, roles, unit });
      const answer = await fetch(`${service.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },

    async rows<Row = Record<string, unknown>>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
      return (await runtime.database.query<Row>(sql, parameters)).rows;
    },

    async stop(): Promise<void> {
      await service.stop();
      await reader.stop();
      await client.close();
      await made.remove();
      await database.drop();
      rmSync(folder, { recursive: true });
    },
  };
}

export type Departments = Awaited<ReturnType<typeof startDepartments>>;

export const newId = (): string => uuidv7(Date.now(), randomBytes(10));
