import { addWork, type Tx, type Work } from '@paidan/runtime';
import { randomUUID } from 'node:crypto';
import type { Sweeper, SweptPage } from '../../application/sweep.js';
import type { ClockCommand } from '../../domain/facts.js';
import type { ClocksRuntime } from '../definition.js';

/** Tickets to a transaction. */
const PAGE = 500;

/** A ticket's deadlines computed anew; by the calendar itself unless somebody asks. */
export const recompute = (ticketId: string, actor: ClockCommand['actor'], commandId: string): ClockCommand => ({
  commandId,
  name: 'recompute',
  ticketId,
  actor,
  payload: {},
});

/** Pages of tickets through the reactor, each found and decided in one transaction. Parked ones are left out: they are computed anew when replayed. */
export const sweepPages = ({ reactor }: ClocksRuntime): Sweeper => {
  const ask = (work: Work<ClockCommand>, ids: readonly string[]): void => {
    for (const ticketId of ids) {
      const command = recompute(ticketId, { kind: 'system', subject: 'calendar', roles: [] }, randomUUID());
      addWork(work, ticketId, { kind: 'command', command: { ...command, oneOff: true } });
    }
  };
  const page = async (find: (tx: Tx) => Promise<readonly string[]>): Promise<SweptPage> => {
    let found: readonly string[] = [];
    await reactor.apply(async (tx, work) => {
      found = await find(tx);
      ask(work, found);
    });
    const last = found.length < PAGE ? undefined : found.at(-1);
    return { tickets: found.length, ...(last === undefined ? {} : { last }) };
  };
  const tickets = async (tx: Tx, which: string, parameters: readonly unknown[]): Promise<string[]> => {
    const { rows } = await tx.query<{ ticket_id: string }>(
      `select ticket_id from ticket where not parked and ${which} and ($1::uuid is null or ticket_id > $1) order by ticket_id limit ${PAGE} for update`,
      parameters,
    );
    return rows.map((row) => row.ticket_id);
  };
  return {
    awaiting: (years, after) => page((tx) => tickets(tx, 'awaits_year = any($2::smallint[])', [after ?? null, years])),

    corrected: (revision) =>
      page(async (tx) => {
        // The row is the fence between replicas: whoever has it sweeps the next page.
        const { rows } = await tx.query<{ year: number; swept_after: string | null }>(
          `select year, swept_after from calendar_year where not swept and revision <= $1 and sweep_from <= now()
           order by revision limit 1 for update skip locked`,
          [revision],
        );
        const [correction] = rows;
        if (correction === undefined) return [];
        const ids = await tickets(tx, 'ticking', [correction.swept_after]);
        tx.send('update calendar_year set swept = $2, swept_after = $3 where year = $1', [
          correction.year,
          ids.length < PAGE,
          ids.at(-1) ?? correction.swept_after,
        ]);
        return ids;
      }),
  };
};
