import { CLOCKS } from '@paidan/contracts';
import { sqlIn } from '@paidan/kernel';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What this service keeps beside the runtime's tables. */
export class Clocks1763856000000 implements MigrationInterface {
  readonly name = 'Clocks1763856000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ticket
        add column awaits_year smallint,
        add column ticking boolean;
      -- Empty for eleven months of the year. A calendar that is corrected is rarer still: it reads the tickets by their key, without an index on what changes.
      create index ticket_awaiting_year on ticket (awaits_year, ticket_id) where awaits_year is not null;

      -- Years loaded while running; they win over the files of the release.
      create table calendar_year (
        year        smallint primary key,
        revision    bigint not null unique,
        file        text not null,
        loaded_by   text not null,
        loaded_at   timestamptz not null,
        -- After a correction: how far the tickets have been computed anew, by id. Begun when each replica must have heard of it, in real time.
        swept       boolean not null,
        swept_after uuid,
        sweep_from  timestamptz not null
      );
      create sequence calendar_revision owned by calendar_year.revision;

      -- Red cards, on record for good: a card that was wrong has a second row beside its first.
      create table accountability (
        card       uuid primary key,
        ticket_id  uuid not null,
        number     text not null,
        unit       text not null,
        assignment integer not null,
        clock      text not null check (${sqlIn('clock', CLOCKS)}),
        rule       text not null,
        due_at     timestamptz not null,
        issued_at  timestamptz not null
      );
      create index accountability_by_time on accountability (issued_at, card);
      create index accountability_of_unit on accountability (unit, issued_at, card);
      create table accountability_withdrawal (
        card         uuid primary key references accountability,
        by           text not null,
        note         text,
        withdrawn_at timestamptz not null
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('these tables hold who answers for what: restore a back-up instead of migrating down');
  }
}
