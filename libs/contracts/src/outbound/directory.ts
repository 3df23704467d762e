import { createHash } from 'node:crypto';
import { Type, type Static } from 'typebox';
import { ADMIN_CODE, INTEGRATIONS, MAILBOX_CODE, UNIT_KINDS } from '../vocabulary.js';
import { closed, Instant, MatterCode, maybe, oneOf, told, UnitCode } from '../events/parts.js';

/*
 * `paidan.directory`, compacted, one partition. A version is published whole: each entry with its number, then the marker. A reader collects
 * the entries of one version and makes it active when the marker's count and hash agree; lower versions are ignored.
 *
 * `count` and `hash` are those of units and matters alone, whatever other kinds of entry there are: a reader that doesn't know a kind passes over it,
 * and must still find the version whole. Every further kind has a count and a hash of its own in `further`, for whoever reads that kind.
 */

/** One partition: the marker must come after the entries. */
export const DIRECTORY_PARTITIONS = 1;

const Version = Type.Integer({ minimum: 1 });
const Name = Type.String({ minLength: 1, maxLength: 100 });
/** Left out: from ever, or for good. */
const period = {
  from: maybe(told(Instant, 'in force from this instant')),
  until: maybe(told(Instant, 'not in force any more at this instant')),
};

export const DirectoryUnit = closed({
  type: Type.Literal('directory.unit'),
  version: Version,
  code: UnitCode,
  name: Name,
  aliases: Type.Array(Name, { maxItems: 50 }),
  level: Type.Integer({ minimum: 1, maximum: 5, description: '1 city, 2 district, 3 street, 4 community' }),
  parent: Type.Union([UnitCode, Type.Null()]),
  kind: oneOf(UNIT_KINDS),
  areas: Type.Array(Type.String({ pattern: ADMIN_CODE.source }), {
    maxItems: 200,
    description: 'admin codes in its charge, with all below them',
  }),
  integration: oneOf(INTEGRATIONS),
  active: Type.Boolean({ description: 'false: closed, whatever `from` and `until` say' }),
  ...period,
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

export const DirectoryResponsibility = closed({
  type: Type.Literal('directory.responsibility'),
  version: Version,
  matter: Type.String({ pattern: '^\\d{2}(\\d{2}){0,2}$', description: 'a matter, or the two digits of a topic for all its matters' }),
  area: Type.Union([Type.String({ pattern: ADMIN_CODE.source }), Type.Null()], { description: 'with all below it; null: everywhere' }),
  lead: Type.Union([UnitCode, Type.Null()], { description: 'null: by area' }),
  coHandlers: Type.Array(UnitCode, { maxItems: 20 }),
  ...period,
  note: maybe(Type.String({ minLength: 1, maxLength: 300, description: 'legal basis' })),
});
export type DirectoryResponsibility = Static<typeof DirectoryResponsibility>;

export const DirectoryMailbox = closed({
  type: Type.Literal('directory.mailbox'),
  version: Version,
  code: Type.String({ pattern: MAILBOX_CODE.source, description: 'its name or its address' }),
  name: Name,
  unit: told(UnitCode, 'unit that what comes through it is for'),
  active: Type.Boolean(),
  ...period,
});
export type DirectoryMailbox = Static<typeof DirectoryMailbox>;

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'directoryHash of the entries' });

export const DirectoryPublished = closed({
  type: Type.Literal('directory.published'),
  version: Version,
  count: Type.Integer({ minimum: 0, description: 'entries of this version, units and matters' }),
  hash: Hash,
  further: maybe(
    Type.Array(
      closed({
        type: Type.String({ minLength: 1, maxLength: 60 }),
        count: Type.Integer({ minimum: 0, description: 'entries of this kind' }),
        hash: Hash,
      }),
      { maxItems: 20, description: 'kinds of entry beside units and matters' },
    ),
  ),
});
export type DirectoryPublished = Static<typeof DirectoryPublished>;

export type DirectoryEntry = DirectoryUnit | DirectoryMatter | DirectoryResponsibility | DirectoryMailbox;
export type DirectoryMessage = DirectoryEntry | DirectoryPublished;

/** The Kafka key: `unit:<code>`, `matter:<code>`, `responsibility:<matter>@<area>@<from>` (`*` for what is left out), `mailbox:<code>`, `published`. */
export const directoryKey = (message: DirectoryMessage): string => {
  switch (message.type) {
    case 'directory.published':
      return 'published';
    case 'directory.responsibility':
      return `responsibility:${message.matter}@${message.area ?? '*'}@${message.from ?? '*'}`;
    default:
      return `${message.type.slice('directory.'.length)}:${message.code}`;
  }
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
