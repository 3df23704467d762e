import { CsvError, parse } from 'csv-parse/sync';
import type { CityFiles, CityProblem, Row } from './city-files.js';
import { parseYaml } from './yaml-table.js';

export interface Table<Column extends string> {
  /** The file it came from. */
  readonly file: string;
  readonly rows: readonly Row<Column>[];
  /** There was no such file. */
  readonly absent?: true;
}

export interface Columns<Column extends string> {
  readonly needed: readonly Column[];
  /** An empty cell in every row where the column is left out. */
  readonly optional?: readonly Column[];
  /** May be there for another reader. */
  readonly others?: readonly string[];
  /** It is read elsewhere too, where YAML isn't. */
  readonly csvAlone?: true;
}

/**
 * Reads a table by its name, from `<name>.csv` or `<name>.yaml`; undefined where it can't be read as such, and everything about that is among the problems.
 * @param missing what it means that there is neither file
 */
export const readTable = async <const Column extends string>(
  files: CityFiles,
  name: string,
  columns: Columns<Column>,
  problems: CityProblem[],
  missing: 'is-a-problem' | 'is-empty' = 'is-a-problem',
): Promise<Table<Column> | undefined> => {
  const [csv, yaml] = [`${name}.csv`, `${name}.yaml`];
  const before = problems.length;
  const [asCsv, asYaml] = [await files.text(csv, problems), columns.csvAlone ? undefined : await files.text(yaml, problems)];
  if (problems.length > before) return undefined;
  if (asCsv !== undefined && asYaml !== undefined) {
    problems.push({ file: yaml, problem: `stands beside ${csv}: which of them counts?`, problemZh: `与 ${csv} 并存，无法确定以哪个为准` });
    return undefined;
  }
  if (asCsv !== undefined) {
    const rows = parseCsv(asCsv, csv, columns, problems);
    return rows === undefined ? undefined : { file: csv, rows };
  }
  if (asYaml !== undefined) {
    const known = [...columns.needed, ...(columns.optional ?? []), ...(columns.others ?? [])];
    const rows = parseYaml(asYaml, yaml, known, problems);
    return rows === undefined ? undefined : { file: yaml, rows };
  }
  if (missing === 'is-empty') return { file: csv, rows: [], absent: true };
  const [nor, norZh] = columns.csvAlone ? ['', ''] : [`, nor ${yaml}`, `，也没有 ${yaml}`];
  problems.push({ file: csv, problem: `cannot be read: there is no such file${nor}`, problemZh: `无法读取：没有该文件${norZh}` });
  return undefined;
};

/** The first line names the columns, in any order. Rows with a wrong number of cells are reported and left out. */
const parseCsv = <Column extends string>(
  text: string,
  file: string,
  { needed, optional = [], others = [] }: Columns<Column>,
  problems: CityProblem[],
): readonly Row<Column>[] | undefined => {
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
    const why = error instanceof Error ? error.message : String(error);
    problems.push({ file, ...line, problem: why, problemZh: `不是有效的 CSV：${why}` });
    return undefined;
  }
  const [heading, ...body] = records;
  const names = heading?.record ?? [];
  const say = (line: number, problem: string, problemZh: string): void => void problems.push({ file, line, problem, problemZh });
  const absent = needed.filter((column) => !names.includes(column)).join(', ');
  const unknown = names.filter((name) => ![...needed, ...optional, ...others].includes(name)).join(', ');
  const twice = names.filter((name, at) => names.indexOf(name) !== at).join(', ');
  if (absent !== '') say(1, `has no column ${absent}`, `缺少列 ${absent}`);
  if (unknown !== '') say(1, `has unknown column ${unknown}`, `有未知的列 ${unknown}`);
  if (twice !== '') say(1, `has column ${twice} twice`, `列 ${twice} 重复`);
  if (absent !== '' || unknown !== '' || twice !== '') return undefined;
  const absentees = optional.filter((column) => !names.includes(column));
  return body.flatMap(({ record, info: { lines: line } }) => {
    if (record.length !== names.length) {
      say(line, `has ${record.length} cells, the heading has ${names.length}`, `有 ${record.length} 个单元格，而表头有 ${names.length} 个`);
      return [];
    }
    // A loop: with Object.fromEntries this line alone took a quarter of the time that a province's tables take to load.
    const cells: Record<string, string> = {};
    for (let at = 0; at < names.length; at++) cells[names[at] as string] = record[at] ?? '';
    for (const column of absentees) cells[column] = '';
    return [{ line, cells: cells as Record<Column, string> }];
  });
};
