/** The lines of a table under the names of its columns, split where two blanks are. */
export function rowsOf(out: string): Record<string, string>[] {
  const [head = '', ...lines] = out.split('\n');
  const starts = [...head.matchAll(/\S+(?: \S+)*/g)].map(({ index, 0: name }) => ({ index, name }));
  const end = lines.findIndex((line) => line.trim() === '');
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .map((line) => Object.fromEntries(starts.map(({ index, name }, at) => [name, line.slice(index, starts[at + 1]?.index).trim()])));
}
