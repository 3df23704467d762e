import { INTEGRATIONS, OUTCOMES } from '@paidan/contracts';
import { sqlIn } from '@paidan/kernel';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { STATUSES } from '../../domain/work-item.js';

export const NOTE_KINDS = [
  'progress',
  'return',
  'return-refused',
  'send-back',
  'approval',
  'contact',
  'suspension',
  'resumption',
  'extension-request',
  'extension-granted',
  'extension-refused',
] as const;

/** What this service keeps beside the runtime's tables. */
export class WorkItems1763769600000 implements MigrationInterface {
  readonly name = 'WorkItems1763769600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ticket
        add column unit text,
        add column status text check (${sqlIn('status', STATUSES)}),
        add column since timestamptz;
      -- A unit's list. Tickets nobody holds yet aren't in it, so that taking note of a registration costs no entry.
      create index work_item_of_unit on ticket (unit, status, since, ticket_id) where unit is not null;

      -- The citizen's text, as it came: JSON of a Content, sealed if it is not open. As text: jsonb would refuse an escaped NUL.
      create table ticket_text (
        ticket_id uuid primary key,
        content   text not null,
        at        timestamptz not null
      );

      create table reply (
        ticket_id    uuid not null,
        round        integer not null,
        command_id   uuid not null,
        assignment   integer not null,
        unit         text not null,
        officer      text not null,
        outcome      text not null check (${sqlIn('outcome', OUTCOMES)}),
        words        text not null,
        submitted_at timestamptz not null,
        primary key (ticket_id, round)
      );

      create table note (
        id         bigint generated always as identity primary key,
        ticket_id  uuid not null,
        kind       text not null check (${sqlIn('kind', NOTE_KINDS)}),
        assignment integer not null,
        unit       text not null,
        by         text not null,
        round      integer,
        words      text,
        at         timestamptz not null
      );
      create index note_of_ticket on note (ticket_id, id);

      -- Who read what was entrusted under confidentiality. Kept three years and more: 网络数据安全管理条例 §12.
      create table content_access (
        id        bigint generated always as identity primary key,
        ticket_id uuid not null,
        unit      text not null,
        subject   text not null,
        purpose   text,
        at        timestamptz not null
      );
      create index content_access_of_ticket on content_access (ticket_id, id);

      create table unit (
        code        text primary key,
        name        text not null,
        parent      text,
        level       smallint not null,
        integration text not null check (${sqlIn('integration', INTEGRATIONS)}),
        active      boolean not null
      );
      create table directory_version (
        only_row     boolean primary key default true check (only_row),
        version      bigint not null,
        hash         text,
        activated_at timestamptz
      );
      insert into directory_version (version) values (0);
      -- Entries of versions whose marker hasn't come yet.
      create table directory_entry (
        version bigint not null,
        key     text not null,
        entry   text not null,
        primary key (version, key)
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('these tables hold what departments said: restore a back-up instead of migrating down');
  }
}

/** What is done beside the work, and tickets that are closed. */
export class ClosedLoop1764028800000 implements MigrationInterface {
  readonly name = 'ClosedLoop1764028800000';

  async up(runner: QueryRunner): Promise<void> {
    // Not valid: what the narrower checks let in is right, and nobody waits while millions of rows are read.
    await runner.query(`
      alter table ticket drop constraint ticket_status_check;
      alter table ticket add constraint ticket_status_check check (${sqlIn('status', STATUSES)}) not valid;
      alter table note drop constraint note_kind_check;
      alter table note add constraint note_kind_check check (${sqlIn('kind', NOTE_KINDS)}) not valid;
      -- A word of a closed set, or a span: how a contact went, why work was suspended, how much more time.
      alter table note add column detail text;

      alter table ticket add column extension_since timestamptz;
      create index extension_waiting on ticket (extension_since, ticket_id) where extension_since is not null;
    `);
  }

  async down(): Promise<void> {
    throw new Error('these tables hold what departments said: restore a back-up instead of migrating down');
  }
}
