import { Kafka, logLevel } from 'kafkajs';
import { withClient } from '@paidan/local';
import { sharedInfra, testDatabase, testTopics } from './index.js';

const rows = (url: string, sql: string): Promise<unknown[]> =>
  withClient(url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);

describe('testDatabase', () => {
  it('gives each caller a database of its own with roles that work', async () => {
    const [one, other] = await Promise.all([testDatabase(['intake']), testDatabase(['intake'])]);
    try {
      await rows(one.services['intake']?.migratorUrl ?? '', 'CREATE TABLE mine (n int)');
      await rows(one.services['intake']?.databaseUrl ?? '', 'INSERT INTO mine VALUES (1)');
      expect(await rows(one.superuserUrl, 'SELECT n FROM intake.mine')).toEqual([{ n: 1 }]);
      await expect(rows(other.services['intake']?.databaseUrl ?? '', 'SELECT n FROM mine')).rejects.toMatchObject({ code: '42P01' });
    } finally {
      await Promise.all([one.drop(), other.drop()]);
    }
  });

  it('prepares a template once and clones it, open to nobody but its roles', async () => {
    let prepared = 0;
    const template = {
      name: 'infra_spec',
      prepare: async (services: Awaited<ReturnType<typeof testDatabase>>['services']) => {
        prepared += 1;
        await rows(services['intake']?.migratorUrl ?? '', `CREATE TABLE made AS SELECT 5 AS n`);
      },
    };
    const databases = await Promise.all([1, 2, 3].map(() => testDatabase(['intake'], { template })));
    try {
      expect(prepared).toBe(1);
      for (const { services } of databases)
        expect(await rows(services['intake']?.databaseUrl ?? '', 'SELECT n FROM made')).toEqual([{ n: 5 }]);
      const [row] = await rows(
        sharedInfra().postgresUrl,
        `SELECT has_database_privilege('public', '${databases[0]?.name ?? ''}', 'CONNECT') AS open`,
      );
      expect(row).toEqual({ open: false });
    } finally {
      await Promise.all(databases.map((database) => database.drop()));
      await rows(sharedInfra().postgresUrl, 'ALTER DATABASE template_infra_spec IS_TEMPLATE false');
      await rows(sharedInfra().postgresUrl, 'DROP DATABASE template_infra_spec');
    }
  });
});

describe('testTopics', () => {
  it('keeps two callers of one topic name apart and removes what it made', async () => {
    const topics = [{ name: 'paidan.tickets', partitions: 3 }];
    const [one, other] = await Promise.all([testTopics(topics), testTopics(topics)]);
    expect(one.name('paidan.tickets')).not.toBe(other.name('paidan.tickets'));
    const admin = new Kafka({ brokers: [...sharedInfra().brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      expect(await admin.listTopics()).toEqual(expect.arrayContaining([one.name('paidan.tickets'), other.name('paidan.tickets')]));
      await Promise.all([one.remove(), other.remove()]);
      // The broker's own view of the topics follows the controller's by some milliseconds.
      const left = async (): Promise<string[]> => (await admin.listTopics()).filter((name) => name.startsWith(one.prefix));
      for (let wait = 0; wait < 50 && (await left()).length > 0; wait++) await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await left()).toEqual([]);
    } finally {
      await admin.disconnect();
    }
  });
});
