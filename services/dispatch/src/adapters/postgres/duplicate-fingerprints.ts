import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BANDS, MINIMA, PLANES } from '../../domain/duplicates/fingerprint.js';

export const numbered = (count: number, text: (n: number) => string, by = ', '): string =>
  Array.from({ length: count }, (_, n) => text(n)).join(by);

/** Counted per band before anything is judged: judged first, a band of boilerplate would be read to its end in search of one more that agrees. */
export const hits = (band: number): string => `
              (select f.ticket_id, f.at, f.area, f.grams, ${numbered(PLANES, (n) => `f.plane${n}`)} from duplicate_fingerprint f
               where f.band${band} = bands[q.n * ${BANDS} + ${band + 1}] and f.at > q.since and f.at <= q.at limit per_band)`;

/**
 * What is looked through for tickets that say the same. One row a ticket with an index per band: a row per band would be sixteen rows. By months, so that old
 * ones are dropped whole and a look of thirty days opens two or three of them. The instant is in each index: without it, a text that was sent a hundred
 * thousand times would be read to its end for the few that lie within the window. No key by ticket: nothing is ever looked up by it but to be forgotten,
 * which may take its time.
 */
export class DuplicateFingerprints1795568400002 implements MigrationInterface {
  readonly name = 'DuplicateFingerprints1795568400002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table duplicate_fingerprint (
        at        timestamptz not null,
        ticket_id uuid not null,
        grams     integer not null,
        ${numbered(BANDS, (n) => `band${n} integer not null`)},
        ${numbered(PLANES, (n) => `plane${n} bit(${MINIMA}) not null`)},
        area      text,
        -- Whoever spoke: the same number for the same person, and of a ticket of nobody's its own.
        person    bigint not null
      ) partition by range (at);
      ${numbered(BANDS, (n) => `create index duplicate_band${n} on duplicate_fingerprint (band${n}, at);`, '\n      ')}
      -- Rows come in the order of their instants: a few pages say where a day begins.
      create index duplicate_at on duplicate_fingerprint using brin (at) with (pages_per_range = 32);

      -- Attached, not created as a partition: that would stop every transaction that writes to another month.
      create function ensure_duplicate_months(months text[]) returns void language plpgsql security definer set search_path from current as $body$
      declare month timestamp; part text;
      begin
        foreach month in array months::timestamp[] loop
          month := date_trunc('month', month);
          part := 'duplicate_fingerprint_' || to_char(month, 'YYYYMM');
          continue when to_regclass(part) is not null;
          perform pg_advisory_xact_lock(hashtext('duplicate-months:' || current_schema()));
          -- By a query: to_regclass would answer from what this session has just looked up, which another made while we waited.
          continue when exists (select from pg_class where relname = part and relnamespace = current_schema()::regnamespace);
          execute format('create table %I (like duplicate_fingerprint including all)', part);
          execute format('alter table duplicate_fingerprint attach partition %I for values from (%L) to (%L)', part, month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
        end loop;
      end $body$;

      create function drop_duplicate_months_before(instant timestamptz) returns integer language plpgsql security definer set search_path from current as $body$
      declare part record; dropped integer := 0;
      begin
        for part in
          select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
          where i.inhparent = 'duplicate_fingerprint'::regclass and substring(c.relname from '_(\\d{6})$') < to_char(instant at time zone 'UTC', 'YYYYMM')
        loop
          execute format('drop table %I', part.relname);
          dropped := dropped + 1;
        end loop;
        return dropped;
      end $body$;

      -- The earlier tickets that agree in enough minima with those asked about; n counts these from 0, bands and planes lie one ticket's behind the other's.
      -- A function, because planning this takes 20 ms, and left to itself the server plans it anew for each length of the arrays. Planned once, it must not be
      -- for a month that was empty then.
      create function look_up_duplicates(per_band integer, fewest integer, most integer, exact integer, ids uuid[], ats timestamptz[], sinces timestamptz[], areas text[], bands integer[], planes text[])
        returns table (n integer, ticket_id uuid, at timestamptz, area text, grams integer, agreeing integer, status text, lead text, matter text, record json,
          content text, master uuid, master_status text, master_number text, master_urgency smallint)
        language plpgsql stable set search_path from current
        set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $body$
      #variable_conflict use_column
      begin
        return query
          select q.n, d.ticket_id, d.at, d.area, d.grams, d.agreeing, t.status, t.lead, t.matter, t.record, x.content, m.ticket_id, m.status, m.record ->> 'number', m.urgency
          from (
            select i - 1 as n, ids[i] as ticket_id, ats[i] as at, sinces[i] as since, areas[i] as area,
              ${numbered(PLANES, (n) => `('x' || planes[(i - 1) * ${PLANES} + ${n + 1}])::bit(${MINIMA}) as plane${n}`)}
            from generate_series(1, cardinality(ids)) i
            offset 0
          ) q
          cross join lateral (
            select distinct h.ticket_id, h.at, h.area, h.grams,
              ${MINIMA} - bit_count(${numbered(PLANES, (n) => `(h.plane${n} # q.plane${n})`, ' | ')})::integer as agreeing
            from (${numbered(BANDS, hits, ' union all ')}) h
            where h.ticket_id <> q.ticket_id and (h.area is null or q.area is null or starts_with(h.area, q.area) or starts_with(q.area, h.area))
            order by agreeing desc, h.at limit most
          ) d
          left join ticket t on t.ticket_id = d.ticket_id
          -- Read word by word where they are so alike that one may be linked to the other: to its master, where it is under one.
          left join ticket_text x on x.ticket_id = d.ticket_id and d.agreeing >= exact
          left join ticket m on m.ticket_id = coalesce(t.master, t.ticket_id) and d.agreeing >= exact
          where d.agreeing >= fewest;
      end $body$;

      revoke all on function ensure_duplicate_months(text[]), drop_duplicate_months_before(timestamptz),
        look_up_duplicates(integer, integer, integer, integer, uuid[], timestamptz[], timestamptz[], text[], integer[], text[]) from public;
      do $body$
      declare service text := regexp_replace(current_user::text, '_migrator$', '');
      begin
        execute format('revoke update on duplicate_fingerprint from %I', service);
        execute format('grant execute on function ensure_duplicate_months(text[]), drop_duplicate_months_before(timestamptz),
          look_up_duplicates(integer, integer, integer, integer, uuid[], timestamptz[], timestamptz[], text[], integer[], text[]) to %I', service);
      end $body$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table duplicate_fingerprint;
      drop function ensure_duplicate_months(text[]), drop_duplicate_months_before(timestamptz),
        look_up_duplicates(integer, integer, integer, integer, uuid[], timestamptz[], timestamptz[], text[], integer[], text[]);
    `);
  }
}
