import { calibrate, fitCalibration } from './calibration.js';
import { dealFolds } from './folds.js';
import { bagger, type Bag, type GramSettings } from './grams.js';
import { marginsOf, trainLinear, type Hyperplanes, type LinearSettings } from './linear.js';
import { rounded, type TopicModel } from './model.js';
import { judge, scoresOf, type Judged, type Scores } from './scores.js';
import { chooseVocabulary, sparseRows, type Vocabulary, type VocabularySettings } from './vocabulary.js';

/** A message with what it is about, as a person said. */
export interface LabelledText {
  readonly label: string;
  readonly text: string;
}

export interface LearningSettings {
  readonly grams: GramSettings;
  readonly vocabulary: VocabularySettings;
  readonly linear: LinearSettings;
  /** Parts of the training messages, each judged by a model of the others. */
  readonly folds: number;
  readonly automatic: AutomaticAim;
}

export interface AutomaticAim {
  /** Part of the automatic decisions that is to be right. */
  readonly precision: number;
  /** What is asked beyond that in cross-validation: another thousand messages are never quite like these. */
  readonly reserve: number;
}

/** Chosen by cross-validation on the training part of the split with seed 1; see the README. */
export const LEARNING: LearningSettings = {
  grams: { longest: 2, opening: 4, openingLetters: 20, titleLetters: 25 },
  vocabulary: { leastMessages: 3, doubt: 1, floor: 0.3 },
  linear: { cost: 2, balance: 0.5, rounds: 10 },
  folds: 8,
  automatic: { precision: 0.97, reserve: 0.012 },
};

export interface Learnt {
  readonly model: TopicModel;
  readonly crossValidation: Scores;
}

interface Trained extends Hyperplanes {
  readonly vocabulary: Vocabulary;
}

const trainOn = (bags: readonly Bag[], truth: ArrayLike<number>, labels: number, settings: LearningSettings, seed: number): Trained => {
  const vocabulary = chooseVocabulary(bags, truth, labels, settings.vocabulary);
  const rows = sparseRows(bags, vocabulary);
  return { vocabulary, ...trainLinear(rows, truth, { labels, grams: vocabulary.hashes.length }, settings.linear, seed) };
};

/**
 * The lowest threshold at which as many decisions are right as is aimed at, so that most are decided; where none does, one that nothing reaches.
 * Every share from there up is looked at, not only the first that fails: at the top a single wrong decision is a large part.
 */
export const chooseThreshold = (judged: readonly Judged[], { precision, reserve }: AutomaticAim): number => {
  const order = [...judged].sort((a, b) => b.confidence - a.confidence);
  let right = 0;
  let threshold = NOBODY;
  order.forEach((each, index) => {
    right += each.right ? 1 : 0;
    const isLast = order[index + 1]?.confidence !== each.confidence;
    if (isLast && right / (index + 1) >= precision + reserve) threshold = each.confidence;
  });
  return threshold;
};
/** More than any probability. */
const NOBODY = 2;

/**
 * Learns a model. Calibration and threshold come from messages of these rows that the model judging them was not trained with.
 * @param groups of each row, see `groupTwins`: rows of one group are never on two sides
 */
export const learn = (
  rows: readonly LabelledText[],
  labels: readonly string[],
  groups: ArrayLike<number>,
  seed: number,
  settings: LearningSettings = LEARNING,
): Learnt => {
  const bags = rows.map(({ text }) => text).map(bagger(settings.grams));
  const truth = Int32Array.from(rows, ({ label }) => labels.indexOf(label));
  const folds = dealFolds(truth, groups, settings.folds, seed);
  const margins: Float64Array[] = [];
  for (let fold = 0; fold < settings.folds; fold++) {
    const [inside, outside]: [number[], number[]] = [[], []];
    folds.forEach((own, row) => (own === fold ? outside : inside).push(row));
    const of = (chosen: readonly number[]): readonly Bag[] => chosen.map((row) => bags[row] as Bag);
    const insideTruth = inside.map((row) => truth[row] as number);
    // The longer the list, the longer the weights grow at the same cost, and the surer the model: a fold's must be as sure as the whole's.
    const linear = { ...settings.linear, cost: (settings.linear.cost * rows.length) / inside.length };
    const trained = trainOn(of(inside), insideTruth, labels.length, { ...settings, linear }, seed);
    marginsOf(trained, sparseRows(of(outside), trained.vocabulary)).forEach((own, index) => (margins[outside[index] as number] = own));
  }
  const calibration = fitCalibration(margins, truth, labels.length);
  const probabilities = margins.map((own) => calibrate(calibration, own, new Float64Array(labels.length)));
  const threshold = chooseThreshold(judge(truth, probabilities), settings.automatic);

  const { vocabulary, weights, biases } = trainOn(bags, truth, labels.length, settings, seed);
  // What an n-gram counts whatever the label is multiplied in once, here.
  const whole = weights.map((weight, at) => weight * (vocabulary.weights[Math.floor(at / labels.length)] as number));
  return {
    model: {
      labels,
      settings: settings.grams,
      hashes: vocabulary.hashes,
      lengths: vocabulary.weights,
      ...rounded(whole),
      biases: Array.from(biases),
      calibration,
      threshold,
    },
    crossValidation: scoresOf(labels, truth, probabilities, threshold),
  };
};
