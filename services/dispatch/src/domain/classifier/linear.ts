import { chanceOf, shuffle } from './chance.js';
import type { SparseRows } from './vocabulary.js';

/** One hyperplane per label. */
export interface Hyperplanes {
  readonly labelCount: number;
  /** `weights[gram * labelCount + label]`. */
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

export interface LinearSettings {
  /** What a message on the wrong side of its label's margin costs, against long weights. */
  readonly cost: number;
  /** 0: messages of all labels cost alike; 1: a label's messages together cost as much as all others. */
  readonly balance: number;
  readonly rounds: number;
}

/**
 * Support vector machines with squared hinge loss, one per label against the rest, by coordinate descent in the dual (Hsieh et al. 2008): the
 * step of a message has a closed form, so there is no rate to choose. All labels take their step of a message at once, because finding the
 * message's n-grams in memory is what costs.
 */
export const trainLinear = (
  rows: SparseRows,
  truth: ArrayLike<number>,
  size: { readonly labels: number; readonly grams: number },
  { cost, balance, rounds }: LinearSettings,
  seed: number,
): Hyperplanes => {
  const { starts, grams, values } = rows;
  const { labels } = size;
  const weights = new Float32Array(size.grams * labels);
  const biases = new Float32Array(labels);
  const counts = new Float64Array(labels);
  for (let row = 0; row < truth.length; row++) counts[truth[row] as number] = (counts[truth[row] as number] as number) + 1;
  const slack = 1 / (2 * cost);
  const ownSlack = Float64Array.from(counts, (count) => slack * (count / Math.max(truth.length - count, 1)) ** balance);
  const duals = new Float64Array(truth.length * labels);
  const sums = new Float64Array(labels);
  const order = Int32Array.from({ length: truth.length }, (_, row) => row);
  const chance = chanceOf(seed);
  for (let round = 0; round < rounds; round++) {
    for (const row of shuffle(order, chance)) {
      const start = starts[row] as number;
      const end = starts[row + 1] as number;
      sums.set(biases);
      for (let at = start; at < end; at++) {
        const value = values[at] as number;
        const base = (grams[at] as number) * labels;
        for (let label = 0; label < labels; label++) sums[label] = (sums[label] as number) + value * (weights[base + label] as number);
      }
      // Rows have length 1, or 0 where no n-gram is known; the bias adds 1.
      const square = end > start ? 2 : 1;
      let moved = false;
      for (let label = 0; label < labels; label++) {
        const side = truth[row] === label ? 1 : -1;
        const own = side === 1 ? (ownSlack[label] as number) : slack;
        const dual = duals[row * labels + label] as number;
        const next = Math.max(0, dual - (side * (sums[label] as number) - 1 + dual * own) / (square + own));
        duals[row * labels + label] = next;
        sums[label] = side * (next - dual);
        moved ||= next !== dual;
      }
      if (!moved) continue;
      for (let at = start; at < end; at++) {
        const value = values[at] as number;
        const base = (grams[at] as number) * labels;
        for (let label = 0; label < labels; label++)
          weights[base + label] = (weights[base + label] as number) + value * (sums[label] as number);
      }
      for (let label = 0; label < labels; label++) biases[label] = (biases[label] as number) + (sums[label] as number);
    }
  }
  return { labelCount: labels, weights, biases };
};

/** How far on the side of each label each row lies: `margins[row][label]`. */
export const marginsOf = ({ labelCount, weights, biases }: Hyperplanes, { starts, grams, values }: SparseRows): readonly Float64Array[] =>
  Array.from({ length: starts.length - 1 }, (_, row) => {
    const margins = Float64Array.from(biases);
    for (let at = starts[row] as number; at < (starts[row + 1] as number); at++) {
      const base = (grams[at] as number) * labelCount;
      for (let label = 0; label < labelCount; label++)
        margins[label] = (margins[label] as number) + (values[at] as number) * (weights[base + label] as number);
    }
    return margins;
  });
