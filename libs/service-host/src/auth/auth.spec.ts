import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { exportSPKI, importJWK, SignJWT, UnsecuredJWT, type JWK } from 'jose';
import { createLogger } from '../logging/logger.js';
import { call, post, startSample, type Sample } from '../testing/sample-service.kit.js';
import { ApiKeys } from './api-keys.js';
import type { Role } from './caller.js';
import { JwtVerifier } from './jwt.js';
import { mintApiKey, mintSigningKey, mintToken } from './mint.js';
import { RevokedTokens } from './revoked-tokens.js';

let sample: Sample;
beforeAll(async () => {
  sample = await startSample();
});
afterAll(() => sample.service.stop());

const at = (path: string): string => `${sample.url}${path}`;
const silent = createLogger({ service: 'test', level: 'silent' });
const good = { externalId: 'web-1', text: '路灯不亮' };
const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });
const officer = (more: Partial<Parameters<typeof mintToken>[1]> = {}) =>
  mintToken(sample.privateJwk, { sub: 'li', roles: ['officer'], unit: 'chengguan', ...more });
const work = async (token: string) => {
  const { status, body } = await call(at('/v1/work'), bearer(token));
  return `${status} ${String(body['code'] ?? body['sub'])}`;
};

describe('an API key', () => {
  it('opens a channel’s route, in either header, and names the channel', async () => {
    for (const headers of [
      { authorization: `ApiKey ${sample.key}` },
      { 'x-api-key': sample.key },
      { authorization: `apikey ${sample.key}` },
    ]) {
      expect(await post(at('/v1/submissions'), good, headers)).toMatchObject({
        status: 201,
        body: { by: { kind: 'channel', channel: 'web' } },
      });
    }
  });

  it('is demanded, must be known and not revoked', async () => {
    const none = await post(at('/v1/submissions'), good);
    expect(none).toMatchObject({ status: 401, body: { code: 'unauthenticated', titleZh: '未登录或缺少凭证' } });
    expect(none.headers.get('www-authenticate')).toContain('ApiKey');
    const with_ = async (key: string) => (await post(at('/v1/submissions'), good, { 'x-api-key': key })).body['code'];
    expect(await with_(mintApiKey('web').key)).toBe('key-unknown');
    expect(await with_('x'.repeat(5_000))).toBe('key-unknown');
    expect(await with_(sample.revokedKey)).toBe('key-revoked');
    expect((await post(at('/v1/submissions'), good, { authorization: 'ApiKey' })).body['code']).toBe('unauthenticated');
  });

  it('of another channel is 403 wrong-channel', async () => {
    const get = (path: string, key: string) => call(at(path), { headers: { 'x-api-key': key } });
    expect((await get('/v1/channels/web', sample.key)).status).toBe(200);
    expect(await get('/v1/channels/web', sample.phoneKey)).toMatchObject({
      status: 403,
      body: { code: 'wrong-channel', titleZh: '密钥不属于该渠道' },
    });
    expect((await get('/v1/asserted', sample.key)).status).toBe(200);
    expect((await get('/v1/asserted', sample.phoneKey)).body).toMatchObject({
      code: 'wrong-channel',
      detail: 'the key is for channel phone',
    });
  });

  it('is refused before the body is looked at', async () => {
    expect((await post(at('/v1/submissions'), { wrong: 1 })).status).toBe(401);
  });

  it('is read again when its file changes; a bad file changes nothing and degrades', async () => {
    const keys = new ApiKeys({ path: sample.keysFile, logger: silent, everyMs: 20 });
    const before = readFileSync(sample.keysFile, 'utf8');
    try {
      const fresh = mintApiKey('app');
      expect(() => keys.identify(fresh.key)).toThrow('no such API key');
      writeFileSync(sample.keysFile, JSON.stringify({ keys: [...(JSON.parse(before) as { keys: object[] }).keys, fresh.entry] }));
      await keys.file.refresh();
      expect(keys.identify(fresh.key)).toMatchObject({ channel: 'app', keyId: fresh.entry.keyId });

      writeFileSync(sample.keysFile, '{"keys": [');
      await keys.file.refresh();
      expect(keys.identify(fresh.key).channel).toBe('app');
      expect(keys.file.check()).toEqual({ ok: false, detail: 'is not valid JSON' });

      writeFileSync(sample.keysFile, JSON.stringify({ keys: [{ ...fresh.entry, revokedAt: '2026-11-22T00:00:00Z' }] }));
      // By itself this time.
      for (let i = 0; i < 100 && !keys.file.check().ok; i++) await sleep(20);
      expect(() => keys.identify(fresh.key)).toThrow('has been revoked');
    } finally {
      keys.file.close();
      writeFileSync(sample.keysFile, before);
    }
  });

  it.each([
    ['{}', 'has no list `keys`'],
    ['nonsense', 'is not valid JSON'],
    ['{"keys":[{"keyId":"a","channel":"web","sha256":"abc"}]}', 'keys[0]: sha256 is not 64'],
    ['{"keys":[null]}', 'keys[0]: keyId is missing'],
  ])('file %s fails the start by name', (text, problem) => {
    const path = `${sample.keysFile}.bad`;
    writeFileSync(path, text);
    expect(() => new ApiKeys({ path, logger: silent })).toThrow(problem);
  });
});

