import { LocalKeys, localPorts, startSystem } from '@paidan/local';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pythonWith } from '../python.js';
import { Caller, CHANNEL } from './caller.js';
import { failures, print } from './report.js';
import { fuzz, REQUIREMENTS, type Outcome } from './run.js';
import { samplesFor } from './samples.js';
import { prepareTickets } from './tickets.js';

const USAGE = `npm run fuzz -- [--seconds 300] [--service NAME] [--seed 20261122] [--keep] [--json]
  Starts the system on a data folder of its own and lets Schemathesis loose on the OpenAPI of each service, or of one, for so many seconds each. It fails if
  anything was answered that the document doesn't say, and if an operation never succeeded. --keep leaves the folder with each request and answer.`;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '300' },
      service: { type: 'string' },
      seed: { type: 'string', default: '20261122' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(USAGE);
    return 0;
  }
  const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
  const services = localPorts().services.map((service) => ({ ...service, port: 0, metricsPort: 0 }));
  const named = services.map(({ name }) => name).filter((name) => values.service === undefined || name === values.service);
  if (!Number.isInteger(seconds) || seconds < 1 || !Number.isInteger(seed) || named.length === 0) {
    say(`--seconds and --seed take whole numbers, --service one of ${services.map(({ name }) => name).join(', ')}.\n${USAGE}`);
    return 2;
  }
  // Before anything is started: without it there is nothing to do.
  const python = await pythonWith(REQUIREMENTS, 'npm run fuzz').catch((error: unknown) => {
    say((error as Error).message);
    return undefined;
  });
  if (python === undefined) return 2;
  const dataDir = await mkdtemp(join(tmpdir(), 'paidan-fuzz-'));
  // Behind a proxy, so that each request may be another citizen's.
  const env = { ...process.env, PAIDAN_TRUST_PROXY: '127.0.0.1' };
  // Before the services start: they look for new keys every 2 s.
  await (await LocalKeys.open(dataDir)).localApiKey(CHANNEL);
  const system = await startSystem({ dataDir, ports: { postgres: 0, kafka: 0, services }, onProgress: say, env });
  try {
    const caller = await Caller.open(system);
    say('preparing tickets in each state');
    const samples = await samplesFor(await prepareTickets(system, caller), caller, system.cityDir);
    const outcomes: Outcome[] = [];
    for (const service of named) {
      say(`${service}: ${seconds} s`);
      const target = { service, url: system.urls[service] ?? '', token: caller.token, apiKey: caller.apiKey, samples };
      outcomes.push(await fuzz(python, target, join(dataDir, 'fuzz', service), seconds, seed));
    }
    print(outcomes, say);
    if (values.json) process.stdout.write(`${JSON.stringify(outcomes)}\n`);
    return outcomes.some((outcome) => failures(outcome) > 0) ? 1 : 0;
  } finally {
    await system.stop();
    if (values.keep) say(`kept: ${dataDir}`);
    else await rm(dataDir, { recursive: true, force: true });
  }
}

process.exitCode = await main();
