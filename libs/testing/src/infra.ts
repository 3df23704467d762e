import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import {
  createTopics,
  type Infra,
  openOnlyTo,
  provisionDatabase,
  type ServerHandle,
  type ServiceDatabase,
  startEmbeddedKafka,
  startInfra,
  type StartInfraOptions,
  type TopicSpec,
  urlOf,
  whyNotDocker,
  withClient,
  postgresContainer,
  kafkaContainer,
} from '@paidan/local';
import { startContainers } from './containers.js';

/** The pair that all integration tests of a run share; it is nobody's to stop. */
export type SharedInfra = Pick<Infra, 'postgresUrl' | 'brokers' | 'dataDir' | 'kind' | 'why'>;

/** A pair of one test's own, to be stopped, frozen, killed and brought back. */
export type OwnInfra = Infra & { readonly postgres: ServerHandle; readonly kafka: ServerHandle };

const variable = 'PAIDAN_TEST_INFRA';

type Progress = Pick<StartInfraOptions, 'onProgress'>;

/** Chooses for tests: what the environment names, Testcontainers when Docker answers and has the images, embedded otherwise. */
export async function startTestInfra({ onProgress = () => undefined }: Progress = {}): Promise<Infra> {
  const { PAIDAN_POSTGRES_URL: postgres = '', PAIDAN_KAFKA_BROKERS: kafka = '' } = process.env;
  if (postgres !== '' && kafka !== '') return startInfra({ ephemeral: true, onProgress });
  return ownInfra({ onProgress });
}

/** Starts a second pair for a test that breaks things. Takes some 5 s embedded; stop it in `afterAll`. */
export async function ownInfra({ onProgress = () => undefined }: Progress = {}): Promise<OwnInfra> {
  const embedded = process.env['PAIDAN_INFRA'] === 'embedded';
  for (const { image } of embedded ? [] : [postgresContainer(''), kafkaContainer(0)]) {
    const whyNot = await whyNotDocker(image, onProgress);
    if (whyNot !== undefined) return startOwnEmbedded(whyNot, onProgress);
  }
  return embedded ? startOwnEmbedded('PAIDAN_INFRA asks for it', onProgress) : startContainers();
}

async function startOwnEmbedded(why: string, onProgress: (line: string) => void): Promise<OwnInfra> {
  onProgress(`embedded Postgres and Kafka, because ${why}`);
  const env = { ...process.env, PAIDAN_POSTGRES_URL: '', PAIDAN_KAFKA_BROKERS: '', PAIDAN_INFRA: 'embedded' };
  const infra = await startInfra({ ephemeral: true, onProgress, env });
  const { postgres, kafka } = infra;
  if (postgres === undefined || kafka === undefined) throw new Error('embedded servers came without handles');
  return { ...infra, postgres, kafka };
}

/** Another Kafka at the address of the pair's, with nothing in it: as after the loss of its disk. Stop it before the pair. */
export async function replaceKafka({ kafka, dataDir }: OwnInfra): Promise<ServerHandle> {
  await kafka.stop();
  const folder = join(dataDir, `kafka-${unique()}`);
  return (await startEmbeddedKafka({ dataDir: folder, port: kafka.port, ephemeral: true, onProgress: () => undefined })).handle;
}

/** Makes the pair known to Jest's workers, which inherit the environment. */
export function publishInfra({ postgresUrl, brokers, dataDir, kind, why }: SharedInfra): void {
  process.env[variable] = JSON.stringify({ postgresUrl, brokers, dataDir, kind, why });
}

/** The pair of this run. */
export function sharedInfra(): SharedInfra {
  const text = process.env[variable];
  if (text === undefined) throw new Error('no shared Postgres and Kafka: only *.int.spec.ts and *.e2e.spec.ts run with the global set-up');
  return JSON.parse(text) as SharedInfra;
}

export interface TestDatabase {
  readonly name: string;
  /** Connection strings by schema. */
  readonly services: Readonly<Record<string, ServiceDatabase>>;
  /** This database as superuser: for looking behind the scenes. */
  readonly superuserUrl: string;
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Default: the shared pair. */
  readonly infra?: SharedInfra;
  /** Runs once per `template` name and run – migrations, mostly – and later databases of that name are clones of the result. */
  readonly template?: { readonly name: string; readonly prepare: (services: TestDatabase['services']) => Promise<void> };
}

const unique = (): string => randomBytes(5).toString('hex');

/** A database of its own with the schemas and roles of the named services; make one per spec file and drop it in `afterAll`. */
export async function testDatabase(schemas: readonly string[], options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { infra = sharedInfra(), template } = options;
  const name = `test_${unique()}`;
  if (template === undefined) {
    return databaseNamed(infra, name, await provisionDatabase(infra, schemas, name));
  }
  const original = `template_${template.name}`;
  return withClient(infra.postgresUrl, async (client) => {
    // One worker prepares, the others wait; and a database can't be cloned while another clone of it is being made by name.
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [original]);
    const { rowCount } = await client.query(`SELECT FROM pg_database WHERE datname = $1 AND datistemplate`, [original]);
    if (rowCount === 0) {
      await client.query(`DROP DATABASE IF EXISTS ${original} WITH (FORCE)`);
      await template.prepare(await provisionDatabase(infra, schemas, original));
      await client.query(`ALTER DATABASE ${original} IS_TEMPLATE true`);
    }
    // A pool that has just been closed may have a backend on its way out, and cloning wants the original to itself.
    await client.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1', [original]);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${original}`);
    await openOnlyTo(client, name, schemas);
    return databaseNamed(infra, name, await provisionDatabase(infra, schemas, name));
  });
}

function databaseNamed(infra: SharedInfra, name: string, services: TestDatabase['services']): TestDatabase {
  return {
    name,
    services,
    superuserUrl: urlOf(infra.postgresUrl, name),
    drop: () => withClient(infra.postgresUrl, async (client) => void (await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
  };
}

/** A prefix that no other spec file uses, for topics and consumer groups on the shared broker: `t0123456789.`. */
export const testPrefix = (): string => `t${unique()}.`;

export interface TestTopics {
  readonly prefix: string;
  /** The full name of a topic given without the prefix. */
  readonly name: (topic: string) => string;
  remove(): Promise<void>;
}

/** Makes the topics under a prefix of their own, so that spec files don't read each other's. */
export async function testTopics(
  topics: readonly TopicSpec[],
  options: { infra?: SharedInfra; prefix?: string } = {},
): Promise<TestTopics> {
  const { infra = sharedInfra(), prefix = testPrefix() } = options;
  const made = topics.map((topic) => ({ ...topic, name: prefix + topic.name }));
  await createTopics(infra.brokers, made);
  return {
    prefix,
    name: (topic) => prefix + topic,
    async remove() {
      const admin = new Kafka({ brokers: [...infra.brokers], logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
      await admin.deleteTopics({ topics: made.map(({ name }) => name) }).finally(() => admin.disconnect());
    },
  };
}
