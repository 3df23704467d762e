import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, InfraError } from './errors.js';

/** Reads a JSON file of ours, or gives what to begin with when there is none yet. */
export async function readJson<T>(file: string, initial: T): Promise<T> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return initial;
  try {
    return JSON.parse(text) as T;
  } catch {
    // V8 quotes the text in its message, and this text is secrets.
    throw new InfraError('secrets-unreadable', `${file} is damaged. Run npm run reset to begin with new data, passwords and keys.`);
  }
}

export const writePrivateJson = (file: string, value: unknown): Promise<void> =>
  writePrivateText(file, `${JSON.stringify(value, null, 2)}\n`);

/** Writes it for its owner alone. Renamed into place: a crash half-way must not cost the password of a database that is already there. */
export async function writePrivateText(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const next = `${file}.${randomUUID()}`;
  await writeFile(next, text, { mode: 0o600 });
  await rename(next, file);
}
