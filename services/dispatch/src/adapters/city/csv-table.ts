import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';

/** One thing wrong with the city's files; `line` counts from 1, the heading is line 1. */
export interface CityProblem {
  readonly file: string;
  readonly line?: number;
  readonly problem: string;
}

export interface Row<Column extends string> {
  readonly line: number;
  readonly cells: Readonly<Record<Column, string>>;
}

/** Words of a cell are separated by blanks: a spreadsheet shows them in one cell, and no Chinese name has a blank in it. */
export const wordsOf = (cell: string): readonly string[] => cell.split(/[\s\u3000]+/u).filter((word) => word !== '');

const readText = async (folder: string, file: string, problems: CityProblem[]): Promise<string | undefined> => {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(folder, file));
  } catch (error) {
    problems.push({ file, problem: `cannot be read: ${error instanceof Error ? error.message : String(error)}` });
    return undefined;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    problems.push({ file, problem: 'is not UTF-8; a spreadsheet may have saved it as GBK: save it as "CSV UTF-8"' });
    return undefined;
  }
};

/**
 * Reads a table whose first line names exactly these columns, in any order; undefined where it can't be read as such. Rows with a wrong number
 * of cells are reported and left out.
 * @param others columns that may be there for another reader
 */
export const readTable = async <const Column extends string>(
  folder: string,
  file: string,
  columns: readonly Column[],
  problems: CityProblem[],
  others: readonly string[] = [],
): Promise<readonly Row<Column>[] | undefined> => {
  const text = await readText(folder, file, problems);
  if (text === undefined) return undefined;
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, {
      bom: true,
      info: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
    }) as unknown as typeof records;
  } catch (error) {
    const line = error instanceof CsvError && typeof error['lines'] === 'number' ? { line: error['lines'] } : {};
    problems.push({ file, ...line, problem: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
  const [heading, ...body] = records;
  const names = heading?.record ?? [];
  const missing = columns.filter((column) => !names.includes(column));
  const unknown = names.filter((name) => ![...columns, ...others].includes(name));
  if (missing.length > 0) problems.push({ file, line: 1, problem: `has no column ${missing.join(', ')}` });
  if (unknown.length > 0) problems.push({ file, line: 1, problem: `has unknown column ${unknown.join(', ')}` });
  if (missing.length > 0 || unknown.length > 0) return undefined;
  return body.flatMap(({ record, info: { lines: line } }) => {
    if (record.length !== names.length) {
      problems.push({ file, line, problem: `has ${record.length} cells, the heading has ${names.length}` });
      return [];
    }
    const cells = Object.fromEntries(names.map((name, index) => [name, record[index] ?? ''])) as Record<Column, string>;
    return [{ line, cells }];
  });
};
