import { defaultCityDir } from '@paidan/local';
import { parse } from 'csv-parse/sync';
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallbackServer } from './callback-server.js';

/** Kinds of channel whose systems can be called back; who phones or writes a text message asks for the answer. */
const CALLED_BACK: ReadonlySet<string | undefined> = new Set(['web', 'app', 'wechat', 'weibo', 'upstream']);

/** A copy of the city whose channels are called back where they can be. */
export async function cityWithCallbacks(callbacks: CallbackServer, env: NodeJS.ProcessEnv): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'paidan-city-'));
  await cp(defaultCityDir(env), folder, { recursive: true });
  const file = join(folder, 'channels.csv');
  await writeFile(file, await withCallbacks(await readFile(file, 'utf8'), (channel) => callbacks.register(channel)));
  return folder;
}

type Register = (channel: string) => Promise<{ readonly url: string; readonly secretFile: string }>;

/** A table of channels with an address and a secret for each that can be called back. */
export async function withCallbacks(table: string, register: Register): Promise<string> {
  const rows = parse(table, { bom: true, columns: true, skip_empty_lines: true, trim: true }) as Record<string, string>[];
  const told = await Promise.all(
    rows.map(async (row) => {
      const callback = CALLED_BACK.has(row['kind']) && row['active'] === 'yes' ? await register(row['id'] ?? '') : undefined;
      return { ...row, callback_url: callback?.url ?? '', callback_secret_file: callback?.secretFile ?? '' };
    }),
  );
  const lines = [Object.keys(told[0] ?? {}), ...told.map((row) => Object.values(row))];
  return lines.map((cells) => `${cells.map(cellOf).join(',')}\n`).join('');
}

const cellOf = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
