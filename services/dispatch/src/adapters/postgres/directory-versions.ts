import type { Notice, Queryable, Tx } from '@paidan/runtime';
import type { DirectoryContent, DirectoryVersion, DirectoryVersions } from '../../application/active-directory.js';

interface Row {
  version: number;
  hash: string;
  content_hash: string;
  count: number;
  active_at: Date;
}

/** What this adapter needs of the runtime: reads, and a transaction that carries notices. */
export interface Store {
  readonly database: Queryable;
  apply(prepare: (tx: Tx, notices: Notice[]) => Promise<void>): Promise<unknown>;
}

export const directoryVersions = ({ database, apply }: Store): DirectoryVersions => ({
  alone: async <T>(work: (tx: Tx, notices: Notice[]) => Promise<T>) => {
    const done: T[] = [];
    await apply(async (tx, notices) => {
      await tx.query(`select pg_advisory_xact_lock(hashtext('paidan-directory:' || current_schema()))`);
      done.push(await work(tx, notices));
    });
    return done[0] as T;
  },

  newest: async (tx = database) => {
    const { rows } = await tx.query<Row>(
      'select version, hash, content_hash, count, active_at from directory_version order by version desc limit 1',
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    return { version: row.version, hash: row.hash, contentHash: row.content_hash, count: row.count, activeAt: row.active_at };
  },

  contentOf: async (version, tx = database) => {
    const { rows } = await tx.query<{ content: DirectoryContent }>('select content from directory_version where version = $1', [version]);
    const [row] = rows;
    if (row === undefined) throw new RangeError(`there is no directory version ${version}`);
    return row.content;
  },

  insert: async (tx, { version, hash, contentHash, count, activeAt }: DirectoryVersion, content) => {
    tx.send(
      'insert into directory_version (version, hash, content_hash, count, active_at, content) values ($1, $2, $3, $4, $5, $6::jsonb)',
      [version, hash, contentHash, count, activeAt, JSON.stringify(content)],
    );
  },
});
