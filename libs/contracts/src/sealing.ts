import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { TSchema } from 'typebox';
import { contractsError } from './errors.js';
import { Content, Words, type OpenContent, type OpenWords } from './events/parts.js';
import { structureProblems } from './validators.js';

/** Content keys of AES-256 (32 bytes) by id; new text is sealed with the current one, old text keeps the id it was sealed with. */
export interface ContentKeys {
  readonly current: string;
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

/** Bytes of the iv. Always fresh and random: one used twice under a key gives the key stream away. */
export const SEAL_IV_BYTES = 12;
const TAG_BYTES = 16;

type Sealed = Extract<Content, { kind: 'sealed' }>;

const keyOf = (keys: ContentKeys, keyId: string): Uint8Array => {
  const key = keys.keys.get(keyId);
  if (key === undefined) throw contractsError('content-key-unknown', `no content key ${keyId.slice(0, 64)}`, { extensions: { keyId } });
  return key;
};

/**
 * Seals content or words of a confidential ticket: base64url of iv | tag | AES-256-GCM of the JSON. The ticket id is authenticated
 * along, so that a sealed text moved under another ticket doesn't open there.
 */
export const seal = (open: OpenContent | OpenWords, ticketId: string, keys: ContentKeys, iv: Uint8Array): Sealed => {
  if (iv.length !== SEAL_IV_BYTES) throw new RangeError(`a seal needs an iv of ${SEAL_IV_BYTES} bytes, got ${iv.length}`);
  const cipher = createCipheriv('aes-256-gcm', keyOf(keys, keys.current), iv).setAAD(Buffer.from(ticketId, 'utf8'));
  const text = Buffer.concat([cipher.update(JSON.stringify(open), 'utf8'), cipher.final()]);
  return { kind: 'sealed', keyId: keys.current, sealed: Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url') };
};

const unseal = (sealed: Sealed, ticketId: string, keys: ContentKeys, schema: TSchema): unknown => {
  const key = keyOf(keys, sealed.keyId);
  const bytes = Buffer.from(sealed.sealed, 'base64url');
  const broken = (why: string, cause?: unknown): Error =>
    contractsError('seal-broken', `sealed text of ticket ${ticketId}: ${why}`, { cause, extensions: { ticketId, keyId: sealed.keyId } });
  if (bytes.length <= SEAL_IV_BYTES + TAG_BYTES) throw broken('too short');
  let open: unknown;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, SEAL_IV_BYTES))
      .setAAD(Buffer.from(ticketId, 'utf8'))
      .setAuthTag(bytes.subarray(SEAL_IV_BYTES, SEAL_IV_BYTES + TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(SEAL_IV_BYTES + TAG_BYTES)), decipher.final()]);
    open = JSON.parse(text.toString('utf8'));
  } catch (cause) {
    throw broken('does not open with this key under this ticket', cause);
  }
  const problems = typeof open === 'object' && open !== null ? structureProblems(schema, { ...open, kind: 'open' }) : ['no object'];
  if (problems.length > 0) throw broken(problems.join('; '));
  return open;
};

const withoutKind = <T extends { readonly kind: 'open' }>({ kind: _, ...open }: T): Omit<T, 'kind'> => open;

/** Title, text and place of a ticket, whether they travelled in the clear or sealed. */
export const openContent = (content: Content, ticketId: string, keys: ContentKeys): OpenContent =>
  content.kind === 'open' ? withoutKind(content) : (unseal(content, ticketId, keys, Content) as OpenContent);

/** Any other text about a ticket, whether it travelled in the clear or sealed. */
export const openWords = (words: Words, ticketId: string, keys: ContentKeys): OpenWords =>
  words.kind === 'open' ? withoutKind(words) : (unseal(words, ticketId, keys, Words) as OpenWords);
