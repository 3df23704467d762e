import { chanceOf, shuffle } from './chance.js';

/**
 * Deals messages to `count` folds so that each label is in all of them in equal parts, and messages of one group are in the same fold.
 * Large groups are dealt first, each to the fold that has least of its label.
 * @param groups of each message, see `groupTwins`
 * @returns the fold of each message
 */
export const dealFolds = (labels: ArrayLike<number>, groups: ArrayLike<number>, count: number, seed: number): Int32Array => {
  const members = new Map<number, number[]>();
  for (let row = 0; row < labels.length; row++) {
    const group = groups[row] as number;
    const own = members.get(group);
    if (own === undefined) members.set(group, [row]);
    else own.push(row);
  }
  const folds = new Int32Array(labels.length);
  const dealt = new Map<number, Int32Array>();
  for (const rows of shuffle([...members.values()], chanceOf(seed)).sort((a, b) => b.length - a.length)) {
    const label = labels[rows[0] as number] as number;
    const have = dealt.get(label) ?? new Int32Array(count);
    dealt.set(label, have);
    const fold = have.indexOf(Math.min(...have));
    have[fold] = (have[fold] as number) + rows.length;
    for (const row of rows) folds[row] = fold;
  }
  return folds;
};
