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
    applicationName: 'messages',
  });
}, 60_000);
afterAll(async () => {
  await database?.close();
  await made?.drop();
});

/** What Postgres read, told by itself as text, beside what it reads from a literal that it is given as text. */
async function read(type: string, values: readonly unknown[], literal: string): Promise<[unknown, unknown]> {
  const { rows } = await database.query<{ sent: string; said: string }>(
    `select $1::${type}[]::text as sent, ($2::text)::${type}[]::text as said`,
    [values, literal],
  );
  return [rows[0]?.sent, rows[0]?.said];
}

describe('arrays reach Postgres as they are', () => {
  it.each<[string, unknown[], string]>([
    ['uuid', ['0190a7f2-00ff-7abc-8def-0123456789ab', null], '{0190a7f2-00ff-7abc-8def-0123456789ab,NULL}'],
    ['uuid', ['0190A7F2-00FF-7ABC-8DEF-0123456789AB'], '{0190a7f2-00ff-7abc-8def-0123456789ab}'],
    ['text', ['', 'NULL', null, 'a"b\\c{d},e', '夜间\n施工 🏗'], '{"","NULL",NULL,"a\\"b\\\\c{d},e","夜间\n施工 🏗"}'],
    ['text', [], '{}'],
    ['text', ['x'.repeat(300_000), '派'.repeat(100_000)], `{${'x'.repeat(300_000)},${'派'.repeat(100_000)}}`],
    ['json', ['{"a": [1, "\\"\\n"]}', null], '{"{\\"a\\": [1, \\"\\\\\\"\\\\n\\"]}",NULL}'],
    ['jsonb', ['{"b":1,"a":null}'], '{"{\\"a\\": null, \\"b\\": 1}"}'],
    ['bytea', [Buffer.from([0, 1, 255]), Buffer.alloc(0)], '{"\\\\x0001ff","\\\\x"}'],
    ['boolean', [true, false, undefined], '{t,f,NULL}'],
    ['smallint', [32_767, -32_767, 0], '{32767,-32767,0}'],
    ['integer', [2_147_483_647, -2_147_483_647, 0], '{2147483647,-2147483647,0}'],
    [
      'bigint',
      [9_007_199_254_740_991, -9_007_199_254_740_991, -1, '4294967296', '-7'],
      '{9007199254740991,-9007199254740991,-1,4294967296,-7}',
    ],
    [
      'timestamptz',
      [new Date(Date.UTC(2026, 10, 22, 8, 30, 1, 5)), '1999-12-31T23:59:59.999Z'],
      '{2026-11-22T08:30:01.005Z,1999-12-31T23:59:59.999Z}',
    ],
  ])('%s %p', async (type, values, literal) => {
    const [sent, said] = await read(type, values, literal);
    expect(sent).toBe(said);
  });

  it.each<[string, unknown[], string]>([
    ['bigint', ['9223372036854775807'], '{9223372036854775807}'],
    ['smallint', [-32_768], '{-32768}'],
    ['timestamptz', ['2026-11-22T08:30:01.123456+08:00'], '{2026-11-22T00:30:01.123456Z}'],
    ['timestamptz', ['infinity'], '{infinity}'],
    ['text', ['a', 5, true], '{a,5,true}'],
    ['integer', ['12'], '{12}'],
    ['numeric', [1.5, null], '{1.5,NULL}'],
  ])('what we have no binary form for goes as a literal: %s %p', async (type, values, literal) => {
    const [sent, said] = await read(type, values, literal);
    expect(sent).toBe(said);
  });

  it.each<[string, unknown[], string]>([
    ['uuid', ['0190a7f2-00ff-7abc-8def-0123456789ag'], '22P02'],
    ['integer', [2_147_483_648], '22003'],
    ['text', ['NUL \u0000'], '22021'],
    ['json', ['{'], '22P02'],
    ['jsonb', ['"\\u0000"'], '22P05'],
    ['timestamptz', [new Date(Number.NaN)], '22007'],
  ])('what is no %s, %p, is for Postgres to refuse', async (type, values, code) => {
    const refused = database.query(`select $1::${type}[]`, [values]);
    expect(sqlCode(await refused.catch((error: unknown) => error))).toBe(code);
    expect((await database.query('select 1')).rows).toHaveLength(1);
  });

  it('and many statements in one message, their values in their places', async () => {
    const texts = Array.from({ length: 2_000 }, (_, i) => `Nr. ${i} "派"`);
    const sums = await database.transaction(async (tx) =>
      Promise.all(
        [1, 2, 3].map((n) =>
          tx.query<{ joined: string; n: number }>(`select array_to_string($1::text[], '|') as joined, $2::integer as n`, [
            texts.slice(n),
            n,
          ]),
        ),
      ),
    );
    expect(sums.map(({ rows }) => rows[0])).toEqual([1, 2, 3].map((n) => ({ joined: texts.slice(n).join('|'), n })));
  });
});
