import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const filesBelow = (folder: string): string[] => {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};

/** Paths whose file is missing, differs, or is no longer generated. */
export const driftOf = (folder: string, documents: ReadonlyMap<string, string>): string[] => {
  const there = new Set(filesBelow(folder).map((path) => path.replaceAll('\\', '/')));
  const stale = [...there].filter((path) => !documents.has(path));
  const wrong = [...documents].filter(([path, text]) => !there.has(path) || readFileSync(join(folder, path), 'utf8') !== text);
  return [...stale, ...wrong.map(([path]) => path)].sort();
};

/** Writes what differs and removes what is no longer generated; gives the paths it touched. */
export const writeDocuments = (folder: string, documents: ReadonlyMap<string, string>): string[] => {
  const paths = driftOf(folder, documents);
  for (const path of paths) {
    const text = documents.get(path);
    const file = join(folder, path);
    if (text === undefined) rmSync(file);
    else {
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, text);
    }
  }
  return paths;
};
