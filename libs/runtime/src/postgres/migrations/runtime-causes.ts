import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An event keeps the id of the command that led to it: a schema restored from a back-up learns by it which commands it has carried out. */
export class RuntimeCauses1764600000000 implements MigrationInterface {
  readonly name = 'RuntimeCauses1764600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table outbox add column causation_id uuid;
      alter table outbox_kept add column causation_id uuid;
      alter table recalled_word add column causation_id uuid;
      -- What a command carried is not in its words: known by them, it is the same again where its id and ticket are.
      alter table command alter column digest drop not null;
    `);
  }

  async down(): Promise<void> {
    throw new Error('commands known by their words alone have no digest: restore a back-up instead of migrating down');
  }
}
