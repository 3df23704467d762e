import { createHash } from 'node:crypto';

/** A number from 0 up to 1 that follows from the seed and what it is for: the same play takes the same course, in whatever order things arrive. */
export function chance(seed: number, ...what: readonly (string | number)[]): number {
  const digest = createHash('sha256')
    .update([seed, ...what].join('/'))
    .digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

export const pick = <T>(list: readonly [T, ...T[]], at: number): T => list[Math.floor(at * list.length)] ?? list[0];
