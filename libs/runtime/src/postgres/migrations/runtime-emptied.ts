import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A schema that begins anew in a city that doesn't: what the log no longer has is told again to it. */
export class RuntimeEmptied1764500000000 implements MigrationInterface {
  readonly name = 'RuntimeEmptied1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The schema had nothing in it.
      alter table restoration add column emptied boolean not null default false;
      -- Where the story lies that was told again, and where the log goes on from it; null while there is none. When it is all folded.
      alter table restoration add column retold json;
      alter table restoration add column filled_at timestamptz;

      create or replace function schema_restored() returns void language sql set search_path from current as $body$
        delete from recalled_word;
        insert into restoration (told, emptied) values (true, not exists (select from log_position) and not exists (select from ticket))
        on conflict ((true)) where ended_at is null do update set told = true, stretches = null, handled = null, read_at = null;
      $body$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create or replace function schema_restored() returns void language sql set search_path from current as $body$
        delete from recalled_word;
        insert into restoration (told) values (true)
        on conflict ((true)) where ended_at is null do update set told = true, stretches = null, handled = null, read_at = null;
      $body$;
      alter table restoration drop column emptied, drop column retold, drop column filled_at;
    `);
  }
}
