import { RuntimeError, type Queryable, type Tx, type Work } from '@paidan/runtime';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { sqlIn } from '@paidan/kernel';
import { masterOf, WITHOUT_ANSWER, type Masters } from '../../domain/linking.js';
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
 * The master of a ticket: that it is under, or that it was answered with when it was closed; its own answer it has not. A path with an index from the end
 * (`#>> '{decisions,-1,did}'`) counts from the end of the first list of a json, whichever that is (PostgreSQL 18.4).
 */
const masterIn = (ticket: string): string =>
  `coalesce(${ticket}.master, case when ${ticket}.status = 'closed' and ${ticket}.record -> 'decisions' -> -1 ->> 'did' = 'linked'
     and not ${sqlIn(`${ticket}.record ->> 'because'`, [...WITHOUT_ANSWER])} then (${ticket}.record -> 'decisions' -> -1 ->> 'master')::uuid end)`;

/** The same, or for what is on its way under one, that: it has it in its record. */
const ABOVE = `coalesce(${masterIn('t')}, case t.status when 'releasing' then (t.record #>> '{target,master}')::uuid end)`;

/** Those that the named are, or will be, under, or were answered with; their ids alone. */
const CHAIN = `
  with recursive chain (ticket_id, master) as (
    select t.ticket_id, ${ABOVE} from ticket t where t.ticket_id = any($1::uuid[])
    union
    select t.ticket_id, ${ABOVE} from ticket t join chain c on t.ticket_id = c.master
  )`;

/** What each transaction has locked of the tickets that its orders name. */
const locked = new WeakMap<Tx, ReadonlySet<string>>();

const linksIn = (work: Work<DispatchCommand>) =>
  [...work.values()].flatMap((items) =>
    items.flatMap((item) => (item.kind === 'command' && item.command.name === 'link' ? [item.command] : [])),
  );

/**
 * Locks the tickets that are to be linked together with those that the orders name as masters, and with the masters of these: all in the order of their ids,
 * as every batch does, so that two orders that link each other's tickets are one after the other.
 */
export function lockMasters(tx: Tx, work: Work<DispatchCommand>): void {
  const links = linksIn(work);
  if (links.length === 0) return;
  tx.send(
    // By an array: of a condition on either list, Postgres would make a look at each ticket there is.
    `${CHAIN} select t.ticket_id from ticket t where t.ticket_id = any(array(select ticket_id from chain) || $2::uuid[]) order by t.ticket_id for update of t`,
    [links.map(({ payload }) => payload.master), [...work.keys()]],
    ({ rows }) => locked.set(tx, new Set(rows.map((row) => row['ticket_id'] as string))),
  );
}

/**
 * The tickets that orders of this work name as masters, and the masters of these, as they are now that they are locked.
 * @throws RuntimeError `row-conflict` where one of them came under another before it was locked: it is done again
 */
export async function mastersFor(tx: Tx, work: Work<DispatchCommand>): Promise<Masters> {
  const links = linksIn(work);
  if (links.length === 0) return new Map();
  const { rows } = await tx.query<{ ticket_id: string; record: Ticket | null }>(
    `${CHAIN} select t.ticket_id, t.record from ticket t where t.ticket_id = any(array(select ticket_id from chain))`,
    [links.map(({ payload }) => payload.master)],
  );
  if (rows.some((row) => locked.get(tx)?.has(row.ticket_id) !== true))
    throw new RuntimeError('row-conflict', 'a master came under another meanwhile');
  return new Map(rows.flatMap(({ ticket_id: id, record }) => (record === null ? [] : [[id, masterOf(id, record)]])));
}

/** A member whose master is none any more: it ended without an answer, or is under `next`, or was answered with that. */
export interface Stray {
  readonly ticketId: string;
  readonly decisionVersion: number;
  readonly next?: { readonly master: string; readonly masterNumber: string };
}

/** The first of them; whoever is parked waits for its operator. */
export async function straysIn(db: Queryable, most: number): Promise<readonly Stray[]> {
  const { rows } = await db.query<{ ticket_id: string; version: number; master: string | null; number: string | null }>(
    `select m.ticket_id, json_array_length(m.record -> 'decisions') as version, n.ticket_id as master, n.record ->> 'number' as number
     from ticket m join ticket k on k.ticket_id = m.master left join ticket n on n.ticket_id = ${masterIn('k')} and n.ticket_id <> m.ticket_id
     where m.master is not null and not m.parked
       and (k.status in ('withdrawn', 'linked') or ${masterIn('k')} is not null
         or (k.status = 'closed' and ${sqlIn("k.record ->> 'because'", [...WITHOUT_ANSWER])}))
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
