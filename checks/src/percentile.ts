/** Nearest rank: a value that occurred. */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)];
  if (found === undefined) throw new RangeError('no values, no percentile');
  return found;
}
