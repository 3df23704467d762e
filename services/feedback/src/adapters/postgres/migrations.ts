import { sqlIn } from '@paidan/kernel';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DELIVERY_STATES } from '../../application/courier.js';
import { STATUSES } from '../../domain/ticket.js';

/** What this service keeps beside the runtime's tables. */
export class Feedback1764100000000 implements MigrationInterface {
  readonly name = 'Feedback1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ticket
        add column number text,
        add column status text check (${sqlIn('status', STATUSES)});
      -- For tracking. A number never changes, so updates of the row stay off the index.
      create index ticket_by_number on ticket (number) where number is not null;

      -- Every event of every service, as it came; insert-only. What is under seal stays so. As text: jsonb would refuse an escaped NUL.
      create table trail (
        ticket_id uuid not null,
        service   text not null,
        epoch     integer not null,
        sequence  integer not null,
        -- The order in which they were heard; between services there is no other.
        heard     bigint not null generated always as identity,
        type      text not null,
        at        text not null,
        payload   text not null,
        primary key (ticket_id, service, epoch, sequence)
      );

      -- Numbers that never came. Each wants a person, who settles it.
      create table trail_gap (
        id         bigint generated always as identity primary key,
        ticket_id  uuid not null,
        service    text not null,
        epoch      integer not null,
        first      integer not null,
        last       integer not null,
        found_at   timestamptz not null,
        settled_at timestamptz,
        settled_by text,
        note       text
      );
      create index trail_gap_open on trail_gap (id) where settled_at is null;

      -- Replies on their way to a call-back; times are real ones. A row goes with the ticket's next step.
      create table delivery (
        ticket_id  uuid not null,
        round      integer not null,
        channel    text not null,
        state      text not null check (${sqlIn('state', DELIVERY_STATES)}),
        attempts   integer not null default 0,
        queued_at  timestamptz not null,
        next_at    timestamptz not null,
        last_error text,
        primary key (ticket_id, round)
      );
      create index delivery_due on delivery (channel, next_at) where state <> 'kept';

      -- Wrong query codes, by ticket number and by address (a digest of it).
      create table tracking_attempt (
        key   text primary key,
        since timestamptz not null,
        wrong integer not null
      ) with (fillfactor = 70);

      create table directory_name (
        key     text primary key,
        version bigint not null,
        name    text not null
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('these tables hold the trail: restore a back-up instead of migrating down');
  }
}
