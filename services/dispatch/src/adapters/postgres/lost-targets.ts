import { lossOf, type Loss, type Queryable } from '@paidan/runtime';
import { UNTOLD } from '../../domain/recall.js';

/** Tickets whose holder was asked to let go, for whom the log doesn't tell: they wait for a person once it has. */
export const lostTargets = (database: Queryable): Promise<readonly Loss[]> =>
  lossOf(
    database,
    'reassignment-targets',
    `select record ->> 'number' as number, ticket_id as place from ticket where status = 'releasing' and record -> 'target' ->> 'lead' = $1`,
    [UNTOLD],
  );
