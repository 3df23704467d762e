import type { Content } from '@paidan/contracts';
import type { Queryable } from '@paidan/runtime';
import type { Registered } from '../../application/simulate.js';
import type { AppealFacts } from '../../domain/ticket.js';

interface Row {
  ticket_id: string;
  number: string;
  received_at: string;
  appeal: AppealFacts;
  raised: boolean;
  content: string | null;
}

const PAGE = 500;
const AFTER_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The newest first: ids are given by the time of registration (UUIDv7). Page by page, the next one on its way while one is read: no more than two lie in memory. */
export async function* newestTickets(database: Queryable, most: number): AsyncGenerator<readonly Registered[]> {
  let page = await readPage(database, AFTER_ALL, Math.min(PAGE, most));
  for (let left = most - page.length; page.length > 0;) {
    const next = left > 0 ? readPage(database, page.at(-1)?.ticket_id ?? AFTER_ALL, Math.min(PAGE, left)) : undefined;
    // Whoever asks may stop at this page, and then nobody waits for the next.
    next?.catch(() => undefined);
    yield page.map(registered);
    page = (await next) ?? [];
    left -= page.length;
  }
}

const readPage = async (database: Queryable, before: string, limit: number): Promise<readonly Row[]> => {
  const { rows } = await database.query<Row>(
    `select t.ticket_id, t.record ->> 'number' as number, t.record ->> 'receivedAt' as received_at, t.record -> 'appeal' as appeal,
       exists (select from json_array_elements(t.record -> 'decisions') d where d -> 'urgency' is not null) as raised, x.content
     from ticket t left join ticket_text x using (ticket_id)
     where t.ticket_id < $1 and t.record is not null order by t.ticket_id desc limit $2`,
    [before, limit],
  );
  return rows;
};

const registered = (row: Row): Registered => ({
  ticketId: row.ticket_id,
  number: row.number,
  receivedAt: row.received_at,
  // A record keeps the urgency that a rule raised it to. What came in was less: normal, or, where it was raised to critical, hardly ever urgent.
  appeal: row.raised ? { ...row.appeal, urgency: 'normal' } : row.appeal,
  content: row.content === null ? undefined : (JSON.parse(row.content) as Content),
});
