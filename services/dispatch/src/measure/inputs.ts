import { parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export const EXAMPLE_CITY = fileURLToPath(new URL('../../../../deploy/city', import.meta.url));

/** Rows of a CSV with a heading. */
export const rowsOf = async (file: string): Promise<readonly Readonly<Record<string, string>>[]> =>
  parse(await readFile(file), { columns: true, bom: true });

/** Prints how a measurement is called, and ends. */
export const misused = (usage: string): never => {
  process.stderr.write(usage);
  process.exit(2);
};
