import type { Change, Queryable, Tx } from '@paidan/runtime';
import type { DispatchCommand } from '../../domain/orders.js';
import type { Taken, Ticket } from '../../domain/ticket.js';

/** Units that send tickets to each other: how many went from one to the other after a return, and how many of those came back. */
export interface UnitPair {
  readonly from: string;
  readonly to: string;
  readonly handedOver: number;
  readonly returnedAgain: number;
}

type Did<D extends Taken['did']> = Extract<Taken, { did: D }>;
interface Decided {
  readonly ticketId: string;
  readonly at: Date;
}

/** Keeps what was decided on returns, and who had the ticket next; nothing of a batch without any. */
export function writeReturns(tx: Tx, changes: readonly Change<Ticket, DispatchCommand>[]): void {
  const returns: (Decided & { readonly taken: Did<'return-accepted' | 'return-refused'> })[] = [];
  const handovers: (Decided & { readonly from: string; readonly taken: Did<'assigned'> })[] = [];
  for (const { ticketId, before, after } of changes) {
    const decided = before?.decisions.length ?? 0;
    after.decisions.slice(decided).forEach((taken, index) => {
      const at = new Date(taken.at);
      if (taken.did === 'return-accepted' || taken.did === 'return-refused') returns.push({ ticketId, at, taken });
      if (taken.did !== 'assigned') return;
      const from = returnerBefore(after.decisions.slice(0, decided + index));
      if (from !== undefined) handovers.push({ ticketId, at, from, taken });
    });
  }
  if (returns.length > 0)
    tx.send(
      `insert into unit_return (ticket_id, assignment, unit, reason, refused, decided_at)
       select * from unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::timestamptz[]) on conflict do nothing`,
      [
        returns.map(({ ticketId }) => ticketId),
        returns.map(({ taken }) => taken.assignment),
        returns.map(({ taken }) => taken.unit),
        returns.map(({ taken }) => taken.objection.because),
        returns.map(({ taken }) => (taken.did === 'return-refused' ? taken.because : null)),
        returns.map(({ at }) => at),
      ],
    );
  if (handovers.length > 0)
    tx.send(
      `insert into unit_handover (ticket_id, assignment, from_unit, to_unit, decided_at)
       select * from unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::timestamptz[]) on conflict do nothing`,
      [
        handovers.map(({ ticketId }) => ticketId),
        handovers.map(({ taken }) => taken.assignment),
        handovers.map(({ from }) => from),
        handovers.map(({ taken }) => taken.lead),
        handovers.map(({ at }) => at),
      ],
    );
}

/** The unit whose return the next assignment follows. */
function returnerBefore(decisions: readonly Taken[]): string | undefined {
  for (const taken of decisions.toReversed()) {
    if (taken.did === 'return-accepted') return taken.unit;
    if (taken.did === 'assigned') return undefined;
  }
  return undefined;
}

/** The pairs with the most tickets that came back, over what was handed over since then. */
export async function readPairs(db: Queryable, since: Date, limit: number): Promise<UnitPair[]> {
  const { rows } = await db.query<{ from_unit: string; to_unit: string; handed: string; again: string }>(
    `select h.from_unit, h.to_unit, count(*) as handed, count(r.ticket_id) as again
     from unit_handover h
     left join unit_return r on r.ticket_id = h.ticket_id and r.assignment = h.assignment and r.refused is null
     where h.decided_at >= $1
     group by h.from_unit, h.to_unit
     order by again desc, handed desc, h.from_unit, h.to_unit limit $2`,
    [since, limit],
  );
  return rows.map((row) => ({ from: row.from_unit, to: row.to_unit, handedOver: Number(row.handed), returnedAgain: Number(row.again) }));
}
