import { createHash } from 'node:crypto';
import { Type, type Static } from 'typebox';
import { ADMIN_CODE, INTEGRATIONS, UNIT_KINDS } from '../vocabulary.js';
import { closed, MatterCode, oneOf, UnitCode } from '../events/parts.js';

/*
 * `paidan.directory`, compacted, one partition. A version is published whole: each entry with its number, then the marker. A reader collects
 * the entries of one version and makes it active when the marker's count and hash agree; lower versions are ignored.
 */

/** One partition: the marker must come after the entries. */
export const DIRECTORY_PARTITIONS = 1;

const Version = Type.Integer({ minimum: 1 });
const Name = Type.String({ minLength: 1, maxLength: 100 });

export const DirectoryUnit = closed({
  type: Type.Literal('directory.unit'),
  version: Version,
  code: UnitCode,
  name: Name,
  aliases: Type.Array(Name, { maxItems: 50 }),
  level: Type.Integer({ minimum: 1, maximum: 5, description: '1 city, 2 district, 3 street' }),
  parent: Type.Union([UnitCode, Type.Null()]),
  kind: oneOf(UNIT_KINDS),
  areas: Type.Array(Type.String({ pattern: ADMIN_CODE.source }), {
    maxItems: 200,
    description: 'admin codes in its charge, with all below them',
  }),
  integration: oneOf(INTEGRATIONS),
  active: Type.Boolean(),
});
export type DirectoryUnit = Static<typeof DirectoryUnit>;

export const DirectoryMatter = closed({
  type: Type.Literal('directory.matter'),
  version: Version,
  code: MatterCode,
  l1: Type.String({ minLength: 1, maxLength: 60, description: 'name of level 1' }),
  l2: Type.String({ minLength: 1, maxLength: 60, description: 'name of level 2' }),
  name: Name,
  keywords: Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { maxItems: 200 }),
  lead: Type.Union([UnitCode, Type.Null()], { description: 'null: by area, or by hand' }),
  coHandlers: Type.Array(UnitCode, { maxItems: 20 }),
  active: Type.Boolean(),
});
export type DirectoryMatter = Static<typeof DirectoryMatter>;

export const DirectoryPublished = closed({
  type: Type.Literal('directory.published'),
  version: Version,
  count: Type.Integer({ minimum: 0, description: 'entries of this version, units and matters' }),
  hash: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'directoryHash of the entries' }),
});
export type DirectoryPublished = Static<typeof DirectoryPublished>;

export type DirectoryEntry = DirectoryUnit | DirectoryMatter;
export type DirectoryMessage = DirectoryEntry | DirectoryPublished;

/** The Kafka key: `unit:<code>`, `matter:<code>`, `published`. */
export const directoryKey = (message: DirectoryMessage): string => {
  if (message.type === 'directory.published') return 'published';
  return message.type === 'directory.unit' ? `unit:${message.code}` : `matter:${message.code}`;
};

const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, canonical(member)]),
  );
};

/**
 * SHA-256 in hex over `<key> <JSON>\n` of all entries in order of their keys, members in order of their names, `version` left out: the same
 * directory has the same hash under every number.
 */
export const directoryHash = (entries: readonly DirectoryEntry[]): string => {
  const lines = entries.map((entry) => `${directoryKey(entry)} ${JSON.stringify(canonical({ ...entry, version: undefined }))}\n`);
  return createHash('sha256').update(lines.sort().join('')).digest('hex');
};
