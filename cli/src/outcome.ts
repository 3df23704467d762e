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
