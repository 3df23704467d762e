import type { ByteWriter } from './byte-writer.js';

/** Writes one element with its length before it; false when the value isn't one of the type's. */
type WriteElement = (bytes: ByteWriter, value: unknown) => boolean;

export interface ElementType {
  /** Of the element's type in `pg_type`; those of built-in types never change. */
  readonly oid: number;
  readonly write: WriteElement;
}

const HEX = new Int8Array(128).fill(-1);
for (const [value, digits] of [...'0123456789abcdef'].entries())
  for (const digit of [digits, digits.toUpperCase()]) HEX[digit.charCodeAt(0)] = value;

const DASHES = [8, 13, 18, 23] as const;
const UUID_LENGTH = 36;

const uuid: WriteElement = (bytes, value) => {
  if (typeof value !== 'string' || value.length !== UUID_LENGTH || DASHES.some((at) => value.charCodeAt(at) !== 45)) return false;
  bytes.int32(16);
  for (let at = 0; at < UUID_LENGTH; at += 2) {
    if (at === 8 || at === 13 || at === 18 || at === 23) at += 1;
    const byte = ((HEX[value.charCodeAt(at)] ?? -1) << 4) | (HEX[value.charCodeAt(at + 1)] ?? -1);
    if (byte < 0) return false;
    bytes.int8(byte);
  }
  return true;
};

const text: WriteElement = (bytes, value) => {
  if (typeof value !== 'string') return false;
  bytes.sized(() => bytes.utf8(value));
  return true;
};

/** What `jsonb` begins with on the wire: its version. */
const jsonb: WriteElement = (bytes, value) => {
  if (typeof value !== 'string') return false;
  bytes.sized(() => {
    bytes.int8(1);
    bytes.utf8(value);
  });
  return true;
};

const bytea: WriteElement = (bytes, value) => {
  if (!Buffer.isBuffer(value)) return false;
  bytes.int32(value.length);
  bytes.raw(value);
  return true;
};

const boolean: WriteElement = (bytes, value) => {
  if (typeof value !== 'boolean') return false;
  bytes.int32(1);
  bytes.int8(value ? 1 : 0);
  return true;
};

const within = (value: unknown, limit: number): value is number => Number.isInteger(value) && Math.abs(value as number) <= limit;

const smallint: WriteElement = (bytes, value) => {
  if (!within(value, 0x7fff)) return false;
  bytes.int32(2);
  bytes.int16(value);
  return true;
};

const integer: WriteElement = (bytes, value) => {
  if (!within(value, 0x7fff_ffff)) return false;
  bytes.int32(4);
  bytes.int32(value);
  return true;
};

const writeBigint = (bytes: ByteWriter, value: number): boolean => {
  if (!Number.isSafeInteger(value)) return false;
  bytes.int32(8);
  bytes.int64(value);
  return true;
};

/** Ids come from pg as texts. */
const WHOLE = /^-?\d{1,15}$/;
const bigint: WriteElement = (bytes, value) => {
  if (typeof value === 'number') return writeBigint(bytes, value);
  return typeof value === 'string' && WHOLE.test(value) && writeBigint(bytes, Number(value));
};

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/;
/** Postgres counts microseconds from 2000-01-01 in UTC. */
const Y2K = Date.UTC(2000, 0, 1);

const timestamptz: WriteElement = (bytes, value) => {
  const ms = value instanceof Date ? value.getTime() : typeof value === 'string' && INSTANT.test(value) ? Date.parse(value) : Number.NaN;
  return writeBigint(bytes, (ms - Y2K) * 1_000);
};

/** By the name that a statement casts to: `$1::uuid[]`. */
export const ELEMENT_TYPES: ReadonlyMap<string, ElementType> = new Map([
  ['uuid', { oid: 2950, write: uuid }],
  ['text', { oid: 25, write: text }],
  ['json', { oid: 114, write: text }],
  ['jsonb', { oid: 3802, write: jsonb }],
  ['bytea', { oid: 17, write: bytea }],
  ['boolean', { oid: 16, write: boolean }],
  ['smallint', { oid: 21, write: smallint }],
  ['integer', { oid: 23, write: integer }],
  ['bigint', { oid: 20, write: bigint }],
  ['timestamptz', { oid: 1184, write: timestamptz }],
]);

/** The types of a statement's arrays, by the number of the parameter; one that is cast to two types is left out. */
export function arrayTypes(sql: string): ReadonlyMap<number, ElementType> {
  const named = new Map<number, string | undefined>();
  for (const { groups } of sql.matchAll(/\$(?<number>\d+)::(?<type>\w+)(?<array>\[\])?/g)) {
    const [number, type] = [Number(groups?.['number']), groups?.['array'] === undefined ? undefined : groups['type']];
    named.set(number, named.has(number) && named.get(number) !== type ? undefined : type);
  }
  const types = new Map<number, ElementType>();
  for (const [number, name] of named) {
    const type = ELEMENT_TYPES.get(name ?? '');
    if (type !== undefined) types.set(number, type);
  }
  return types;
}
