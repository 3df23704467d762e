import { comparable } from '../domain/duplicates/normalise.js';
import type { Message } from './marked.js';

/** The other way to find near-duplicates, to be measured against: 64 bits, each the sign of what a message's trigrams say. */
export interface Simhash {
  readonly low: number;
  readonly high: number;
}

const { imul } = Math;
const scrambled = (h: number): number => {
  const a = imul(h ^ (h >>> 16), 0x85ebca6b);
  const b = imul(a ^ (a >>> 13), 0xc2b2ae35);
  return b ^ (b >>> 16);
};

export function simhashOf({ title, text }: Message): Simhash {
  const words = comparable(title, text);
  const votes = new Int32Array(64);
  const seen = new Set<string>();
  for (let at = 0; at + 3 <= words.length; at++) {
    const gram = words.slice(at, at + 3);
    if (seen.has(gram)) continue;
    seen.add(gram);
    const low = scrambled(
      imul(gram.charCodeAt(0), 0x01000193) ^ imul(gram.charCodeAt(1), 0x9e3779b1) ^ imul(gram.charCodeAt(2), 0x297a2d39),
    );
    const high = scrambled(low ^ 0x5bd1e995);
    for (let bit = 0; bit < 32; bit++) {
      votes[bit] = (votes[bit] as number) + ((low >>> bit) & 1 ? 1 : -1);
      votes[bit + 32] = (votes[bit + 32] as number) + ((high >>> bit) & 1 ? 1 : -1);
    }
  }
  const half = (from: number): number =>
    votes.subarray(from, from + 32).reduce((bits, vote, bit) => (vote > 0 ? bits | (1 << bit) : bits), 0);
  return { low: half(0), high: half(32) };
}

const ones = (word: number): number => {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
};

export const distance = (a: Simhash, b: Simhash): number => ones(a.low ^ b.low) + ones(a.high ^ b.high);
