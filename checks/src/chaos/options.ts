import { Misuse, optionsOf, wholeNumber } from '@paidan/local/call';
import { FAULT_PAIRS, type FaultPair, isKind, pairName, TARGETS } from './faults/plan.js';
import { LONGEST, STEPS } from './scale/scale.js';

/** A day in fifteen seconds: slow enough that a frozen minute doesn't make everything late, fast enough for cards within a run. */
const USUAL_FACTOR = 5_760;
/** Seconds: nothing was broken that had to be caught up with. */
const GO_ON_AFTER_SCALE = 10;
/** Two cores carry seven services with this, so that what is seen is the change and not the want of a machine. */
const SCALED_RATE = 30;

/** For so long tickets are handed in while schemas are restored. */
const RESTORED_SECONDS = 200;
/** And while Kafka is lost and got over. */
const LOST_SECONDS = 140;
/** A city's, on a machine of two cores. */
const SOAKED_RATE = 50;

export const usage = `npm run chaos -- [--tickets N] [--seed N] [--faults LIST | --scale | --restore | --lose-log | --soak MINUTES] [--rate N] [--factor N] [--keep] [--json]

Starts a whole system with data of its own, lets a city work on it while its processes are killed, frozen, restarted and doubled, lets it come to rest,
and then checks from outside what every accepted ticket, command, call-back and card has come to. The seed sets the texts, what people do, and the order
of the faults.

  --tickets N    handed in, over HTTP and Kafka (20000)
  --seed N       (1)
  --faults LIST  instead of every kind on every target: kinds or kind:target, separated by commas; none for none. Kinds and their targets:
${Object.entries(TARGETS)
  .map(([kind, targets]) => `                   ${kind.padEnd(13)} ${targets.join(' ')}`)
  .join('\n')}
  --scale        instead of faults: dispatch runs ${STEPS.join(' → ')} times while the city works. Tells by step what was accepted and assigned, who had how
                 many partitions, and for how long nothing was assigned. Handing in ends with the last step
  --restore      instead of faults: each service's schema in turn is put back to a back-up taken earlier under load; it reads in the log what it said since,
                 under a new epoch, and goes on. Tells what was recalled and said anew, what could not come back, and how long each took nothing.
                 In the end one, by the seed, begins with an empty schema and a log that no longer has its beginning, and is filled (paidan fill)
  --lose-log     instead of faults: Kafka is killed under load, its data taken away, and another one started empty; once every service has named that, paidan
                 republish is run and the city goes on. Tells how long each took to name it, what was said again, and what nobody had read
  --soak MINUTES instead of faults: the city works for so long, and by the minute it is told what each process holds, what each schema takes, and how long
                 assignments take. Ends with 1 if, from the middle third to the last, one of them grew that should not
  --rate N       tickets a second (80; with --scale, --restore or --lose-log ${SCALED_RATE}, with --soak ${SOAKED_RATE})
  --factor N     how many times as fast as real time the city lives (${USUAL_FACTOR})
  --go-on N      seconds that people go on for after the last fault; what isn't done then is left undone (60; instead of faults ${GO_ON_AFTER_SCALE})
  --keep         leaves the data folder, and says where it is
  --json         the report as one line of JSON, the last of the output
  --help         this text

Ends with 0 when nothing was violated and every fault hit; with 1 otherwise; with 2 when the call was wrong.
`;

export interface ChaosOptions {
  readonly tickets: number;
  readonly seed: number;
  readonly faults: readonly FaultPair[];
  /** Whether a service grows and shrinks; nothing is broken then. */
  readonly scale: boolean;
  /** Whether schemas are restored from back-ups; nothing else is broken then. */
  readonly restore: boolean;
  /** Minutes that it is looked at while nothing is broken; 0 for no such thing. */
  readonly soak: number;
  /** Whether Kafka is lost and made anew; nothing else is broken then. */
  readonly loseLog: boolean;
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
  const { scale, restore, 'lose-log': loseLog } = values;
  const soak = values.soak === undefined ? 0 : wholeNumber('--soak', values.soak, 1, 10_000);
  const instead = Object.entries({ scale, restore, 'lose-log': loseLog, soak }).flatMap(([name, wanted]) => (wanted ? [`--${name}`] : []));
  if (instead.length > 1) throw new Misuse(`either ${instead.join(' or ')}`);
  if (instead.length > 0 && values.faults !== undefined)
    throw new Misuse(`${instead.join()} breaks nothing else: it goes without --faults`);
  const isQuiet = instead.length > 0;
  const rate = wholeNumber('--rate', values.rate ?? String(soak > 0 ? SOAKED_RATE : isQuiet ? SCALED_RATE : 80), 1, 2_000);
  // So many that handing in doesn't end before what is looked at; a minute more for getting going.
  const least = scale ? rate * LONGEST : soak > 0 ? rate * 60 * (soak + 1) : 1;
  const usual = isQuiet ? Math.max(least, restore ? rate * RESTORED_SECONDS : loseLog ? rate * LOST_SECONDS : 0) : 20_000;
  return {
    tickets: wholeNumber('--tickets', values.tickets ?? String(usual), least, 1_000_000),
    seed: wholeNumber('--seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
    faults: isQuiet ? [] : values.faults === undefined ? FAULT_PAIRS : pairsOf(values.faults),
    scale,
    restore,
    soak,
    loseLog,
    rate,
    factor: wholeNumber('--factor', values.factor, 2, 100_000),
    goOn: wholeNumber('--go-on', values['go-on'] ?? (isQuiet ? String(GO_ON_AFTER_SCALE) : '60'), 0, 86_400),
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

const parsed = (args: readonly string[]) =>
  optionsOf(args, {
    tickets: { type: 'string' },
    seed: { type: 'string', default: '1' },
    faults: { type: 'string' },
    scale: { type: 'boolean', default: false },
    restore: { type: 'boolean', default: false },
    soak: { type: 'string' },
    'lose-log': { type: 'boolean', default: false },
    rate: { type: 'string' },
    factor: { type: 'string', default: String(USUAL_FACTOR) },
    'go-on': { type: 'string' },
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
