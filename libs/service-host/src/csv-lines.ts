/** A line of a table, under the names of its columns. */
export interface CsvLine {
  /** Empty where the table has no such column. */
  readonly cell: (column: string) => string;
  /** What is wrong with the line, by its number. */
  readonly wrong: (what: string) => Error;
}

/** Cells of a line of CSV as a spreadsheet saves it: quoted where there is a comma in them. */
const cellsOf = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))(?=,|$)/g)].map(([, quoted, plain]) =>
    (quoted?.replaceAll('""', '"') ?? plain ?? '').trim(),
  );

const wrong = (line: number, what: string): Error => new Error(`line ${line}: ${what}`);

/**
 * The lines of a small table, one by one; its first line names the columns, in any order, those that are needed among them.
 * @throws Error naming the line
 */
export function* csvLines(text: string, needed: readonly string[]): Generator<CsvLine> {
  const [heading = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const columns = cellsOf(heading);
  for (const column of needed) if (!columns.includes(column)) throw wrong(1, `no column «${column}»`);
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const [cells, at] = [cellsOf(line), i + 2];
    if (cells.length !== columns.length) throw wrong(at, `has ${cells.length} cells, the heading has ${columns.length}`);
    yield { cell: (column) => cells[columns.indexOf(column)] ?? '', wrong: (what) => wrong(at, what) };
  }
}
