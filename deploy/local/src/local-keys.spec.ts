import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { keysCommand } from './keys-command.js';
import { LocalKeys } from './local-keys.js';

let dataDir: string;
let keys: LocalKeys;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'paidan-'));
  keys = await LocalKeys.open(dataDir);
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const verify = (token: string) =>
  jwtVerify(token, createLocalJWKSet(JSON.parse(readFileSync(keys.files.jwks, 'utf8')) as JSONWebKeySet), {
    issuer: 'paidan-local',
    audience: 'paidan',
  });

it('keeps every file for its owner alone, and the private key out of the set that services read', async () => {
  await keys.localApiKey('web-portal');
  const files = readdirSync(join(dataDir, 'keys'));
  expect(files.sort()).toEqual([
    'api-keys.json',
    'contact-keys.json',
    'content-keys.json',
    'jwks.json',
    'local-adapters.json',
    'query-proof.key',
    'revoked-tokens.json',
    'signing-key.json',
  ]);
  for (const file of files) expect(statSync(join(dataDir, 'keys', file)).mode & 0o777).toBe(0o600);
  expect(Object.keys((JSON.parse(readFileSync(keys.files.jwks, 'utf8')) as { keys: object[] }).keys[0] ?? {}).sort()).toEqual([
    'alg',
    'crv',
    'kid',
    'kty',
    'use',
    'x',
  ]);
});

it('keeps what it has made', async () => {
  const before = Object.values(keys.files).map((file) => readFileSync(file, 'utf8'));
  const again = await LocalKeys.open(dataDir);
  expect(Object.values(again.files).map((file) => readFileSync(file, 'utf8'))).toEqual(before);
});

it('makes keys of 32 bytes for seals, each another one', () => {
  const { current, keys: sealing } = JSON.parse(readFileSync(keys.files.contentKeys, 'utf8')) as {
    current: string;
    keys: Record<string, string>;
  };
  const contact = JSON.parse(readFileSync(keys.files.contactKeys, 'utf8')) as {
    keys: Record<string, string>;
    digestKey: string;
    queryCodeKey: string;
  };
  const all = [sealing[current], contact.keys['c1'], contact.digestKey, contact.queryCodeKey];
  expect(new Set(all).size).toBe(4);
  for (const key of all) expect(Buffer.from(key ?? '', 'base64')).toHaveLength(32);
  // What checks query codes is derived from what makes them, as intake does it.
  const proof = createHmac('sha256', Buffer.from(contact.queryCodeKey, 'base64')).update('query-code-proof').digest('base64');
  expect(readFileSync(keys.files.queryProofKey, 'utf8')).toBe(`${proof}\n`);
});

it('mints an API key of 256 bits and keeps its SHA-256 alone, until it is revoked', async () => {
  const { key, keyId } = await keys.mintApiKey('web-portal');
  expect(Buffer.from(key.slice(4), 'base64url')).toHaveLength(32);
  expect(readFileSync(keys.files.apiKeys, 'utf8')).not.toContain(key);
  const sha256 = createHash('sha256').update(key).digest('hex');
  expect(await keys.apiKeys()).toMatchObject([{ keyId, channel: 'web-portal', sha256 }]);
  await keys.revokeApiKey(keyId);
  expect(await keys.apiKeys()).toMatchObject([{ keyId, revokedAt: expect.any(String) as unknown }]);
  await expect(keys.revokeApiKey('web-portal-none')).rejects.toThrow('there is no key "web-portal-none"');
  await expect(keys.mintApiKey('Web Portal')).rejects.toThrow('is not a channel id');
});

it("gives this machine's adapter the same key until it is revoked", async () => {
  const first = await keys.localApiKey('web-portal');
  expect(await keys.localApiKey('web-portal')).toBe(first);
  expect(await keys.localApiKey('app-city')).not.toBe(first);
  const [entry] = await keys.apiKeys();
  await keys.revokeApiKey(entry?.keyId ?? '');
  expect(await keys.localApiKey('web-portal')).not.toBe(first);
});

