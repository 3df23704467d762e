import type { Calibration } from './calibration.js';
import type { GramSettings } from './grams.js';
import type { Scores } from './scores.js';

/** What a model was made from and how well it does; kept in its file. */
export interface ModelRecord {
  /** Of the labels and texts it was trained with, as SHA-256. */
  readonly dataHash: string;
  readonly messages: number;
  readonly seed: number;
  /** On messages of the training part, each judged by a model that was not trained with it. The threshold was chosen on these. */
  readonly crossValidation: Scores;
  /** On the test side. */
  readonly test: Scores;
}

/** Everything that deciding needs; plain data. */
export interface TopicModel {
  readonly labels: readonly string[];
  readonly settings: GramSettings;
  /** Hashes of the n-grams that it knows. */
  readonly hashes: Uint32Array;
  /** What each counts in the length of a message. */
  readonly lengths: Float32Array;
  /** `weights[gram * labels + label]`, in units of `unit`. */
  readonly weights: Int16Array;
  readonly unit: number;
  readonly biases: readonly number[];
  readonly calibration: Calibration;
  /** Least confidence of a decision without a person. */
  readonly threshold: number;
}

const MOST = 0x7fff;

/** Weights of 16 bits: half the memory of floats, and no decision that differs was found. */
export const rounded = (weights: Float32Array): { readonly weights: Int16Array; readonly unit: number } => {
  let most = 0;
  for (const weight of weights) most = Math.max(most, Math.abs(weight));
  const unit = most === 0 ? 1 : most / MOST;
  return { weights: Int16Array.from(weights, (weight) => Math.round(weight / unit)), unit };
};
