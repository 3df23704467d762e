import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sets of rules as they were kept, and which of them was put in force when and by whom. */
export class RuleSetTables1764115200000 implements MigrationInterface {
  readonly name = 'RuleSetTables1764115200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table rule_set (
        version           integer primary key check (version > 0),
        name              text not null,
        note              text,
        rules             integer not null,
        hash              text not null,
        created_at        timestamptz not null,
        created_by        text not null,
        directory_version integer not null,
        document          jsonb not null
      );

      -- The newest row is in force. Going back is a row, too.
      create table rule_set_publication (
        publication  integer primary key check (publication > 0),
        version      integer not null references rule_set,
        published_at timestamptz not null,
        published_by text not null,
        note         text
      );

      do $body$ begin
        execute format('revoke update, delete on rule_set, rule_set_publication from %I', regexp_replace(current_user::text, '_migrator$', ''));
      end $body$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('these tables hold what was published: restore a back-up instead of migrating down');
  }
}
