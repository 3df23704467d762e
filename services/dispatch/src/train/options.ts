import { parseArgs } from 'node:util';

export const DEFAULT_SEED = 1;
export const DEFAULT_OUT = '.data/models/topics.model';

export const usage = `npm run train -- --data FILE.csv [--test FILE.csv] [--corrections FILE.csv] [--against MODEL] [--seed N] [--out FILE] [--json]

Learns from messages which topic a message has, tells how well it does on messages that it was not shown, and writes the model.

  --data FILE         CSV in UTF-8 with a heading; columns label and text, others are passed over
  --test FILE         scores on this file; without it on a fifth of --data, every label in its part, near-identical texts on one side
  --corrections FILE  more rows to learn from, as dispatchers' corrections are exported: columns label and text
  --against MODEL     refuses a model whose macro-F1 on the test side is lower than this one's: nothing is written, exit code 1
  --seed N            the split and the order of learning follow from it (${DEFAULT_SEED})
  --out FILE          where the model goes (${DEFAULT_OUT})
  --json              the figures as one line of JSON

Ends with 0 when the model was written, with 1 when it was refused or a file can't be used, with 2 when the call was wrong.
`;

export interface TrainOptions {
  readonly data: string;
  readonly test?: string;
  readonly corrections?: string;
  readonly against?: string;
  readonly seed: number;
  readonly out: string;
  readonly json: boolean;
}

/** A mistake of the caller, answered with its text alone. */
export interface Misuse {
  readonly misuse: string;
}

/** @returns undefined when help was asked for */
export const readOptions = (args: readonly string[]): TrainOptions | Misuse | undefined => {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        test: { type: 'string' },
        corrections: { type: 'string' },
        against: { type: 'string' },
        seed: { type: 'string', default: String(DEFAULT_SEED) },
        out: { type: 'string', default: DEFAULT_OUT },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    return { misuse: error instanceof Error ? error.message : String(error) };
  }
  const { help, data, seed, out, json, ...files } = values;
  if (help) return undefined;
  if (data === undefined || data === '') return { misuse: '--data is needed: the file with the labelled messages' };
  if (!/^\d{1,9}$/.test(seed)) return { misuse: `--seed ${seed} is not a whole number from 0 to 999999999` };
  return { data, seed: Number(seed), out, json, ...files };
};
