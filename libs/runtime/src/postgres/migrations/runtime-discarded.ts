import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What an operator threw away of a parked ticket, as it lay in `parked`, with who did it and why. The service itself can't change or remove what is in
 * it: it is what remains of a word that somebody said.
 */
export class RuntimeDiscarded1764200000000 implements MigrationInterface {
  readonly name = 'RuntimeDiscarded1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table discarded (
        id            bigint primary key, -- that of parked
        ticket_id     uuid not null,
        topic         text not null,
        partition     integer not null,
        log_offset    bigint not null,
        key           bytea,
        headers       bytea not null,
        value         bytea,
        error_code    text not null,
        error_message text not null,
        parked_at     timestamptz not null,
        reason        text not null,
        discarded_by  text not null,
        discarded_at  timestamptz not null,
        handled       boolean not null
      );
      create index discarded_by_ticket on discarded (ticket_id, id);
      do $body$ begin
        execute format('revoke update, delete, truncate on discarded from %I', regexp_replace(current_user::text, '_migrator$', ''));
      end $body$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('what was thrown away is kept: restore a back-up instead of migrating down');
  }
}
