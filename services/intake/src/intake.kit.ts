import { mintApiKey, mintSigningKey, mintToken, runtimeHealth, startService, type Role, type RunningService } from '@paidan/service-host';
import { testDatabase, testTopics } from '@paidan/testing';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActiveChannels } from './adapters/channels-file.js';
import { RUNTIME, type IntakeRuntime } from './adapters/definition.js';
import { INTAKE_PROBLEMS } from './adapters/http/problems.js';
import { readConfig } from './config.js';
import { IntakeModule } from './intake.module.js';

const key = (): string => randomBytes(32).toString('base64');

export const KEYS = {
  content: { current: 'k1', keys: { k1: key() } },
  contact: { current: 'c1', keys: { c1: key() }, digestKey: key(), queryCodeKey: key() },
};

/** Intake with a database, topics, channels, keys and tokens of its own, on the shared servers. It reads no log until a test makes it. */
export class IntakeBench {
  private constructor(
    readonly service: RunningService,
    readonly runtime: IntakeRuntime,
    /** Ids of channels; the last is inactive, and `unregistered` has a key and topics but no line in the file. */
    readonly channels: { readonly web: string; readonly sms: string; readonly inactive: string; readonly unregistered: string },
    readonly ticketsTopic: string,
    private readonly apiKeys: Readonly<Record<string, string>>,
    private readonly token: (sub: string, roles: readonly Role[], unit?: string) => Promise<string>,
    private readonly cleanUp: () => Promise<void>,
  ) {}

  static async open(brokers: readonly string[]): Promise<IntakeBench> {
    const folder = mkdtempSync(join(tmpdir(), 'paidan-intake-'));
    const file = (name: string, content: unknown): string => {
      const path = join(folder, name);
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
      return path;
    };
    const tag = randomBytes(4).toString('hex');
    const channels = { web: `web-${tag}`, sms: `sms-${tag}`, inactive: `old-${tag}`, unregistered: `new-${tag}` };
    const minted = Object.values(channels).map((channel) => mintApiKey(channel));
    const { privateJwk, keySet } = mintSigningKey();
    const database = await testDatabase(['intake']);
    const topics = await testTopics(
      [
        { name: `t${tag}.tickets`, partitions: 2 },
        ...Object.values(channels).flatMap((channel) =>
          ['submissions', 'receipts'].map((family) => ({ name: `paidan.${family}.${channel}`, partitions: 1 })),
        ),
      ],
      { prefix: '' },
    );
    const urls = database.services['intake'];
    const config = readConfig({
      PAIDAN_PORT: '0',
      PAIDAN_METRICS_PORT: '0',
      PAIDAN_LOG_LEVEL: 'silent',
      PAIDAN_DATABASE_URL: urls?.databaseUrl,
      PAIDAN_MIGRATOR_URL: urls?.migratorUrl,
      PAIDAN_KAFKA_BROKERS: brokers.join(','),
      PAIDAN_API_KEYS_FILE: file('api-keys.json', { keys: minted.map(({ entry }) => entry) }),
      PAIDAN_JWKS_FILE: file('jwks.json', keySet),
      PAIDAN_CONTENT_KEYS_FILE: file('content-keys.json', KEYS.content),
      PAIDAN_CONTACT_KEYS_FILE: file('contact-keys.json', KEYS.contact),
      PAIDAN_CHANNELS_FILE: file(
        'channels.csv',
        `id,name,kind,active\n${channels.web},网页,web,yes\n${channels.sms},短信,sms,yes\n${channels.inactive},旧,web,no\n`,
      ),
    });
    const ticketsTopic = `t${tag}.tickets`;
    const service = await startService({
      name: 'intake',
      module: IntakeModule.with(config, { ticketsLog: { topic: ticketsTopic, partitions: 2 } }),
      config,
      problems: INTAKE_PROBLEMS,
      health: (app) => [...runtimeHealth(app.get<IntakeRuntime>(RUNTIME)), app.get(ActiveChannels)],
    });
    const runtime = service.app.get<IntakeRuntime>(RUNTIME);
    return new IntakeBench(
      service,
      runtime,
      channels,
      ticketsTopic,
      Object.fromEntries(minted.map(({ key: plain, entry }) => [entry.channel, plain])),
      (sub, roles, unit) => mintToken(privateJwk, { sub, roles, ...(unit === undefined ? {} : { unit }) }),
      async () => {
        await service.stop();
        await runtime.stop();
        await topics.remove();
        await database.drop();
        rmSync(folder, { recursive: true });
      },
    );
  }

  apiKey(channel: string): string {
    return this.apiKeys[channel] ?? '';
  }

  /** Posts a submission as the channel. */
  async post(body: unknown, channel = this.channels.web): Promise<Answer> {
    return this.call(
      'POST',
      '/v1/submissions',
      { 'x-api-key': this.apiKey(channel) },
      typeof body === 'string' ? body : JSON.stringify(body),
    );
  }

  /** Asks as a person. */
  async get(path: string, who: { readonly sub?: string; readonly roles: readonly Role[]; readonly unit?: string }): Promise<Answer> {
    return this.call('GET', path, { authorization: `Bearer ${await this.token(who.sub ?? 'p1', who.roles, who.unit)}` });
  }

  async getAs(channel: string, path: string): Promise<Answer> {
    return this.call('GET', path, { 'x-api-key': this.apiKey(channel) });
  }

  private async call(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
    const response = await fetch(`${this.service.url}${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown>, headers: response.headers };
  }

  async rows<Row = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.runtime.database.query<Row>(sql, parameters)).rows;
  }

  /** Everything that lies in the schema, as text; bytes as hexadecimal digits. */
  async everything(): Promise<string> {
    const tables = await this.rows<{ name: string }>(
      `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'intake' and table_type = 'BASE TABLE'`,
    );
    const texts = await Promise.all(
      tables.map(({ name }) => this.rows<{ all: string | null }>(`select string_agg(t::text, E'\\n') as all from ${name} t`)),
    );
    return texts.map(([row]) => row?.all ?? '').join('\n');
  }

  async close(): Promise<void> {
    await this.cleanUp();
  }
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}
