import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname } from 'node:path';

export interface LaunchOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Standard output and error go to this file, not through us: a log must not depend on the life of its reader. */
  readonly logFile: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Sent when this Node process is gone without having stopped the server, even by SIGKILL. */
  readonly farewell: NodeJS.Signals;
  /** Removed by the watchdog after that, so that a killed test run leaves no data behind. */
  readonly farewellRemoves?: string;
}

export interface ServerProcess {
  readonly pid: number;
  readonly running: () => boolean;
  readonly exited: Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** Sends each signal in turn and waits up to its milliseconds; ends with SIGKILL. */
  end(steps: readonly (readonly [NodeJS.Signals, number])[]): Promise<void>;
}

/**
 * Starts a server in a session of its own – Ctrl-C in the terminal must reach the starter alone, which then stops things in order –
 * and a watchdog beside it that stops the server when the starter dies without a word.
 */
export async function launch(options: LaunchOptions): Promise<ServerProcess> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  // One old log is kept; without an end to it a system that is started every day would fill the disk.
  if ((statSync(options.logFile, { throwIfNoEntry: false })?.size ?? 0) > 20_000_000) renameSync(options.logFile, `${options.logFile}.old`);
  const log = openSync(options.logFile, 'a');
  const child = spawn(options.command, [...options.args], {
    detached: true,
    stdio: ['ignore', log, log],
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  });
  closeSync(log);
  await once(child, 'spawn');
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${options.command} did not start`);
  child.on('error', () => undefined);
  child.unref();

  const watchdog = watch(farewell, [options.farewell.slice(3), String(pid), options.farewellRemoves ?? '']);
  let running = true;
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      running = false;
      watchdog.dismiss();
      resolve(signal ?? `code ${code}`);
    });
  });

  const signal = (name: NodeJS.Signals): void => {
    if (running) child.kill(name);
  };
  return {
    pid,
    running: () => running,
    exited,
    signal,
    async end(steps) {
      for (const [name, waitMs] of [...steps, ['SIGKILL', 10_000] as const]) {
        if (!running) return;
        signal(name);
        signal('SIGCONT');
        await within(exited, waitMs);
      }
    },
  };
}

// $1 signal, $2 pid, $3 folder to remove. A frozen server would not take the signal, hence CONT; one that won't end in 30 s is killed.
const farewell = `kill -$1 $2; kill -CONT $2; n=0
while kill -0 $2 && [ $n -lt 300 ]; do sleep 0.1; n=$((n+1)); done
kill -KILL $2; [ -z "$3" ] || rm -rf "$3"`;

export interface Watchdog {
  dismiss(): void;
}

/**
 * Runs a shell command once this process is gone. The shell holds the reading end of a pipe whose writing end only we have; the kernel closes
 * that with us, however we end. It costs one sleeping `cat`, where a Node supervisor would cost 40 MB.
 */
export function watch(command: string, args: readonly string[]): Watchdog {
  const shell = spawn('sh', ['-c', `cat >/dev/null; { ${command}\n} >/dev/null 2>&1`, 'paidan-watchdog', ...args], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => undefined);
  shell.unref();
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  return { dismiss: () => killGroup(shell) };
}

function killGroup(shell: ChildProcess): void {
  if (shell.pid === undefined || shell.exitCode !== null || shell.signalCode !== null) return;
  try {
    // The group: the shell and its `cat`. Killing the shell alone would leave the `cat` behind until our own end.
    process.kill(-shell.pid, 'SIGKILL');
  } catch {
    // It ended between the check and the signal.
  }
}

/** Resolves with true when the promise settles in time. */
export async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
