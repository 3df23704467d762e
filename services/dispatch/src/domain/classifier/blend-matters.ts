import type { Matter } from '../routing/directory.js';
import type { ScoredMatter } from '../routing/matter-scores.js';

/** Codes of topics (two digits) and matters (four) that messages with a label are about; one code may be under several labels. */
export type LabelCodes = ReadonlyMap<string, readonly string[]>;

/** What the model's probability does to the score that the catalogue's words gave a matter. */
export interface BlendPolicy {
  /** A matter whose labels are ruled out keeps this part of its score. */
  readonly least: number;
  /** A matter whose labels are certain gets this many times its score. */
  readonly most: number;
  /** A matter that no label stands for is treated as if its labels had this probability: the model knows nothing of it. */
  readonly unknown: number;
}

/** Chosen on half of the hand-checked messages, checked on the other half; see the README. */
export const BLEND: BlendPolicy = { least: 0.7, most: 1.3, unknown: 0.5 };

/**
 * How probable it is that an appeal is about a matter, by the labels that stand for it or its topic; undefined of a matter that no label stands for.
 * @param labels of the classifier, in the order of its probabilities
 */
export const matterProbabilities = (
  matters: readonly Matter[],
  labels: readonly string[],
  codes: LabelCodes,
): {
  readonly labelsOf: (matter: Matter) => readonly number[];
  of(matter: Matter, probabilities: ArrayLike<number>): number | undefined;
} => {
  const known = new Map<string, readonly number[]>(
    matters.map(({ code, topic }) => [
      code,
      labels.flatMap((label, at) => ((codes.get(label) ?? []).some((own) => own === code || own === topic) ? [at] : [])),
    ]),
  );
  const labelsOf = ({ code }: Matter): readonly number[] => known.get(code) ?? [];
  return {
    labelsOf,
    of: (matter, probabilities) => {
      const own = labelsOf(matter);
      if (own.length === 0) return undefined;
      return Math.min(
        1,
        own.reduce((sum, at) => sum + (probabilities[at] as number), 0),
      );
    },
  };
};

/**
 * Lets the model's topic speak on matters that the catalogue's words put forward; one that no word speaks for stays out, because a topic alone says
 * nothing about which of its matters it is.
 * @param labels of the classifier, in the order of its probabilities
 */
export const matterBlender = (
  matters: readonly Matter[],
  labels: readonly string[],
  codes: LabelCodes,
  { least, most, unknown }: BlendPolicy = BLEND,
): ((ranked: readonly ScoredMatter[], probabilities: ArrayLike<number>) => readonly ScoredMatter[]) => {
  const probability = matterProbabilities(matters, labels, codes);
  return (ranked, probabilities) =>
    ranked
      .map(({ matter, score }) => {
        const own = probability.of(matter, probabilities) ?? unknown;
        return { matter, score: score * (least + (most - least) * own) };
      })
      .sort((a, b) => b.score - a.score || (a.matter.code < b.matter.code ? -1 : 1));
};
