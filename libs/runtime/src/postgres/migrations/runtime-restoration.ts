import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A schema that was restored from a back-up: what its service said since then is in the log, and is folded before anything else is done. */
export class RuntimeRestoration1764400000000 implements MigrationInterface {
  readonly name = 'RuntimeRestoration1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Who moves a position: what this consumer group has told Kafka is never ahead of it, unless the schema is older than what was done.
      alter table log_position add column reader text;

      create table restoration (
        id         integer generated always as identity primary key,
        -- Told by whoever restored the schema, or found by the positions.
        told       boolean not null,
        begun_at   timestamptz not null default now(),
        -- By partition of the tickets' topic, what is read; by topic and partition, what had been handled before. Null until Kafka has told.
        stretches  json,
        handled    json,
        -- Own later words are all in recalled_word.
        read_at    timestamptz,
        ended_at   timestamptz,
        recalled   integer not null default 0,
        unfolded   integer not null default 0,
        said_anew  integer not null default 0,
        notices_not_repeated integer not null default 0
      );
      create unique index restoration_under_way on restoration ((true)) where ended_at is null;

      -- What this service said after the back-up, until it is folded.
      create table recalled_word (
        ticket_id   uuid not null,
        epoch       integer not null,
        sequence    integer not null,
        partition   integer not null,
        log_offset  bigint not null,
        at          text not null,
        traceparent text,
        type        text not null,
        payload     text not null,
        primary key (ticket_id, epoch, sequence)
      );

      -- Called by whoever restored the schema, before the service is started again. Kafka isn't needed for it.
      create function schema_restored() returns void language sql set search_path from current as $body$
        delete from recalled_word;
        insert into restoration (told) values (true)
        on conflict ((true)) where ended_at is null do update set told = true, stretches = null, handled = null, read_at = null;
      $body$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function schema_restored();
      drop table recalled_word, restoration;
      alter table log_position drop column reader;
    `);
  }
}
