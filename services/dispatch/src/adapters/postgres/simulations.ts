import type { Queryable } from '@paidan/runtime';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Simulation, SimulationShelf, SimulationState, Tried } from '../../application/simulations.js';

/** Simulations: whoever asks for one may meet another replica than the one that makes it. */
export class Simulations1795482300000 implements MigrationInterface {
  readonly name = 'Simulations1795482300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table simulation (
        id         uuid primary key,
        state      text not null,
        asked_at   timestamptz not null,
        asked_by   text not null,
        asked      jsonb not null,
        last       integer not null,
        done       integer not null default 0,
        touched_at timestamptz not null,
        ended_at   timestamptz,
        result     jsonb,
        detail     text
      );

      -- One at a time: it takes a core.
      create unique index simulation_running on simulation ((true)) where state = 'running';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table simulation');
  }
}

/** A replica says every few hundred tickets that it is there; one that is silent for so long is gone. Milliseconds. */
const GONE_MS = 60_000;
/** Results are for the days in which a draft is discussed. */
const KEPT_DAYS = 90;

interface Row<Result> {
  id: string;
  state: SimulationState;
  asked_at: Date;
  asked_by: string;
  asked: Tried;
  last: number;
  done: number;
  ended_at: Date | null;
  result: Result | null;
  detail: string | null;
}

export const simulationShelf = <Result extends object>(database: Queryable): SimulationShelf<Result> => ({
  begin: async ({ id, askedAt, askedBy, asked, last }) => {
    await database.query(
      `update simulation set state = 'interrupted', ended_at = now() where state = 'running' and touched_at < now() - $1 * interval '1 ms'`,
      [GONE_MS],
    );
    await database.query(`delete from simulation where state <> 'running' and touched_at < now() - interval '${KEPT_DAYS} days'`);
    const { rows: begun } = await database.query(
      `insert into simulation (id, state, asked_at, asked_by, asked, last, touched_at) values ($1, 'running', $2, $3, $4, $5, now())
       on conflict do nothing returning id`,
      [id, askedAt, askedBy, JSON.stringify(asked), last],
    );
    if (begun.length > 0) return undefined;
    const { rows } = await database.query<{ id: string }>(`select id from simulation where state = 'running'`);
    return rows[0]?.id ?? 'one that has just ended';
  },

  touch: async (id, done) => {
    await database.query('update simulation set done = $2, touched_at = now() where id = $1', [id, done]);
  },

  end: async (id, { state, result, detail }) => {
    await database.query('update simulation set state = $2, ended_at = now(), touched_at = now(), result = $3, detail = $4 where id = $1', [
      ...[id, state, result === undefined ? null : JSON.stringify(result)],
      detail ?? null,
    ]);
  },

  find: async (id) => {
    const { rows } = await database.query<Row<Result>>(
      `select id, case when state = 'running' and touched_at < now() - $2 * interval '1 ms' then 'interrupted' else state end as state,
         asked_at, asked_by, asked, last, done, ended_at, result, detail
       from simulation where id = $1`,
      [id, GONE_MS],
    );
    return rows[0] === undefined ? undefined : simulationOf(rows[0]);
  },
});

const simulationOf = <Result>(row: Row<Result>): Simulation<Result> => ({
  id: row.id,
  state: row.state,
  askedAt: row.asked_at,
  askedBy: row.asked_by,
  asked: row.asked,
  last: row.last,
  done: row.done,
  ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
  ...(row.result === null ? {} : { result: row.result }),
  ...(row.detail === null ? {} : { detail: row.detail }),
});
