import type { MigrationInterface, QueryRunner } from 'typeorm';

/** SQLSTATE by which {@link RuntimeFence1763800000000}'s function fails a transaction whose partitions another process has moved on. */
export const FENCED_SQLSTATE = 'PD001';

/** Compare-and-set of positions as a function that fails where it finds another value: nobody has to look at its answer before the rest is sent. */
export class RuntimeFence1763800000000 implements MigrationInterface {
  readonly name = 'RuntimeFence1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function move_positions(topics text[], partitions integer[], expected bigint[], targets bigint[]) returns void
      language plpgsql set search_path from current as $body$
      declare elsewhere text;
      begin
        with slice as (
          select * from unnest(topics, partitions, expected, targets) as s (topic, partition, expected, target)
        ), moved as (
          update log_position p set next_offset = s.target from slice s
          where p.topic = s.topic and p.partition = s.partition and p.next_offset = s.expected
          returning p.topic, p.partition
        )
        select string_agg(s.topic || '/' || s.partition, ',') into elsewhere from slice s
        where not exists (select 1 from moved m where m.topic = s.topic and m.partition = s.partition);
        if elsewhere is not null then
          raise exception using errcode = '${FENCED_SQLSTATE}', message = 'another process moved the positions', detail = elsewhere;
        end if;
      end $body$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function move_positions(text[], integer[], bigint[], bigint[])');
  }
}
