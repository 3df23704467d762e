import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { containerCommand } from './container.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'paidan-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const run = (...args: string[]) => containerCommand(args, { PAIDAN_RUN_DIR: root });
const read = (file: string) => readFile(join(root, file), 'utf8');

describe('the secrets of a Compose system', () => {
  it('are made once, for their owner alone', async () => {
    await run('secrets');
    const made = await Promise.all(['postgres/password', 'public/jwks.json', 'store/keys/content-keys.json'].map(read));
    expect(made[0]).toMatch(/^[\w-]{32}\n$/);
    await run('secrets');
    expect(await Promise.all(['postgres/password', 'public/jwks.json', 'store/keys/content-keys.json'].map(read))).toEqual(made);
    expect((await stat(join(root, 'postgres/password'))).mode & 0o777).toBe(0o600);
  });

  it('reach the services as hashes and public keys', async () => {
    await run('secrets');
    expect(JSON.parse(await read('public/api-keys.json'))).toEqual({ keys: [] });
    const { key, keyId } = JSON.parse(await run('keys', 'mint', 'adapter', '--channel', 'web-portal', '--json')) as Record<string, string>;
    const published = await read('public/api-keys.json');
    expect(JSON.parse(published)).toMatchObject({
      keys: [
        {
          keyId,
          channel: 'web-portal',
          sha256: createHash('sha256')
            .update(key ?? '')
            .digest('hex'),
        },
      ],
    });
    await run('keys', 'revoke', keyId ?? '');
    expect(JSON.parse(await read('public/api-keys.json'))).toMatchObject({ keys: [{ keyId, revokedAt: expect.any(String) as string }] });
    const { tokenId } = JSON.parse(await run('keys', 'mint', 'person', '--role', 'operator', '--sub', 'wang', '--json')) as Record<
      string,
      string
    >;
    expect(JSON.parse(await read('public/revoked-tokens.json'))).toEqual({ revoked: [] });
    await run('keys', 'revoke', tokenId ?? '');
    expect(JSON.parse(await read('public/revoked-tokens.json'))).toMatchObject({ revoked: [{ tokenId }] });
    for (const file of ['public/api-keys.json', 'public/jwks.json', 'public/revoked-tokens.json']) {
      expect(await read(file)).not.toContain(key);
      expect(await read(file)).not.toMatch(/"d":/);
    }
  });
});

it('says what is wrong with a command or a setting', async () => {
  await expect(run('toString')).rejects.toThrow('There is no command "toString", only secrets, provision and keys.');
  await expect(run('keys', 'mint', 'adapter')).rejects.toThrow('--channel is missing');
  await expect(run('provision')).rejects.toThrow('PAIDAN_POSTGRES is not set.');
});
