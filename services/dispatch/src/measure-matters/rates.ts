import type { ScoredMatter } from '../domain/routing/matter-scores.js';

/** A message whose matter a person has said. */
export interface Checked {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  /** Any of these is right; the first is the better one. */
  readonly matters: readonly string[];
}

export interface Rates {
  readonly messages: number;
  /** Part of them whose first matter is right, or one of the first three. */
  readonly first: number;
  readonly firstThree: number;
}

export const ratesOf = (sample: readonly Checked[], ranked: (message: Checked) => readonly ScoredMatter[]): Rates => {
  const right = (most: number): number =>
    sample.filter((message) =>
      ranked(message)
        .slice(0, most)
        .some(({ matter }) => message.matters.includes(matter.code)),
    ).length / sample.length;
  return { messages: sample.length, first: right(1), firstThree: right(3) };
};
