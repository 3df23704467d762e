import { access, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { type Infra, startInfra } from './index.js';
import { sleep } from './host.js';
import { provision, withClient } from './provision.js';
import { createTopics, topicConfig } from './topics.js';

const topics = [
  { name: 'paidan.tickets', partitions: 12, config: topicConfig.retained },
  { name: 'paidan.directory', partitions: 1, config: topicConfig.compacted },
  { name: 'paidan.assignments.u1', partitions: 1, config: topicConfig.retained },
];
const plan = { schemas: ['intake', 'dispatch'], topics };

let infra: Infra;
beforeAll(async () => {
  infra = await startInfra({
    ephemeral: true,
    env: { ...process.env, PAIDAN_INFRA: 'embedded', PAIDAN_POSTGRES_URL: '', PAIDAN_KAFKA_BROKERS: '' },
  });
}, 180_000);
afterAll(() => infra?.stop(), 60_000);

const kafka = (): Kafka => new Kafka({ brokers: [...infra.brokers], logLevel: logLevel.NOTHING });
/** A broker that is back answers before all its partitions have a leader again; the admin client leaves asking once more to its caller. */
const onceLed = async <T>(ask: () => Promise<T>, looks = 60): Promise<T> =>
  ask().catch(async (error: unknown) => {
    if (looks === 0 || (error as { type?: unknown }).type !== 'NOT_LEADER_FOR_PARTITION') throw error;
    await sleep(500);
    return onceLed(ask, looks - 1);
  });
const sqlState = (error: unknown): unknown => (error as { code?: unknown }).code;

describe('the embedded pair', () => {
  it('says what was chosen and why', () => {
    expect(infra.kind).toEqual({ postgres: 'embedded', kafka: 'embedded' });
    expect(infra.why).toEqual([
      'Postgres: embedded, because PAIDAN_INFRA asks for it',
      'Kafka: embedded, because PAIDAN_INFRA asks for it',
    ]);
  });

  it('keeps the superuser password for its owner alone and asks for it', async () => {
    expect((await stat(join(infra.dataDir, 'secrets.json'))).mode & 0o777).toBe(0o600);
    const wrong = new URL(infra.postgresUrl);
    wrong.password = 'guess';
    await expect(withClient(wrong.href, async () => undefined)).rejects.toMatchObject({ code: '28P01' });
  });

  it('runs PostgreSQL with the settings that durability rests on', async () => {
    const settings = await withClient(infra.postgresUrl, async (client) => {
      const { rows } = await client.query<{ name: string; setting: string }>(
        `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'max_connections', 'jit', 'listen_addresses')`,
      );
      return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
    });
    expect(settings).toEqual({
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      data_checksums: 'on',
      max_connections: '200',
      jit: 'off',
      listen_addresses: '127.0.0.1',
    });
  });
});

describe('provision', () => {
  it('makes databases, roles and topics, and may be repeated', async () => {
    const first = await provision(infra, plan);
    expect(await provision(infra, plan)).toEqual(first);
    expect(Object.keys(first)).toEqual(['intake', 'dispatch']);
    expect((await stat(join(infra.dataDir, 'secrets.json'))).mode & 0o777).toBe(0o600);
  }, 60_000);

  it('lets the runtime role use its own schema and nothing else', async () => {
    const { intake, dispatch } = await provision(infra, plan);
    if (intake === undefined || dispatch === undefined) throw new Error('provision left a schema out');
    for (const [schema, { migratorUrl }] of Object.entries({ intake, dispatch })) {
      await withClient(migratorUrl, (client) =>
        client.query(`CREATE TABLE IF NOT EXISTS ${schema}.thing (id bigint GENERATED ALWAYS AS IDENTITY, word text);
          CREATE SEQUENCE IF NOT EXISTS ${schema}.number;
          CREATE OR REPLACE FUNCTION ${schema}.answer() RETURNS int LANGUAGE sql AS 'SELECT 42'`),
      );
    }
    await withClient(intake.databaseUrl, async (client) => {
      // The search path is the schema, so the runtime's SQL needs no prefix.
      await client.query(`INSERT INTO thing (word) VALUES ('a')`);
      await client.query(`UPDATE thing SET word = 'b'`);
      expect((await client.query('SELECT word, answer() FROM thing')).rows).toEqual([{ word: 'b', answer: 42 }]);
      expect((await client.query(`SELECT nextval('number')`)).rows).toEqual([{ nextval: '1' }]);
      await client.query('DELETE FROM thing');

      const refused = [
        'SELECT FROM dispatch.thing',
        `INSERT INTO dispatch.thing (word) VALUES ('x')`,
        `SELECT nextval('dispatch.number')`,
        'SELECT dispatch.answer()',
        'CREATE TABLE intake.other (id int)',
        'CREATE TABLE public.other (id int)',
        'CREATE TEMP TABLE other (id int)',
        'CREATE SCHEMA other',
        'ALTER TABLE intake.thing ADD COLUMN more int',
        'DROP TABLE intake.thing',
        'TRUNCATE intake.thing',
        'CREATE ROLE other',
        'SET ROLE paidan_intake_migrator',
        'SET ROLE paidan_dispatch',
        `SELECT pg_read_file('/etc/hostname')`,
        `COPY intake.thing TO PROGRAM 'true'`,
      ];
      for (const statement of refused) {
        const outcome = await client.query(statement).then(() => 'allowed', sqlState);
        expect({ statement, outcome }).toEqual({ statement, outcome: '42501' });
      }
    });
  }, 60_000);

  it('gives the runtime role limits that end a frozen transaction, and the migrator none', async () => {
    const { intake } = await provision(infra, plan);
    const shown = async (url = ''): Promise<unknown> =>
      withClient(url, async (client) => {
        const names = ['idle_in_transaction_session_timeout', 'lock_timeout', 'transaction_timeout', 'statement_timeout'];
        return (await client.query(`SELECT ${names.map((name) => `current_setting('${name}') AS ${name}`).join(', ')}`)).rows[0];
      });
    expect(await shown(intake?.databaseUrl)).toEqual({
      idle_in_transaction_session_timeout: '10s',
      lock_timeout: '5s',
      transaction_timeout: '30s',
      statement_timeout: '30s',
    });
    expect(await shown(intake?.migratorUrl)).toMatchObject({ statement_timeout: '0', transaction_timeout: '0' });
  });

  it('lets our roles into our database alone', async () => {
    const { intake } = await provision(infra, plan);
    for (const database of ['postgres', 'template1']) {
      const url = new URL(intake?.databaseUrl ?? '');
      url.pathname = `/${database}`;
      await expect(withClient(url.href, async () => undefined)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('makes topics with their settings', async () => {
    await provision(infra, plan);
    const admin = kafka().admin();
    await admin.connect();
    try {
      const { topics: found } = await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) });
      expect(Object.fromEntries(found.map(({ name, partitions }) => [name, partitions.length]))).toEqual({
        'paidan.tickets': 12,
        'paidan.directory': 1,
        'paidan.assignments.u1': 1,
      });
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: ['paidan.tickets', 'paidan.directory'].map((name) => ({
          type: 2,
          name,
          configNames: ['retention.ms', 'cleanup.policy', 'flush.messages'],
        })),
      });
      const configs = Object.fromEntries(
        resources.map(({ resourceName, configEntries }) => [
          resourceName,
          Object.fromEntries(configEntries.map((entry) => [entry.configName, entry.configValue])),
        ]),
      );
      expect(configs['paidan.tickets']).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': '2592000000', 'flush.messages': '1' });
      expect(configs['paidan.directory']).toMatchObject({ 'cleanup.policy': 'compact' });
    } finally {
      await admin.disconnect();
    }
  });

  it('names a topic whose number of partitions is another one', async () => {
    await createTopics(infra.brokers, topics);
    await expect(createTopics(infra.brokers, [{ name: 'paidan.tickets', partitions: 48 }])).rejects.toMatchObject({
      code: 'kafka-topic-differs',
      message: expect.stringContaining('paidan.tickets has 12 partitions and should have 48') as unknown,
    });
  });
});

