import { startSystem } from '@paidan/local';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../program.js';
import { measure } from './measure.js';
import { type BenchOptions, readOptions, usage } from './options.js';
import { benchProfile, readProfileOptions, usage as profileUsage } from './profile.js';
import { print } from './report.js';
import { benchRouting, readRoutingOptions, usage as routingUsage } from './routing.js';
import { benchSimulate, readSimulateOptions, usage as simulateUsage } from './simulate.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** @returns the exit code */
async function main({ services, json, ...plan }: BenchOptions): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'paidan-bench-'));
  // Its four texts are sent again and again, as no city's are: each would be looked for among thousands of its like.
  const env = { PAIDAN_DUPLICATES: 'off', ...process.env };
  const system = await startSystem({ dataDir, env, ports: { postgres: 0, kafka: 0, services }, onProgress: say });
  try {
    const report = await measure(system, { root, ...plan }, say);
    print(report, say);
    if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
    return 0;
  } finally {
    await system.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const [, , part] = process.argv;
if (part === 'routing' || part === 'profile' || part === 'simulate') process.argv.splice(2, 1);
if (part === 'routing') await runProgram('bench -- routing', { usage: routingUsage, readOptions: readRoutingOptions }, benchRouting);
else if (part === 'profile') await runProgram('bench -- profile', { usage: profileUsage, readOptions: readProfileOptions }, benchProfile);
else if (part === 'simulate')
  await runProgram('bench -- simulate', { usage: simulateUsage, readOptions: readSimulateOptions }, benchSimulate);
else await runProgram('bench', { usage, readOptions }, main);
