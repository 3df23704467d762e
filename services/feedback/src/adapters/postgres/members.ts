import type { Queryable } from '@paidan/runtime';
import { sqlIn } from '@paidan/kernel';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Answer } from '../../domain/ticket.js';
import type { Share } from '../../domain/commands.js';
import { STATUSES } from '../../domain/ticket.js';

/** Tickets under a master, found by it when it is answered. */
export class FeedbackMembers1795568400001 implements MigrationInterface {
  readonly name = 'FeedbackMembers1795568400001';

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

/** A member whose master has been answered, and how. */
export interface Due {
  readonly ticketId: string;
  readonly share: Share['payload'];
}

/** A reply that a master got from another one when it was a member itself is not its own. A master that the citizen took back or the desk declined has no reply for others, whatever it was answered before. */
export async function membersDue(db: Queryable, most: number): Promise<readonly Due[]> {
  const { rows } = await db.query<{ ticket_id: string; master: string; answer: Answer }>(
    `select m.ticket_id, m.master, k.record -> 'answer' as answer
     from ticket m join ticket k on k.ticket_id = m.master
     where m.master is not null and not m.parked and k.record #> '{answer,text}' is not null and k.record #> '{answer,text,ticketId}' is null
       and (k.status in ('answered', 'delivered') or (k.status = 'closed' and k.record ->> 'because' not in ('withdrawn', 'declined')))
     order by m.ticket_id limit $1`,
    [most],
  );
  return rows.flatMap(({ ticket_id: ticketId, master, answer }) => {
    const { text, unit, outcome } = answer;
    const { service, epoch, sequence } = text;
    if (service !== 'dispatch' && service !== 'department-handler') return [];
    const by = { ...(unit === undefined ? {} : { unit }), ...(outcome === undefined ? {} : { outcome }) };
    return [{ ticketId, share: { master, of: { service, epoch, sequence }, ...by } }];
  });
}
