import type { Answers } from './system/ask-all.js';

/** What a command has to say, to people and to programs, and whether all is as it should be. */
export interface Outcome {
  readonly text: string;
  readonly json: unknown;
  readonly ok: boolean;
  /** Beside the answer: who did not answer, and why. */
  readonly complaints?: readonly string[];
  /** Nobody answered. */
  readonly nobody?: boolean;
}

/** What several services answered; not as it should be where one of them did not. */
export const several = <T>({ found, missing }: Answers<T>, show: (found: Answers<T>['found']) => string): Outcome => ({
  text: show(found),
  json: found.map(({ service, answer }) => ({ service, ...answer })),
  ok: missing.length === 0,
  complaints: missing,
});
