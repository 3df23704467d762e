import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ContentKeys } from '@paidan/contracts';
import { freshRandom } from '@paidan/runtime';
import { hostError } from './errors.js';

/**
 * A file of keys, JSON. Two of them exist, in the same form; every key is 32 random bytes in base64 (`openssl rand -base64 32`):
 *
 * - `PAIDAN_CONTENT_KEYS_FILE`, held by the five services alike – title, text and place of confidential tickets on the log:
 *   `{ "current": "k1", "keys": { "k1": "<base64, 32 bytes>" } }`
 * - `PAIDAN_CONTACT_KEYS_FILE`, intake's alone – contact data, and the two HMAC keys:
 *   `{ "current": "c1", "keys": { "c1": "<base64>" }, "digestKey": "<base64>", "queryCodeKey": "<base64>" }`
 *
 * To rotate: add a key everywhere, restart, then make it `current` and restart. A key leaves the file only when nothing sealed with it is left:
 * the log forgets by retention, the database never does. `digestKey` and `queryCodeKey` don't rotate: with another one every repeated
 * submission would differ and every query code that citizens hold would be wrong.
 */
export interface SealingKeys {
  readonly current: string;
  readonly keys: Readonly<Record<string, string>>;
}

/** A value under a seal. `sealed` is base64url of iv (12) | tag (16) | AES-256-GCM ciphertext of the value's JSON. */
export interface Sealed {
  readonly keyId: string;
  readonly sealed: string;
}

export interface Sealer {
  /** Id of the key that seals from now on. */
  readonly keyId: string;
  /**
   * @param about What the value belongs to, mostly the ticket id: authenticated along, so that a sealed value moved to another row or ticket
   * doesn't open there. With the ticket id, contracts' `openContent` and `openWords` open what this sealed, and the reverse.
   */
  readonly seal: (value: unknown, about: string) => Sealed;
  /**
   * @param about The same as at sealing.
   * @throws PaidanError `seal-key-unknown`, `seal-broken`. Neither is retryable: the ticket is to be parked and replayed when the key is there.
   */
  readonly unseal: (value: Sealed, about: string) => unknown;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const ALGORITHM = 'aes-256-gcm';

const keyOf = (name: string, encoded: unknown): Buffer => {
  // Buffer skips what isn't base64, so only its length tells a mangled key; hence the strict pattern.
  const key = typeof encoded === 'string' && /^[A-Za-z0-9+/_-]+={0,2}$/.test(encoded) ? Buffer.from(encoded, 'base64') : undefined;
  if (key?.length !== KEY_BYTES) throw hostError('key-file-invalid', `key «${name}» is not ${KEY_BYTES} bytes in base64`);
  return key;
};

/** @throws PaidanError `key-file-invalid` */
export const createSealer = ({ current, keys }: SealingKeys): Sealer => {
  const known = new Map<string, KeyObject>();
  for (const [id, encoded] of Object.entries(keys)) known.set(id, createSecretKey(keyOf(id, encoded)));
  const sealing = known.get(current);
  if (sealing === undefined) throw hostError('key-file-invalid', `the current key «${current}» is not among the keys`);

  return {
    keyId: current,
    seal: (value, about) => {
      const iv = freshRandom(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, sealing, iv);
      cipher.setAAD(Buffer.from(about));
      const text = cipher.update(JSON.stringify(value), 'utf8');
      const rest = cipher.final();
      return { keyId: current, sealed: Buffer.concat([iv, cipher.getAuthTag(), text, rest]).toString('base64url') };
    },
    unseal: ({ keyId, sealed }, about) => {
      const key = known.get(keyId);
      if (key === undefined) throw hostError('seal-key-unknown', `no key «${keyId}» in the key file`);
      const bytes = Buffer.from(sealed, 'base64url');
      try {
        const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
        decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
        decipher.setAAD(Buffer.from(about));
        const text = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
        return JSON.parse(text) as unknown;
      } catch (cause) {
        throw hostError('seal-broken', `a value sealed with key «${keyId}» has been changed, or belongs elsewhere`, { cause });
      }
    },
  };
};

/** The keys of a file, and what else stands in it. @throws PaidanError `key-file-invalid`, which never quotes the file */
const readKeys = (file: string): SealingKeys & Readonly<Record<string, unknown>> => {
  const invalid = (why: string) => hostError('key-file-invalid', `key file ${file}: ${why}`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw invalid((cause as NodeJS.ErrnoException).code ?? 'unreadable');
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // V8 quotes the text in a syntax error, and this text is keys: neither its message nor the error itself goes on.
    throw invalid('not valid JSON');
  }
  const { current, keys, ...rest } = (typeof content === 'object' && content !== null ? content : {}) as Record<string, unknown>;
  if (typeof current !== 'string' || typeof keys !== 'object' || keys === null || Array.isArray(keys)) {
    throw invalid('needs `current` (text) and `keys` (key id → base64)');
  }
  return { ...rest, current, keys: keys as Record<string, string> };
};

/** Reads `PAIDAN_CONTENT_KEYS_FILE`; see {@link SealingKeys}. @throws PaidanError `key-file-invalid` */
export const loadSealer = (file: string): Sealer => createSealer(readKeys(file));

/** The same file as contracts' `seal`, `openContent` and `openWords` take it. @throws PaidanError `key-file-invalid` */
export const loadContentKeys = (file: string): ContentKeys => {
  const keys = readKeys(file);
  createSealer(keys);
  return { current: keys.current, keys: new Map(Object.entries(keys.keys).map(([id, encoded]) => [id, keyOf(id, encoded)])) };
};

/** What intake alone holds. */
export interface ContactKeys {
  readonly sealer: Sealer;
  /** HMAC-SHA256 of a submission's body: whether the same external id came with the same content. */
  readonly digestKey: Buffer;
  /** HMAC-SHA256 of ticket ids: query codes. */
  readonly queryCodeKey: Buffer;
}

/** Reads `PAIDAN_CONTACT_KEYS_FILE`; see {@link SealingKeys}. @throws PaidanError `key-file-invalid` */
export const loadContactKeys = (file: string): ContactKeys => {
  const keys = readKeys(file);
  return {
    sealer: createSealer(keys),
    digestKey: keyOf('digestKey', keys['digestKey']),
    queryCodeKey: keyOf('queryCodeKey', keys['queryCodeKey']),
  };
};
