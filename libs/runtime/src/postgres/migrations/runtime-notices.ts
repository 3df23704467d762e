import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A ticket's notices are numbered, so that the relay can tell the next one and send it without reading it back. Tickets that are there already start at 1,
 * of which nobody has sent the first: theirs go by the table as before, behind what may be waiting without a number.
 */
export class RuntimeNotices1764000000000 implements MigrationInterface {
  readonly name = 'RuntimeNotices1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ticket add column notices integer not null default 1;
      alter table ticket alter column notices set default 0;
      alter table notice add column ticket_id uuid, add column number integer;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table notice drop column ticket_id, drop column number;
      alter table ticket drop column notices;
    `);
  }
}
