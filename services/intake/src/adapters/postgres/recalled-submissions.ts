import { lossOf, type Change, type Loss, type Queryable, type Tx } from '@paidan/runtime';
import type { Sealed } from '@paidan/service-host';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Candidate } from '../../application/registrar.js';
import type { IntakeCommand } from '../../domain/decisions.js';
import type { IntakeRecord } from '../../domain/ticket.js';

/** Tickets that a restored schema knows by its own words alone. */
export class RecalledSubmissions1764450000000 implements MigrationInterface {
  readonly name = 'RecalledSubmissions1764450000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The log has no external ids. Who hands in the same again is known by its digest, and has its row of submission from then on.
      create table recalled_submission (
        ticket_id   uuid primary key,
        channel     text collate "C" not null,
        id_digest   text,
        digest      bytea,
        serial      bigint not null,
        received_at timestamptz not null
      );
      create index recalled_submission_by_digest on recalled_submission (channel, id_digest);

      -- The service's role may draw numbers, not set them. No number is given twice.
      create function serials_beyond(given bigint) returns bigint language sql security definer set search_path from current as $body$
        select setval('submission_serial_seq', given) from submission_serial_seq where given >= last_value;
      $body$;
      revoke all on function serials_beyond(bigint) from public;
      do $body$ begin
        execute format('grant execute on function serials_beyond(bigint) to %I', regexp_replace(current_user::text, '_migrator$', ''));
      end $body$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function serials_beyond(bigint); drop table recalled_submission');
  }
}

/** What a word of the log says of a submission: its text, its number, and by which digests it is known again. */
export function writeRecalled(tx: Tx, changes: readonly Change<IntakeRecord, IntakeCommand>[]): void {
  const words = changes.flatMap(({ ticketId, recalled }) =>
    recalled.flatMap((word) => (word.name === 'ticket.registered' ? [{ ticketId, ...word.payload }] : [])),
  );
  if (words.length === 0) return;
  const serials = words.map(({ number }) => Number(number.split('-')[1]));
  tx.send('insert into ticket_text (ticket_id, content) select * from unnest($1::uuid[], $2::json[]) on conflict do nothing', [
    words.map(({ ticketId }) => ticketId),
    words.map(({ content }) => JSON.stringify(content)),
  ]);
  tx.send(
    `insert into recalled_submission (ticket_id, channel, id_digest, digest, serial, received_at)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::bigint[], $6::timestamptz[]) on conflict do nothing`,
    [
      words.map(({ ticketId }) => ticketId),
      words.map(({ channel }) => channel),
      words.map(({ handedIn }) => handedIn?.id ?? null),
      words.map(({ handedIn }) => (handedIn === undefined ? null : Buffer.from(handedIn.body, 'base64url'))),
      serials,
      words.map(({ receivedAt }) => receivedAt),
    ],
  );
  tx.send('select serials_beyond($1)', [Math.max(...serials)]);
}

/** Before external ids are taken: those of tickets that are known by their digests are theirs. */
export function adoptRecalled(tx: Tx, candidates: readonly Candidate[]): void {
  tx.send(
    `insert into submission (channel, external_id, ticket_id, digest, serial, received_at) overriding system value
     select channel, external_id, ticket_id, digest, serial, received_at
     from unnest($1::text[], $2::text[], $3::text[]) as given (channel, external_id, id_digest)
     join recalled_submission using (channel, id_digest) where digest is not null
     on conflict do nothing`,
    [candidates.map(({ channel }) => channel), candidates.map(({ externalId }) => externalId), candidates.map(({ idDigest }) => idDigest)],
  );
}

export function giveContactBack(tx: Tx, ticketId: string, { keyId, sealed }: Sealed): void {
  tx.send(
    `insert into contact (ticket_id, key_id, sealed)
     select $1::uuid, $2::text, $3::text where exists (select from recalled_submission where ticket_id = $1::uuid) on conflict do nothing`,
    [ticketId, keyId, sealed],
  );
}

/** Contact data are in no log; of a release that said no digests, neither is what an external id stands for. */
export async function lostSubmissions(database: Queryable): Promise<readonly Loss[]> {
  const lost = (what: string, where: string): Promise<readonly Loss[]> =>
    lossOf(
      database,
      what,
      `select t.record ->> 'number' as number, r.serial as place from recalled_submission r join ticket t using (ticket_id) where ${where}`,
    );
  const losses = await Promise.all([
    lost('contact-data', `(t.record ->> 'hasContact')::boolean and not exists (select from contact c where c.ticket_id = r.ticket_id)`),
    lost('external-ids', 'r.id_digest is null'),
  ]);
  return losses.flat();
}