describe('breaking and bringing back', () => {
  it('keeps port and data over a kill', async () => {
    await withClient(infra.postgresUrl, (client) => client.query('CREATE TABLE kept AS SELECT 7 AS n'));
    const producer = kafka().producer();
    await producer.connect();
    await producer.send({ topic: 'paidan.tickets', acks: -1, messages: [{ key: 'k', value: 'kept' }] });
    await producer.disconnect();
    const pids = [infra.postgres?.pid, infra.kafka?.pid];

    await Promise.all([infra.postgres?.kill('SIGKILL'), infra.kafka?.kill('SIGKILL')]);
    await Promise.all([infra.postgres?.restart(), infra.kafka?.restart()]);

    expect([infra.postgres?.pid, infra.kafka?.pid]).not.toEqual(pids);
    expect(await withClient(infra.postgresUrl, async (client) => (await client.query('SELECT n FROM kept')).rows)).toEqual([{ n: 7 }]);
    const admin = kafka().admin();
    await admin.connect();
    const offsets = await onceLed(() => admin.fetchTopicOffsets('paidan.tickets'));
    await admin.disconnect();
    expect(offsets.reduce((sum, { offset }) => sum + Number(offset), 0)).toBe(1);
  }, 90_000);

  it('freezes the whole of PostgreSQL, not its postmaster alone', async () => {
    await withClient(infra.postgresUrl, async (client) => {
      await infra.postgres?.kill('SIGSTOP');
      const answer = client.query('SELECT 1').then(() => 'answered');
      const silence = new Promise((resolve) => setTimeout(() => resolve('silent'), 500));
      expect(await Promise.race([answer, silence])).toBe('silent');
      await infra.postgres?.kill('SIGCONT');
      expect(await answer).toBe('answered');
    });
  });

  it('reports an end that nobody asked for, with its reason', async () => {
    const heard = new Promise<string>((resolve) => infra.kafka?.onUnexpectedExit(resolve));
    process.kill(infra.kafka?.pid ?? 0, 'SIGKILL');
    expect(await heard).toBe('SIGKILL');
    await infra.kafka?.restart();
  }, 60_000);

  it('a Kafka whose data is gone comes back at its address as another one, empty', async () => {
    const look = async () => {
      const admin = kafka().admin();
      await admin.connect();
      const [{ clusterId }, names] = [await admin.describeCluster(), await admin.listTopics()];
      await admin.disconnect();
      return { clusterId, names };
    };
    const before = await look();
    expect(before.names).toContain('paidan.tickets');
    await infra.kafka?.stop();
    await rm(join(infra.dataDir, 'kafka', 'log'), { recursive: true });
    await infra.kafka?.restart();
    const after = await look();
    expect(after.clusterId).not.toBe(before.clusterId);
    expect(after.names).toEqual([]);
  }, 60_000);

  it('leaves no process and no data behind', async () => {
    const pids = [infra.postgres?.pid ?? 0, infra.kafka?.pid ?? 0];
    await infra.stop();
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    await expect(access(infra.dataDir)).rejects.toThrow('ENOENT');
  }, 60_000);
});
