import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a version of the directory came from: a city's folder, or a person who sent it. */
export class ImportedDirectories1795395600000 implements MigrationInterface {
  readonly name = 'ImportedDirectories1795395600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table directory_version add column imported_by text;

      -- Imported versions that a folder has come to say as well: from then on the folder may replace them. A table of its own, because versions never change.
      create table directory_agreed (version integer primary key references directory_version);
    `);
  }

  async down(): Promise<void> {
    throw new Error('who imported what is kept here alone: restore a back-up instead of migrating down');
  }
}
