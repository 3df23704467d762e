import { checkYear, makeCalendar, type CalendarYear, type CheckedYear } from '@paidan/kernel';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One thing wrong with a file, or with the folder. */
export interface CalendarFileProblem {
  readonly file: string;
  readonly problem: string;
}

export type LoadedYears =
  | { readonly ok: true; readonly years: readonly CalendarYear[] }
  | { readonly ok: false; readonly problems: readonly CalendarFileProblem[] };

/** Reads each `<year>.json` of a folder: the published years, or every problem of every file. A year without papers says nothing yet. */
export async function loadCalendarFiles(folder: string): Promise<LoadedYears> {
  const problems: CalendarFileProblem[] = [];
  const years: CalendarYear[] = [];
  const files = await readdir(folder).catch((error: unknown) => {
    problems.push({ file: folder, problem: `cannot be read: ${error instanceof Error ? error.message : String(error)}` });
    return [];
  });
  for (const file of files.filter((name) => /^\d{4}\.json$/.test(name)).sort()) {
    const checked = await readYear(join(folder, file), Number(file.slice(0, 4))).catch((error: unknown) => {
      problems.push({ file, problem: error instanceof Error ? error.message : String(error) });
      return undefined;
    });
    if (checked?.ok === true && checked.year !== undefined) years.push(checked.year);
    if (checked?.ok === false)
      problems.push(...checked.problems.map(({ pointer, detail }) => ({ file, problem: `${pointer || '/'}: ${detail}` })));
  }
  if (problems.length === 0) {
    const together = makeCalendar(years, []);
    if (!together.ok)
      problems.push(...together.problems.map(({ pointer, detail }) => ({ file: folder, problem: `${pointer}: ${detail}` })));
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, years };
}

const readYear = async (path: string, year: number): Promise<CheckedYear> => checkYear(JSON.parse(await readFile(path, 'utf8')), year);
