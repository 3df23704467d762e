import type { Notice, Queryable, Tx } from '@paidan/runtime';
import type { DirectoryContent, DirectoryVersion, DirectoryVersions } from '../../application/active-directory.js';

interface Row {
  version: number;
  hash: string;
  content_hash: string;
  count: number;
  active_at: Date;
  imported_by: string | null;
  agreed: boolean;
}

/** What this adapter needs of the runtime: reads, and a transaction that carries notices. */
export interface Store {
  readonly database: Queryable;
  apply(prepare: (tx: Tx, notices: Notice[]) => Promise<void>): Promise<unknown>;
}

const SELECT = `
  select v.version, hash, content_hash, count, active_at, imported_by, a.version is not null as agreed
  from directory_version v left join directory_agreed a using (version)
  order by v.version desc limit $1`;

const versionOf = (row: Row): DirectoryVersion => ({
  version: row.version,
  hash: row.hash,
  contentHash: row.content_hash,
  count: row.count,
  activeAt: row.active_at,
  ...(row.imported_by === null ? {} : { imported: { by: row.imported_by, agreed: row.agreed } }),
});

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
    const { rows } = await tx.query<Row>(SELECT, [1]);
    return rows.map(versionOf)[0];
  },

  latest: async (limit) => (await database.query<Row>(SELECT, [limit])).rows.map(versionOf),

  contentOf: async (version, tx = database) => {
    const { rows } = await tx.query<{ content: DirectoryContent }>('select content from directory_version where version = $1', [version]);
    const [row] = rows;
    if (row === undefined) throw new RangeError(`there is no directory version ${version}`);
    // A version of before there were any.
    const none: Pick<DirectoryContent, 'responsibilities' | 'mailboxes'> = { responsibilities: [], mailboxes: [] };
    return { ...none, ...row.content };
  },

  insert: async (tx, { version, hash, contentHash, count, activeAt, imported }: DirectoryVersion, content) => {
    tx.send(
      `insert into directory_version (version, hash, content_hash, count, active_at, content, imported_by)
       values ($1, $2, $3, $4, $5, $6::jsonb, $7)`,
      [version, hash, contentHash, count, activeAt, JSON.stringify(content), imported?.by ?? null],
    );
  },

  agree: async (tx, version) => {
    tx.send('insert into directory_agreed (version) values ($1) on conflict do nothing', [version]);
  },
});