describe('a token', () => {
  it('opens a route by its roles and hands over who it is', async () => {
    expect((await call(at('/v1/work'), bearer(await officer()))).body).toEqual({
      kind: 'person',
      sub: 'li',
      roles: ['officer'],
      unit: 'chengguan',
    });
    expect(await work(await officer({ roles: ['dispatcher'] }))).toBe('403 forbidden');
    expect(await work(await officer({ roles: ['emperor' as Role] }))).toBe('403 forbidden');
  });

  it('that has expired is 401 token-expired, within the clock tolerance it counts', async () => {
    expect(await work(await officer({ now: Date.now() - 7_200_000 }))).toBe('401 token-expired');
    expect(await work(await officer({ now: Date.now() - 3_610_000 }))).toBe('200 li');
    const answer = await call(at('/v1/work'), bearer(await officer({ now: Date.now() - 7_200_000 })));
    expect(answer.body['titleZh']).toBe('登录已过期，请重新登录');
  });

  it('with another issuer, audience, key or algorithm is 401 token-invalid', async () => {
    expect(await work(await officer({ issuer: 'elsewhere' }))).toBe('401 token-invalid');
    expect(await work(await officer({ audience: 'elsewhere' }))).toBe('401 token-invalid');
    expect(await work(await mintToken(mintSigningKey().privateJwk, { sub: 'li', roles: ['officer'] }))).toBe('401 token-invalid');
    // Signed by a stranger under the name of our key.
    const forged = await mintToken({ ...mintSigningKey().privateJwk, kid: sample.privateJwk.kid ?? '' }, { sub: 'li', roles: ['officer'] });
    expect(await work(forged)).toBe('401 token-invalid');
    expect(await work('a.b.c')).toBe('401 token-invalid');
    expect(await work(`${(await officer()).slice(0, -8)}AAAAAAAA`)).toBe('401 token-invalid');
    expect(await work('x'.repeat(9_000))).toBe('401 token-invalid');
  });

  it('without a signature, or with the public key as an HMAC secret, is 401', async () => {
    const claims = { roles: ['officer'] };
    const none = new UnsecuredJWT(claims).setSubject('li').setIssuer('paidan').setAudience('paidan').setExpirationTime('1h').encode();
    expect(await work(none)).toBe('401 token-invalid');
    const publicKey = await importJWK({ ...sample.privateJwk, d: undefined } as unknown as JWK, 'EdDSA', { extractable: true });
    const secret = new TextEncoder().encode(await exportSPKI(publicKey as never));
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('li')
      .setIssuer('paidan')
      .setAudience('paidan')
      .setExpirationTime('1h')
      .sign(secret);
    expect(await work(confused)).toBe('401 token-invalid');
  });

  it('must have sub and exp, and claims of the right type', async () => {
    const key = await importJWK(sample.privateJwk, 'EdDSA');
    const sign = (payload: Record<string, unknown>) =>
      new SignJWT({ iss: 'paidan', aud: 'paidan', ...payload })
        .setProtectedHeader({ alg: 'EdDSA', kid: sample.privateJwk.kid ?? '' })
        .sign(key);
    const exp = Math.floor(Date.now() / 1_000) + 60;
    expect(await work(await sign({ sub: 'li', roles: ['officer'], exp }))).toBe('200 li');
    expect(await work(await sign({ sub: 'li', roles: ['officer'] }))).toBe('401 token-invalid');
    expect(await work(await sign({ roles: ['officer'], exp }))).toBe('401 token-invalid');
    expect(await work(await sign({ sub: 'li', roles: 'officer', exp }))).toBe('401 token-invalid');
    expect(await work(await sign({ sub: 'li', roles: ['officer'], unit: 7, exp }))).toBe('401 token-invalid');
    expect(await work(await sign({ sub: 'li', roles: ['officer'], exp, nbf: exp }))).toBe('401 token-invalid');
  });

  it('may also be RS256', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const path = `${sample.jwksFile}.rsa`;
    writeFileSync(path, JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'r', alg: 'RS256' }] }));
    const verifier = new JwtVerifier({ keySet: { file: path }, issuer: 'paidan', audience: 'paidan', clockToleranceMs: 0, logger: silent });
    const jwk = { ...(privateKey.export({ format: 'jwk' }) as JWK), kid: 'r', alg: 'RS256' };
    expect(await verifier.identify(await mintToken(jwk, { sub: 'wang', roles: ['approver'] }))).toMatchObject({ sub: 'wang' });
    verifier.file?.close();
  });
});

