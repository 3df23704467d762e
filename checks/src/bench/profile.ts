import { localPorts, startSystem, table } from '@paidan/local';
import { optionsOf, wholeNumber } from '@paidan/local/call';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { round } from '../processes.js';
import { type CpuProfile, timeByPlace, together, type Window } from './cpu-profile.js';
import { databaseWork, perTicket, tablesPerTicket, tableWork } from './database-work.js';
import { measureFullSpeed, type Stretch, warmUp } from './measure.js';

export const usage = `npm run bench -- profile [--seconds N] [--connections N] [--json]

Where the time goes: all services at full speed, each under V8's profiler, and what Postgres counts of its own work; per accepted ticket. The profiler itself
takes a tenth or so: rates are for the other benches to tell.

  --seconds N      at full speed (60)
  --connections N  at full speed (128)
  --json           the report as one line of JSON, the last of the output
  --help           this text

Ends with 0 when it has measured; with 2 when the call was wrong.
`;

export interface ProfileOptions extends Stretch {
  readonly json: boolean;
}

/** @returns undefined when help was asked for. @throws Misuse */
export function readProfileOptions(args: readonly string[]): ProfileOptions | undefined {
  const values = optionsOf(args, {
    seconds: { type: 'string', default: '60' },
    connections: { type: 'string', default: '128' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) return undefined;
  return {
    seconds: wholeNumber('--seconds', values.seconds, 5, 3_600),
    connections: wholeNumber('--connections', values.connections, 1, 10_000),
    json: values.json,
  };
}

/** Long enough for Postgres's sessions to have told what they did. */
const TOLD_MS = 2_000;
/** Places below this are summed up. Microseconds per ticket. */
const LEAST = 5;
/** Tables below this are left out. Rows written per ticket. */
const FEWEST_ROWS = 0.05;

/** @returns the exit code */
export async function benchProfile({ json, ...plan }: ProfileOptions): Promise<number> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const dataDir = await mkdtemp(join(tmpdir(), 'paidan-bench-'));
  const profiles = join(dataDir, 'profiles');
  await mkdir(profiles);
  const services = localPorts({}).services.map((service) => ({ ...service, port: 0, metricsPort: 0 }));
  const env = { ...process.env, PAIDAN_NODE_ARGS: `--cpu-prof --cpu-prof-dir=${profiles}` };
  try {
    const system = await startSystem({ dataDir, env, ports: { postgres: 0, kafka: 0, services }, onProgress: say });
    const taken = await run(system, plan, say).finally(() => system.stop());
    const { tickets, processes, database, tables, ...stretch } = taken;
    const ofServices = services.reduce((whole, { name }) => whole + (processes[name] ?? 0), 0);
    const places = await readProfiles(profiles, stretch, 1_000 * ofServices);
    say(`\n${tickets} tickets; CPU per ticket, all processes, ms: ${summed(processes)}`);
    say(table(Object.entries(processes).map(([process, ms]) => ({ process, 'ms per ticket': String(ms) }))));
    say('\nthe services’ time by what they run, all five, µs per ticket');
    say(table(Object.entries(places).map(([place, us]) => ({ place, 'µs per ticket': String(us) }))));
    say('\nPostgres, per ticket');
    say(table(Object.entries(database).map(([counted, count]) => ({ counted, 'per ticket': String(count) }))));
    say('\nrows written, per ticket');
    say(table(Object.entries(tables).map(([name, rows]) => ({ table: name, 'per ticket': String(rows) }))));
    if (json) process.stdout.write(`${JSON.stringify({ tickets, processes, places, database, tables })}\n`);
    return 0;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function run(system: Awaited<ReturnType<typeof startSystem>>, plan: Stretch, say: (line: string) => void) {
  const headers = await warmUp(system, plan, say);
  await delay(TOLD_MS);
  const [before, tablesBefore] = [await databaseWork(system.postgresUrl), await tableWork(system.postgresUrl)];
  const from = monotonic();
  const { acceptedPerSecond, processes } = await measureFullSpeed(system, plan, headers, say);
  const to = monotonic();
  await delay(TOLD_MS);
  const tickets = Math.round(acceptedPerSecond * plan.seconds);
  const database = perTicket(before, await databaseWork(system.postgresUrl), tickets);
  const tables = tablesPerTicket(tablesBefore, await tableWork(system.postgresUrl), tickets, FEWEST_ROWS);
  const milliseconds = Object.entries(processes).map(([name, { cores }]) => [name, round((1_000 * cores) / acceptedPerSecond, 3)] as const);
  return { tickets, processes: Object.fromEntries(milliseconds), database, tables, from, to };
}

/** Microseconds, by the clock that V8 stamps its profiles with. */
const monotonic = (): number => Number(process.hrtime.bigint() / 1_000n);

const summed = (all: Readonly<Record<string, number>>): number =>
  round(
    Object.values(all).reduce((whole, part) => whole + part, 0),
    2,
  );

/**
 * Of all services; written when they end. A sample counts the time since the one before, also where the core was another process's meanwhile: its share is
 * what it tells, of the CPU time that the services took.
 * @param cpu of the services, microseconds per ticket
 */
async function readProfiles(folder: string, stretch: Window, cpu: number): Promise<Readonly<Record<string, number>>> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile'));
  const all = await Promise.all(
    files.map(async (name) => timeByPlace(JSON.parse(await readFile(join(folder, name), 'utf8')) as CpuProfile, stretch)),
  );
  const times = together(all);
  const whole = summed(Object.fromEntries(times));
  const found = [...times].map(([place, time]) => [place, round((cpu * time) / whole, 1)] as const).sort(([, a], [, b]) => b - a);
  const rest = found.filter(([, time]) => time < LEAST).reduce((sum, [, time]) => sum + time, 0);
  return { ...Object.fromEntries(found.filter(([, time]) => time >= LEAST)), 'everything else': round(rest, 1) };
}
