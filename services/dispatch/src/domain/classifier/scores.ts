/** How sure a decision was, and whether it was right. */
export interface Judged {
  readonly confidence: number;
  readonly right: boolean;
}

export interface LabelScore {
  readonly label: string;
  /** Messages that have the label. */
  readonly count: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export interface Scores {
  readonly messages: number;
  readonly accuracy: number;
  /** Mean of the labels' F1: a rare topic counts as much as a frequent one. */
  readonly macroF1: number;
  /** See {@link calibrationError}. */
  readonly ece: number;
  readonly labels: readonly LabelScore[];
  /** `confusion[true label][decided label]`, in the order of `labels`. */
  readonly confusion: readonly (readonly number[])[];
  readonly automatic: AutomaticScore;
}

export interface AutomaticScore {
  /** Least confidence of what is decided without a person. */
  readonly threshold: number;
  /** Part of all messages. */
  readonly share: number;
  /** How many of those are right; 1 where there is none. */
  readonly precision: number;
}

const BINS = 15;
const part = (of: number, all: number): number => (all === 0 ? 0 : of / all);

/**
 * Expected calibration error (Guo et al. 2017): messages in 15 equally wide bins of the decided label's probability; the distance of each
 * bin's mean probability from the part of it that is right, weighted by the number of messages in the bin.
 */
export const calibrationError = (judged: readonly Judged[]): number => {
  const bins = Array.from({ length: BINS }, () => ({ confidence: 0, right: 0 }));
  for (const { confidence, right } of judged) {
    const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))] as (typeof bins)[number];
    bin.confidence += confidence;
    bin.right += right ? 1 : 0;
  }
  return part(
    bins.reduce((sum, { confidence, right }) => sum + Math.abs(confidence - right), 0),
    judged.length,
  );
};

export const automaticAt = (judged: readonly Judged[], threshold: number): AutomaticScore => {
  const decided = judged.filter(({ confidence }) => confidence >= threshold);
  const right = decided.filter((each) => each.right).length;
  return { threshold, share: part(decided.length, judged.length), precision: decided.length === 0 ? 1 : right / decided.length };
};

/** The label with the highest probability; the first of several. */
export const best = (probabilities: ArrayLike<number>): number => {
  let at = 0;
  for (let label = 1; label < probabilities.length; label++)
    if ((probabilities[label] as number) > (probabilities[at] as number)) at = label;
  return at;
};

export const judge = (truth: ArrayLike<number>, probabilities: readonly ArrayLike<number>[]): readonly Judged[] =>
  probabilities.map((each, row) => {
    const decided = best(each);
    return { confidence: each[decided] as number, right: decided === truth[row] };
  });

/**
 * @param truth index of each message's label
 * @param probabilities of each message, by label
 */
export const scoresOf = (
  labels: readonly string[],
  truth: ArrayLike<number>,
  probabilities: readonly ArrayLike<number>[],
  threshold: number,
): Scores => {
  const judged = judge(truth, probabilities);
  const confusion = labels.map(() => labels.map(() => 0));
  probabilities.forEach((each, row) => {
    const line = confusion[truth[row] as number] as number[];
    line[best(each)] = (line[best(each)] as number) + 1;
  });
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
  const perLabel = labels.map((label, index): LabelScore => {
    const right = confusion[index]?.[index] ?? 0;
    const count = sum(confusion[index] ?? []);
    const decided = sum(confusion.map((line) => line[index] ?? 0));
    return { label, count, precision: part(right, decided), recall: part(right, count), f1: part(2 * right, count + decided) };
  });
  return {
    messages: judged.length,
    accuracy: part(judged.filter(({ right }) => right).length, judged.length),
    macroF1: part(sum(perLabel.map(({ f1 }) => f1)), labels.length),
    ece: calibrationError(judged),
    labels: perLabel,
    confusion,
    automatic: automaticAt(judged, threshold),
  };
};
