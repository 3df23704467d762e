import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from './errors.js';
import { sleep } from './host.js';

/** A change takes milliseconds: a lock of this age was left behind by a process that was killed. */
const LEFT_BEHIND_MS = 5_000;

/**
 * Runs a change of files (read, change, write) while no other runs under the same lock, in whatever process: of two that read the same, one would be lost,
 * and it may be the one that took a token back.
 */
export async function oneAtATime<T>(lock: string, change: () => Promise<T>): Promise<T> {
  await mkdir(dirname(lock), { recursive: true });
  while (!(await taken(lock))) {
    const since = (await stat(lock).catch(() => undefined))?.mtimeMs ?? Date.now();
    if (Date.now() - since > LEFT_BEHIND_MS) await rm(lock, { force: true });
    else await sleep(10);
  }
  try {
    return await change();
  } finally {
    await rm(lock, { force: true });
  }
}

const taken = async (lock: string): Promise<boolean> => {
  try {
    await writeFile(lock, '', { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
};
