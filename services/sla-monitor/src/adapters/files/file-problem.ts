/** One thing wrong with a file of the city; `line` counts from 1. */
export interface FileProblem {
  readonly file: string;
  readonly line?: number;
  readonly problem: string;
}

/** `sla.csv:12: finish "5 days" is not a span like 5 WD` */
export const describeProblem = ({ file, line, problem }: FileProblem): string =>
  `${file}${line === undefined ? '' : `:${line}`}: ${problem}`;
