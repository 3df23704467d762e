import type { RuleSetV1 } from '@paidan/contracts';
import type { Queryable } from '@paidan/runtime';
import type { Publication, RuleSetShelf, RuleSetVersion } from '../../application/active-rules.js';
import type { Store } from './directory-versions.js';

interface VersionRow {
  version: number;
  name: string;
  note: string | null;
  rules: number;
  hash: string;
  created_at: Date;
  created_by: string;
  directory_version: number;
}

interface PublicationRow {
  publication: number;
  version: number;
  published_at: Date;
  published_by: string;
  note: string | null;
}

const VERSION = 'version, name, note, rules, hash, created_at, created_by, directory_version';
const PUBLICATION = 'publication, version, published_at, published_by, note';

const versionOf = (row: VersionRow): RuleSetVersion => ({
  version: row.version,
  name: row.name,
  ...(row.note === null ? {} : { note: row.note }),
  rules: row.rules,
  hash: row.hash,
  createdAt: row.created_at,
  createdBy: row.created_by,
  directoryVersion: row.directory_version,
});

const publicationOf = (row: PublicationRow): Publication => ({
  publication: row.publication,
  version: row.version,
  publishedAt: row.published_at,
  publishedBy: row.published_by,
  ...(row.note === null ? {} : { note: row.note }),
});

export const ruleSetShelf = ({ database, apply }: Store): RuleSetShelf => ({
  alone: async (work) => {
    const done: Awaited<ReturnType<typeof work>>[] = [];
    await apply(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtext('paidan-rule-sets:' || current_schema()))`);
      done.push(await work(tx));
    });
    return done[0] as Awaited<ReturnType<typeof work>>;
  },

  newest: async (tx) => {
    const { rows } = await tx.query<{ newest: number }>('select coalesce(max(version), 0) as newest from rule_set');
    return rows[0]?.newest ?? 0;
  },

  inForce: async (tx = database) => {
    const { rows } = await tx.query<PublicationRow>(`select ${PUBLICATION} from rule_set_publication order by publication desc limit 1`);
    return rows[0] === undefined ? undefined : publicationOf(rows[0]);
  },

  find: async (version, tx = database) => {
    const { rows } = await tx.query<VersionRow>(`select ${VERSION} from rule_set where version = $1`, [version]);
    return rows[0] === undefined ? undefined : versionOf(rows[0]);
  },

  documentOf: async (version, tx = database) => {
    const { rows } = await tx.query<{ document: RuleSetV1 }>('select document from rule_set where version = $1', [version]);
    if (rows[0] === undefined) throw new RangeError(`there is no rule set version ${version}`);
    return rows[0].document;
  },

  keep: (tx, { version, name, note, rules, hash, createdAt, createdBy, directoryVersion }, document) =>
    tx.send(`insert into rule_set (${VERSION}, document) values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb)`, [
      ...[version, name, note ?? null, rules, hash, createdAt, createdBy, directoryVersion],
      JSON.stringify(document),
    ]),

  publish: (tx, { publication, version, publishedAt, publishedBy, note }) =>
    tx.send(`insert into rule_set_publication (${PUBLICATION}) values ($1, $2, $3, $4, $5)`, [
      ...[publication, version, publishedAt, publishedBy, note ?? null],
    ]),
});

/** A kept version with when it was last put in force, if ever. */
export interface ListedVersion extends RuleSetVersion {
  readonly publishedAt?: Date;
}

/** Newest first, from below `before` on. */
export const listRuleSets = async (database: Queryable, before: number | undefined, limit: number): Promise<readonly ListedVersion[]> => {
  const { rows } = await database.query<VersionRow & { published_at: Date | null }>(
    `select ${VERSION}, (select max(p.published_at) from rule_set_publication p where p.version = s.version) as published_at
       from rule_set s where $1::integer is null or version < $1 order by version desc limit $2`,
    [before ?? null, limit],
  );
  return rows.map((row) => ({ ...versionOf(row), ...(row.published_at === null ? {} : { publishedAt: row.published_at }) }));
};
