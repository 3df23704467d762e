/** Rows of cells, each column as wide as its widest, flush right. The first row has a cell for every column. */
export function columns(rows: readonly (readonly string[])[], indent = '  '): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `${indent}${row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('   ')}`);
}
