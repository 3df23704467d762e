const CANONICAL_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Bytes of randomness that {@link uuidv7} uses. */
export const UUIDV7_RANDOM_BYTES = 10;

/**
 * A version 7 UUID (RFC 9562 §5.7): 48 bits of Unix milliseconds, then 74 random bits. Ids in order of time keep the right edge of a
 * B-tree hot instead of the whole index; with random ids (version 4) every insert of a full table reads a page nobody else needed.
 *
 * Pure: the caller hands in the time and {@link UUIDV7_RANDOM_BYTES} random bytes.
 */
export const uuidv7 = (nowMs: number, random: Uint8Array): string => {
  if (!Number.isInteger(nowMs) || nowMs < 0 || nowMs > 0xffff_ffff_ffff) {
    throw new RangeError(`uuidv7 needs whole Unix milliseconds below 2^48, got ${nowMs}`);
  }
  if (random.length < UUIDV7_RANDOM_BYTES) {
    throw new RangeError(`uuidv7 needs ${UUIDV7_RANDOM_BYTES} random bytes, got ${random.length}`);
  }
  const time = nowMs.toString(16).padStart(12, '0');
  const byte = (index: number): string => HEX[random[index] ?? 0] ?? '00';
  const version = HEX[0x70 | ((random[0] ?? 0) & 0x0f)] ?? '';
  const variant = HEX[0x80 | ((random[2] ?? 0) & 0x3f)] ?? '';
  return (
    `${time.slice(0, 8)}-${time.slice(8)}-${version}${byte(1)}-${variant}${byte(3)}-` +
    `${byte(4)}${byte(5)}${byte(6)}${byte(7)}${byte(8)}${byte(9)}`
  );
};

/**
 * True of a UUID of any version in canonical, lower-case form. Upper case is refused on purpose: a ticket id is also a Kafka key, and two
 * spellings of one id would be two keys, two partitions and two orders.
 */
export const isUuid = (value: unknown): value is string => typeof value === 'string' && CANONICAL_UUID.test(value);

/** Unix milliseconds kept in a version 7 UUID. */
export const timeOfUuidv7 = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