describe('a verified token', () => {
  const verifierAt = (clock: { now: number }) =>
    new JwtVerifier({
      keySet: { file: sample.jwksFile },
      issuer: 'paidan',
      audience: 'paidan',
      clockToleranceMs: 1_000,
      logger: silent,
      now: () => clock.now,
      everyMs: 100_000,
    });

  it('is remembered: the second time it costs a look-up, and still expires', async () => {
    const clock = { now: Date.now() };
    const verifier = verifierAt(clock);
    const token = await officer({ now: clock.now, lifetimeMs: 120_000 });
    const first = verifier.identify(token);
    expect(first).toBeInstanceOf(Promise);
    const caller = await first;
    expect(verifier.identify(token)).toBe(caller);
    clock.now += 122_000;
    expect(() => verifier.identify(token)).toThrow('the token has expired');
    verifier.file?.close();
  });

  it('is verified anew after five minutes, and at once when the key set changes', async () => {
    const clock = { now: Date.now() };
    const verifier = verifierAt(clock);
    const token = await officer({ now: clock.now });
    await verifier.identify(token);
    clock.now += 300_001;
    expect(verifier.identify(token)).toBeInstanceOf(Promise);
    await verifier.identify(token);
    const before = readFileSync(sample.jwksFile, 'utf8');
    writeFileSync(sample.jwksFile, JSON.stringify(mintSigningKey().keySet, null, 2));
    await verifier.file?.refresh();
    await expect(Promise.resolve(verifier.identify(token))).rejects.toThrow('not in the key set');
    writeFileSync(sample.jwksFile, before);
    verifier.file?.close();
  });

  it('is never taken from a file with private keys', () => {
    const path = `${sample.jwksFile}.private`;
    writeFileSync(path, JSON.stringify({ keys: [sample.privateJwk] }));
    const open = () => new JwtVerifier({ keySet: { file: path }, issuer: 'a', audience: 'a', clockToleranceMs: 0, logger: silent });
    expect(open).toThrow('private key');
  });
});

