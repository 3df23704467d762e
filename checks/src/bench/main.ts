import { localPorts, startSystem } from '@paidan/local';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measure } from './measure.js';
import { print } from './report.js';

const USAGE = `npm run bench -- [--json] [--seconds 60] [--connections 128] [--rate 50] [--services NAMES] [--no-tutorial] [--no-idle]
  60 s idle, 60 s at full speed, 60 s at 50/s, all services running; beside raw limits and, where it lies beside the checkout, the tutorial build.
  --services runs a part of the system, as intake,dispatch,department-handler`;

const root = fileURLToPath(new URL('../../../', import.meta.url));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '60' },
      connections: { type: 'string', default: '128' },
      rate: { type: 'string', default: '50' },
      services: { type: 'string' },
      'no-tutorial': { type: 'boolean', default: false },
      'no-idle': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(USAGE);
    return 0;
  }
  const [seconds, connections, rate] = [values.seconds, values.connections, values.rate].map(Number) as [number, number, number];
  if (![seconds, connections, rate].every((value) => Number.isInteger(value) && value > 0)) {
    say(`--seconds, --connections and --rate take whole numbers above 0.\n${USAGE}`);
    return 2;
  }
  const all = localPorts().services.map((service) => ({ ...service, port: 0, metricsPort: 0 }));
  const named = values.services?.split(',') ?? all.map(({ name }) => name);
  const unknown = named.filter((name) => !all.some((service) => service.name === name));
  if (unknown.length > 0 || !named.includes('intake') || !named.includes('dispatch')) {
    say(`--services takes some of ${all.map(({ name }) => name).join(',')}; intake and dispatch are what is measured.\n${USAGE}`);
    return 2;
  }
  const services = all.filter(({ name }) => named.includes(name));
  const dataDir = await mkdtemp(join(tmpdir(), 'paidan-bench-'));
  const system = await startSystem({ dataDir, ports: { postgres: 0, kafka: 0, services }, onProgress: say });
  try {
    const report = await measure(
      system,
      { root, seconds, connections, rate, tutorial: !values['no-tutorial'], idle: !values['no-idle'] },
      say,
    );
    print(report, say);
    if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    return 0;
  } finally {
    await system.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

process.exitCode = await main();
