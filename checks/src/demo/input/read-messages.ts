import { Misuse } from '@paidan/local/call';
import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
import type { Message } from '../../cast/channels/appeal.js';

export interface BrokenRow {
  readonly row: number;
  readonly line: number;
  readonly reason: string;
}

export interface MessagesRead {
  readonly messages: readonly Message[];
  readonly broken: readonly BrokenRow[];
}

interface RawRow {
  readonly line: number;
  readonly cells: readonly string[] | { readonly broken: string };
}

/**
 * Reads a table of messages. A broken row is reported and the rest is read.
 * @throws Misuse when the whole is no such table
 */
export function readMessages(bytes: Buffer, limit = Number.POSITIVE_INFINITY): MessagesRead {
  const [heading, ...rows] = rawRows(bytes, limit + 1);
  if (heading === undefined) throw new Misuse('it is empty: a heading with the columns title and body is needed');
  if (!Array.isArray(heading.cells)) throw new Misuse(`its heading can't be read: ${(heading.cells as { broken: string }).broken}`);
  const names = heading.cells.map((name: string) => name.trim().toLowerCase());
  const missing = ['title', 'body'].filter((name) => !names.includes(name));
  if (missing.length > 0) throw new Misuse(`it has no column ${missing.join(' and ')}; its heading is: ${headingShown(names)}`);

  const allUtf8 = isUtf8(bytes);
  const messages: Message[] = [];
  const broken: BrokenRow[] = [];
  for (const [index, { line, cells }] of rows.entries()) {
    const row = index + 1;
    const fault = faultOf(cells, names.length, allUtf8);
    if (fault !== undefined) broken.push({ row, line, reason: fault });
    else {
      const cell = (name: string): string => (cells as readonly string[])[names.indexOf(name)] ?? '';
      const [reply, time] = [cell('reply').trim(), cell('time').trim()];
      messages.push({
        row,
        line,
        title: cell('title'),
        body: cell('body'),
        ...(reply === '' ? {} : { reply }),
        ...(time === '' ? {} : { time }),
      });
    }
  }
  return { messages, broken };
}

const headingShown = (names: readonly string[]): string =>
  names
    .map((name) => name.slice(0, 30))
    .slice(0, 20)
    .join(', ');

function faultOf(cells: RawRow['cells'], columns: number, allUtf8: boolean): string | undefined {
  if (!Array.isArray(cells)) return (cells as { broken: string }).broken;
  if (cells.length !== columns) return `has ${cells.length} cells, the heading has ${columns}`;
  if (!allUtf8 && cells.some((cell: string) => cell.includes('\uFFFD'))) return 'is not UTF-8; in a spreadsheet, save as "CSV UTF-8"';
  return undefined;
}

/**
 * The rows of a file, at most so many. A quote that is never closed, or closed in the middle of a cell, would swallow every row after it, so reading
 * begins anew on the line after the one that such a row begins on.
 */
function rawRows(bytes: Buffer, most: number): readonly RawRow[] {
  const rows: RawRow[] = [];
  let start = bytes.subarray(0, 3).equals(BOM) ? 3 : 0;
  let line = 1;
  while (rows.length < most) {
    // Blank lines are nobody's rows, and a row's own line is wanted.
    [start, line] = pastBlankLines(bytes, start, line);
    if (start >= bytes.length) break;
    const part = bytes.subarray(start);
    let read = 0;
    try {
      parse(part, {
        relax_column_count: true,
        skip_empty_lines: true,
        ...(Number.isFinite(most) ? { to: most - rows.length } : {}),
        on_record: (cells: string[], { bytes: end }) => {
          const [from, at] = pastBlankLines(part, read, line);
          rows.push({ line: at, cells });
          line = at + linesIn(part, from, end);
          read = end;
          return null;
        },
      });
      break;
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      const [from, at] = pastBlankLines(part, read, line);
      rows.push({ line: at, cells: { broken: wordsOf(error) } });
      const end = part.indexOf(NEWLINE, from);
      if (end < 0) break;
      start += end + 1;
      line = at + 1;
    }
  }
  return rows.slice(0, most);
}

const BOM = Buffer.from('\uFEFF');
const NEWLINE = 0x0a;
const BLANKS: ReadonlySet<number | undefined> = new Set([NEWLINE, 0x0d]);

function pastBlankLines(bytes: Buffer, from: number, line: number): [start: number, line: number] {
  let [start, at] = [from, line];
  while (start < bytes.length && BLANKS.has(bytes[start])) {
    if (bytes[start] === NEWLINE) at += 1;
    start += 1;
  }
  return [start, at];
}

function linesIn(bytes: Buffer, from: number, end: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE, from); at >= 0 && at < end; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}

/** csv-parse's own message names a line of the part it was given. */
function wordsOf({ code, message }: CsvError): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'has a quote that is never closed';
  if (code === 'CSV_INVALID_CLOSING_QUOTE') return 'has a quote inside a quoted cell; write it twice, ""';
  if (code === 'INVALID_OPENING_QUOTE') return 'has a quote inside a cell that does not begin with one';
  return message.replace(/ at line \d+/, '');
}
