import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables behind the runtime's guarantees, the same in each service's schema. Services add columns to `ticket` and tables of their own. */
export class RuntimeTables1700000000000 implements MigrationInterface {
  readonly name = 'RuntimeTables1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table service_epoch (only_row boolean primary key default true check (only_row), epoch integer not null check (epoch > 0));
      insert into service_epoch (epoch) values (1);

      -- Every event rewrites a ticket's row: no index on what changes, room on the page so that updates stay on it (HOT).
      create table ticket (
        ticket_id     uuid primary key,
        sequence      integer not null,
        handled       jsonb not null,
        timers        jsonb not null,
        timer_version integer not null,
        parked        boolean not null,
        record        jsonb
      ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

      create table log_position (
        topic       text not null,
        partition   integer not null,
        next_offset bigint not null,
        cluster_id  text not null,
        partitions  integer not null,
        primary key (topic, partition)
      ) with (fillfactor = 50);

      -- Queues: rows live for milliseconds, so the tables are vacuumed often and indexes kept to the key.
      create table outbox (
        id          bigint generated always as identity primary key,
        ticket_id   uuid not null,
        name        text not null,
        epoch       integer not null,
        sequence    integer not null,
        at          text not null,
        traceparent text,
        payload     text not null
      ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

      create table notice (
        id          bigint generated always as identity primary key,
        topic       text not null,
        key         text not null,
        type        text not null,
        notice_id   uuid not null,
        at          text not null,
        traceparent text,
        payload     text not null
      ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

      -- A row of a queue that can't be sent, taken out of the way with its reason; later rows of the same ticket wait behind it.
      create table set_aside (
        queue        text not null,
        id           bigint not null,
        held_key     text not null,
        content      jsonb not null,
        reason       text not null,
        set_aside_at timestamptz not null default now(),
        primary key (queue, id)
      );

      create table relay_lease (relay text primary key, holder text not null, until timestamptz not null);

      create table timer (
        shard     smallint not null,
        due_at    timestamptz not null,
        ticket_id uuid not null,
        name      text not null,
        version   integer not null,
        primary key (shard, due_at, ticket_id, name, version)
      ) partition by range (due_at);

      create table timer_shard (shard smallint primary key, position timestamptz not null);
      insert into timer_shard select shard, '-infinity' from generate_series(0, 7) shard;

      create table parked (
        id            bigint generated always as identity primary key,
        ticket_id     uuid not null,
        topic         text not null,
        partition     integer not null,
        log_offset    bigint not null,
        key           bytea,
        headers       bytea not null,
        value         bytea,
        error_code    text,
        error_message text,
        parked_at     timestamptz not null default now(),
        unique (topic, partition, log_offset)
      );
      create index parked_by_ticket on parked (ticket_id, id);

      create table quarantine (
        topic          text not null,
        partition      integer not null,
        log_offset     bigint not null,
        key            bytea,
        headers        bytea not null,
        value          bytea,
        reason         text not null,
        detail         text not null,
        quarantined_at timestamptz not null default now(),
        primary key (topic, partition, log_offset)
      );

      create table command (
        command_id uuid primary key,
        ticket_id  uuid not null,
        digest     bytea not null,
        outcome    jsonb not null,
        at         timestamptz not null default now()
      );
      create index command_by_age on command using brin (at);

      -- The runtime role may not create tables; this function, run with its owner's rights, creates nothing but a day of the timer table.
      -- Attaching needs a weaker lock than CREATE TABLE … PARTITION OF, which would stop every arming transaction.
      create function ensure_timer_day(day date) returns void language plpgsql security definer set search_path from current as $body$
      declare part text := 'timer_' || to_char(day, 'YYYYMMDD');
      begin
        perform pg_advisory_xact_lock(hashtext('timer-day:' || current_schema()));
        if to_regclass(part) is null then
          execute format('create table %I (like timer including all)', part);
          execute format('alter table timer attach partition %I for values from (%L) to (%L)', part, day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
        end if;
      end $body$;

      create function drop_timer_days_before(day date) returns integer language plpgsql security definer set search_path from current as $body$
      declare part record; dropped integer := 0;
      begin
        for part in
          select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
          where i.inhparent = 'timer'::regclass and substring(c.relname from 'timer_(\\d{8})') < to_char(day, 'YYYYMMDD')
        loop
          execute format('drop table %I', part.relname);
          dropped := dropped + 1;
        end loop;
        return dropped;
      end $body$;

      revoke all on function ensure_timer_day(date), drop_timer_days_before(date) from public;
      do $body$ begin
        execute format('grant execute on function ensure_timer_day(date), drop_timer_days_before(date) to %I', regexp_replace(current_user::text, '_migrator$', ''));
      end $body$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('the runtime tables hold the guarantees: restore a back-up instead of migrating down');
  }
}
