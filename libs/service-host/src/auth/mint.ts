import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { importJWK, SignJWT, type JSONWebKeySet, type JWK } from 'jose';
import type { ApiKeyEntry } from './api-keys.js';
import type { Role } from './caller.js';

/** A new API key for an adapter: the key is shown once, the entry goes into the key file. */
export const mintApiKey = (channel: string, now: Date = new Date()): { readonly key: string; readonly entry: ApiKeyEntry } => {
  const key = `pdk_${randomBytes(32).toString('base64url')}`;
  return {
    key,
    entry: {
      keyId: `${channel}-${randomBytes(4).toString('hex')}`,
      channel,
      sha256: createHash('sha256').update(key).digest('hex'),
      createdAt: now.toISOString(),
    },
  };
};

/** A signing key for local use and tests: the private half signs, the public set is what services read. */
export const mintSigningKey = (): { readonly privateJwk: JWK; readonly keySet: JSONWebKeySet } => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const kid = randomBytes(6).toString('hex');
  const describe = { kid, alg: 'EdDSA', use: 'sig' };
  return {
    privateJwk: { ...(privateKey.export({ format: 'jwk' }) as JWK), ...describe },
    keySet: { keys: [{ ...(publicKey.export({ format: 'jwk' }) as JWK), ...describe }] },
  };
};

export interface TokenClaims {
  readonly sub: string;
  readonly roles: readonly Role[];
  readonly unit?: string;
  /** `jti` */
  readonly tokenId?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly lifetimeMs?: number;
  readonly now?: number;
}

/** A token as an identity provider would issue it. */
export const mintToken = async (privateJwk: JWK, claims: TokenClaims): Promise<string> => {
  const now = Math.floor((claims.now ?? Date.now()) / 1_000);
  const { roles, unit, tokenId } = claims;
  return new SignJWT({ roles, ...(unit === undefined ? {} : { unit }), ...(tokenId === undefined ? {} : { jti: tokenId }) })
    .setProtectedHeader({ alg: privateJwk.alg ?? 'EdDSA', typ: 'JWT', ...(privateJwk.kid === undefined ? {} : { kid: privateJwk.kid }) })
    .setSubject(claims.sub)
    .setIssuer(claims.issuer ?? 'paidan')
    .setAudience(claims.audience ?? 'paidan')
    .setIssuedAt(now)
    .setExpirationTime(now + Math.floor((claims.lifetimeMs ?? 3_600_000) / 1_000))
    .sign(await importJWK(privateJwk, privateJwk.alg ?? 'EdDSA'));
};
