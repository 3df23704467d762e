import { lettersOf, type Letters } from './letters.js';

export interface GramSettings {
  /** Letters of the longest n-gram; all shorter ones count too. */
  readonly longest: number;
  /** How much more than once the first letter counts: a message begins with its title, or with what it is about. */
  readonly opening: number;
  /** Letters after which that has fallen to a third. */
  readonly openingLetters: number;
  /** Pairs within this many first letters are n-grams of their own besides: a word of the title says something else than one of the story. */
  readonly titleLetters: number;
}

const { imul } = Math;

/** Spreads a number of 32 bits over all of them, each to another one (the end of murmur3). */
const spread = (number: number): number => {
  let mixed = number ^ (number >>> 16);
  mixed = imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
};

/** How much each n-gram counts by the place where it begins; beyond the table, once. */
const placeWeights = ({ opening, openingLetters }: GramSettings): Float64Array =>
  Float64Array.from({ length: Math.ceil(openingLetters * 6) }, (_, at) => 1 + opening * Math.exp(-at / openingLetters));

/** An n-gram that begins at a letter: its hash, what it counts, where it begins, how many letters it has. */
export type Visit = (hash: number, weight: number, at: number, size: number) => void;

/** Turns a pair of letters into the title's pair: no Chinese character becomes another one. */
const IN_TITLE = 0x80000000;

/** Walks all n-grams of a text. Hashes of one and two letters never meet; longer ones meet once in 2³². */
export const gramWalker = (settings: GramSettings): ((letters: Letters, visit: Visit) => void) => {
  const weights = placeWeights(settings);
  return ({ units, length }, visit) => {
    for (let at = 0; at < length; at++) {
      const weight = at < weights.length ? (weights[at] as number) : 1;
      let key = 0;
      const most = Math.min(settings.longest, length - at);
      for (let size = 1; size <= most; size++) {
        const unit = units[at + size - 1] as number;
        key = size <= 2 ? (key << 16) | unit : imul(key ^ (key >>> 15), 0x2c1b3c6d) ^ unit;
        visit(spread(key), weight, at, size);
        if (size === 2 && at + 2 <= settings.titleLetters) visit(spread(key ^ IN_TITLE), 1, at, size);
      }
    }
  };
};

/** An n-gram said often says little more than one said once. */
export const damped = (count: number): number => 1 + Math.log(count);

/** The distinct n-grams of a text and how much they count, damped. */
export interface Bag {
  readonly hashes: Uint32Array;
  readonly counts: Float32Array;
}

export const bagger = (settings: GramSettings): ((text: string) => Bag) => {
  const walk = gramWalker(settings);
  return (text) => {
    const counts = new Map<number, number>();
    walk(lettersOf(text), (hash, weight) => counts.set(hash, (counts.get(hash) ?? 0) + weight));
    return { hashes: Uint32Array.from(counts.keys()), counts: Float32Array.from(counts.values(), damped) };
  };
};
