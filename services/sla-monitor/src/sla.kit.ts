import { decodeEvent, type EventName, type EventPayload, type TicketEvent } from '@paidan/contracts';
import { uuidv7 } from '@paidan/kernel';
import { LogClient, readingElsewhere, type Clock } from '@paidan/runtime';
import { readAll } from '@paidan/runtime/reader';
import { voices } from '@paidan/runtime/voices';
import { mintSigningKey, mintToken, startService, type Role, type RunningService } from '@paidan/service-host';
import { sharedInfra, testDatabase, testPrefix, testTopics } from '@paidan/testing';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RUNTIME, type ClocksRuntime } from './adapters/definition.js';
import { readConfig } from './config.js';
import { slaService } from './sla-monitor.module.js';

const PARTITIONS = 3;
const CITY = fileURLToPath(new URL('../../../deploy/city/', import.meta.url));

/** `2026-03-02 10:00` in Shanghai as epoch milliseconds, and back. */
export const at = (text: string): number => Date.parse(`${text.replace(' ', 'T')}+08:00`);
export const iso = (text: string): string => new Date(at(text)).toISOString();

/** Set by hand, and running on in real time from there: what waits for the log looks again after a second. */
function drivenClock(beginning: number): Clock & { set(to: number): void } {
  let [shown, since] = [beginning, Date.now()];
  return {
    factor: 1,
    now: () => shown + Date.now() - since,
    set: (to) => {
      [shown, since] = [to, Date.now()];
    },
  };
}

interface Staff {
  readonly sub?: string;
  readonly roles: readonly Role[];
  readonly unit?: string;
}

/** The service as it runs, on a database and a log of its own, with a clock driven by hand. */
export async function startClocks(beginning: string) {
  const { brokers } = sharedInfra();
  const database = await testDatabase(['sla_monitor']);
  const urls = database.services['sla_monitor'];
  if (urls === undefined) throw new Error('no schema');
  const prefix = testPrefix();
  const topic = `${prefix}tickets`;
  const made = await testTopics([{ name: topic, partitions: PARTITIONS }], { prefix: '' });
  const folder = mkdtempSync(join(tmpdir(), 'paidan-clocks-'));
  const { privateJwk, keySet } = mintSigningKey();
  writeFileSync(join(folder, 'jwks.json'), JSON.stringify(keySet));
  const environment = {
    PAIDAN_HOST: '127.0.0.1',
    PAIDAN_PORT: '0',
    PAIDAN_METRICS_PORT: '0',
    PAIDAN_LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    PAIDAN_DATABASE_URL: urls.databaseUrl,
    PAIDAN_MIGRATOR_URL: urls.migratorUrl,
    PAIDAN_KAFKA_BROKERS: brokers.join(','),
    PAIDAN_JWKS_FILE: join(folder, 'jwks.json'),
    PAIDAN_CITY_DIR: CITY,
    PAIDAN_CALENDAR_POLL: '100ms',
  };
  const clock = drivenClock(at(beginning));
  const client = new LogClient({ brokers, clientId: 'sla-test' });
  const log = new Map<string, TicketEvent>();
  // By id: delivery is at least once.
  const reader = await readAll(client, [topic], (record) => {
    const decoded = decodeEvent(record.headers, record.value);
    if (decoded.ok) log.set(`${decoded.event.service} ${decoded.event.id}`, decoded.event);
  });

  const start = (change: Readonly<Record<string, string>> = {}): Promise<RunningService> =>
    startService({
      name: 'sla-monitor',
      ...slaService(readConfig({ ...environment, ...change }), {
        runtime: { ticketsLog: { topic, partitions: PARTITIONS }, clock },
        reading: (running) => readingElsewhere(running, (group) => ({ group: `${prefix}${group}`, topics: [topic] })),
      }),
    });
  const service = await start();
  const runtime = service.app.get<ClocksRuntime>(RUNTIME);
  const others = voices(PARTITIONS);
  return {
    clock,
    service,
    runtime,
    /** What the service said about a ticket. */
    said: (ticketId: string): TicketEvent[] =>
      [...log.values()]
        .filter((event) => event.ticketId === ticketId && event.service === 'sla-monitor')
        .sort((a, b) => a.sequence - b.sequence),

    /** Something another service says, at a time of Shanghai; now, unless given. */
    async happens<N extends EventName>(ticketId: string, name: N, payload: EventPayload<N>, time?: string): Promise<void> {
      const said = time === undefined ? new Date(clock.now()).toISOString() : iso(time);
      await client.send([{ topic, messages: [others(ticketId, name, payload, { time: said })] }]);
    },

    /** A request by a member of staff. */
    async asks(who: Staff, method: 'GET' | 'POST' | 'PUT', path: string, body?: object) {
      const token = await mintToken(privateJwk, { sub: 'somebody', ...who });
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

    /** A second start, with the city's calendars and one file of holidays put among them. */
    async startsWith(name: string, file: unknown): Promise<unknown> {
      const calendars = join(folder, 'calendars');
      cpSync(join(CITY, 'holidays'), calendars, { recursive: true });
      writeFileSync(join(calendars, name), JSON.stringify(file));
      return start({ PAIDAN_CALENDAR_DIR: calendars }).then(
        (other) => other.stop(),
        (error: unknown) => error,
      );
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

export type Clocks = Awaited<ReturnType<typeof startClocks>>;

export const newId = (): string => uuidv7(Date.now(), randomBytes(10));
