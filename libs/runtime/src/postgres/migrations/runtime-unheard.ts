import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An empty schema that is filled with what is told again keeps apart what it had not handled before: what comes of that has been told nobody. */
export class RuntimeUnheard1764700000000 implements MigrationInterface {
  readonly name = 'RuntimeUnheard1764700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table unheard_event (
        ticket_id uuid not null,
        source    text not null,
        epoch     integer not null,
        sequence  integer not null,
        primary key (ticket_id, source, epoch, sequence)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table unheard_event');
  }
}
