import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BANDS, MINIMA, PLANES } from '../../domain/duplicates/fingerprint.js';
import { hits, numbered } from './duplicate-fingerprints.js';

const SIGNATURE = 'integer, integer, integer, integer, uuid[], timestamptz[], timestamptz[], text[], text[], integer[], text[]';
const AREAS_AGREE = '(h.area is null or q.area is null or starts_with(h.area, q.area) or starts_with(q.area, h.area))';
const AGREEING = `${MINIMA} - bit_count(${numbered(PLANES, (n) => `(h.plane${n} # q.plane${n})`, ' | ')})::integer as agreeing`;

/**
 * What the same person said before is looked through for itself: of a letter that ten others have sent, or twenty-four in each band, the person's own would not
 * be among those that are brought, and be dispatched again. The newest of them, since who says much says it lately.
 */
export class OwnDuplicates1795568400003 implements MigrationInterface {
  readonly name = 'OwnDuplicates1795568400003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index duplicate_person on duplicate_fingerprint (person, at);

      -- Beside the function of the release before, which its replicas ask until they have gone.
      create function look_up_duplicates(per_band integer, fewest integer, most integer, exact integer, ids uuid[], ats timestamptz[], sinces timestamptz[], areas text[], persons text[], bands integer[], planes text[])
        returns table (n integer, ticket_id uuid, at timestamptz, area text, grams integer, agreeing integer, own boolean, status text, lead text, matter text, record json,
          content text, master uuid, master_status text, master_number text, master_urgency smallint)
        language plpgsql stable set search_path from current
        set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $body$
      #variable_conflict use_column
      begin
        return query
          select q.n, d.ticket_id, d.at, d.area, d.grams, d.agreeing, d.own, t.status, t.lead, t.matter, t.record, x.content, m.ticket_id, m.status,
            m.record ->> 'number', m.urgency
          from (
            select i - 1 as n, ids[i] as ticket_id, ats[i] as at, sinces[i] as since, areas[i] as area, hashtextextended(persons[i], 0) as person,
              ${numbered(PLANES, (n) => `('x' || planes[(i - 1) * ${PLANES} + ${n + 1}])::bit(${MINIMA}) as plane${n}`)}
            from generate_series(1, cardinality(ids)) i
            offset 0
          ) q
          cross join lateral (
            (select distinct h.ticket_id, h.at, h.area, h.grams, ${AGREEING}, false as own
             from (${numbered(BANDS, hits, ' union all ')}) h
             where h.ticket_id <> q.ticket_id and ${AREAS_AGREE}
             order by agreeing desc, h.at limit most)
            union all
            (select h.ticket_id, h.at, h.area, h.grams, ${AGREEING}, true as own
             from (select * from duplicate_fingerprint f where f.person = q.person and f.at > q.since and f.at <= q.at order by f.at desc limit per_band) h
             where h.ticket_id <> q.ticket_id and ${AREAS_AGREE}
             order by agreeing desc, h.at limit most)
          ) d
          left join ticket t on t.ticket_id = d.ticket_id
          -- Read word by word where they are so alike that one may be linked to the other: to its master, where it is under one.
          left join ticket_text x on x.ticket_id = d.ticket_id and d.agreeing >= exact
          left join ticket m on m.ticket_id = coalesce(t.master, t.ticket_id) and d.agreeing >= exact
          where d.agreeing >= fewest;
      end $body$;

      revoke all on function look_up_duplicates(${SIGNATURE}) from public;
      do $body$ begin
        execute format('grant execute on function look_up_duplicates(${SIGNATURE}) to %I', regexp_replace(current_user::text, '_migrator$', ''));
      end $body$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function look_up_duplicates(${SIGNATURE}); drop index duplicate_person;`);
  }
}
