import type { Logger } from '../logging/logger.js';
import { WatchedFile } from './watched-file.js';

/** A token that is refused although it has not expired. */
export interface RevokedToken {
  /** The token's `jti`. */
  readonly tokenId: string;
  readonly revokedAt: string;
  /** From then on it may be left out: it is refused by itself. */
  readonly expiresAt?: string;
}

const parseRevoked = (text: string): ReadonlySet<string> => {
  const file: unknown = JSON.parse(text);
  const entries = typeof file === 'object' && file !== null && 'revoked' in file ? file.revoked : undefined;
  if (!Array.isArray(entries)) throw new Error('has no list `revoked`');
  return new Set(
    entries.map((entry: Partial<RevokedToken> | null, i) => {
      const { tokenId } = entry ?? {};
      if (typeof tokenId !== 'string' || tokenId === '') throw new Error(`revoked[${i}]: tokenId is missing`);
      return tokenId;
    }),
  );
};

/**
 * Tokens that are taken back before they expire, in a JSON file `{ "revoked": [RevokedToken] }`; it follows the file within 2 s. A token is a promise of
 * whoever signed it, so a short life remains the rule; this is for the one that has got into wrong hands, and for those that programs hold for months.
 */
export class RevokedTokens {
  readonly file: WatchedFile<ReadonlySet<string>>;

  constructor(options: { readonly path: string; readonly logger: Logger; readonly everyMs?: number }) {
    this.file = new WatchedFile({ ...options, what: 'file of revoked tokens', parse: parseRevoked });
  }

  has(tokenId: string | undefined): boolean {
    return tokenId !== undefined && this.file.content.has(tokenId);
  }
}
