import { defaultCityDir, localPorts, startSystem } from '@paidan/local';
import { Misuse, optionsOf, wholeNumber } from '@paidan/local/call';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { round } from '../processes.js';
import { measureFullSpeed, type Report, type Stretch, warmUp } from './measure.js';

export const usage = `npm run bench -- routing [--model FILE] [--seconds N] [--rounds N] [--connections N] [--json]

What routing costs: intake and dispatch at full speed with nothing but the catalogue's words, and with the city's rules and the model of topics, by turns in one
run. (Decisions in process, without Kafka and Postgres: npm run measure:routing.)

  --model FILE     as npm run train wrote it (.data/models/topics.model)
  --seconds N      each stretch takes (20)
  --rounds N       stretches of each kind (2)
  --connections N  at full speed (128)
  --json           the report as one line of JSON, the last of the output
  --help           this text

Ends with 0 when it has measured; with 2 when the call was wrong.
`;

export interface RoutingOptions extends Stretch {
  readonly model: string;
  readonly rounds: number;
  readonly json: boolean;
}

/** @returns undefined when help was asked for. @throws Misuse */
export function readRoutingOptions(args: readonly string[]): RoutingOptions | undefined {
  const values = optionsOf(args, {
    model: { type: 'string', default: join('.data', 'models', 'topics.model') },
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '128' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) return undefined;
  const model = resolve(values.model);
  if (!existsSync(model)) throw new Misuse(`--model: there is no ${model}; npm run train -- --data labelled.csv writes one`);
  return {
    model,
    seconds: wholeNumber('--seconds', values.seconds, 5, 3_600),
    rounds: wholeNumber('--rounds', values.rounds, 1, 20),
    connections: wholeNumber('--connections', values.connections, 1, 1_000),
    json: values.json,
  };
}

const KINDS = ['words', 'everything'] as const;
type Kind = (typeof KINDS)[number];

interface Turn {
  readonly kind: Kind;
  readonly assignedPerSecond: number;
  readonly dispatch: Report['fullSpeed']['processes'][string] | undefined;
  readonly machine: Report['fullSpeed']['machine'];
}

/** @returns the exit code */
export async function benchRouting({ json, ...plan }: RoutingOptions): Promise<number> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const turns: Turn[] = [];
  for (let turn = 0; turn < plan.rounds; turn++) for (const kind of KINDS) turns.push(await takeTurn(kind, plan, say));
  const rate = (kind: Kind): number => {
    const own = turns.filter((turn) => turn.kind === kind);
    return own.reduce((sum, { assignedPerSecond }) => sum + assignedPerSecond, 0) / own.length;
  };
  const cost = 1 - rate('everything') / rate('words');
  say('');
  for (const { kind, assignedPerSecond, machine } of turns)
    say(
      `${kind.padEnd(10)} ${assignedPerSecond}/s assigned; ${Math.round(100 * machine.used)} % of the machine used, ${Math.round(100 * machine.stolen)} % taken by others`,
    );
  say(`rules and model cost ${round(100 * cost, 1)} % of what is assigned per second`);
  if (json) process.stdout.write(`${JSON.stringify({ turns, cost: round(cost, 4) })}\n`);
  return 0;
}

/** A system of its own each time: neither finds the other's tables. */
async function takeTurn(kind: Kind, { model, ...plan }: Omit<RoutingOptions, 'json'>, say: (line: string) => void): Promise<Turn> {
  say(`${kind}:`);
  const dataDir = await mkdtemp(join(tmpdir(), 'paidan-bench-'));
  const cityDir = join(dataDir, 'city');
  await cp(defaultCityDir({}), cityDir, { recursive: true });
  if (kind === 'words') await rm(join(cityDir, 'rules.yaml'));
  const services = localPorts({})
    .services.filter(({ name }) => name === 'intake' || name === 'dispatch')
    .map((service) => ({ ...service, port: 0, metricsPort: 0 }));
  const env = {
    PAIDAN_DUPLICATES: 'off',
    ...process.env,
    PAIDAN_CITY_DIR: cityDir,
    ...(kind === 'everything' ? { PAIDAN_TOPIC_MODEL_FILE: model } : {}),
  };
  const system = await startSystem({ dataDir, cityDir, env, ports: { postgres: 0, kafka: 0, services } });
  try {
    const headers = await warmUp(system, plan, say);
    const { assignedPerSecond, processes, machine } = await measureFullSpeed(system, plan, headers, say);
    return { kind, assignedPerSecond, dispatch: processes['dispatch'], machine };
  } finally {
    await system.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
