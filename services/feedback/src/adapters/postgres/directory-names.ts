import type { Tx } from '@paidan/runtime';
import type { DirectoryName } from '../kafka/decode-name.js';

/** Takes names in, the newest version of each; a unit that leaves the directory keeps its name, for the trails it is in. */
export function keepNames(tx: Tx, names: readonly DirectoryName[]): void {
  const newest = new Map<string, DirectoryName>();
  for (const name of names) if (name.version >= (newest.get(name.key)?.version ?? 0)) newest.set(name.key, name);
  if (newest.size === 0) return;
  const rows = [...newest.values()];
  tx.send(
    `insert into directory_name as d (key, version, name) select * from unnest($1::text[], $2::bigint[], $3::text[])
     on conflict (key) do update set version = excluded.version, name = excluded.name where d.version <= excluded.version`,
    [rows.map(({ key }) => key), rows.map(({ version }) => version), rows.map(({ name }) => name)],
  );
}
