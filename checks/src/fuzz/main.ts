import { LocalKeys, localPorts, startSystem } from '@paidan/local';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../program.js';
import { pythonWith } from '../python.js';
import { Caller, CHANNEL } from './caller.js';
import { type FuzzOptions, readOptions, usage } from './options.js';
import { failures, print } from './report.js';
import { fuzz, REQUIREMENTS, type Outcome } from './run.js';
import { samplesFor } from './samples.js';
import { restoreAll, tellAgain } from './system.js';
import { prepareTickets } from './tickets.js';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** @returns the exit code */
async function main(options: FuzzOptions): Promise<number> {
  const { seconds, seed } = options;
  const services = localPorts().services.map((service) => ({ ...service, port: 0, metricsPort: 0 }));
  // Before anything is started: without it there is nothing to do.
  const python = await pythonWith(REQUIREMENTS, 'npm run fuzz').catch((error: unknown) => {
    say((error as Error).message);
    return undefined;
  });
  if (python === undefined) return 2;
  const dataDir = await mkdtemp(join(tmpdir(), 'paidan-fuzz-'));
  // Behind a proxy, so that each request may be another citizen's.
  // What may be undone must still be so when its turn comes.
  const env = { ...process.env, PAIDAN_TRUST_PROXY: '127.0.0.1', PAIDAN_UNDO_WINDOW: '1h' };
  // Before the services start: they look for new keys every 2 s.
  await (await LocalKeys.open(dataDir)).localApiKey(CHANNEL);
  const system = await startSystem({ dataDir, ports: { postgres: 0, kafka: 0, services }, onProgress: say, env });
  try {
    const caller = await Caller.open(system);
    say('preparing tickets in each state');
    const retelling = await tellAgain(caller);
    const tickets = await prepareTickets(system, caller);
    await restoreAll(system, caller);
    const samples = await samplesFor(tickets, retelling, caller, system.cityDir);
    const outcomes: Outcome[] = [];
    for (const service of options.services) {
      say(`${service}: ${seconds} s`);
      const target = { service, url: system.urls[service] ?? '', token: caller.token, apiKey: caller.apiKey, samples };
      outcomes.push(await fuzz(python, target, join(dataDir, 'fuzz', service), seconds, seed));
    }
    print(outcomes, say);
    if (options.json) process.stdout.write(`${JSON.stringify(outcomes)}\n`);
    return outcomes.some((outcome) => failures(outcome) > 0) ? 1 : 0;
  } finally {
    await system.stop();
    if (options.keep) say(`kept: ${dataDir}`);
    else await rm(dataDir, { recursive: true, force: true });
  }
}

await runProgram('fuzz', { usage, readOptions }, main);
