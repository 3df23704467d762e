import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml';
import type { CityProblem, Row } from './city-files.js';

/**
 * A list of mappings from column to value; several values are a list or, as in CSV, separated by blanks. All scalars are texts as they are written: in YAML's
 * own core schema the code 0106 is the number 106, and `no` is false for older readers. Anchors are refused, because a line must say by itself what it says.
 */
export const parseYaml = (
  text: string,
  file: string,
  columns: readonly string[],
  problems: CityProblem[],
): readonly Row<string>[] | undefined => {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });
  const lineOf = (node: Node | null | undefined): number => lines.linePos(node?.range?.[0] ?? 0).line;
  const before = problems.length;
  const say = (line: number, problem: string, problemZh: string): void => void problems.push({ file, line, problem, problemZh });
  for (const { message, pos } of document.errors) say(lines.linePos(pos[0]).line, `is not YAML: ${message}`, `不是有效的 YAML：${message}`);
  if (document.errors.length > 0) return undefined;

  const wordOf = (node: unknown): string | undefined => (isScalar(node) && typeof node.value === 'string' ? node.value.trim() : undefined);
  const cellOf = (value: Node | null): string | undefined => {
    if (value === null) return '';
    if (!isSeq(value)) return wordOf(value);
    const items = value.items.map(wordOf);
    return items.every((item) => item !== undefined && item !== '' && !/\s/u.test(item)) ? items.join(' ') : undefined;
  };
  const { contents } = document;
  if (contents === null) return [];
  if (!isSeq<Node>(contents)) {
    say(lineOf(contents), 'is not a list of rows', '不是由各行组成的列表');
    return undefined;
  }
  const rows = contents.items.map((item): Row<string> => {
    const line = lineOf(item);
    const cells: Record<string, string> = Object.fromEntries(columns.map((column) => [column, '']));
    if (!isMap<Node, Node | null>(item)) {
      say(line, 'is not a mapping of columns to values', '不是“列: 值”的形式');
      return { line, cells };
    }
    for (const { key, value } of item.items) {
      const column = wordOf(key) ?? '';
      const cell = cellOf(value);
      if (!columns.includes(column)) say(lineOf(key), `has unknown column ${column}`, `有未知的列 ${column}`);
      else if (cell === undefined)
        say(lineOf(key), `${column} is neither a text nor a list of words`, `${column} 既不是文本也不是词的列表`);
      else cells[column] = cell;
    }
    return { line, cells };
  });
  return problems.length > before ? undefined : rows;
};
