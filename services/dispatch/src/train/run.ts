import { createHash } from 'node:crypto';
import { classifierOf, type Classifier } from '../domain/classifier/classifier.js';
import { learn } from '../domain/classifier/learn.js';
import { scoresOf, type Scores } from '../domain/classifier/scores.js';
import { dispatchError } from '../errors.js';
import type { StoredModel } from '../model-file.js';
import { requireKnown, type LabelledRow } from './labelled-rows.js';
import { splitRows } from './split.js';

/** Rows of a file, with its name. */
export interface Table {
  readonly name: string;
  readonly rows: readonly LabelledRow[];
}

export interface Inputs {
  readonly data: Table;
  readonly test?: Table | undefined;
  readonly corrections?: Table | undefined;
  readonly against?: { readonly name: string; readonly stored: StoredModel } | undefined;
  readonly seed: number;
}

/** A decision that was wrong although it was sure: often the label is. */
export interface Mistake {
  readonly line: number;
  readonly label: string;
  readonly decided: string;
  readonly confidence: number;
}

export interface Figures {
  readonly seed: number;
  readonly training: number;
  readonly test: Scores;
  readonly crossValidation: Scores;
  readonly corrections: number;
  readonly leftOut: number;
  readonly grams: number;
  readonly trainingSeconds: number;
  readonly against?: { readonly name: string; readonly macroF1: number };
  readonly mistakes: readonly Mistake[];
}

export interface Outcome {
  readonly stored: StoredModel;
  readonly figures: Figures;
  /** The test side. */
  readonly texts: readonly string[];
}

/** What one core decides in a second; and with the phrases that weighed most. */
export interface Speed {
  readonly messagesPerSecond: number;
  readonly explainedPerSecond: number;
}

const MEASURED_MS = 1_500;
const MOST_MISTAKES = 20;

/** @throws PaidanError `label-unknown`, `too-few-messages` */
export const train = ({ data, test, corrections, against, seed }: Inputs): Outcome => {
  const started = performance.now();
  const labels = [...new Set(data.rows.map(({ label }) => label))].sort();
  for (const table of [test, corrections]) if (table !== undefined) requireKnown(table.rows, labels, table.name);
  const split = splitRows(data.rows, test?.rows, corrections?.rows ?? [], seed);
  const { model, crossValidation } = learn(split.training, labels, split.groups, seed);
  const trainingSeconds = (performance.now() - started) / 1_000;

  const classifier = classifierOf(model);
  const scores = scoresOn(classifier, split.test, labels);
  const old = against === undefined ? undefined : scoresOn(classifierOf(against.stored.model), split.test, labels);
  return {
    stored: {
      model,
      record: { dataHash: hashOf(split.training), messages: split.training.length, seed, crossValidation, test: scores },
    },
    figures: {
      seed,
      training: split.training.length,
      test: scores,
      crossValidation,
      corrections: corrections?.rows.length ?? 0,
      leftOut: split.leftOut,
      grams: model.hashes.length,
      trainingSeconds,
      ...(old === undefined || against === undefined ? {} : { against: { name: against.name, macroF1: old.macroF1 } }),
      mistakes: mistakesOf(classifier, split.test),
    },
    texts: split.test.map(({ text }) => text),
  };
};

export const speedOf = ({ model }: StoredModel, texts: readonly string[]): Speed => {
  const classifier = classifierOf(model);
  return {
    messagesPerSecond: perSecond(texts, (text) => classifier.classify(text)),
    explainedPerSecond: perSecond(texts, (text) => classifier.phrases(text, classifier.classify(text).label)),
  };
};

/** @throws PaidanError `model-worse` */
export const requireNoWorse = ({ test, against }: Figures): void => {
  if (against === undefined || test.macroF1 >= against.macroF1) return;
  const [now, before] = [test.macroF1, against.macroF1].map((f1) => f1.toFixed(4));
  throw dispatchError(
    'model-worse',
    `refused: macro-F1 ${now} on the test side, ${against.name} has ${before} there; nothing was written; 新模型在测试集上不如旧模型，未写入`,
  );
};

/** A label that the classifier doesn't know is never decided; one that only it knows counts as wrong. */
const scoresOn = (classifier: Classifier, rows: readonly LabelledRow[], labels: readonly string[]): Scores => {
  const all = [...new Set([...labels, ...classifier.labels])];
  const probabilities = rows.map(({ text }) => {
    const own = classifier.classify(text).probabilities;
    return all.map((label) => own[classifier.labels.indexOf(label)] ?? 0);
  });
  return scoresOf(
    all,
    rows.map(({ label }) => all.indexOf(label)),
    probabilities,
    classifier.threshold,
  );
};

const perSecond = (texts: readonly string[], decide: (text: string) => unknown): number => {
  for (const text of texts) decide(text);
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < MEASURED_MS) for (const text of texts) count += decide(text) === undefined ? 0 : 1;
  return Math.round(count / ((performance.now() - start) / 1_000));
};

const mistakesOf = (classifier: Classifier, rows: readonly LabelledRow[]): readonly Mistake[] =>
  rows
    .map(({ line, label, text }) => {
      const { label: decided, confidence } = classifier.classify(text);
      return { line, label, decided, confidence };
    })
    .filter(({ label, decided }) => label !== decided)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, MOST_MISTAKES);

const hashOf = (rows: readonly LabelledRow[]): string => {
  const hash = createHash('sha256');
  for (const { label, text } of rows) hash.update(`${JSON.stringify([label, text])}\n`);
  return hash.digest('hex');
};
