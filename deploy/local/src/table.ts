import stringWidth from 'string-width';

export type Row = Readonly<Record<string, string>>;

const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - stringWidth(text)));
const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => stringWidth(text)));

/** Rows under the names of their members, in columns; a Chinese character takes two of a terminal's. */
export function table(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [names, ...rows.map((row) => names.map((name) => row[name] ?? ''))];
  const widths = names.map((_, at) => widest(lines.map((line) => line[at] ?? '')));
  return lines
    .map((line) =>
      line
        .map((cell, at) => padded(cell, widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One thing as lines of name and value, so that a key or token can be copied. */
export function lines(row: Row): string {
  const width = widest(Object.keys(row));
  return Object.entries(row)
    .map(([name, value]) => `${padded(name, width)}  ${value}`.trimEnd())
    .join('\n');
}
