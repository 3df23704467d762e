import { CsvError, parse } from 'csv-parse/sync';
import type { LabelledText } from '../domain/classifier/learn.js';
import { dispatchError } from '../errors.js';

export interface LabelledRow extends LabelledText {
  /** Of the file, where the row ends; the heading is line 1. */
  readonly line: number;
}

const COLUMNS = ['label', 'text'] as const;
/** More would only scroll the first ones away. */
const MOST_TOLD = 20;

/** Lines of problems, one below the other. */
export const told = (problems: readonly string[]): string =>
  [...problems.slice(0, MOST_TOLD), ...(problems.length > MOST_TOLD ? [`and ${problems.length - MOST_TOLD} more`] : [])].join('\n');

/**
 * Reads labelled messages; other columns are passed over.
 * @param name of the file, for the errors
 * @throws PaidanError `column-missing`, `rows-empty`, or `rows-unreadable` with every line that is no row
 */
export const readLabelledRows = (bytes: Uint8Array, name: string): readonly LabelledRow[] => {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw dispatchError('rows-unreadable', `${name}: is not UTF-8; a spreadsheet may have saved it as GBK`, { cause });
  }
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, { bom: true, info: true, skip_empty_lines: true, relax_column_count: true }) as unknown as typeof records;
  } catch (cause) {
    const line = cause instanceof CsvError && typeof cause['lines'] === 'number' ? `:${cause['lines']}` : '';
    throw dispatchError('rows-unreadable', `${name}${line}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  const [heading, ...body] = records;
  if (heading === undefined) throw dispatchError('rows-empty', `${name}:1: the file is empty; 文件为空`);
  const names = heading.record.map((column) => column.trim());
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0) throw dispatchError('column-missing', `${name}:1: has no column ${missing.join(', ')}; 缺少列`);
  if (body.length === 0) throw dispatchError('rows-empty', `${name}:2: there is no row below the heading; 没有数据行`);
  const problems: string[] = [];
  const [labelAt, textAt] = COLUMNS.map((column) => names.indexOf(column)) as [number, number];
  const rows = body.map(({ record, info: { lines: line } }): LabelledRow => {
    const [label, message] = [(record[labelAt] ?? '').trim(), record[textAt] ?? ''];
    if (record.length !== names.length) problems.push(`${name}:${line}: has ${record.length} cells, the heading has ${names.length}`);
    else if (label === '' || message.trim() === '') problems.push(`${name}:${line}: has no ${label === '' ? 'label' : 'text'}`);
    return { label, text: message, line };
  });
  if (problems.length > 0) throw dispatchError('rows-unreadable', told(problems));
  return rows;
};

/** @throws PaidanError `label-unknown` with every line whose label the training data doesn't have */
export const requireKnown = (rows: readonly LabelledRow[], labels: readonly string[], name: string): void => {
  const strange = rows.filter(({ label }) => !labels.includes(label));
  if (strange.length === 0) return;
  const lines = strange.map(
    ({ line, label }) => `${name}:${line}: label "${label.slice(0, 40)}" is not in the training data; 训练数据中没有该标签`,
  );
  throw dispatchError('label-unknown', `${told(lines)}\nknown: ${labels.join(', ')}`);
};
