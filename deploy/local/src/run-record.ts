import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { InfraError } from './errors.js';
import { sleep } from './host.js';

const run = promisify(execFile);

interface Recorded {
  readonly pid: number;
  readonly identity: string;
  readonly starter: number;
  readonly starterIdentity: string;
}

/**
 * Tells one process from a later one with the same number: its start time. `undefined` when there is no such process.
 * The command line would not do: the next `npm start` has the same one.
 */
export async function identityOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === undefined || fields[0] === '' || fields[0] === 'Z') return undefined;
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
    return `${boot.trim()}/${fields[19] ?? ''}`;
  }
  const answer = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => undefined);
  const started = answer?.stdout.trim();
  return started === '' ? undefined : started;
}

const fileOf = (dataDir: string, name: string): string => join(dataDir, 'run', `${name}.json`);

/** Writes down which process runs as `name` and which starter answers for it. */
export async function record(dataDir: string, name: string, pid: number): Promise<void> {
  const identity = await identityOf(pid);
  const starterIdentity = await identityOf(process.pid);
  if (identity === undefined || starterIdentity === undefined) return;
  const recorded: Recorded = { pid, identity, starter: process.pid, starterIdentity };
  mkdirSync(join(dataDir, 'run'), { recursive: true });
  writeFileSync(fileOf(dataDir, name), JSON.stringify(recorded));
}

export function forget(dataDir: string, name: string): void {
  rmSync(fileOf(dataDir, name), { force: true });
}

function read(dataDir: string, name: string): Recorded | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(dataDir, name), 'utf8')) as Recorded;
  } catch {
    return undefined;
  }
}

/** The starter that runs on this data now, if it is another process than ours. */
export async function liveStarter(dataDir: string, name: string): Promise<number | undefined> {
  const old = read(dataDir, name);
  if (old === undefined || old.starter === process.pid) return undefined;
  return (await identityOf(old.starter)) === old.starterIdentity ? old.starter : undefined;
}

export function alreadyRunning(dataDir: string, starter: number): InfraError {
  const hint = 'Stop that one first, or set PAIDAN_DATA_DIR to another folder.';
  return new InfraError('already-running', `Paidan already runs on ${dataDir} (process ${starter}). ${hint}`);
}

/**
 * Makes sure that no earlier process still runs as `name` on this data: refuses when its starter lives, ends it when it was left behind
 * (the watchdog does that too, but it can be killed together with the starter).
 */
export async function reclaim(dataDir: string, name: string, signal: NodeJS.Signals): Promise<void> {
  const starter = await liveStarter(dataDir, name);
  if (starter !== undefined) throw alreadyRunning(dataDir, starter);
  const old = read(dataDir, name);
  if (old === undefined) return;
  for (const [step, waits] of [[signal, 200] as const, ['SIGKILL', 50] as const]) {
    for (let wait = 0; wait < waits && (await identityOf(old.pid)) === old.identity; wait++) {
      if (wait === 0) {
        process.kill(old.pid, step);
        process.kill(old.pid, 'SIGCONT');
      }
      await sleep(100);
    }
  }
  forget(dataDir, name);
}
