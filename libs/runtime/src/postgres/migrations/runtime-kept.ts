import type { MigrationInterface, QueryRunner } from 'typeorm';

const QUEUES = ['outbox', 'notice'] as const;

/** Days that exist before a service's hourly look makes more. */
const FIRST_DAYS = 14;

/**
 * What was said is kept for some days after it left the queues, in the order in which it was said, by day and without an index: a Kafka that is lost takes
 * with it what a reader had not come to yet, and this is where that is said again from.
 */
export class RuntimeKept1764300000000 implements MigrationInterface {
  readonly name = 'RuntimeKept1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The Kafka that this schema belongs to. While it is held, nothing is sent: what a lost log held is to be said again first.
      create table log_cluster (
        only_row   boolean primary key default true check (only_row),
        cluster_id text not null,
        held_since timestamptz,
        holds      integer not null default 0
      );

      ${QUEUES.map(
        (queue) => `
      create table ${queue}_kept (kept_at timestamptz not null default now(), like ${queue} excluding all) partition by range (kept_at);`,
      ).join('')}

      create function ensure_kept_days(days integer) returns void language plpgsql security definer set search_path from current as $body$
      declare queue text; day date; part text;
      begin
        perform pg_advisory_xact_lock(hashtext('kept-days:' || current_schema()));
        foreach queue in array array['outbox', 'notice'] loop
          for day in select (now() at time zone 'UTC')::date + n from generate_series(-1, days) n loop
            part := queue || '_kept_' || to_char(day, 'YYYYMMDD');
            continue when to_regclass(part) is not null;
            execute format('create table %I (like %I including all)', part, queue || '_kept');
            execute format('alter table %I attach partition %I for values from (%L) to (%L)', queue || '_kept', part, day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
          end loop;
        end loop;
      end $body$;

      create function drop_kept_days_before(day date) returns integer language plpgsql security definer set search_path from current as $body$
      declare part record; dropped integer := 0;
      begin
        for part in
          select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
          where i.inhparent in ('outbox_kept'::regclass, 'notice_kept'::regclass) and substring(c.relname from '_kept_(\\d{8})') < to_char(day, 'YYYYMMDD')
        loop
          execute format('drop table %I', part.relname);
          dropped := dropped + 1;
        end loop;
        return dropped;
      end $body$;

      revoke all on function ensure_kept_days(integer), drop_kept_days_before(date) from public;
      do $body$ begin
        execute format('grant execute on function ensure_kept_days(integer), drop_kept_days_before(date) to %I', regexp_replace(current_user::text, '_migrator$', ''));
      end $body$;
      select ensure_kept_days(${FIRST_DAYS});
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table outbox_kept, notice_kept, log_cluster;
      drop function ensure_kept_days(integer), drop_kept_days_before(date);
    `);
  }
}