describe('a revoked token', () => {
  it('is refused within two seconds, remembered or not, and no other of the same person', async () => {
    const [lost, other, nameless] = await Promise.all([officer({ tokenId: 'lost' }), officer({ tokenId: 'other' }), officer()]);
    expect(await Promise.all([lost, other, nameless].map(work))).toEqual(['200 li', '200 li', '200 li']);
    writeFileSync(sample.revokedFile, JSON.stringify({ revoked: [{ tokenId: 'lost', revokedAt: '2026-11-22T00:00:00Z' }] }));
    for (let i = 0; i < 200 && (await work(lost)) === '200 li'; i++) await sleep(20);
    // The second was never seen before.
    const unseen = await officer({ tokenId: 'lost', sub: 'wang' });
    expect(await Promise.all([lost, unseen, other, nameless].map(work))).toEqual([
      '401 token-revoked',
      '401 token-revoked',
      '200 li',
      '200 li',
    ]);
    expect((await call(at('/v1/work'), bearer(lost))).body).toMatchObject({ titleZh: '登录凭证已被撤销' });
  });

  it('stays revoked when the file turns bad, which degrades; a bad file fails the start by name', async () => {
    const revoked = new RevokedTokens({ path: sample.revokedFile, logger: silent, everyMs: 100_000 });
    try {
      writeFileSync(sample.revokedFile, JSON.stringify({ revoked: [{ tokenId: 'lost', revokedAt: '2026-11-22T00:00:00Z' }, {}] }));
      await revoked.file.refresh();
      expect([revoked.has('lost'), revoked.has('other'), revoked.has(undefined)]).toEqual([true, false, false]);
      expect(revoked.file.check()).toEqual({ ok: false, detail: 'revoked[1]: tokenId is missing' });
      expect(() => new RevokedTokens({ path: sample.revokedFile, logger: silent })).toThrow('revoked[1]: tokenId is missing');
      writeFileSync(sample.revokedFile, '{"tokens":[]}');
      expect(() => new RevokedTokens({ path: sample.revokedFile, logger: silent })).toThrow('has no list `revoked`');
    } finally {
      revoked.file.close();
    }
  });
});

describe('a key set behind an address', () => {
  let server: Server;
  let answer: () => [number, string];
  let url: URL;
  beforeAll(async () => {
    server = createServer((_request, response) => {
      const [status, body] = answer();
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`);
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('is fetched; when it does not answer the caller gets 503, not 401', async () => {
    const { privateJwk, keySet } = mintSigningKey();
    const verifier = new JwtVerifier({ keySet: { url }, issuer: 'paidan', audience: 'paidan', clockToleranceMs: 0, logger: silent });
    const token = await mintToken(privateJwk, { sub: 'li', roles: ['officer'] });
    answer = () => [500, 'oops'];
    await expect(verifier.identify(token)).rejects.toMatchObject({ code: 'key-set-unavailable', status: 503, retryable: true });
    answer = () => [200, JSON.stringify(keySet)];
    expect(await verifier.identify(token)).toMatchObject({ sub: 'li' });
    const stranger = await mintToken(mintSigningKey().privateJwk, { sub: 'li', roles: ['officer'] });
    await expect(verifier.identify(stranger)).rejects.toMatchObject({ code: 'token-invalid' });
  });
});

describe('a route', () => {
  it('that says nothing is closed to everybody, and loud', async () => {
    for (const init of [{}, bearer(await officer({ roles: ['operator'] })), { headers: { 'x-api-key': sample.key } }]) {
      expect((await call(at('/v1/undecorated'), init)).body['code']).toBe('route-closed');
    }
    expect(sample.lines().includes('SampleController.undecorated')).toBe(true);
  });

  it('for channels is not for people, and the reverse', async () => {
    expect((await call(at('/v1/channels/web'), bearer(await officer()))).body['code']).toBe('forbidden');
    expect((await call(at('/v1/work'), { headers: { 'x-api-key': sample.key } })).body['code']).toBe('forbidden');
  });

  it('for both takes either', async () => {
    expect((await call(at('/v1/either'), bearer(await officer({ roles: ['operator'] })))).status).toBe(200);
    expect((await call(at('/v1/either'), { headers: { 'x-api-key': sample.key } })).status).toBe(200);
    expect((await call(at('/v1/either'), bearer(await officer()))).status).toBe(403);
  });
});
