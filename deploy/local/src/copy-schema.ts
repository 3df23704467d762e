import { withClient } from './provision.js';

/** What was in a schema at one instant, kept in the same database. */
export interface SchemaCopy {
  /** Puts the schema's tables and sequences back to what they were. Nothing may be connected that works on them. */
  restore(): Promise<void>;
}

/**
 * A back-up of a schema's data, sequences included, as one transaction sees it; for tests of what follows a restore. The embedded Postgres brings no pg_dump.
 * @param url of a superuser
 */
export async function copySchema(url: string, schema: string): Promise<SchemaCopy> {
  const copy = `copy_of_${schema}_${Date.now()}`;
  const { tables, sequences } = await withClient(url, async (client) => {
    await client.query('begin isolation level repeatable read');
    await client.query(`create schema ${copy}`);
    const { rows } = await client.query<{ name: string }>(
      `select c.relname as name from pg_class c
       where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'migration'`,
      [schema],
    );
    for (const { name } of rows) await client.query(`create table ${copy}.${name} as table ${schema}.${name}`);
    const found = await client.query<{ name: string }>(`select sequencename as name from pg_sequences where schemaname = $1`, [schema]);
    const sequences: { name: string; value: string; called: boolean }[] = [];
    for (const { name } of found.rows) {
      const { rows: values } = await client.query<{ value: string; called: boolean }>(
        `select last_value as value, is_called as called from ${schema}.${name}`,
      );
      if (values[0] !== undefined) sequences.push({ name, ...values[0] });
    }
    await client.query('commit');
    return { tables: rows.map(({ name }) => name), sequences };
  });
  return {
    restore: () =>
      withClient(url, async (client) => {
        await client.query('begin');
        await client.query('set local session_replication_role = replica'); // the order of the tables doesn't matter then
        await client.query(`truncate ${tables.map((name) => `${schema}.${name}`).join(', ')}`);
        for (const name of tables)
          await client.query(`insert into ${schema}.${name} overriding system value select * from ${copy}.${name}`);
        for (const { name, value, called } of sequences)
          await client.query('select setval($1, $2, $3)', [`${schema}.${name}`, value, called]);
        await client.query('commit');
      }),
  };
}
