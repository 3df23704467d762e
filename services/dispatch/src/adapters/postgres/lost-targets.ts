import type { Loss, Queryable } from '@paidan/runtime';
import { UNTOLD } from '../../domain/recall.js';

const SHOWN = 1_000;

/** Tickets whose holder was asked to let go, for whom the log doesn't tell: they wait for a person once it has. */
export async function lostTargets(database: Queryable): Promise<readonly Loss[]> {
  const { rows } = await database.query<{ number: string; count: string }>(
    `select record ->> 'number' as number, count(*) over () as count from ticket
     where status = 'releasing' and record -> 'target' ->> 'lead' = $1 order by ticket_id limit ${SHOWN}`,
    [UNTOLD],
  );
  return rows.length === 0
    ? []
    : [{ what: 'reassignment-targets', count: Number(rows[0]?.count), tickets: rows.map(({ number }) => number) }];
}
