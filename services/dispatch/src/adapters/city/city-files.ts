import { isStorable } from '@paidan/kernel';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dispatchError } from '../../errors.js';

/** One thing wrong with the city's tables; `line` counts from 1, the heading of a CSV is line 1. */
export interface CityProblem {
  readonly file: string;
  readonly line?: number;
  readonly problem: string;
  readonly problemZh: string;
}

export interface Row<Column extends string> {
  readonly line: number;
  readonly cells: Readonly<Record<Column, string>>;
}

/** Where tables are read from. */
export interface CityFiles {
  /** The text of a file; undefined where there is none, or where it is no text: then it is among the problems. */
  text(file: string, problems: CityProblem[]): Promise<string | undefined>;
}

export const filesOfFolder = (folder: string): CityFiles => ({
  text: async (file, problems) => {
    let bytes: Uint8Array;
    try {
      bytes = await readFile(join(folder, file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      const why = error instanceof Error ? error.message : String(error);
      problems.push({ file, problem: `cannot be read: ${why}`, problemZh: `无法读取：${why}` });
      return undefined;
    }
    try {
      return storable(new TextDecoder('utf-8', { fatal: true }).decode(bytes), file, problems);
    } catch {
      problems.push({
        file,
        problem: 'is not UTF-8; a spreadsheet may have saved it as GBK: save it as "CSV UTF-8"',
        problemZh: '不是 UTF-8 编码，可能被表格软件存成了 GBK：请另存为“CSV UTF-8”',
      });
      return undefined;
    }
  },
});

export const filesGiven = (files: ReadonlyMap<string, string>): CityFiles => ({
  text: async (file, problems) => {
    const text = files.get(file);
    return text === undefined ? undefined : storable(text, file, problems);
  },
});

/** Postgres would refuse the whole version for one such character. */
const storable = (text: string, file: string, problems: CityProblem[]): string | undefined => {
  if (isStorable(text)) return text;
  text.split('\n').forEach((content, at) => {
    if (isStorable(content)) return;
    problems.push({
      file,
      line: at + 1,
      problem: 'has a character that cannot be stored: NUL or half of a surrogate pair',
      problemZh: '含有无法保存的字符（NUL 或不成对的代理字符）',
    });
  });
  return undefined;
};

/** The folder can't be used as it is; every problem is told. */
export const cityInvalid = (folder: string, problems: readonly CityProblem[]): Error =>
  dispatchError('city-invalid', `city ${folder}:\n${problems.map((problem) => `  ${describeProblem(problem)}`).join('\n')}`);

/** One problem as a line for the terminal: `units.csv:12: has no area`. */
export const describeProblem = ({ file, line, problem }: CityProblem): string =>
  `${file}${line === undefined ? '' : `:${line}`}: ${problem}`;
