import type { Queryable, Tx, Work } from '@paidan/runtime';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { sqlIn } from '@paidan/kernel';
import { WITHOUT_ANSWER, type Master, type Masters } from '../../domain/linking.js';
import type { DispatchCommand } from '../../domain/orders.js';
import { STATUSES, type Ticket } from '../../domain/ticket.js';

/** Tickets under a master, and by which index they are found. */
export class LinkedStatus1795568400000 implements MigrationInterface {
  readonly name = 'LinkedStatus1795568400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table ticket drop constraint ticket_status_check;
      alter table ticket add constraint ticket_status_check check (${sqlIn('status', STATUSES)}) not valid;
      alter table ticket add column master uuid;
      create index ticket_member on ticket (master) where master is not null;
    `);
  }

  async down(): Promise<void> {
    throw new Error('tickets may be linked already: restore a back-up instead of migrating down');
  }
}

/**
 * The tickets that orders of this work name as masters, and the masters of these. Shared locks: two orders that make each other's tickets members are one
 * after the other, or the database breaks off one of them.
 */
export async function mastersFor(tx: Tx, work: Work<DispatchCommand>): Promise<Masters> {
  const named = [...work.values()].flatMap((items) =>
    items.flatMap((item) => (item.kind === 'command' && item.command.name === 'link' ? [item.command.payload.master] : [])),
  );
  if (named.length === 0) return new Map();
  const { rows } = await tx.query<{ ticket_id: string; record: Ticket | null }>(
    `select ticket_id, record from ticket t
     where t.ticket_id = any($1::uuid[]) or t.ticket_id in (select m.master from ticket m where m.ticket_id = any($1::uuid[]))
     order by ticket_id for share of t`,
    [named],
  );
  return new Map(rows.flatMap(({ ticket_id: id, record }) => (record === null ? [] : [[id, masterOf(id, record)]])));
}

const masterOf = (ticketId: string, ticket: Ticket): Master => ({
  ticketId,
  number: ticket.number,
  status: ticket.status,
  isOpen: ticket.appeal.confidentiality === 'open',
  ...(ticket.status === 'closed' ? { because: ticket.because } : {}),
  ...(ticket.citizen === undefined ? {} : { citizen: ticket.citizen }),
  ...(ticket.status === 'linked' ? { master: ticket.under.master } : {}),
});

/** A member whose master is none any more: it ended without an answer, or has come under `next`. */
export interface Stray {
  readonly ticketId: string;
  readonly decisionVersion: number;
  readonly next?: { readonly master: string; readonly masterNumber: string };
}

/** The first of them; whoever is parked waits for its operator. */
export async function straysIn(db: Queryable, most: number): Promise<readonly Stray[]> {
  const { rows } = await db.query<{ ticket_id: string; version: number; master: string | null; number: string | null }>(
    `select m.ticket_id, json_array_length(m.record -> 'decisions') as version, n.ticket_id as master, n.record ->> 'number' as number
     from ticket m join ticket k on k.ticket_id = m.master left join ticket n on n.ticket_id = k.master and n.ticket_id <> m.ticket_id
     where m.master is not null and not m.parked
       and (k.status in ('withdrawn', 'linked') or (k.status = 'closed' and ${sqlIn("k.record ->> 'because'", [...WITHOUT_ANSWER])}))
     order by m.ticket_id limit $1`,
    [most],
  );
  return rows.map(({ ticket_id: ticketId, version: decisionVersion, master, number }) => ({
    ticketId,
    decisionVersion,
    ...(master === null || number === null ? {} : { next: { master, masterNumber: number } }),
  }));
}

export async function countMembers(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: string }>('select count(*) from ticket where master is not null');
  return Number(rows[0]?.count ?? 0);
}
