import type { Database } from '../postgres/database.js';

/** Columns of the queues. */
const COLUMNS = {
  outbox: 'ticket_id, name, epoch, sequence, at, traceparent, payload, causation_id',
  notice: 'topic, key, type, notice_id, at, traceparent, payload, ticket_id, number',
} as const;
type QueueName = keyof typeof COLUMNS;

/** Whether `a` and `b` are the same message: a row that is said again gets a new id. */
const SAME = {
  outbox: 'a.ticket_id = b.ticket_id and a.epoch = b.epoch and a.sequence = b.sequence',
  notice: 'a.notice_id = b.notice_id',
} as const;

/** Days after which what was said is forgotten: a reader that is further behind was given up long before. */
export const KEPT_DAYS = 7;
/** Days that are made ahead of time. */
export const KEPT_DAYS_AHEAD = 14;

/** The beginning of the statement that keeps rows of a queue, see `kept`'s migration. */
export const keepRows = (queue: QueueName): string => `insert into ${queue}_kept (id, ${COLUMNS[queue]}) select id, ${COLUMNS[queue]} from`;

export interface SaidAgain {
  readonly events: number;
  readonly notices: number;
}

/**
 * Puts what was said since an instant (epoch ms, real time) into the queues once more, in its order and before anything said from now on; what waits in them
 * takes its place in that order, and nothing is held any longer. Numbers and ids are those of the first time, so whoever has heard it discards it.
 */
export async function sayAgain(database: Database, since: number): Promise<SaidAgain> {
  return database.transaction(async (tx) => {
    // Whoever says something waits for us to be done: its row is to come behind ours.
    await tx.query('lock table outbox, notice in share row exclusive mode');
    const refill = async (queue: QueueName): Promise<number> => {
      const { affected } = await tx.query(
        `with waiting as (
           delete from ${queue} a where exists (select from ${queue}_kept b where ${SAME[queue]}) returning *
         )
         insert into ${queue} (${COLUMNS[queue]})
         select ${COLUMNS[queue]} from ${queue}_kept a
         where kept_at >= $1 or exists (select from waiting b where ${SAME[queue]}) order by id`,
        [new Date(since)],
      );
      return affected;
    };
    const again = { events: await refill('outbox'), notices: await refill('notice') };
    await tx.query('update log_cluster set held_since = null');
    return again;
  });
}
