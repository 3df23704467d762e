import type { Queryable } from '@paidan/runtime';
import type { BurstPolicy } from '../../domain/duplicates/burst.js';
import type { Group } from '../../application/group-alerts.js';

/** An area that says less than a street says nothing of who speaks together: each day a district has its ten complaints of noise. */
const STREET_DIGITS = 9;

interface Row {
  area: string;
  matter: string;
  voices: readonly { readonly at: number; readonly person: string; readonly ticketId: string }[];
}

/**
 * What so many persons speak of in one street or community that they may be a group: their voices of twice the window, the oldest first, because a burst
 * that began before the window is one still. Of members the matter is their master's.
 * @param now epoch ms
 */
export async function groupVoices(db: Queryable, { persons, withinMs }: BurstPolicy, now: number): Promise<readonly Group[]> {
  const { rows } = await db.query<Row>(
    `select f.area, coalesce(t.matter, k.matter) as matter,
       json_agg(json_build_object('at', extract(epoch from f.at) * 1000, 'person', f.person::text, 'ticketId', f.ticket_id) order by f.at) as voices
     from duplicate_fingerprint f join ticket t using (ticket_id) left join ticket k on k.ticket_id = t.master
     where f.at > $1 and f.at <= $2 and length(f.area) >= ${STREET_DIGITS} and coalesce(t.matter, k.matter) is not null
     group by 1, 2 having count(distinct f.person) > $3 order by 1, 2`,
    [new Date(now - 2 * withinMs), new Date(now), persons],
  );
  return rows;
}
