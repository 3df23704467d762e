import type { Content } from '@paidan/contracts';
import { sqlIn } from '@paidan/kernel';
import type { Database } from '@paidan/runtime';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Kept, SubmissionTable } from '../../application/registrar.js';
import type { TicketTables } from '../../application/ticket-desk.js';
import { ASKING_OUTCOMES, PURPOSES } from '../../domain/contact.js';
import { adoptRecalled, giveContactBack } from './recalled-submissions.js';

/** What intake keeps beside the runtime's tables. */
export class IntakeTables1764000000000 implements MigrationInterface {
  readonly name = 'IntakeTables1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Who holds an external id. An identity column, not a day's counter: it takes no lock and its gaps (ids that were held already) are allowed.
      create table submission (
        channel     text collate "C" not null,
        external_id text collate "C" not null,
        ticket_id   uuid not null,
        digest      bytea not null,
        serial      bigint generated always as identity,
        received_at timestamptz not null,
        primary key (channel, external_id)
      );

      -- The citizen's words, apart from the row that every event rewrites.
      create table ticket_text (ticket_id uuid primary key, content json not null);

      -- AES-256-GCM, bound to the ticket id; the only place of contact data in all services.
      create table contact (ticket_id uuid primary key, key_id text not null, sealed text not null);

      create table contact_access (
        asking_id uuid primary key,
        ticket_id uuid not null,
        subject   text not null,
        unit      text,
        roles     text[] not null,
        purpose   text not null check (${sqlIn('purpose', PURPOSES)}),
        note      text,
        outcome   text not null check (${sqlIn('outcome', ASKING_OUTCOMES)}),
        at        timestamptz not null
      );
      create index contact_access_by_ticket on contact_access (ticket_id, at);

      -- The service itself can't change what was asked for, nor what the citizen wrote.
      do $body$ begin
        execute format('revoke update, delete, truncate on contact_access, ticket_text from %I', regexp_replace(current_user::text, '_migrator$', ''));
      end $body$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('these tables hold what citizens handed in: restore a back-up instead of migrating down');
  }
}

interface StoredSubmission {
  readonly channel: string;
  readonly external_id: string;
  readonly ticket_id: string;
  readonly digest: Buffer;
  readonly serial: string;
  readonly received_at: Date;
}

// One statement for three tables: each costs a group 0.2 ms, and a group is some ten submissions. The text of a submission that lost is not
// written, because it joins the rows that won.
const CLAIM = `
  with won as (
    insert into submission (channel, external_id, ticket_id, digest, received_at)
    select * from unnest($1::text[], $2::text[], $3::uuid[], $4::bytea[], $5::timestamptz[])
    on conflict (channel, external_id) do nothing returning ticket_id, serial
  ), texts as (
    insert into ticket_text (ticket_id, content)
    select ticket_id, content from unnest($3::uuid[], $6::json[]) as given (ticket_id, content) join won using (ticket_id)
  ), contacts as (
    insert into contact (ticket_id, key_id, sealed)
    select ticket_id, key_id, sealed from unnest($7::uuid[], $8::text[], $9::text[]) as given (ticket_id, key_id, sealed) join won using (ticket_id)
  )
  select ticket_id, serial from won`;

/** @param isRestored whether the schema was ever restored from a back-up */
export const submissionTable = (isRestored: () => boolean): SubmissionTable => ({
  isRestored,
  giveBack: giveContactBack,

  async claim(tx, candidates) {
    if (isRestored()) adoptRecalled(tx, candidates);
    const kept = new Map<string, Kept>();
    const contacts = candidates.flatMap(({ ticketId, contact }) => (contact === undefined ? [] : [{ ticketId, ...contact }]));
    const { rows } = await tx.query<{ ticket_id: string; serial: string }>(CLAIM, [
      candidates.map((candidate) => candidate.channel),
      candidates.map((candidate) => candidate.externalId),
      candidates.map((candidate) => candidate.ticketId),
      candidates.map((candidate) => candidate.digest),
      candidates.map((candidate) => candidate.facts.receivedAt),
      candidates.map((candidate) => JSON.stringify(candidate.content)),
      contacts.map((contact) => contact.ticketId),
      contacts.map((contact) => contact.keyId),
      contacts.map((contact) => contact.sealed),
    ]);
    const serials = new Map(rows.map((row) => [row.ticket_id, Number(row.serial)]));
    const taken = candidates.filter(({ key, ticketId, digest, receivedAt }) => {
      const serial = serials.get(ticketId);
      if (serial !== undefined) kept.set(key, { ticketId, digest, serial, receivedAt });
      return serial === undefined;
    });
    if (taken.length === 0) return kept;
    // A statement of its own sees what the insert waited for.
    const held = await tx.query<StoredSubmission>(
      `select channel, external_id, ticket_id, digest, serial, received_at from submission
       where (channel, external_id) in (select * from unnest($1::text[], $2::text[]))`,
      [taken.map((candidate) => candidate.channel), taken.map((candidate) => candidate.externalId)],
    );
    for (const row of held.rows)
      kept.set(`${row.channel}/${row.external_id}`, {
        ticketId: row.ticket_id,
        digest: row.digest,
        serial: Number(row.serial),
        receivedAt: row.received_at.getTime(),
      });
    return kept;
  },
});

export const ticketTables = (database: Database): TicketTables => ({
  async textOf(ticketId) {
    const { rows } = await database.query<{ content: Content }>('select content from ticket_text where ticket_id = $1', [ticketId]);
    return rows[0]?.content;
  },

  async contactOf(tx, ticketId) {
    const { rows } = await tx.query<{ key_id: string; sealed: string }>('select key_id, sealed from contact where ticket_id = $1', [
      ticketId,
    ]);
    return rows[0] && { keyId: rows[0].key_id, sealed: rows[0].sealed };
  },

  async recordAsking(tx, { askingId, ticketId, subject, unit, roles, purpose, note, outcome, at }) {
    await tx.query(
      `insert into contact_access (asking_id, ticket_id, subject, unit, roles, purpose, note, outcome, at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [askingId, ticketId, subject, unit ?? null, roles, purpose, note ?? null, outcome, new Date(at).toISOString()],
    );
  },
});
