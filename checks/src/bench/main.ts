import { startSystem, type RunningSystem } from '@paidan/local';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import pg from 'pg';
import { rawLimits, type Limits } from './limits.js';
import { Observer } from './observer.js';
import { percentile } from '../percentile.js';
import { meter, round } from './processes.js';
import { print } from './report.js';
import { measureTutorial, type TutorialFigures } from './tutorial.js';

const USAGE = `npm run bench -- [--json] [--seconds 60] [--connections 128] [--rate 50] [--no-tutorial]
  60 s at full speed, then 60 s at 50/s, all services running; beside raw limits and, where it lies beside the checkout, the tutorial build.`;

export interface Load {
  readonly accepted: number;
  readonly refused: number;
  readonly errors: number;
  readonly seconds: number;
  readonly latency: { readonly p50: number; readonly p99: number };
}

export interface Report {
  readonly limits: Limits;
  readonly tutorial?: TutorialFigures;
  readonly fullSpeed: {
    readonly acceptedPerSecond: number;
    readonly assignedPerSecond: number;
    readonly refused: number;
    readonly answerMs: Load['latency'];
    /** Behind at the end of the load, in seconds of input: until assigned, and until the department has its offer. */
    readonly lagSeconds: { readonly dispatch: number; readonly departmentHandler: number };
    readonly processes: Record<string, { cores: number; rssMb: number }>;
  };
  readonly steady: {
    readonly rate: number;
    readonly acceptedToAssignedMs: { readonly p50: number; readonly p99: number; readonly max: number };
    readonly assigned: number;
    readonly processes: Record<string, { cores: number; rssMb: number }>;
  };
  readonly timesTutorial?: { readonly accepted: number; readonly assigned: number };
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const loadProgram = fileURLToPath(new URL('./load.js', import.meta.url));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Messages of our own, as long as the tutorial's; matters and areas vary as a city's do. */
const TEXTS: readonly (readonly [title: string, text: string, adminCode: string])[] = [
  ['小区门口夜间施工噪音扰民', '从晚上十点一直施工到凌晨三点，影响老人和孩子休息，请尽快处理。', '990102'],
  ['路口井盖破损存在安全隐患', '人行道上的井盖破损塌陷，已有行人绊倒，请尽快更换井盖并设置围挡。', '990103'],
  ['工地拖欠农民工工资', '在工地干了三个月，老板一直拖欠工资不发，请劳动监察部门帮忙讨薪。', '990102'],
  ['小区连续三天停水', '小区自来水停水已经三天，供水公司电话打不通，居民用水困难。', '990104'],
];

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '60' },
      connections: { type: 'string', default: '128' },
      rate: { type: 'string', default: '50' },
      'no-tutorial': { type: 'boolean', default: false },
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
  const dataDir = await mkdtemp(join(tmpdir(), 'paidan-bench-'));
  const ports = {
    postgres: 0,
    kafka: 0,
    services: ['intake', 'dispatch', 'department-handler'].map((name) => ({
      name,
      schema: name.replaceAll('-', '_'),
      port: 0,
      metricsPort: 0,
    })),
  };
  const system = await startSystem({ dataDir, ports, onProgress: say });
  try {
    const report = await measure(system, { seconds, connections, rate, tutorial: !values['no-tutorial'] });
    print(report, say);
    if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    return 0;
  } finally {
    await system.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measure(
  system: RunningSystem,
  how: { seconds: number; connections: number; rate: number; tutorial: boolean },
): Promise<Report> {
  say('raw limits');
  const limits = await rawLimits(system.brokers, system.postgresUrl);
  let tutorial: TutorialFigures | undefined;
  if (how.tutorial) {
    say('the tutorial build');
    // Its consumer needs longer to drain than it was loaded: a third of the time tells the rate as well.
    tutorial = await measureTutorial(root, system, Math.max(10, Math.round(how.seconds / 3)), how.connections);
  }
  const key = await system.keys.localApiKey(system.city.channels.find((id) => id.startsWith('web')) ?? system.city.channels[0] ?? '');
  const headers = { 'x-api-key': key };
  say('warm-up');
  await load(system, { seconds: Math.min(8, how.seconds), connections: how.connections, headers });
  await delay(2_000);

  say(`${how.seconds} s at full speed`);
  const before = await counts(system);
  const stop = await meter(system.pids);
  const full = await load(system, { seconds: how.seconds, connections: how.connections, headers });
  const at = await counts(system);
  const processes = await stop();
  const accepted = at.accepted - before.accepted;
  const acceptedPerSecond = accepted / full.seconds;
  const began = performance.now();
  const drained = await untilDrained(system);
  const drainSeconds = (performance.now() - began) / 1000;
  const fullSpeed = {
    acceptedPerSecond: round(acceptedPerSecond),
    assignedPerSecond: round((drained.dispatched - before.dispatched) / (full.seconds + (at.accepted > at.dispatched ? drainSeconds : 0))),
    refused: full.refused + full.errors,
    answerMs: full.latency,
    lagSeconds: {
      dispatch: round((at.accepted - at.dispatched) / acceptedPerSecond, 2),
      departmentHandler: round((at.accepted - at.offered) / acceptedPerSecond, 2),
    },
    processes,
  };

  say(`${how.seconds} s at ${how.rate}/s`);
  await delay(3_000);
  const observer = await Observer.start(system.brokers);
  const stopSteady = await meter(system.pids);
  await load(system, { seconds: how.seconds, connections: 10, rate: how.rate, headers });
  await delay(1_000);
  const steadyProcesses = await stopSteady();
  await observer.stop();
  const steady = {
    rate: how.rate,
    acceptedToAssignedMs: {
      p50: percentile(observer.latencies, 50),
      p99: percentile(observer.latencies, 99),
      max: percentile(observer.latencies, 100),
    },
    assigned: observer.assigned,
    processes: steadyProcesses,
  };
  return {
    limits,
    ...(tutorial && {
      tutorial,
      timesTutorial: {
        accepted: round(fullSpeed.acceptedPerSecond / tutorial.accepted, 1),
        assigned: round(fullSpeed.assignedPerSecond / tutorial.assigned, 1),
      },
    }),
    fullSpeed,
    steady,
  };
}

async function load(
  system: RunningSystem,
  order: { seconds: number; connections: number; rate?: number; headers: Record<string, string> },
): Promise<Load> {
  const bodies = TEXTS.map(([title, text, adminCode]) =>
    JSON.stringify({ externalId: '[<id>]', appealType: 'complaint', title, text: text.repeat(3), place: { adminCode } }),
  );
  const { stdout } = await promisify(execFile)(process.execPath, [
    loadProgram,
    JSON.stringify({ url: `${system.urls['intake']}/v1/submissions`, bodies, ...order }),
  ]);
  return JSON.parse(stdout) as Load;
}

interface Counts {
  readonly accepted: number;
  /** Assigned or held: decided by dispatch. */
  readonly dispatched: number;
  /** With the department. */
  readonly offered: number;
}

async function counts(system: RunningSystem): Promise<Counts> {
  const url = new URL(system.postgresUrl);
  url.pathname = '/paidan';
  const client = new pg.Client(url.href);
  await client.connect();
  try {
    const { rows } = await client.query<{ accepted: string; dispatched: string; offered: string }>(
      `select (select count(*) from intake.ticket) accepted,
              (select count(*) from dispatch.ticket where record is not null) dispatched,
              (select count(*) from department_handler.ticket where record ->> 'status' <> 'awaiting')
                + (select count(*) from dispatch.ticket where record ->> 'status' = 'held') offered`,
    );
    const row = rows[0];
    return { accepted: Number(row?.accepted), dispatched: Number(row?.dispatched), offered: Number(row?.offered) };
  } finally {
    await client.end();
  }
}

async function untilDrained(system: RunningSystem): Promise<Counts> {
  for (const end = Date.now() + 120_000; ; await delay(100)) {
    const now = await counts(system);
    if (now.offered >= now.accepted) return now;
    if (Date.now() > end) throw new Error(`not drained after 120 s: ${JSON.stringify(now)}`);
  }
}

process.exitCode = await main();