it('issues tokens that the key set verifies', async () => {
  const { payload, protectedHeader } = await verify(
    await keys.token({ sub: 'li', roles: ['officer'], unit: 'city-water', lifetimeSeconds: 60 }),
  );
  expect(protectedHeader).toMatchObject({ alg: 'EdDSA', typ: 'JWT' });
  expect(payload).toMatchObject({ sub: 'li', roles: ['officer'], unit: 'city-water', iss: 'paidan-local', aud: 'paidan' });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
  await expect(keys.token({ sub: 'li', roles: ['officer'], unit: 'Water!' })).rejects.toThrow('is not a unit code');
});

it('writes down whom a token was given to, and takes it back by its id', async () => {
  const minted = await keys.mintToken({ sub: 'li', roles: ['officer'], unit: 'city-water', lifetimeSeconds: 60 });
  const { token, ...entry } = minted;
  expect((await verify(token)).payload).toMatchObject({ jti: minted.tokenId, sub: 'li', unit: 'city-water' });
  expect(await keys.issuedTokens()).toEqual([entry]);
  const folder = join(dataDir, 'keys');
  for (const file of readdirSync(folder)) expect(readFileSync(join(folder, file), 'utf8')).not.toContain(token);
  const revoked = () => JSON.parse(readFileSync(keys.files.revokedTokens, 'utf8')) as { revoked: object[] };
  expect(revoked()).toEqual({ revoked: [] });

  const { revokedAt } = await keys.revokeToken(minted.tokenId);
  expect(revoked()).toEqual({ revoked: [{ tokenId: minted.tokenId, revokedAt, expiresAt: minted.expiresAt }] });
  expect(await keys.revokeToken(minted.tokenId)).toEqual({ ...entry, revokedAt });
  await expect(keys.revokeToken('token-none')).rejects.toThrow('there is no token "token-none"');
});

it('loses nothing of what is minted and revoked at once', async () => {
  const others = await Promise.all([1, 2, 3].map(() => LocalKeys.open(dataDir)));
  const minted = await Promise.all(others.flatMap((one) => [one.mintToken({ sub: 'a', roles: [] }), one.mintApiKey('app-city')]));
  const tokenIds = minted.flatMap((one) => ('tokenId' in one ? [one.tokenId] : []));
  expect((await keys.apiKeys()).length).toBe(3);
  await Promise.all([...tokenIds.map((id) => keys.revokeToken(id)), ...others.map((one) => one.mintToken({ sub: 'b', roles: [] }))]);
  const list = await keys.issuedTokens();
  expect(
    list
      .filter(({ revokedAt }) => revokedAt !== undefined)
      .map(({ tokenId }) => tokenId)
      .sort(),
  ).toEqual(tokenIds.sort());
  expect(list).toHaveLength(6);
});

it('waits for nobody who was killed half-way', async () => {
  const lock = join(dataDir, 'keys', 'tokens.lock');
  writeFileSync(lock, '');
  const before = new Date(Date.now() - 6_000);
  utimesSync(lock, before, before);
  const { tokenId } = await keys.mintToken({ sub: 'li', roles: ['operator'] });
  expect((await keys.issuedTokens()).map((token) => token.tokenId)).toEqual([tokenId]);
  expect(readdirSync(join(dataDir, 'keys'))).not.toContain('tokens.lock');
});

it('forgets tokens a day after they have expired', async () => {
  await keys.mintToken({ sub: 'long-gone', roles: ['operator'], lifetimeSeconds: -90_000 });
  await keys.mintToken({ sub: 'just-gone', roles: ['operator'], lifetimeSeconds: -3_600 });
  await keys.mintToken({ sub: 'here', roles: ['operator'] });
  expect((await keys.issuedTokens()).map(({ sub }) => sub)).toEqual(['just-gone', 'here']);
});

