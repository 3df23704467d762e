import type { Database, Retold } from '@paidan/runtime';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Cut, RetellingShelf, RetellingState, ToldAgain } from '../../application/retelling.js';

/** The story told again: who has asked for it, how far it is, what came of it. */
export class FeedbackRetelling1764500000001 implements MigrationInterface {
  readonly name = 'FeedbackRetelling1764500000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table retelling (
        id         bigint generated always as identity primary key,
        asked_by   text not null,
        begun_at   timestamptz not null default now(),
        -- The last sign of whoever tells.
        alive_at   timestamptz not null default now(),
        tickets    bigint not null default 0,
        events     bigint not null default 0,
        ended_at   timestamptz,
        failure    text,
        retold     json
      );
      create unique index retelling_under_way on retelling ((true)) where ended_at is null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table retelling');
  }
}

/** Real seconds without a sign after which whoever told is taken for dead. */
const SILENT = 60;

interface Row {
  readonly id: string;
  readonly begun_at: Date;
  readonly tickets: string;
  readonly events: string;
  readonly ended_at: Date | null;
  readonly failure: string | null;
  readonly retold: Retold | null;
}

export class RetellingTable implements RetellingShelf {
  constructor(private readonly database: Database) {}

  async begin(by: string): Promise<string | undefined> {
    await this.database.query(
      `update retelling set ended_at = now(), failure = 'interrupted' where ended_at is null and alive_at < now() - make_interval(secs => ${SILENT})`,
    );
    const { rows } = await this.database.query<{ id: string }>(
      'insert into retelling (asked_by) values ($1) on conflict do nothing returning id',
      [by],
    );
    return rows[0]?.id;
  }

  async find(id: string): Promise<RetellingState | undefined> {
    const { rows } = await this.database.query<Row>(
      'select id, begun_at, tickets, events, ended_at, failure, retold from retelling where id = $1',
      [id],
    );
    const [row] = rows;
    return (
      row && {
        id: row.id,
        begunAt: row.begun_at,
        tickets: Number(row.tickets),
        events: Number(row.events),
        ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
        ...(row.failure === null ? {} : { failure: row.failure }),
        ...(row.retold === null ? {} : { retold: row.retold }),
      }
    );
  }

  async moved(id: string, tickets: number, events: number): Promise<boolean> {
    const { affected } = await this.database.query(
      'update retelling set tickets = $2, events = $3, alive_at = now() where id = $1 and ended_at is null',
      [id, tickets, events],
    );
    return affected > 0;
  }

  async end(id: string, outcome: { readonly retold: Retold } | { readonly failure: string }): Promise<void> {
    const [retold, failure] = 'retold' in outcome ? [JSON.stringify(outcome.retold), null] : [null, outcome.failure];
    await this.database.query('update retelling set ended_at = now(), retold = $2, failure = $3 where id = $1 and ended_at is null', [
      id,
      retold,
      failure,
    ]);
  }

  async waiting(): Promise<number> {
    const { rows } = await this.database.query<{ count: string }>('select count(distinct ticket_id) as count from parked');
    return Number(rows[0]?.count ?? 0);
  }

  /** Between two batches: whoever handles one moves positions, and holds their table until it has committed. */
  async cut(topic: string): Promise<Cut> {
    return this.database.transaction(async (tx) => {
      await tx.query('lock table log_position in share row exclusive mode');
      const { rows: positions } = await tx.query<{ partition: number; next_offset: string }>(
        'select partition, next_offset from log_position where topic = $1',
        [topic],
      );
      const { rows } = await tx.query<{ heard: string }>('select coalesce(max(heard), 0) as heard from trail');
      return {
        positions: positions.map(({ partition, next_offset }) => ({ partition, offset: Number(next_offset) })),
        heard: rows[0]?.heard ?? '0',
      };
    });
  }

  async page(after: Pick<ToldAgain, 'ticketId' | 'heard'>, cut: Cut, limit: number): Promise<readonly ToldAgain[]> {
    const { rows } = await this.database.query<ToldAgain>(
      `select ticket_id as "ticketId", heard, service, epoch, sequence, type, at, payload from trail
       where ticket_id >= $1::uuid and (ticket_id, heard) > ($1::uuid, $2::bigint) and heard <= $3::bigint order by ticket_id, heard limit $4`,
      [after.ticketId, after.heard, cut.heard, limit],
    );
    return rows;
  }
}
