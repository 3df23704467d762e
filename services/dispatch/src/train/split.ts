import { dealFolds } from '../domain/classifier/folds.js';
import { groupTwins } from '../domain/classifier/twins.js';
import { dispatchError } from '../errors.js';
import type { LabelledRow } from './labelled-rows.js';

export interface Split {
  readonly labels: readonly string[];
  readonly training: readonly LabelledRow[];
  /** Of each training row, see `groupTwins`. */
  readonly groups: readonly number[];
  readonly test: readonly LabelledRow[];
  /** Corrections that are left out, because a text of the test side is nearly the same. */
  readonly leftOut: number;
}

/** A fifth of the messages is the test side. */
const FIFTH = 5;
const LEAST_MESSAGES = 10;

/**
 * @param test rows of a file of their own; without them a fifth of `data`
 * @param corrections only to be learnt from: the test side is the same with and without them
 * @throws PaidanError `too-few-messages`
 */
export const splitRows = (
  data: readonly LabelledRow[],
  test: readonly LabelledRow[] | undefined,
  corrections: readonly LabelledRow[],
  seed: number,
): Split => {
  const labels = [...new Set(data.map(({ label }) => label))].sort();
  for (const label of labels) {
    const count = data.filter((row) => row.label === label).length;
    if (count < LEAST_MESSAGES)
      throw dispatchError('too-few-messages', `label "${label}" has ${count} messages, ${LEAST_MESSAGES} are needed`);
  }
  if (labels.length < 2) throw dispatchError('too-few-messages', 'all messages have one label: there is nothing to learn');
  const truth = data.map(({ label }) => labels.indexOf(label));
  const isTest: boolean[] = [];
  if (test === undefined) {
    const folds = dealFolds(truth, groupTwins(data.map(({ text }) => text)), FIFTH, seed);
    folds.forEach((fold) => isTest.push(fold === 0));
  }
  const others = [...corrections, ...(test ?? [])];
  const all = [...data, ...others];
  const group = groupTwins(all.map(({ text }) => text));
  const testGroups = new Set<number>();
  const isTestRow = (at: number): boolean => isTest[at] === true || at >= data.length + corrections.length;
  all.forEach((_, at) => isTestRow(at) && testGroups.add(group[at] as number));

  const kept = all.flatMap((row, at) => {
    if (isTestRow(at)) return [];
    // A file given for testing may hold texts of the training data: those say nothing, and are not learnt from.
    const isTwin = testGroups.has(group[at] as number) && (test !== undefined || at >= data.length);
    return isTwin ? [] : [{ row, group: group[at] as number }];
  });
  return {
    labels,
    training: kept.map(({ row }) => row),
    groups: kept.map((each) => each.group),
    test: all.filter((_, at) => isTestRow(at)),
    leftOut: all.length - kept.length - all.filter((_, at) => isTestRow(at)).length,
  };
};
