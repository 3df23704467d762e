import { parseArgs } from 'node:util';
import { Misuse } from '../misuse.js';
import { FAULT_PAIRS, type FaultPair, isKind, pairName, TARGETS } from './faults/plan.js';

/** A day in fifteen seconds: slow enough that a frozen minute doesn't make everything late, fast enough for cards within a run. */
const USUAL_FACTOR = 5_760;

export const usage = `npm run chaos -- [--tickets N] [--seed N] [--faults LIST] [--rate N] [--factor N] [--keep] [--json]

Starts a whole system with data of its own, lets a city work on it while its processes are killed, frozen, restarted and doubled, lets it come to rest,
and then checks from outside what every accepted ticket, command, call-back and card has come to. The seed sets the texts, what people do, and the order
of the faults.

  --tickets N    handed in, over HTTP and Kafka (20000)
  --seed N       (1)
  --faults LIST  instead of every kind on every target: kinds or kind:target, separated by commas; none for none. Kinds and their targets:
${Object.entries(TARGETS)
  .map(([kind, targets]) => `                   ${kind.padEnd(13)} ${targets.join(' ')}`)
  .join('\n')}
  --rate N       tickets a second (80)
  --factor N     how many times as fast as real time the city lives (${USUAL_FACTOR})
  --go-on N      seconds that people go on for after the last fault; what isn't done then is left undone (60)
  --keep         leaves the data folder, and says where it is
  --json         the report as one line of JSON, the last of the output
  --help         this text

Ends with 0 when nothing was violated and every fault hit; with 1 otherwise; with 2 when the call was wrong.
`;

export interface ChaosOptions {
  readonly tickets: number;
  readonly seed: number;
  readonly faults: readonly FaultPair[];
  /** Tickets a second. */
  readonly rate: number;
  readonly factor: number;
  /** Seconds. */
  readonly goOn: number;
  readonly keep: boolean;
  readonly json: boolean;
}

/** @returns undefined when help was asked for */
export function readOptions(args: readonly string[]): ChaosOptions | undefined {
  const values = parsed(args);
  if (values.help) return undefined;
  return {
    tickets: wholeNumber('--tickets', values.tickets, 1, 1_000_000),
    seed: wholeNumber('--seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
    faults: values.faults === undefined ? FAULT_PAIRS : pairsOf(values.faults),
    rate: wholeNumber('--rate', values.rate, 1, 2_000),
    factor: wholeNumber('--factor', values.factor, 2, 100_000),
    goOn: wholeNumber('--go-on', values['go-on'], 0, 86_400),
    keep: values.keep,
    json: values.json,
  };
}

function pairsOf(list: string): readonly FaultPair[] {
  if (list === 'none') return [];
  return list.split(',').flatMap((word) => {
    const [kind = '', target] = word.trim().split(':');
    const found = isKind(kind) ? FAULT_PAIRS.filter((pair) => pair.kind === kind && (target === undefined || pair.target === target)) : [];
    if (found.length === 0) throw new Misuse(`--faults: there is no ${word}; there are ${FAULT_PAIRS.map(pairName).join(' ')}`);
    return found;
  });
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        tickets: { type: 'string', default: '20000' },
        seed: { type: 'string', default: '1' },
        faults: { type: 'string' },
        rate: { type: 'string', default: '80' },
        factor: { type: 'string', default: String(USUAL_FACTOR) },
        'go-on': { type: 'string', default: '60' },
        keep: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new Misuse(`${option} ${text} is not a whole number from ${least} to ${most}`);
}
