import {
  directoryHash,
  directoryKey,
  INTEGRATIONS,
  type DirectoryMatter,
  type DirectoryPublished,
  type DirectoryUnit,
} from '@paidan/contracts';
import { knownOr } from '@paidan/kernel';
import type { Database, Log, Tx } from '@paidan/runtime';
import type { Directory } from '../../domain/facts.js';
import type { KeptMessage } from '../kafka/decode-directory.js';
import { UnitEntity } from './unit-entity.js';

type Entry = DirectoryUnit | DirectoryMatter;

/** The directory in force, at hand without waiting; what stands in Postgres counts. */
export class DirectoryInForce {
  #current: Directory = { version: 0, units: new Map() };

  get current(): Directory {
    return this.#current;
  }

  /** Reads it anew: after a publication, and when an assignment names a version that another instance may have taken in. */
  async refresh(database: Database): Promise<void> {
    // In one snapshot: a publication between two reads would pair one version's number with another's units.
    const directory = await database.source.transaction('REPEATABLE READ', async (manager) => {
      const [row] = await manager.query<{ version: string }[]>('select version from directory_version');
      const units = await manager.find(UnitEntity);
      return { version: Number(row?.version ?? 0), units: new Map(units.map((unit) => [unit.code, unit])) };
    });
    if (directory.version >= this.#current.version) this.#current = directory;
  }
}

/** Takes a batch of the directory's messages into the transaction that moves its position. */
export async function takeDirectory(tx: Tx, messages: readonly KeptMessage[], log: Log): Promise<void> {
  const { rows } = await tx.query<{ version: string }>('select version from directory_version for update');
  let inForce = Number(rows[0]?.version ?? 0);
  let entries = new Map<string, Entry>();
  for (const message of messages) {
    // The version in force, said again after somebody's mismatch, and what an older one left behind in the compacted topic.
    if (message.version <= inForce) continue;
    if (message.type !== 'directory.published') {
      entries.set(`${message.version} ${directoryKey(message)}`, message);
      continue;
    }
    await keepEntries(tx, [...entries.values()]);
    entries = new Map();
    if (await activate(tx, message, log)) inForce = message.version;
  }
  await keepEntries(tx, [...entries.values()]);
}

async function keepEntries(tx: Tx, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.query(
    `insert into directory_entry (version, key, entry) select * from unnest($1::bigint[], $2::text[], $3::text[])
     on conflict (version, key) do update set entry = excluded.entry`,
    [entries.map(({ version }) => version), entries.map(directoryKey), entries.map((entry) => JSON.stringify(entry))],
  );
}

/** Puts a version in force if it is whole: as many entries as the marker says, with its hash. */
async function activate(tx: Tx, { version, count, hash }: DirectoryPublished, log: Log): Promise<boolean> {
  const { rows } = await tx.query<{ entry: string }>('select entry from directory_entry where version = $1', [version]);
  const entries = rows.map(({ entry }) => JSON.parse(entry) as Entry);
  if (entries.length !== count || directoryHash(entries) !== hash) {
    log.warn({ version, expected: count, found: entries.length }, 'directory: the version is not whole; it waits to be published again');
    return false;
  }
  const units = entries.filter((entry): entry is DirectoryUnit => entry.type === 'directory.unit');
  await tx.query('delete from unit');
  await tx.query(
    `insert into unit (code, name, parent, level, integration, active)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::smallint[], $5::text[], $6::boolean[])`,
    [
      units.map((unit) => unit.code),
      units.map((unit) => unit.name),
      units.map((unit) => unit.parent),
      units.map((unit) => unit.level),
      // A way of working that a newer directory knows and we don't: its people still have their list over HTTP.
      units.map((unit) => knownOr(INTEGRATIONS, unit.integration, 'desk')),
      units.map((unit) => unit.active),
    ],
  );
  await tx.query('update directory_version set version = $1, hash = $2, activated_at = now()', [version, hash]);
  await tx.query('delete from directory_entry where version <= $1', [version]);
  log.info({ version, units: units.length }, 'directory: a version is in force');
  return true;
}
