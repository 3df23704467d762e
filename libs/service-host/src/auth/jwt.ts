import { createHash } from 'node:crypto';
import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify, type JSONWebKeySet, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { hostError } from '../errors.js';
import type { Logger } from '../logging/logger.js';
import { isRole, type PersonCaller } from './caller.js';
import { WatchedFile } from './watched-file.js';

/** Asymmetric only. `Ed25519` is EdDSA's fully-specified name (RFC 9864). */
export const JWT_ALGORITHMS = ['EdDSA', 'Ed25519', 'RS256'] as const;

interface Verified {
  readonly caller: PersonCaller;
  readonly tokenId: string | undefined;
  readonly expiresAt: number;
  readonly forgetAt: number;
}

export interface JwtOptions {
  readonly keySet: { readonly file: string } | { readonly url: URL };
  readonly issuer: string;
  readonly audience: string;
  readonly clockToleranceMs: number;
  /** Asked at each request, of remembered tokens too. */
  readonly revoked?: { has(tokenId: string | undefined): boolean } | undefined;
  readonly logger: Logger;
  readonly now?: () => number;
  readonly everyMs?: number;
}

const MAX_TOKEN = 8_192;
/** Verified tokens remembered. An Ed25519 check costs 150 µs here, a look-up by hash 2 µs. */
const CACHE_SIZE = 10_000;
/** No longer, so that a key withdrawn by the identity provider stops counting. */
const CACHE_MS = 5 * 60_000;

const parseKeySet = (text: string): JSONWebKeySet => {
  const set = JSON.parse(text) as JSONWebKeySet;
  if (!Array.isArray(set?.keys) || set.keys.length === 0) throw new Error('has no list `keys`');
  if (set.keys.some((key) => 'd' in key || 'k' in key)) throw new Error('has a private key in it: give the public key set');
  return set;
};

/** Checks the bearer tokens of people and departments against a key set from a file or an address. */
export class JwtVerifier {
  readonly file: WatchedFile<JSONWebKeySet> | undefined;
  readonly #cache = new Map<string, Verified>();
  readonly #now: () => number;
  #keys: JWTVerifyGetKey;

  constructor(private readonly options: JwtOptions) {
    this.#now = options.now ?? Date.now;
    const { keySet, logger, everyMs } = options;
    if ('url' in keySet) {
      this.#keys = remote(createRemoteJWKSet(keySet.url, { timeoutDuration: 3_000, cooldownDuration: 10_000 }));
    } else {
      const onChange = (): void => {
        this.#cache.clear();
        if (this.file !== undefined) this.#keys = createLocalJWKSet(this.file.content);
      };
      const file = new WatchedFile({
        path: keySet.file,
        what: 'key set file',
        parse: parseKeySet,
        onChange,
        logger,
        ...(everyMs === undefined ? {} : { everyMs }),
      });
      this.file = file;
      this.#keys = createLocalJWKSet(file.content);
    }
  }

  /**
   * The caller of a token: at once when it was verified before, else as a promise.
   * @throws PaidanError `token-invalid`, `token-expired`, `token-revoked`, `key-set-unavailable`
   */
  identify(token: string): PersonCaller | Promise<PersonCaller> {
    if (token.length > MAX_TOKEN) throw hostError('token-invalid', 'the token is too long');
    // By hash, so that a heap dump has no usable tokens in it.
    const id = createHash('sha256').update(token).digest('base64');
    const hit = this.#cache.get(id);
    if (hit === undefined) return this.#verify(token, id);
    const now = this.#now();
    if (now >= hit.expiresAt) {
      this.#cache.delete(id);
      throw hostError('token-expired', 'the token has expired');
    }
    this.#cache.delete(id);
    if (now >= hit.forgetAt) return this.#verify(token, id);
    this.#refuseRevoked(hit.tokenId);
    // Last in the order of a Map is the most recently used.
    this.#cache.set(id, hit);
    return hit.caller;
  }

  async #verify(token: string, id: string): Promise<PersonCaller> {
    const { issuer, audience, clockToleranceMs } = this.options;
    const now = this.#now();
    const payload = await jwtVerify(token, this.#keys, {
      issuer,
      audience,
      algorithms: [...JWT_ALGORITHMS],
      clockTolerance: clockToleranceMs / 1_000,
      currentDate: new Date(now),
      requiredClaims: ['sub', 'exp'],
    }).then(
      (verified) => verified.payload,
      (error: unknown) => Promise.reject(refusal(error)),
    );
    const caller = callerOf(payload);
    const tokenId = payload.jti;
    this.#refuseRevoked(tokenId);
    const expiresAt = (payload.exp ?? 0) * 1_000 + clockToleranceMs;
    this.#cache.set(id, { caller, tokenId, expiresAt, forgetAt: now + CACHE_MS });
    if (this.#cache.size > CACHE_SIZE) {
      const [oldest] = this.#cache.keys();
      if (oldest !== undefined) this.#cache.delete(oldest);
    }
    return caller;
  }

  #refuseRevoked(tokenId: string | undefined): void {
    if (this.options.revoked?.has(tokenId) === true) throw hostError('token-revoked', `token ${tokenId} has been revoked`);
  }
}

/** Roles this release does not know are dropped: a newer identity provider must not lock its users out. */
const callerOf = (payload: JWTPayload): PersonCaller => {
  const { sub, roles, unit } = payload;
  if (sub === undefined || sub === '') throw hostError('token-invalid', 'the token has no `sub`');
  if (roles !== undefined && !Array.isArray(roles)) throw hostError('token-invalid', '`roles` is not a list');
  if (unit !== undefined && typeof unit !== 'string') throw hostError('token-invalid', '`unit` is not a text');
  return { kind: 'person', sub, roles: (roles ?? []).filter(isRole), ...(unit === undefined ? {} : { unit }) };
};

const remote =
  (keys: ReturnType<typeof createRemoteJWKSet>): JWTVerifyGetKey =>
  async (header, token) => {
    try {
      return await keys(header, token);
    } catch (cause) {
      if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys) throw cause;
      if (cause instanceof errors.JOSENotSupported) throw cause;
      // The identity provider does not answer, or with something else than keys: no fault of the caller.
      throw hostError('key-set-unavailable', 'the key set cannot be fetched', { cause });
    }
  };

const refusal = (error: unknown): Error => {
  if (hostError.is(error)) return error;
  if (error instanceof errors.JWTExpired) return hostError('token-expired', 'the token has expired');
  if (error instanceof errors.JWTClaimValidationFailed)
    return hostError('token-invalid', `claim \`${error.claim}\`: ${error.reason.replaceAll('_', ' ')}`);
  if (error instanceof errors.JWKSNoMatchingKey) return hostError('token-invalid', 'signed with a key that is not in the key set');
  if (error instanceof errors.JOSEAlgNotAllowed) return hostError('token-invalid', `only ${JWT_ALGORITHMS.join(', ')} are taken`);
  if (error instanceof errors.JWSSignatureVerificationFailed) return hostError('token-invalid', 'the signature is wrong');
  return hostError('token-invalid', 'not a valid token', { cause: error });
};
