import { HOLD_REASONS } from '@paidan/contracts';
import { sqlIn } from '@paidan/kernel';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { STATUSES } from '../../domain/ticket.js';

export class DispatchTables1763740800000 implements MigrationInterface {
  readonly name = 'DispatchTables1763740800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ticket
        add column status text check (${sqlIn('status', STATUSES)}),
        add column urgency smallint,
        add column held_since timestamptz,
        add column hold_reason text check (${sqlIn('hold_reason', HOLD_REASONS)}),
        add column lead text,
        add column matter text;

      -- The review queue and nothing else: the many tickets that are not held cost it neither space nor writes.
      create index ticket_held on ticket (urgency desc, held_since, ticket_id) where status = 'held';

      -- The citizen's text as it came, under its seal where it has one. JSON as text: never queried, and jsonb would refuse what JSON may contain.
      create table ticket_text (ticket_id uuid primary key, content text not null);

      create table directory_version (
        version      integer primary key check (version > 0),
        hash         text not null,
        content_hash text not null,
        count        integer not null,
        active_at    timestamptz not null,
        content      jsonb not null
      );

      do $body$ begin
        execute format('revoke update on ticket_text, directory_version from %I', regexp_replace(current_user::text, '_migrator$', ''));
      end $body$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('these tables hold what was decided: restore a back-up instead of migrating down');
  }
}
