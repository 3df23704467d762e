import { Misuse, optionsOf, wholeNumber } from '@paidan/local/call';

/** A day in ten seconds: deadlines of days pass within a minute, and what the machine takes, tenths of a second, is still minutes in them. */
export const USUAL_FACTOR = 8_640;
const FASTEST = 100_000;

export const usage = `npm run demo -- [--messages FILE.csv] [--limit N] [--seed N] [--factor N] [--json]

Plays a city: hands in each message as a channel's adapter would, assigns what waits for a person, answers as the departments would over Kafka –
most in time, some late, some not before they get a card –, takes the replies as the channels' systems would, rates them as citizens do, and shows
what became of every message. Uses the system that npm start runs, or starts one with data of its own and stops it at the end.

  --messages FILE   CSV in UTF-8 with a heading; columns title, body and, if there, reply and time (others are passed over).
                    Without it: twenty messages of the example city.
  --limit N         the first N rows only
  --seed N          what departments and citizens do follows from it (82027)
  --factor N        how many times as fast as real time the city lives, on a system that the play starts: ${USUAL_FACTOR} unless given, a day
                    in ten seconds. 1 is real time: everybody acts at once then, and neither deadlines nor cards come up; so it is on a system
                    that runs already, unless it was started with an accelerated clock (PAIDAN_CLOCK).
  --json            the table as one line of JSON, the last of the output; progress goes to the error output
  --help            this text

Ends with 0 when nothing was lost, whatever was refused; with 1 when something was, or the system failed; with 2 when the call was wrong.
`;

export interface DemoOptions {
  readonly messages?: string;
  readonly limit?: number;
  readonly seed: number;
  /** Undefined: as it comes. */
  readonly factor?: number;
  readonly json: boolean;
}

/** @returns undefined when help was asked for */
export function readOptions(args: readonly string[]): DemoOptions | undefined {
  const values = parsed(args);
  if (values.help) return undefined;
  if (values.messages === '') throw new Misuse('--messages needs the name of a file');
  return {
    ...(values.messages === undefined ? {} : { messages: values.messages }),
    ...(values.limit === undefined ? {} : { limit: wholeNumber('--limit', values.limit, 1) }),
    seed: wholeNumber('--seed', values.seed, 0),
    ...(values.factor === undefined ? {} : { factor: factorOf(values.factor) }),
    json: values.json,
  };
}

function factorOf(text: string): number {
  const factor = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && factor >= 1 && factor <= FASTEST) return factor;
  throw new Misuse(`--factor ${text} is not a number from 1 to ${FASTEST}`);
}

const parsed = (args: readonly string[]) =>
  optionsOf(args, {
    messages: { type: 'string' },
    limit: { type: 'string' },
    // Of our twenty it sends one back that a rule can place elsewhere, and one that a person has to.
    seed: { type: 'string', default: '82027' },
    factor: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
