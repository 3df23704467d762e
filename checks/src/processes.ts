import { readdir, readFile } from 'node:fs/promises';

export interface Usage {
  /** CPU seconds since the process began, of it and its children that are still there. */
  readonly cpu: number;
  /** Resident bytes of the process alone; for Postgres the sum without what its processes share would mislead less, but isn't to be had cheaply. */
  readonly rss: number;
}

/** Clock ticks per second; fixed at 100 on Linux for what /proc shows. */
const TICKS = 100;
const PAGE = 4096;

type Stats = ReadonlyMap<number, Usage & { readonly parent: number }>;

/** A process and its descendants. */
function familyOf(stats: Stats, pid: number): ReadonlySet<number> {
  const family = new Set([pid]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [id, { parent }] of stats)
      if (family.has(parent) && !family.has(id)) {
        family.add(id);
        grown = true;
      }
  }
  return family;
}

/** CPU and memory of a process and its descendants. */
function usage(stats: Stats, pid: number): Usage {
  let cpu = 0;
  let rss = 0;
  for (const id of familyOf(stats, pid)) {
    const stat = stats.get(id);
    if (stat === undefined) continue;
    cpu += stat.cpu;
    rss += stat.rss;
  }
  return { cpu, rss };
}

/** All processes, from /proc. Linux only; elsewhere none. */
async function allStats(): Promise<Stats> {
  const stats = new Map<number, Usage & { parent: number }>();
  const entries = await readdir('/proc').catch(() => [] as string[]);
  await Promise.all(
    entries
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => {
        const text = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => undefined);
        if (text === undefined) return;
        // The command may hold blanks and parentheses: fields are counted from behind its last one.
        const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
        const field = (at: number): number => Number(fields[at] ?? 0);
        // Fields by proc(5): 4 ppid, 14 utime, 15 stime, 16 cutime, 17 cstime, 24 rss; the first here is 3.
        stats.set(Number(name), { parent: field(1), cpu: (field(11) + field(12) + field(13) + field(14)) / TICKS, rss: field(21) * PAGE });
      }),
  );
  return stats;
}

export interface Held {
  /** Memory; what several processes share is shared out among them. */
  readonly mb: number;
  /** Open files, sockets and pipes. */
  readonly handles: number;
}

/** What named processes, with their descendants, hold at this moment. Linux only; elsewhere 0. */
export async function heldBy(pids: Readonly<Record<string, number>>): Promise<Readonly<Record<string, Held>>> {
  const stats = await allStats();
  const handlesOf = async (id: number): Promise<number> => (await readdir(`/proc/${id}/fd`).catch(() => [])).length;
  const kilobytesOf = async (id: number): Promise<number> => {
    const text = await readFile(`/proc/${id}/smaps_rollup`, 'utf8').catch(() => '');
    return Number(/^Pss: +(?<kb>\d+) kB$/m.exec(text)?.groups?.['kb'] ?? 0);
  };
  const entries = Object.entries(pids).map(async ([name, pid]) => {
    const family = [...familyOf(stats, pid)];
    const [handles, kilobytes] = await Promise.all([Promise.all(family.map(handlesOf)), Promise.all(family.map(kilobytesOf))]);
    return [name, { mb: Math.round(sum(kilobytes) / 1_024), handles: sum(handles) }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

export interface Metered {
  /** Mean share of a core. */
  readonly cores: number;
  /** Resident memory, mean over the stretch. */
  readonly rssMb: number;
}

/** Measures named processes over a stretch, until the returned function is called. */
export async function meter(pids: Readonly<Record<string, number>>): Promise<() => Promise<Record<string, Metered>>> {
  // One look for all: the observer of latencies shares this process.
  const read = async (): Promise<Map<string, Usage>> => {
    const stats = await allStats();
    return new Map(Object.entries(pids).map(([name, pid]) => [name, usage(stats, pid)] as const));
  };
  const began = performance.now();
  const before = await read();
  const looks = [before];
  const timer = setInterval(() => void read().then((look) => looks.push(look)), 10_000);
  return async () => {
    clearInterval(timer);
    const seconds = (performance.now() - began) / 1000;
    const last = await read();
    looks.push(last);
    return Object.fromEntries(
      Object.keys(pids).map((name) => {
        const cpu = (last.get(name)?.cpu ?? 0) - (before.get(name)?.cpu ?? 0);
        const rss = looks.reduce((sum, look) => sum + (look.get(name)?.rss ?? 0), 0) / looks.length;
        return [name, { cores: round(cpu / seconds, 3), rssMb: Math.round(rss / 1_048_576) }];
      }),
    );
  };
}

export interface Machine {
  /** Share of all cores' time that was used, and that a host of virtual machines gave to others: figures of a stretch in which much was taken say little. */
  readonly used: number;
  readonly stolen: number;
  /** What a core did meanwhile, in millions of steps a second of its time: a host's neighbours halve it and leave no other trace. */
  readonly coreSpeed: number;
}

const STEPS = 1_000_000;

/** Takes a core's speed every second, until the returned function is called. */
function speedometer(): () => number {
  let [steps, micros, sum] = [0, 0, 0];
  const timer = setInterval(() => {
    const before = process.cpuUsage();
    for (let i = 0; i < STEPS; i += 1) sum = (sum + i) % 7;
    const { user, system } = process.cpuUsage(before);
    steps += STEPS;
    micros += user + system;
  }, 1_000);
  return () => {
    clearInterval(timer);
    return sum < 7 && micros > 0 ? round(steps / micros) : 0;
  };
}

/** Measures the machine over a stretch, until the returned function is called. Linux only; elsewhere all is 0. */
export async function machineMeter(): Promise<() => Promise<Machine>> {
  const read = async () => {
    const text = await readFile('/proc/stat', 'utf8').catch(() => '');
    // By proc(5): user nice system idle iowait irq softirq steal.
    const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softirq = 0, stolen = 0] = (
      /^cpu +(?<times>.*)$/m.exec(text)?.groups?.['times'] ?? ''
    )
      .split(' ')
      .map(Number);
    const used = user + nice + system + irq + softirq;
    return { used, stolen, all: used + stolen + idle + wait };
  };
  const before = await read();
  const speed = speedometer();
  return async () => {
    const coreSpeed = speed();
    const after = await read();
    const all = Math.max(1, after.all - before.all);
    return { used: round((after.used - before.used) / all, 2), stolen: round((after.stolen - before.stolen) / all, 2), coreSpeed };
  };
}

/** What the kernel has still to write to disks. Linux only; elsewhere 0. */
export async function unwrittenMb(): Promise<number> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kb = [...text.matchAll(/^(?:Dirty|Writeback): +(?<kb>\d+) kB$/gm)].reduce((sum, { groups }) => sum + Number(groups?.['kb']), 0);
  return kb / 1_024;
}

export const round = (value: number, digits = 0): number => Math.round(value * 10 ** digits) / 10 ** digits;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