describe('paidan keys', () => {
  const command = async (...args: string[]): Promise<string> => {
    const outcome = await keysCommand(args, dataDir);
    return 'text' in outcome ? outcome.text : `wrong: ${outcome.wrong}`;
  };
  const json = async (...args: string[]): Promise<unknown> => JSON.parse(await command(...args, '--json'));

  it('mints, lists and revokes', async () => {
    const adapter = (await json('mint', 'adapter', '--channel', 'app-city')) as { key: string; keyId: string };
    const person = (await json('mint', 'person', '--role', 'operator', '--sub', '王芳')) as { token: string; tokenId: string };
    expect(adapter).toMatchObject({
      key: expect.stringMatching(/^pdk_/) as unknown,
      keyId: expect.stringMatching(/^app-city-/) as unknown,
    });
    expect(await command('revoke', adapter.keyId)).toMatch(/^id +app-city-.*\n/);
    expect(await json('revoke', person.tokenId)).toMatchObject({ id: person.tokenId, for: '王芳', revoked: expect.any(String) as unknown });
    const time = expect.stringMatching(/^2.*Z$/) as unknown;
    expect(await json('list')).toEqual([
      { id: adapter.keyId, for: 'app-city', roles: 'adapter', since: time, revoked: time },
      { id: person.tokenId, for: '王芳', roles: 'operator', since: time, expires: time, revoked: time },
    ]);
    for (const secret of [adapter.key, person.token]) expect(await command('list')).not.toContain(secret);
  });

  it('prints one thing line by line, to be copied, and several as a table', async () => {
    expect(await command('list')).toBe('none');
    expect((await command('mint', 'adapter', '--channel', 'app-city')).split('\n').map((line) => line.split(/ +/)[0])).toEqual([
      'key',
      'keyId',
      'channel',
      'createdAt',
    ]);
    await command('mint', 'department', '--unit', 'city-water', '--role', 'officer,approver', '--sub', 'li');
    expect((await command('list')).split('\n')).toEqual([
      expect.stringMatching(/^id +for +roles +since +expires$/),
      expect.stringMatching(/^app-city-[0-9a-f]{8} +app-city +adapter +2/),
      expect.stringMatching(/^token-[0-9a-f]{12} +li of city-water +officer,approver +2/),
    ]);
  });

  it('issues tokens for people and departments', async () => {
    const person = (await json('mint', 'person', '--role', 'dispatcher,operator', '--sub', 'wang')) as { token: string };
    expect((await verify(person.token)).payload).toMatchObject({ sub: 'wang', roles: ['dispatcher', 'operator'] });
    const officer = (await json('mint', 'department', '--role', 'officer', '--unit', 'city-water', '--hours', '1')) as { token: string };
    expect((await verify(officer.token)).payload).toMatchObject({ sub: 'city-water', roles: ['officer'], unit: 'city-water' });
  });

  it.each([
    [['mint', 'person', '--role', 'mayor', '--sub', 'x'], '--role mayor is not one of dispatcher, supervisor, operator'],
    [['mint', 'person', '--role', 'officer', '--sub', 'x'], '--role officer is not one of dispatcher, supervisor, operator'],
    [['mint', 'department', '--role', 'officer'], '--unit is missing'],
    [['mint', 'person', '--role', 'operator', '--sub', 'x', '--hours', 'soon'], '--hours soon is not between 0 and 8784'],
    [['mint', 'adapter'], '--channel is missing'],
    [['mint', 'adapter', '--chanel', 'x'], "Unknown option '--chanel'"],
    [['forge'], 'there is no command "forge"'],
    [['revoke', 'app-city-none'], 'there is no key or token "app-city-none"'],
    [['revoke'], 'which key or token?'],
    [['list', 'all', 'keys'], '"keys" is too much'],
    [[], 'paidan keys <command>'],
  ])('says what is wrong with %j', async (args, wrong) => {
    expect(await command(...args)).toMatch(`wrong: ${wrong}`);
  });
});
