import { join } from 'node:path';
import { oneAtATime } from './one-at-a-time.js';
import { readJson, writePrivateJson } from './private-file.js';

/** A token that somebody was given, so that it can be named and taken back; the token itself is kept nowhere. */
export interface IssuedToken {
  /** The token's `jti`. */
  readonly tokenId: string;
  readonly sub: string;
  readonly roles: readonly string[];
  readonly unit?: string;
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly revokedAt?: string;
}

/** What has expired is refused by itself; the margin is more than any service's clock is wrong. */
const FORGET_AFTER_MS = 24 * 60 * 60 * 1000;

/** Who was given which token, and beside it the file of revoked ones that the services follow. */
export class IssuedTokens {
  readonly revoked: string;
  private readonly issued: string;
  private readonly lock: string;

  constructor(folder: string) {
    this.revoked = join(folder, 'revoked-tokens.json');
    this.issued = join(folder, 'issued-tokens.json');
    this.lock = join(folder, 'tokens.lock');
  }

  async list(): Promise<readonly IssuedToken[]> {
    return (await readJson<{ tokens: readonly IssuedToken[] }>(this.issued, { tokens: [] })).tokens;
  }

  add(token: IssuedToken): Promise<void> {
    return oneAtATime(this.lock, async () => this.write([...(await this.list()), token]));
  }

  revoke(tokenId: string): Promise<IssuedToken> {
    return oneAtATime(this.lock, async () => {
      const tokens = await this.list();
      const known = tokens.find((entry) => entry.tokenId === tokenId);
      if (known === undefined) throw new RangeError(`there is no token "${tokenId}"`);
      const revoked = { ...known, revokedAt: known.revokedAt ?? new Date().toISOString() };
      await this.write(tokens.map((entry) => (entry.tokenId === tokenId ? revoked : entry)));
      return revoked;
    });
  }

  private async write(tokens: readonly IssuedToken[]): Promise<void> {
    const kept = tokens.filter(({ expiresAt }) => Date.parse(expiresAt) > Date.now() - FORGET_AFTER_MS);
    const revoked = kept.flatMap(({ tokenId, revokedAt, expiresAt }) =>
      revokedAt === undefined ? [] : [{ tokenId, revokedAt, expiresAt }],
    );
    // What the services follow comes first: a crash in between leaves no token that is said to be revoked and is not.
    await writePrivateJson(this.revoked, { revoked });
    await writePrivateJson(this.issued, { tokens: kept });
  }
}
