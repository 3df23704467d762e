import { createHash, timingSafeEqual } from 'node:crypto';
import { hostError } from '../errors.js';
import type { Logger } from '../logging/logger.js';
import type { ChannelCaller } from './caller.js';
import { WatchedFile } from './watched-file.js';

/** One line of the key file. The key itself is 256 random bits, so a plain SHA-256 of it cannot be searched back. */
export interface ApiKeyEntry {
  readonly keyId: string;
  readonly channel: string;
  /** SHA-256 of the key, 64 hex digits. */
  readonly sha256: string;
  readonly createdAt: string;
  readonly revokedAt?: string;
}

interface KnownKey {
  readonly hash: Buffer;
  readonly caller: ChannelCaller;
  readonly revoked: boolean;
}

/** A key longer than this is nobody's; hashing it would be work for a stranger. */
const MAX_KEY = 256;

const sha256 = (key: string): Buffer => createHash('sha256').update(key).digest();

const parseKeys = (text: string): ReadonlyMap<string, KnownKey> => {
  const file: unknown = JSON.parse(text);
  const entries = typeof file === 'object' && file !== null && 'keys' in file ? file.keys : undefined;
  if (!Array.isArray(entries)) throw new Error('has no list `keys`');
  const known = new Map<string, KnownKey>();
  entries.forEach((entry: Partial<ApiKeyEntry> | null, i) => {
    const wrong = (what: string): never => {
      throw new Error(`keys[${i}]: ${what}`);
    };
    const { keyId, channel, sha256: digest, revokedAt } = entry ?? {};
    if (typeof keyId !== 'string' || keyId === '') return wrong('keyId is missing');
    if (typeof channel !== 'string' || channel === '') return wrong('channel is missing');
    if (typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest)) return wrong('sha256 is not 64 lower-case hex digits');
    if (known.has(digest)) return wrong('the same key twice');
    known.set(digest, { hash: Buffer.from(digest, 'hex'), caller: { kind: 'channel', channel, keyId }, revoked: revokedAt !== undefined });
  });
  return known;
};

/** Looks up the API keys of adapters in a JSON file `{ "keys": [ApiKeyEntry] }`; it follows the file within 2 s. */
export class ApiKeys {
  readonly file: WatchedFile<ReadonlyMap<string, KnownKey>>;

  constructor(options: { readonly path: string; readonly logger: Logger; readonly everyMs?: number }) {
    this.file = new WatchedFile({ ...options, what: 'API key file', parse: parseKeys });
  }

  /** @throws PaidanError `key-unknown`, `key-revoked` */
  identify(key: string): ChannelCaller {
    const hash = key.length <= MAX_KEY ? sha256(key) : undefined;
    const known = hash === undefined ? undefined : this.file.content.get(hash.toString('hex'));
    // The map is looked up by hash, whose comparison tells a guesser nothing about a key; the last word is constant-time all the same.
    if (hash === undefined || known === undefined || !timingSafeEqual(hash, known.hash)) throw hostError('key-unknown', 'no such API key');
    if (known.revoked) throw hostError('key-revoked', `key ${known.caller.keyId} has been revoked`);
    return known.caller;
  }
}
