import type { Bag } from './grams.js';

/** The n-grams that a model knows, each with what it counts for whatever the label. */
export interface Vocabulary {
  readonly hashes: Uint32Array;
  readonly weights: Float32Array;
}

/** Messages as rows of a sparse matrix, each of length 1. */
export interface SparseRows {
  /** Where each row begins, and at last where the last one ends. */
  readonly starts: Int32Array;
  /** Positions in the vocabulary. */
  readonly grams: Int32Array;
  readonly values: Float32Array;
}

export interface VocabularySettings {
  /** N-grams of fewer messages are left out: they are names, and what they seem to say about a label is chance. */
  readonly leastMessages: number;
  /** Messages that every n-gram is taken to have been in besides, in each label's part: one that was seen thrice proves little. */
  readonly doubt: number;
  /** What an n-gram that all labels have alike still counts, beside 1 for one that a single label has. */
  readonly floor: number;
}

/**
 * Chooses n-grams and weighs them: rare ones more (inverse document frequency), and those whose labels are few more than those that every label
 * has (1 − entropy over the labels). The second lifted macro-F1 in cross-validation by 0.008.
 */
export const chooseVocabulary = (
  bags: readonly Bag[],
  truth: ArrayLike<number>,
  labelCount: number,
  { leastMessages, doubt, floor }: VocabularySettings,
): Vocabulary => {
  const found = new Map<number, number>();
  for (const { hashes } of bags) for (const hash of hashes) found.set(hash, (found.get(hash) ?? 0) + 1);
  const hashes = Uint32Array.from([...found].filter(([, messages]) => messages >= leastMessages).map(([hash]) => hash)).sort();
  const places = placesOf(hashes);
  const byLabel = new Float64Array(hashes.length * labelCount);
  const sizes = new Float64Array(labelCount);
  bags.forEach((bag, row) => {
    const label = truth[row] as number;
    sizes[label] = (sizes[label] as number) + 1;
    for (const hash of bag.hashes) {
      const place = places.get(hash);
      if (place !== undefined) byLabel[place * labelCount + label] = (byLabel[place * labelCount + label] as number) + 1;
    }
  });
  const weights = Float32Array.from(hashes, (hash, place) => {
    const rates = Array.from(sizes, (size, label) => {
      const expected = (doubt * size * labelCount) / bags.length;
      return size === 0 ? 0 : ((byLabel[place * labelCount + label] as number) + doubt) / (size + expected);
    });
    const all = rates.reduce((sum, rate) => sum + rate, 0);
    const entropy = rates.reduce((sum, rate) => (rate === 0 ? sum : sum - (rate / all) * Math.log(rate / all)), 0);
    const rarity = 1 + Math.log((bags.length + 1) / ((found.get(hash) as number) + 1));
    return rarity * (floor + 1 - entropy / Math.log(Math.max(labelCount, 2)));
  });
  return { hashes, weights };
};

const placesOf = (hashes: Uint32Array): ReadonlyMap<number, number> => new Map(Array.from(hashes, (hash, place) => [hash, place]));

export const sparseRows = (bags: readonly Bag[], vocabulary: Vocabulary): SparseRows => {
  const places = placesOf(vocabulary.hashes);
  const starts = new Int32Array(bags.length + 1);
  const most = bags.reduce((sum, { hashes }) => sum + hashes.length, 0);
  const grams = new Int32Array(most);
  const values = new Float32Array(most);
  let end = 0;
  bags.forEach((bag, row) => {
    const start = end;
    let squares = 0;
    bag.hashes.forEach((hash, index) => {
      const place = places.get(hash);
      if (place === undefined) return;
      const value = (bag.counts[index] as number) * (vocabulary.weights[place] as number);
      grams[end] = place;
      values[end++] = value;
      squares += value * value;
    });
    const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
    for (let at = start; at < end; at++) values[at] = (values[at] as number) * scale;
    starts[row + 1] = end;
  });
  return { starts, grams: grams.slice(0, end), values: values.slice(0, end) };
};
