import { sqlIn } from '@paidan/kernel';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { STATUSES } from '../../domain/ticket.js';

/** Tickets may be closed. */
export class ClosedStatus1764028800000 implements MigrationInterface {
  readonly name = 'ClosedStatus1764028800000';

  async up(runner: QueryRunner): Promise<void> {
    // Not valid: old rows keep what the narrower check let in, and nobody waits while millions of them are read.
    await runner.query(`
      alter table ticket drop constraint ticket_status_check;
      alter table ticket add constraint ticket_status_check check (${sqlIn('status', STATUSES)}) not valid;
    `);
  }

  async down(): Promise<void> {
    throw new Error('tickets may be closed already: restore a back-up instead of migrating down');
  }
}
