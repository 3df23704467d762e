import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canReach, place } from './postgres-binaries.js';

const stranger = { name: 'stranger', uid: 54_321, gid: 54_321 };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paidan-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('knows whether another account may walk down to a path, there or not yet', async () => {
  expect(await canReach(stranger, join(folder, 'data', 'postgres'))).toBe(false);
  chmodSync(folder, 0o711);
  expect(await canReach(stranger, join(folder, 'data', 'postgres'))).toBe(true);
  mkdirSync(join(folder, 'data'), { mode: 0o700 });
  expect(await canReach(stranger, join(folder, 'data', 'postgres'))).toBe(false);
  const { uid, gid } = statSync(folder);
  expect(await canReach({ name: 'owner', uid, gid }, join(folder, 'data', 'postgres'))).toBe(true);
});

it('opens the data folder itself for walking through, rather than putting the data elsewhere', async () => {
  chmodSync(folder, 0o755);
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  const binaries = { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') };
  expect(await place(dataDir, binaries, stranger)).toEqual({ binaries, data: join(dataDir, 'postgres') });
  expect(statSync(dataDir).mode & 0o777).toBe(0o711);
});
