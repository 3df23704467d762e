import { createHash, createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { CHANNEL_ID, UNIT_CODE } from '@paidan/contracts';
import { importJWK, type JWK, SignJWT } from 'jose';
import { IssuedTokens, type IssuedToken } from './issued-tokens.js';
import { oneAtATime } from './one-at-a-time.js';
import { readJson, writePrivateJson, writePrivateText } from './private-file.js';

/** What the local issuer puts into its tokens, and the services are told to expect. */
export const issuer = 'paidan-local';
export const audience = 'paidan';

export const personRoles = ['dispatcher', 'supervisor', 'operator'] as const;
export const departmentRoles = ['officer', 'approver'] as const;
export type Role = (typeof personRoles)[number] | (typeof departmentRoles)[number];

/** A key as the services know it: they hold its SHA-256, never the key. */
export interface ApiKeyEntry {
  readonly keyId: string;
  readonly channel: string;
  readonly sha256: string;
  readonly createdAt: string;
  readonly revokedAt?: string;
}

export interface TokenRequest {
  readonly sub: string;
  readonly roles: readonly Role[];
  readonly unit?: string;
  /** Default eight hours. */
  readonly lifetimeSeconds?: number;
}

/** Eight hours: a working day. */
const A_DAY = 8 * 60 * 60;

const key256 = (): string => randomBytes(32).toString('base64');

/** As intake derives it: who holds it can check a citizen's query code, and make none. */
const proofKeyOf = ({ queryCodeKey }: { readonly queryCodeKey: string }): string =>
  createHmac('sha256', Buffer.from(queryCodeKey, 'base64')).update('query-code-proof').digest('base64');

/**
 * The keys of a local system, in `<dataDir>/keys`, each file for its owner alone: what the services read, and what stands in for the city's
 * identity provider and for the adapters.
 */
export class LocalKeys {
  readonly files: Readonly<Record<'apiKeys' | 'jwks' | 'revokedTokens' | 'contentKeys' | 'contactKeys' | 'queryProofKey', string>>;
  private readonly issued: IssuedTokens;
  private readonly apiKeysLock: string;
  private readonly signingKey: string;
  private readonly adapters: string;

  private constructor(folder: string) {
    this.issued = new IssuedTokens(folder);
    this.files = {
      apiKeys: join(folder, 'api-keys.json'),
      jwks: join(folder, 'jwks.json'),
      revokedTokens: this.issued.revoked,
      contentKeys: join(folder, 'content-keys.json'),
      contactKeys: join(folder, 'contact-keys.json'),
      queryProofKey: join(folder, 'query-proof.key'),
    };
    this.apiKeysLock = join(folder, 'api-keys.lock');
    this.signingKey = join(folder, 'signing-key.json');
    this.adapters = join(folder, 'local-adapters.json');
  }

  /** Makes what is missing. */
  static async open(dataDir: string): Promise<LocalKeys> {
    const keys = new LocalKeys(join(dataDir, 'keys'));
    await keys.once(keys.files.apiKeys, () => ({ keys: [] }));
    await keys.once(keys.files.revokedTokens, () => ({ revoked: [] }));
    await keys.once(keys.files.contentKeys, () => ({ current: 'k1', keys: { k1: key256() } }));
    const contact = () => ({ current: 'c1', keys: { c1: key256() }, digestKey: key256(), queryCodeKey: key256() });
    await keys.once(keys.files.contactKeys, contact);
    await writePrivateText(keys.files.queryProofKey, `${proofKeyOf(await readJson(keys.files.contactKeys, contact()))}\n`);
    await keys.once(keys.signingKey, () => {
      const privateKey = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
      return { ...privateKey, kid: randomBytes(6).toString('hex'), alg: 'EdDSA', use: 'sig' };
    });
    const { d: _private, ...publicKey } = await readJson<JWK>(keys.signingKey, {});
    await writePrivateJson(keys.files.jwks, { keys: [publicKey] });
    return keys;
  }

  private async once(file: string, make: () => object): Promise<void> {
    if ((await readJson<object | null>(file, null)) === null) await writePrivateJson(file, make());
  }

  /** A new key for an adapter of the channel. It is given here once; the file has its SHA-256 alone. */
  async mintApiKey(
    channel: string,
  ): Promise<{ readonly key: string; readonly keyId: string; readonly channel: string; readonly createdAt: string }> {
    if (!CHANNEL_ID.test(channel)) throw new RangeError(`"${channel}" is not a channel id: it must match ${CHANNEL_ID.source}`);
    const key = `pdk_${randomBytes(32).toString('base64url')}`;
    const entry: ApiKeyEntry = {
      keyId: `${channel}-${randomBytes(4).toString('hex')}`,
      channel,
      sha256: createHash('sha256').update(key).digest('hex'),
      createdAt: new Date().toISOString(),
    };
    await oneAtATime(this.apiKeysLock, async () => writePrivateJson(this.files.apiKeys, { keys: [...(await this.apiKeys()), entry] }));
    return { key, keyId: entry.keyId, channel, createdAt: entry.createdAt };
  }

  async apiKeys(): Promise<readonly ApiKeyEntry[]> {
    return (await readJson<{ keys: readonly ApiKeyEntry[] }>(this.files.apiKeys, { keys: [] })).keys;
  }

  /** The services refuse the key within two seconds. */
  revokeApiKey(keyId: string): Promise<ApiKeyEntry> {
    return oneAtATime(this.apiKeysLock, async () => {
      const keys = await this.apiKeys();
      const known = keys.find((entry) => entry.keyId === keyId);
      if (known === undefined) throw new RangeError(`there is no key "${keyId}"`);
      const revoked = { ...known, revokedAt: known.revokedAt ?? new Date().toISOString() };
      await writePrivateJson(this.files.apiKeys, { keys: keys.map((entry) => (entry.keyId === keyId ? revoked : entry)) });
      return revoked;
    });
  }

  /** The key of this machine's own adapter (the printed curl, the demo, the bench): unlike a minted one it is kept in clear, and so the same each time. */
  async localApiKey(channel: string): Promise<string> {
    const kept = await readJson<Record<string, string>>(this.adapters, {});
    const known = kept[channel];
    const hash = known === undefined ? undefined : createHash('sha256').update(known).digest('hex');
    if (known !== undefined && (await this.apiKeys()).some(({ sha256, revokedAt }) => sha256 === hash && revokedAt === undefined))
      return known;
    const { key } = await this.mintApiKey(channel);
    await writePrivateJson(this.adapters, { ...kept, [channel]: key });
    return key;
  }

  /** A bearer token as the city's identity provider would issue it, for a program that needs it now: nobody writes it down. */
  async token(request: TokenRequest): Promise<string> {
    return this.sign(request, newTokenId(), Date.now());
  }

  /** A bearer token that somebody is given; written down, it can be taken back. */
  async mintToken(request: TokenRequest): Promise<IssuedToken & { readonly token: string }> {
    const { sub, roles, unit, lifetimeSeconds = A_DAY } = request;
    const [tokenId, now] = [newTokenId(), Date.now()];
    const token = await this.sign(request, tokenId, now);
    const entry: IssuedToken = {
      tokenId,
      sub,
      roles,
      ...(unit === undefined ? {} : { unit }),
      issuedAt: new Date(now).toISOString(),
      expiresAt: new Date(now + lifetimeSeconds * 1000).toISOString(),
    };
    await this.issued.add(entry);
    return { ...entry, token };
  }

  issuedTokens(): Promise<readonly IssuedToken[]> {
    return this.issued.list();
  }

  /** The services refuse the token within two seconds. */
  revokeToken(tokenId: string): Promise<IssuedToken> {
    return this.issued.revoke(tokenId);
  }

  private async sign({ sub, roles, unit, lifetimeSeconds = A_DAY }: TokenRequest, tokenId: string, at: number): Promise<string> {
    if (unit !== undefined && !UNIT_CODE.test(unit))
      throw new RangeError(`"${unit}" is not a unit code: it must match ${UNIT_CODE.source}`);
    const jwk = await readJson<JWK>(this.signingKey, {});
    const now = Math.floor(at / 1000);
    return new SignJWT({ roles, ...(unit === undefined ? {} : { unit }) })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: jwk.kid ?? '' })
      .setJti(tokenId)
      .setSubject(sub)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(now)
      .setExpirationTime(now + lifetimeSeconds)
      .sign(await importJWK(jwk, 'EdDSA'));
  }
}

const newTokenId = (): string => `token-${randomBytes(6).toString('hex')}`;
