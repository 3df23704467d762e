import type { Content } from '@paidan/contracts';
import type { Change, Queryable, Tx } from '@paidan/runtime';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { DispatchCommand } from '../../domain/orders.js';
import type { Taken, Ticket } from '../../domain/ticket.js';

/** Where a person took an appeal for another matter than routing had: what the model of topics can learn from. */
export class MatterCorrections1795482000000 implements MigrationInterface {
  readonly name = 'MatterCorrections1795482000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table matter_correction (
        ticket_id  uuid not null,
        decision   integer not null,
        matter     text not null,
        decided_at timestamptz not null,
        primary key (ticket_id, decision)
      );
      create index matter_correction_by_time on matter_correction (decided_at, ticket_id);

      do $body$ begin
        execute format('revoke update on matter_correction from %I', regexp_replace(current_user::text, '_migrator$', ''));
      end $body$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('dispatchers may have corrected matters already: restore a back-up instead of migrating down');
  }
}

export interface Correction {
  readonly ticketId: string;
  readonly decidedAt: Date;
  readonly matter: string;
  readonly content: Content;
}

const matterOf = (taken: Taken | undefined): string | null | undefined =>
  taken?.did === 'assigned' || taken?.did === 'held' ? taken.matter : undefined;

/** Nothing of a batch without any, and nothing of what is not open: it may not leave this service. */
export function writeCorrections(tx: Tx, changes: readonly Change<Ticket, DispatchCommand>[]): void {
  const found = changes.flatMap(({ ticketId, before, after }) => {
    if (after.appeal.confidentiality !== 'open') return [];
    const known = before?.decisions.length ?? 0;
    return after.decisions.slice(known).flatMap((taken, index) => {
      if (taken.did !== 'assigned' || taken.by.kind !== 'person' || taken.matter === null) return [];
      const earlier = after.decisions.slice(0, known + index).findLast((other) => matterOf(other) !== undefined);
      if (matterOf(earlier) === taken.matter) return [];
      return [{ ticketId, decision: known + index + 1, matter: taken.matter, at: new Date(taken.at) }];
    });
  });
  if (found.length === 0) return;
  tx.send(
    `insert into matter_correction (ticket_id, decision, matter, decided_at)
     select * from unnest($1::uuid[], $2::integer[], $3::text[], $4::timestamptz[]) on conflict do nothing`,
    [
      found.map(({ ticketId }) => ticketId),
      found.map(({ decision }) => decision),
      found.map(({ matter }) => matter),
      found.map(({ at }) => at),
    ],
  );
}

/** The oldest first; a text that was erased since (个保法 §47) is gone from here, too. */
export async function readCorrections(database: Queryable, since: Date, limit: number): Promise<readonly Correction[]> {
  const { rows } = await database.query<{ ticket_id: string; decided_at: Date; matter: string; content: string }>(
    `select c.ticket_id, c.decided_at, c.matter, x.content
     from matter_correction c join ticket_text x using (ticket_id)
     where c.decided_at >= $1 order by c.decided_at, c.ticket_id limit $2`,
    [since, limit],
  );
  return rows.map(({ ticket_id: ticketId, decided_at: decidedAt, matter, content }) => ({
    ticketId,
    decidedAt,
    matter,
    content: JSON.parse(content) as Content,
  }));
}
