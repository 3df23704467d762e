import { parseArgs } from 'node:util';

export const usage = `npm run demo -- [--messages FILE.csv] [--limit N] [--seed N] [--json]

Plays a city: hands in each message as a channel's adapter would, assigns what waits for a person, answers as the departments would over Kafka,
and shows what became of every message. Uses the system that npm start runs, or starts one with data of its own and stops it at the end.

  --messages FILE   CSV in UTF-8 with a heading; columns title, body and, if there, reply and time (others are passed over).
                    Without it: twenty messages of the example city.
  --limit N         the first N rows only
  --seed N          what departments return and send back follows from it (82027)
  --json            the table as one line of JSON, the last of the output; progress goes to the error output
  --help            this text

Ends with 0 when nothing was lost, whatever was refused; with 1 when something was, or the system failed; with 2 when the call was wrong.
`;

export interface DemoOptions {
  readonly messages?: string;
  readonly limit?: number;
  readonly seed: number;
  readonly json: boolean;
}

/** A mistake of the caller, answered with its text alone. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}

/** @returns undefined when help was asked for */
export function readOptions(args: readonly string[]): DemoOptions | undefined {
  const { values } = parsed(args);
  if (values.help) return undefined;
  if (values.messages === '') throw new Misuse('--messages needs the name of a file');
  return {
    ...(values.messages === undefined ? {} : { messages: values.messages }),
    ...(values.limit === undefined ? {} : { limit: wholeNumber('--limit', values.limit, 1) }),
    seed: wholeNumber('--seed', values.seed, 0),
    json: values.json,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        messages: { type: 'string' },
        limit: { type: 'string' },
        // Of our twenty it sends one back that a rule can place elsewhere, and one that a person has to.
        seed: { type: 'string', default: '82027' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
  throw new Misuse(`${option} ${text} is not a whole number from ${least} on`);
}
