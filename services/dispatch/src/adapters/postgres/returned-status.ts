import { RETURN_REASONS, RETURN_REFUSALS } from '@paidan/contracts';
import { sqlIn } from '@paidan/kernel';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { STATUSES } from '../../domain/ticket.js';

/** A dispatcher looks at what a unit returns, and the desk at how often units send tickets to and fro. */
export class ReturnedStatus1764201600000 implements MigrationInterface {
  readonly name = 'ReturnedStatus1764201600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ticket drop constraint ticket_status_check;
      alter table ticket add constraint ticket_status_check check (${sqlIn('status', STATUSES)}) not valid;

      -- What a queue is searched by stands in its index behind its order: what doesn't match is passed over without a look at the row.
      drop index ticket_held;
      create index ticket_held on ticket (urgency desc, held_since, ticket_id, hold_reason, matter collate "C") where status = 'held';
      create index ticket_returned on ticket (urgency desc, held_since, ticket_id, matter collate "C") where status = 'returned';

      -- Returns as they were decided on, and to whom the ticket went then.
      create table unit_return (
        ticket_id  uuid not null,
        assignment integer not null,
        unit       text not null,
        reason     text not null check (${sqlIn('reason', RETURN_REASONS)}),
        refused    text check (${sqlIn('refused', RETURN_REFUSALS)}),
        decided_at timestamptz not null,
        primary key (ticket_id, assignment)
      );
      create table unit_handover (
        ticket_id  uuid not null,
        assignment integer not null,
        from_unit  text not null,
        to_unit    text not null,
        decided_at timestamptz not null,
        primary key (ticket_id, assignment)
      );
      create index unit_handover_by_time on unit_handover (decided_at);

      do $body$ begin
        execute format('revoke update on unit_return, unit_handover from %I', regexp_replace(current_user::text, '_migrator$', ''));
      end $body$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('tickets may be returned already: restore a back-up instead of migrating down');
  }
}
