import type { Span } from '@paidan/contracts';
import { parse } from 'csv-parse/sync';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Limits } from './books.js';

interface Year {
  readonly days: readonly { readonly date: string; readonly isOffDay: boolean }[];
}

/** The city's time limits and holidays, from its own files. */
export async function readLimits(cityDir: string): Promise<Limits> {
  const rows = parse(await readFile(join(cityDir, 'sla.csv'), 'utf8'), { bom: true, columns: true, trim: true }) as Record<
    string,
    string
  >[];
  const folder = join(cityDir, 'holidays');
  const files = (await readdir(folder)).filter((name) => /^\d{4}\.json$/.test(name));
  const years = await Promise.all(files.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as Year));
  return {
    redAfter: new Map(rows.map(({ code = '', redAfter = '' }) => [code, spanOf(redAfter)])),
    codes: new Map(rows.map(({ appealType = '', urgency = '', code = '' }) => [`${appealType} ${urgency}`, code])),
    marked: new Map(years.flatMap(({ days }) => days.map(({ date, isOffDay }) => [date, isOffDay] as const))),
  };
}

/** `4 H24` */
function spanOf(text: string): Span {
  const [count = '', unit = ''] = text.split(' ');
  return { count: Number(count), unit: unit as Span['unit'] };
}
