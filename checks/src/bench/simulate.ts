import { localPorts, startSystem } from '@paidan/local';
import { Misuse, optionsOf, wholeNumber } from '@paidan/local/call';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readMessages } from '../demo/input/read-messages.js';
import { percentile } from '../percentile.js';
import { machineMeter, meter, round } from '../processes.js';
import { addTickets, ownWords, type Words } from './many-tickets.js';

export const usage = `npm run bench -- simulate [--tickets N] [--messages FILE] [--model FILE] [--json]

What a simulation takes: dispatch with so many tickets, a draft with one more rule than the city's, every ticket decided twice; and how long other requests to
that replica wait meanwhile.

  --tickets N      in the schema, all of them decided (100000)
  --messages FILE  whose words they have, over and over: a table with columns title and body (nine messages of our own)
  --model FILE     model of topics in force, as npm run train wrote it (none)
  --json           the report as one line of JSON, the last of the output
  --help           this text

Ends with 0 when it has measured; with 2 when the call was wrong.
`;

export interface SimulateOptions {
  readonly tickets: number;
  readonly messages?: string;
  readonly model?: string;
  readonly json: boolean;
}

/** @returns undefined when help was asked for. @throws Misuse */
export function readSimulateOptions(args: readonly string[]): SimulateOptions | undefined {
  const values = optionsOf(args, {
    tickets: { type: 'string', default: '100000' },
    messages: { type: 'string' },
    model: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) return undefined;
  const there = (option: 'messages' | 'model'): object => {
    const file = values[option];
    if (file === undefined) return {};
    if (!existsSync(file)) throw new Misuse(`--${option}: there is no file ${file}`);
    return { [option]: resolve(file) };
  };
  const tickets = wholeNumber('--tickets', values.tickets, 1, 100_000);
  return { tickets, ...there('messages'), ...there('model'), json: values.json };
}

interface Simulation {
  readonly state: string;
  readonly result?: { readonly tickets: number; readonly unchanged: number; readonly assigned: number };
}

/** How long others are asked beforehand, and how often. */
const BEFORE_MS = 5_000;
const ASK_EVERY_MS = 20;
const LOOK_EVERY_MS = 250;
const PATIENCE_MS = 60_000;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** @returns the exit code */
export async function benchSimulate({ tickets, messages, model, json }: SimulateOptions): Promise<number> {
  const words = await wordsOf(messages);
  const dataDir = await mkdtemp(join(tmpdir(), 'paidan-bench-'));
  const services = localPorts({})
    .services.filter(({ name }) => name === 'intake' || name === 'dispatch')
    .map((service) => ({ ...service, port: 0, metricsPort: 0 }));
  const env = { ...process.env, ...(model === undefined ? {} : { PAIDAN_TOPIC_MODEL_FILE: model }) };
  const system = await startSystem({ dataDir, env, ports: { postgres: 0, kafka: 0, services }, onProgress: say });
  try {
    const dispatch = system.urls['dispatch'] ?? '';
    const authorization = `Bearer ${await system.keys.token({ sub: 'bench', roles: ['supervisor'] })}`;
    const call = async <T>(path: string, body?: object): Promise<T> => {
      const posted = body && { method: 'POST', body: JSON.stringify(body) };
      const response = await fetch(`${dispatch}${path}`, { headers: { authorization, 'content-type': 'application/json' }, ...posted });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    };
    say(`${tickets} tickets into the schema`);
    await submitOne(system, call);
    const url = new URL(system.postgresUrl);
    url.pathname = '/paidan';
    await addTickets(url.href, words, tickets);
    const { document } = await call<{ document: { rules: readonly object[] } }>('/v1/rule-sets/active');
    const rules = { ...document, name: '草案', rules: [...document.rules, ONE_MORE] };

    const quiet = askOthers(() => call('/v1/units'));
    await delay(BEFORE_MS);
    const before = await quiet();
    say('the simulation');
    const others = askOthers(() => call('/v1/units'));
    const [processes, machine] = await Promise.all([meter(system.pids), machineMeter()]);
    const began = performance.now();
    const { id } = await call<{ id: string }>('/v1/simulations', { rules, last: tickets });
    let found: Simulation;
    for (;;) {
      found = await call<Simulation>(`/v1/simulations/${id}`);
      if (found.state !== 'running') break;
      await delay(LOOK_EVERY_MS);
    }
    const seconds = (performance.now() - began) / 1_000;
    const [used, taken, meanwhile] = await Promise.all([processes(), machine(), others()]);
    if (found.result === undefined) throw new Error(`the simulation ended as ${found.state}`);
    const cpu = Object.fromEntries(Object.entries(used).map(([name, { cores }]) => [name, round(cores * seconds, 1)]));
    const { tickets: decided, unchanged, assigned } = found.result;
    const rssMb = used['dispatch']?.rssMb;
    const counted = { tickets: decided, changed: decided - unchanged, assigned };
    const report = { ...counted, seconds: round(seconds, 1), cpuSeconds: cpu, rssMb, othersMs: { before, meanwhile }, machine: taken };
    say('');
    say(`${decided} tickets decided twice in ${report.seconds} s; ${counted.changed} change, ${assigned} are assigned as things are`);
    say(
      `CPU seconds        ${Object.entries(cpu)
        .map(([name, one]) => `${name} ${one}`)
        .join(', ')}; dispatch has ${rssMb ?? '?'} MB`,
    );
    say(`other requests, ms ${shown(before)} before; ${shown(meanwhile)} meanwhile`);
    say(`machine            ${Math.round(100 * taken.used)} % used, ${Math.round(100 * taken.stolen)} % taken by others`);
    if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
    return 0;
  } finally {
    await system.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** After all others: it leads where none of them does. */
const ONE_MORE = {
  id: 'bench-noise',
  title: { zh: '噪声', en: 'Noise' },
  priority: 1_000_000,
  when: { words: { any: ['噪音', '噪声', '油烟'] } },
  then: { lead: 'city-environment' },
};

async function wordsOf(file: string | undefined): Promise<readonly Words[]> {
  if (file === undefined) return ownWords(2_000);
  const { messages } = readMessages(await readFile(file));
  if (messages.length === 0) throw new Misuse(`--messages ${file}: it has no row that can be read`);
  return messages.map(({ title, body }) => ({ title, text: body }));
}

/** The ticket whose record the others have: as dispatch writes it. */
async function submitOne(
  { urls, keys, city }: Awaited<ReturnType<typeof startSystem>>,
  call: (path: string) => Promise<unknown>,
): Promise<void> {
  const channel = city.channels.find((id) => id.startsWith('web')) ?? city.channels[0] ?? '';
  const headers = { 'x-api-key': await keys.localApiKey(channel), 'content-type': 'application/json' };
  const body = JSON.stringify({ externalId: 'bench-1', appealType: 'complaint', ...ownWords(1)[0] });
  const end = Date.now() + PATIENCE_MS;
  const patience = async (what: string): Promise<void> => {
    if (Date.now() > end) throw new Error(`the first ticket was not ${what}`);
    await delay(LOOK_EVERY_MS);
  };
  // The key was made just now: intake hears of it within two seconds.
  const submit = (): Promise<Response> => fetch(`${urls['intake']}/v1/submissions`, { method: 'POST', headers, body });
  let response = await submit();
  for (; response.status === 401; response = await submit()) await patience('accepted');
  const { ticketId } = (await response.json()) as { ticketId?: string };
  if (ticketId === undefined) throw new Error(`the first ticket was answered ${response.status}`);
  while ((await call(`/v1/tickets/${ticketId}/routing`).catch(() => undefined)) === undefined) await patience('decided');
}

interface Waits {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}
const shown = ({ p50, p99, max }: Waits): string => `p50 ${p50}, p99 ${p99}, max ${max}`;

/** Asks at an even pace, whether the last one was answered or not. @returns ends it */
function askOthers(ask: () => Promise<unknown>): () => Promise<Waits> {
  const waits: number[] = [];
  const open = new Set<Promise<void>>();
  const timer = setInterval(() => {
    const began = performance.now();
    const one = ask().then(() => void waits.push(performance.now() - began));
    open.add(one);
    void one.finally(() => open.delete(one));
  }, ASK_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await Promise.all(open);
    const [p50, p99, max] = [50, 99, 100].map((share) => round(percentile(waits, share), 1)) as [number, number, number];
    return { p50, p99, max };
  };
}
