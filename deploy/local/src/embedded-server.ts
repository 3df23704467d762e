import { forget, reclaim, record } from './run-record.js';
import { launch, type LaunchOptions, type ServerProcess } from './server-process.js';
import type { ServerHandle } from './infra.js';

export interface EmbeddedServer {
  readonly name: string;
  readonly dataDir: string;
  readonly port: number;
  readonly launch: LaunchOptions;
  /** Signals of an orderly end with the milliseconds each is given. */
  readonly ending: readonly (readonly [NodeJS.Signals, number])[];
  /** The server's own worker processes, which a freeze must reach as well. */
  readonly workers?: (pid: number) => Promise<readonly number[]>;
  /** Called before each start: makes what isn't there yet, or no longer. */
  readonly prepare?: () => Promise<void>;
  /** Called after each end that `stop` or `restart` brought about. */
  readonly ended?: () => Promise<void>;
  /** Resolves when it answers; rejects when it can't any more. */
  readonly ready: (server: ServerProcess) => Promise<void>;
}

/** Starts a server from its binaries, waits until it answers, and gives the handle to stop, break and restart it. */
export async function runEmbedded(server: EmbeddedServer): Promise<ServerHandle> {
  const listeners: ((reason: string) => void)[] = [];
  let told = false;
  let current = await begin();

  async function begin(): Promise<ServerProcess> {
    await reclaim(server.dataDir, server.name, server.launch.farewell);
    await server.prepare?.();
    const started = await launch(server.launch);
    await record(server.dataDir, server.name, started.pid);
    told = false;
    void started.exited.then((reason) => {
      if (!told) listeners.forEach((listener) => listener(reason));
    });
    try {
      await server.ready(started);
    } catch (error) {
      told = true;
      await started.end(server.ending);
      forget(server.dataDir, server.name);
      throw error;
    }
    return started;
  }

  async function signalAll(signal: NodeJS.Signals): Promise<void> {
    const workers = (await server.workers?.(current.pid)) ?? [];
    current.signal(signal);
    for (const pid of workers) {
      try {
        process.kill(pid, signal);
      } catch {
        // It ended since it was listed.
      }
    }
  }

  async function stop(): Promise<void> {
    told = true;
    if (current.running()) await signalAll('SIGCONT');
    const ran = current.running();
    await current.end(server.ending);
    forget(server.dataDir, server.name);
    if (ran) await server.ended?.();
  }

  return {
    get pid() {
      return current.pid;
    },
    port: server.port,
    stop,
    async kill(signal) {
      // Only a freeze is for every process: a killed server must be seen to clean up after itself. And it ends nothing: an end after it is unexpected.
      if (signal === 'SIGSTOP' || signal === 'SIGCONT') return signalAll(signal);
      told = true;
      current.signal(signal);
    },
    async restart() {
      await stop();
      current = await begin();
    },
    onUnexpectedExit: (listener) => void listeners.push(listener),
  };
}
