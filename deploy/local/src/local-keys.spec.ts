import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
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

describe('npm run keys', () => {
  const command = async (...args: string[]): Promise<string> => {
    const outcome = await keysCommand(args, dataDir);
    return 'text' in outcome ? outcome.text : `wrong: ${outcome.wrong}`;
  };
  const json = async (...args: string[]): Promise<unknown> => JSON.parse(await command(...args, '--json'));

  it('mints, lists and revokes', async () => {
    const minted = (await json('mint', 'adapter', '--channel', 'app-city')) as { key: string; keyId: string };
    expect(minted).toMatchObject({ key: expect.stringMatching(/^pdk_/) as unknown, keyId: expect.stringMatching(/^app-city-/) as unknown });
    expect(await command('revoke', minted.keyId)).toMatch(/^keyId +app-city-.*\n/);
    expect(await json('list')).toEqual([
      { keyId: minted.keyId, channel: 'app-city', createdAt: expect.any(String) as unknown, revokedAt: expect.any(String) as unknown },
    ]);
  });

  it('prints one thing line by line, to be copied, and several as a table', async () => {
    await command('mint', 'adapter', '--channel', 'app-city');
    expect((await command('list')).split('\n').map((line) => line.split(/ +/)[0])).toEqual(['keyId', 'channel', 'createdAt']);
    await command('mint', 'adapter', '--channel', 'web-portal');
    expect((await command('list')).split('\n')).toEqual([
      expect.stringMatching(/^keyId +channel +createdAt$/),
      expect.stringMatching(/^app-city-[0-9a-f]{8} +app-city +2/),
      expect.stringMatching(/^web-portal-[0-9a-f]{8} +web-portal +2/),
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
    [[], 'npm run keys -- <command>'],
  ])('says what is wrong with %j', async (args, wrong) => {
    expect(await command(...args)).toMatch(`wrong: ${wrong}`);
  });
});
