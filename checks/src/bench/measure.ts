import type { RunningSystem } from '@paidan/local';
import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { percentile } from '../percentile.js';
import { LogGauge } from './lag.js';
import { flushTimes, rawLimits, type Limits } from './limits.js';
import { Observer } from '../observer.js';
import { machineMeter, meter, round, unwrittenMb, type Machine, type Metered } from '../processes.js';
import { measureTutorial, type TutorialFigures } from './tutorial.js';

interface Load {
  readonly accepted: number;
  readonly refused: number;
  readonly errors: number;
  readonly seconds: number;
  readonly latency: { readonly p50: number; readonly p99: number };
  readonly bySecond: readonly number[];
}

export interface Report {
  readonly limits: Limits;
  readonly tutorial?: (TutorialFigures & { readonly machine: Machine }) | undefined;
  /** Mean over the stretch, after as long a stretch of idleness. */
  readonly idle?: Record<string, Metered>;
  readonly fullSpeed: {
    readonly acceptedPerSecond: number;
    /** Accepted per second in each sixth of the stretch: a rate that falls isn't one to promise. */
    readonly acceptedInSixths: readonly number[];
    readonly assignedPerSecond: number;
    readonly refused: number;
    readonly answerMs: Load['latency'];
    /** Each reader of the log: what it had still to read when the load ended, in seconds of input. */
    readonly lagSeconds: Record<string, number>;
    readonly eventsPerSecond: number;
    readonly processes: Record<string, Metered>;
    readonly machine: Machine;
  };
  readonly steady: {
    readonly rate: number;
    readonly acceptedToAssignedMs: { readonly p50: number; readonly p99: number; readonly max: number };
    readonly assigned: number;
    readonly processes: Record<string, Metered>;
    readonly machine: Machine;
    /** Of the disk, just before. */
    readonly flushMs: Limits['flushMs'];
  };
  readonly timesTutorial?: { readonly accepted: number; readonly assigned: number };
}

/** Full speed, how long and by how many. */
export interface Stretch {
  readonly seconds: number;
  readonly connections: number;
}

export interface Plan extends Stretch {
  readonly root: string;
  readonly rate: number;
  readonly tutorial: boolean;
  readonly idle: boolean;
}

const SETTLE_MS = 60_000;
const SETTLED_MB = 16;

type Say = (line: string) => void;
type Headers = Record<string, string>;

const loadProgram = fileURLToPath(new URL('./load.js', import.meta.url));

/** Messages of our own, as long as the tutorial's; matters and areas vary as a city's do. */
const TEXTS: readonly (readonly [title: string, text: string, adminCode: string])[] = [
  ['小区门口夜间施工噪音扰民', '从晚上十点一直施工到凌晨三点，影响老人和孩子休息，请尽快处理。', '990102'],
  ['路口井盖破损存在安全隐患', '人行道上的井盖破损塌陷，已有行人绊倒，请尽快更换井盖并设置围挡。', '990103'],
  ['工地拖欠农民工工资', '在工地干了三个月，老板一直拖欠工资不发，请劳动监察部门帮忙讨薪。', '990102'],
  ['小区连续三天停水', '小区自来水停水已经三天，供水公司电话打不通，居民用水困难。', '990104'],
];

