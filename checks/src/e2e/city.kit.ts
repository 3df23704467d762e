import {
  defaultCityDir,
  LocalKeys,
  localPorts,
  type Role,
  type RunningSystem,
  type ServiceName,
  startSystem,
  type StartSystemOptions,
  topicsOf,
  urlOf,
  withClient,
} from '@paidan/local';
import { type OwnInfra, ownInfra, until } from '@paidan/testing';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Log } from './log.kit.js';

export const SERVICES: readonly ServiceName[] = localPorts({}).services.map(({ name }) => name);
export type { ServiceName };

/** Channels whose adapters have their keys from the beginning. */
const ADAPTERS = ['web-portal', 'sms-12345', 'hotline-12345', 'app-city', 'weibo-city', 'mail-mayor'];

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Call {
  readonly key?: string;
  readonly token?: string;
  /** Objects go as JSON, texts and bytes as they are. */
  readonly body?: object | string | Uint8Array<ArrayBuffer>;
  readonly contentType?: string;
}

export interface Who {
  readonly sub: string;
  readonly roles: readonly Role[];
  readonly unit?: string;
  readonly lifetimeSeconds?: number;
}

export interface CityOptions {
  /** Further lines of channels.csv. */
  readonly channels?: readonly string[];
  /** The whole table of channels, as it is to be, from what it is. */
  readonly retell?: (channels: string) => string | Promise<string>;
  /** The whole table of time limits, likewise. */
  readonly limits?: (limits: string) => string;
  readonly clock?: StartSystemOptions['clock'];
  /** Further settings of the services. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The whole system as `npm start` runs it, on a Postgres and a Kafka of its own: topics and consumer groups have the names that they have in production,
 * so on the servers that the integration tests share it would read their topics and they would join its groups.
 */
export class City {
  private constructor(
    private readonly infra: OwnInfra,
    readonly system: RunningSystem,
    readonly keys: LocalKeys,
    /** Everything on any topic, read as strangers read it. */
    readonly log: Log,
  ) {}

  static async open({
    channels = [],
    retell = (table) => table,
    limits = (table) => table,
    clock,
    env = {},
  }: CityOptions = {}): Promise<City> {
    const infra = await ownInfra();
    let system: RunningSystem | undefined;
    try {
      const cityDir = join(infra.dataDir, 'city');
      await cp(defaultCityDir({}), cityDir, { recursive: true });
      const table = join(cityDir, 'channels.csv');
      await writeFile(table, await retell(`${await readFile(table, 'utf8')}${channels.map((line) => `${line}\n`).join('')}`));
      const limitsFile = join(cityDir, 'sla.csv');
      await writeFile(limitsFile, limits(await readFile(limitsFile, 'utf8')));
      // Before the services start: they look for new keys every 2 s.
      const keys = await LocalKeys.open(infra.dataDir);
      for (const channel of ADAPTERS) await keys.localApiKey(channel);
      const theirs = Object.entries(process.env).filter(([name]) => !name.startsWith('PAIDAN_'));
      system = await startSystem({
        infra,
        dataDir: infra.dataDir,
        cityDir,
        ports: {
          postgres: 0,
          kafka: 0,
          services: localPorts({}).services.map((service) => ({ ...service, port: 0, metricsPort: 0 })),
        },
        ...(clock === undefined ? {} : { clock }),
        // The most that a service ever writes into its log is what must be free of contact data.
        env: { ...Object.fromEntries(theirs), PAIDAN_LOG_LEVEL: 'debug', ...env },
      });
      system.onFailure((what, reason, end) => console.error(`${what} ended (${reason}). The end of its log:\n${end}`));
      const log = await Log.open(
        infra.brokers,
        topicsOf(system.city).map(({ name }) => name),
      );
      return new City(infra, system, keys, log);
    } catch (error) {
      await system?.stop();
      await infra.stop();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.system.stop();
    await this.infra.stop();
  }

  /** Calls a service as a stranger does. */
  async call(
    service: ServiceName,
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    { key, token, body, contentType }: Call = {},
  ): Promise<Answer> {
    const plain = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`${this.system.urls[service]}${path}`, {
      method,
      headers: {
        ...(key === undefined ? {} : { 'x-api-key': key }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
      },
      ...(body === undefined ? {} : { body: plain ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    const { status, headers } = response;
    const type = headers.get('content-type') ?? '';
    return { status, headers, contentType: type, body: type.includes('json') ? (JSON.parse(text) as Answer['body']) : { text } };
  }

  /** Hands in an appeal as the adapter of the channel. */
  async submit(body: Call['body'], channel = 'web-portal'): Promise<Answer> {
    return this.call('intake', 'POST', '/v1/submissions', {
      key: await this.keys.localApiKey(channel),
      ...(body === undefined ? {} : { body }),
    });
  }

  token(who: Who): Promise<string> {
    return this.keys.token(who);
  }

  /** Calls as somebody with a token. */
  async as(who: Who, service: ServiceName, method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Answer> {
    return this.call(service, method, path, { token: await this.token(who), ...(body === undefined ? {} : { body }) });
  }

  /** Looks behind the scenes, into any service's schema. */
  rows<T extends object>(sql: string, values: readonly unknown[] = []): Promise<T[]> {
    return withClient(urlOf(this.infra.postgresUrl, 'paidan'), async (client) => (await client.query<T>(sql, [...values])).rows);
  }

  /**
   * What a service keeps back when it has had time to say what it has to say: clocks go on, so one look may find a row between its writing and its sending.
   */
  async keptBack(service: ServiceName): Promise<{ quarantined: number; setAside: number; outbox: number; notices: number }> {
    const schema = service.replaceAll('-', '_');
    const look = async () => {
      const [left] = await this.rows<{ quarantined: number; setAside: number; outbox: number; notices: number }>(
        `select (select count(*)::int from ${schema}.quarantine) quarantined, (select count(*)::int from ${schema}.set_aside) "setAside",
           (select count(*)::int from ${schema}.outbox) outbox, (select count(*)::int from ${schema}.notice) notices`,
      );
      if (left === undefined) throw new Error(`${schema} tells nothing`);
      return left;
    };
    return until('a look that finds nothing unsent', async () => {
      const left = await look();
      return left.outbox + left.notices === 0 && left;
    }).catch(look);
  }

  /** All that the services have written into their logs. */
  async serviceLogs(): Promise<readonly { readonly file: string; readonly text: string }[]> {
    const folder = join(this.infra.dataDir, 'logs');
    const files = (await readdir(folder)).filter((name) => SERVICES.some((service) => name.startsWith(service)));
    return Promise.all(files.map(async (file) => ({ file, text: await readFile(join(folder, file), 'utf8') })));
  }
}
