import { Database } from '@paidan/runtime';
import { testDatabase } from '@paidan/testing';
import { ClosedStatus1764028800000 } from './closed-status.js';
import { DispatchTables1763740800000 } from './dispatch-tables.js';
import { LinkedStatus1795568400000 } from './links.js';
import { DuplicateFingerprints1795568400002 } from './duplicate-fingerprints.js';
import { OwnDuplicates1795568400003 } from './own-duplicates.js';

/** A schema of dispatch with nothing in it. */
export async function openSchema(): Promise<{ readonly database: Database; readonly close: () => Promise<void> }> {
  const made = await testDatabase(['dispatch']);
  const urls = made.services['dispatch'];
  if (urls === undefined) throw new Error('no schema was made');
  const database = await Database.open({
    url: urls.databaseUrl,
    migratorUrl: urls.migratorUrl,
    schema: 'dispatch',
    migrations: [
      DispatchTables1763740800000,
      ClosedStatus1764028800000,
      LinkedStatus1795568400000,
      DuplicateFingerprints1795568400002,
      OwnDuplicates1795568400003,
    ],
    entities: [],
    applicationName: 'duplicates-spec',
  });
  return {
    database,
    close: async () => {
      await database.close();
      await made.drop();
    },
  };
}

/** Numbers from 0 to 1, the same in each run. */
export const dice = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const a = Math.imul(state ^ (state >>> 15), 1 | state);
    const b = (a + Math.imul(a ^ (a >>> 7), 61 | a)) ^ a;
    return ((b ^ (b >>> 14)) >>> 0) / 2 ** 32;
  };
};