/** All phases, one after the other, on one running system. */
export async function measure(system: RunningSystem, plan: Plan, say: Say): Promise<Report> {
  const idle = plan.idle ? await measureIdle(system, plan.seconds, say) : undefined;
  say('raw limits');
  const limits = await rawLimits(system.brokers, system.postgresUrl);
  let tutorial: Report['tutorial'];
  if (plan.tutorial) {
    say('the tutorial build');
    // Its consumer needs longer to drain than it was loaded: a third of the time tells the rate as well.
    const machine = await machineMeter();
    const figures = await measureTutorial(plan.root, system, Math.max(10, Math.round(plan.seconds / 3)), plan.connections);
    tutorial = figures && { ...figures, machine: await machine() };
  }
  const headers = await warmUp(system, plan, say);
  const fullSpeed = await measureFullSpeed(system, plan, headers, say);
  await settle(system);
  const steady = await measureSteady(system, plan, headers, say);
  return {
    limits,
    ...(idle && { idle }),
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

/** @returns what the load is sent with */
export async function warmUp(system: RunningSystem, { seconds, connections }: Stretch, say: Say): Promise<Headers> {
  const key = await system.keys.localApiKey(system.city.channels.find((id) => id.startsWith('web')) ?? system.city.channels[0] ?? '');
  const headers = { 'x-api-key': key };
  say('warm-up');
  await load(system, { seconds: Math.min(8, seconds), connections, headers });
  await delay(2_000);
  return headers;
}

async function measureIdle(system: RunningSystem, seconds: number, say: Say): Promise<Record<string, Metered>> {
  say(`${seconds} s of idleness, and ${seconds} s measured`);
  await delay(seconds * 1_000);
  const stop = await meter(system.pids);
  await delay(seconds * 1_000);
  return stop();
}

export async function measureFullSpeed(system: RunningSystem, plan: Stretch, headers: Headers, say: Say): Promise<Report['fullSpeed']> {
  say(`${plan.seconds} s at full speed`);
  const log = await LogGauge.open(system);
  try {
    const [before, lengthBefore] = [await counts(system), await log.length()];
    const [stop, machine] = await Promise.all([meter(system.pids), machineMeter()]);
    const full = await load(system, { seconds: plan.seconds, connections: plan.connections, headers });
    const [behind, at] = await Promise.all([log.behind(), counts(system)]);
    const [processes, taken] = await Promise.all([stop(), machine()]);
    const began = performance.now();
    const dispatched = await untilDispatched(system, at.accepted);
    const drainSeconds = at.accepted > at.dispatched ? (performance.now() - began) / 1000 : 0;
    await log.untilLevel();
    const eventsPerSecond = ((await log.length()) - lengthBefore) / full.seconds;
    return {
      acceptedPerSecond: round((at.accepted - before.accepted) / full.seconds),
      acceptedInSixths: sixths(full.bySecond, plan.seconds),
      assignedPerSecond: round((dispatched - before.dispatched) / (full.seconds + drainSeconds)),
      refused: full.refused + full.errors,
      answerMs: full.latency,
      lagSeconds: Object.fromEntries(Object.entries(behind).map(([name, records]) => [name, round(records / eventsPerSecond, 2)])),
      eventsPerSecond: round(eventsPerSecond),
      processes,
      machine: taken,
    };
  } finally {
    await log.close();
  }
}

function sixths(bySecond: readonly number[], seconds: number): number[] {
  const length = seconds / 6;
  return [0, 1, 2, 3, 4, 5].map((i) => {
    const sixth = bySecond.slice(Math.round(i * length), Math.round((i + 1) * length));
    return round(sixth.reduce((sum, count) => sum + count, 0) / sixth.length);
  });
}

/** What a minute at the machine's limit left to be written is written first: a city's 50 a second doesn't follow one. */
async function settle(system: RunningSystem): Promise<void> {
  const client = new pg.Client(system.postgresUrl);
  await client.connect();
  await client.query('checkpoint');
  await client.end();
  for (const end = Date.now() + SETTLE_MS; Date.now() < end; await delay(1_000)) if ((await unwrittenMb()) < SETTLED_MB) return;
}

async function measureSteady(system: RunningSystem, plan: Plan, headers: Headers, say: Say): Promise<Report['steady']> {
  // The disk of a shared host changes by the minute, and this stretch is as slow as that.
  const flushMs = await flushTimes();
  say(`${plan.seconds} s at ${plan.rate}/s`);
  const observer = await Observer.start(system.brokers);
  const [stop, machine] = await Promise.all([meter(system.pids), machineMeter()]);
  await load(system, { seconds: plan.seconds, connections: 10, rate: plan.rate, headers });
  await delay(1_000);
  const [processes, taken] = await Promise.all([stop(), machine()]);
  await observer.stop();
  const [p50, p99, max] = [50, 99, 100].map((share) => percentile(observer.latencies, share)) as [number, number, number];
  return { rate: plan.rate, acceptedToAssignedMs: { p50, p99, max }, assigned: observer.assigned, processes, machine: taken, flushMs };
}

async function load(
  system: RunningSystem,
  order: { seconds: number; connections: number; rate?: number; headers: Headers },
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
}

async function counts(system: RunningSystem): Promise<Counts> {
  const url = new URL(system.postgresUrl);
  url.pathname = '/paidan';
  const client = new pg.Client(url.href);
  await client.connect();
  try {
    const { rows } = await client.query<{ accepted: string; dispatched: string }>(
      `select (select count(*) from intake.ticket) accepted, (select count(*) from dispatch.ticket where record is not null) dispatched`,
    );
    return { accepted: Number(rows[0]?.accepted), dispatched: Number(rows[0]?.dispatched) };
  } finally {
    await client.end();
  }
}

async function untilDispatched(system: RunningSystem, accepted: number): Promise<number> {
  for (const end = Date.now() + 120_000; ; await delay(100)) {
    const now = await counts(system);
    if (now.dispatched >= accepted) return now.dispatched;
    if (Date.now() > end) throw new Error(`not drained after 120 s: ${JSON.stringify(now)}`);
  }
}
