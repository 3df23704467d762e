import type { EventPayload } from '@paidan/contracts';
import { saidIn, type Change, type Tx } from '@paidan/runtime';
import type { ClockCommand } from '../../domain/facts.js';
import type { TicketClocks } from '../../domain/ticket-clocks.js';

type ClockChange = Change<TicketClocks, ClockCommand>;
type Entry = EventPayload<'card.issued'> & { readonly ticketId: string; readonly number: string };

/** Red cards, and what became of them, into tables that are only added to. */
export const writeAccountability =
  (now: () => number) =>
  (tx: Tx, changes: readonly ClockChange[]): void => {
    const entries: Entry[] = [];
    const withdrawals: (EventPayload<'card.withdrawn'> & { readonly at: Date })[] = [];
    const moment = new Date(now());
    for (const change of changes)
      for (const { event, at } of saidIn(change, moment)) {
        const { ticketId, after } = change;
        if (event.name === 'card.issued' && event.payload.accountability && after.status !== 'unregistered')
          entries.push({ ...event.payload, ticketId, number: after.number });
        else if (event.name === 'card.withdrawn' && event.payload.colour === 'red') withdrawals.push({ ...event.payload, at });
      }
    if (entries.length > 0)
      tx.send(
        `insert into accountability (card, ticket_id, number, unit, assignment, clock, rule, due_at, issued_at)
       select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::integer[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[])`,
        [
          entries.map((entry) => entry.card),
          entries.map((entry) => entry.ticketId),
          entries.map((entry) => entry.number),
          entries.map((entry) => entry.unit),
          entries.map((entry) => entry.assignment ?? 0),
          entries.map((entry) => entry.clock),
          entries.map((entry) => entry.rule),
          entries.map((entry) => entry.dueAt),
          entries.map((entry) => entry.issuedAt),
        ],
      );
    if (withdrawals.length > 0)
      tx.send(
        `insert into accountability_withdrawal (card, by, note, withdrawn_at)
       select * from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[])`,
        [
          withdrawals.map(({ card }) => card),
          withdrawals.map(({ by }) => (by.kind === 'rule' ? by.rule : by.subject)),
          withdrawals.map(({ note }) => note ?? null),
          withdrawals.map(({ at: withdrawnAt }) => withdrawnAt),
        ],
      );
  };
