import { testDatabase, type TestDatabase } from '@paidan/testing';
import { Database } from './database.js';
import { sqlCode } from './sql-errors.js';

let made: TestDatabase;
let database: Database;
beforeAll(async () => {
  made = await testDatabase(['dispatch']);
  const urls = made.services['dispatch'] as TestDatabase['services'][string];
  database = await Database.open({
    url: urls.databaseUrl,
    migratorUrl: urls.migratorUrl,
    schema: 'dispatch',
    migrations: [],
    entities: [],
    applicationName: 'transactions',
    // One connection: what one transaction leaves behind, the next one meets.
    poolSize: 1,
  });
}, 60_000);
afterAll(async () => {
  await database?.close();
  await made?.drop();
});

const topics = async (): Promise<string[]> => {
  const { rows } = await database.query<{ topic: string }>('select topic from log_position order by topic');
  return rows.map(({ topic }) => topic);
};
const INSERT = `insert into log_position (topic, partition, next_offset, cluster_id, partitions) values ($1, 0, $2, 'c', 1)`;

it('keeps writes that were only sent, and gives questions of one turn their own answers', async () => {
  await database.transaction(async (tx) => {
    tx.send(INSERT, ['a', 1]);
    const [one, two, all] = await Promise.all([
      tx.query<{ n: number }>('select 1 as n'),
      tx.query<{ t: string; none: null }>(`select $1::text as t, null as none`, ['zwei']),
      tx.query('update log_position set next_offset = next_offset + 1'),
    ]);
    expect([one.rows, two.rows, all]).toEqual([[{ n: 1 }], [{ t: 'zwei', none: null }], { rows: [], affected: 1 }]);
    tx.send(INSERT, ['b', 2]);
  });
  expect(await topics()).toEqual(['a', 'b']);
});

it('fails whole by a write that SQL refuses, with what SQL said, and the connection is good for the next', async () => {
  const refused = database.transaction(async (tx) => {
    tx.send(INSERT, ['c', 3]);
    tx.send(INSERT, ['a', 4]);
    tx.send(INSERT, ['d', 5]);
    return Promise.resolve('done');
  });
  expect(sqlCode(await refused.catch((error: unknown) => error))).toBe('23505');
  expect(await topics()).toEqual(['a', 'b']);
});

it('tells each question of a turn of the first failure, and those asked afterwards too', async () => {
  const seen: unknown[] = [];
  const refused = database.transaction(async (tx) => {
    const both = await Promise.allSettled([tx.query('select 1 / $1::integer', [0]), tx.query('select 2 as n')]);
    seen.push(...both.map((one) => (one.status === 'rejected' ? sqlCode(one.reason) : one.status)));
    seen.push(sqlCode(await tx.query('select 3 as n').catch((error: unknown) => error)));
  });
  expect(sqlCode(await refused.catch((error: unknown) => error))).toBe('22012');
  expect(seen).toEqual(['22012', '22012', '22012']);
});

it('lets SQL judge a dry run and leaves nothing behind', async () => {
  await database.transaction((tx) => Promise.resolve(tx.send(INSERT, ['e', 6])), true);
  const refused = database.transaction((tx) => Promise.resolve(tx.send(INSERT, ['a', 6])), true);
  expect(sqlCode(await refused.catch((error: unknown) => error))).toBe('23505');
  expect(await topics()).toEqual(['a', 'b']);
});

it('takes no question after its end: the connection may be in other hands', async () => {
  const kept: { query(sql: string): Promise<unknown> }[] = [];
  await database.transaction((tx) => Promise.resolve(kept.push(tx)));
  await expect(kept[0]?.query(`delete from log_position`)).rejects.toThrow('ended');
  expect(await topics()).toEqual(['a', 'b']);
});

it('prepares what is said often, once a connection, also when it failed at first', async () => {
  const divide = `select (10 / $1::integer)::integer as quotient`;
  for (let i = 0; i < 5; i += 1) await database.query(divide, [i + 1]);
  // Parsed under its name in the very message that fails.
  await expect(database.query(divide, [0])).rejects.toThrow('division by zero');
  for (const by of [2, 5]) expect((await database.query(divide, [by])).rows).toEqual([{ quotient: 10 / by }]);
  await expect(database.query(divide, [0])).rejects.toThrow('division by zero');
  const both = await database.transaction((tx) => Promise.all([tx.query(divide, [1]), tx.query(divide, [10])]));
  expect(both.map(({ rows }) => rows)).toEqual([[{ quotient: 10 }], [{ quotient: 1 }]]);
  const { rows } = await database.query<{ statement: string }>('select statement from pg_prepared_statements');
  expect(rows.filter(({ statement }) => statement === divide)).toHaveLength(1);
});

it('takes parameters as pg writes them', async () => {
  const at = new Date('2026-11-23T01:02:03.456Z');
  const { rows } = await database.query(
    'select $1::timestamptz as at, $2::jsonb as json, $3::text[] as list, $4::bytea as bytes, $5::bigint as big',
    [at, { a: [1, null] }, ['x', 'a"b\\c', null], Buffer.from([0, 255]), '9007199254740993'],
  );
  expect(rows).toEqual([
    { at, json: { a: [1, null] }, list: ['x', 'a"b\\c', null], bytes: Buffer.from([0, 255]), big: '9007199254740993' },
  ]);
});
