import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';

const run = promisify(execFile);

export interface TutorialFigures {
  /** Per second while its consumer runs. */
  readonly accepted: number;
  /** Per second over load and draining: what it keeps up with. */
  readonly assigned: number;
  /** Seconds of input its consumer was behind when the load ended. */
  readonly lagSeconds: number;
}

/** Where the peer lies when the design folder is beside the checkout. */
const tutorialFolder = (root: string): string => join(root, '..', 'shared', 'peers', 'tutorial');

/**
 * The same job built as the framework's guides teach it, measured by its own load program on the same servers in the same run.
 * Undefined where it isn't there: the figures then stand alone.
 */
export async function measureTutorial(
  root: string,
  servers: { brokers: readonly string[]; postgresUrl: string },
  seconds: number,
  connections: number,
): Promise<TutorialFigures | undefined> {
  const source = tutorialFolder(root);
  if (!existsSync(source)) return undefined;
  // Below the checkout, so that its node_modules are found.
  const folder = join(root, 'checks', 'dist', 'tutorial');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(source, folder, { recursive: true });
  const env = {
    ...process.env,
    KAFKA_BROKERS: servers.brokers.join(','),
    DATABASE_URL: servers.postgresUrl,
    KAFKAJS_NO_PARTITIONER_WARNING: '1',
    PORT: '3101',
  };
  const children: ChildProcess[] = [];
  try {
    await run(join(root, 'node_modules', '.bin', 'swc'), ['src', '-d', 'dist', '--strip-leading-paths'], { cwd: folder });
    await setUp(() => run(process.execPath, ['setup.mjs'], { cwd: folder, env }));
    for (const service of ['intake', 'dispatch'])
      children.push(
        await started(
          spawn(process.execPath, [join(folder, 'dist', `${service}.js`)], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] }),
        ),
      );
    await delay(3_000); // its consumer joins its group
    const { stdout } = await run(process.execPath, ['load.mjs', String(seconds), String(connections)], {
      cwd: folder,
      env,
      maxBuffer: 1 << 24,
    });
    return figures(stdout, seconds);
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}

/** Reads its load program's words: `intake req/s N … total 2xx N`, `assigned during load N drain rate/s N assigned N`. */
function figures(stdout: string, seconds: number): TutorialFigures {
  const number = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? Number.NaN);
  const total = number(/total 2xx (\d+)/);
  const during = number(/assigned during load (\d+)/);
  const drain = number(/drain rate\/s (\d+)/);
  const drained = drain > 0 ? (total - during) / drain : 0;
  return {
    accepted: Math.round(total / seconds),
    assigned: Math.round(total / (seconds + drained)),
    lagSeconds: Math.round(((total - during) / (total / seconds)) * 10) / 10,
  };
}

async function started(child: ChildProcess): Promise<ChildProcess> {
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`the tutorial build ended with ${code}`)));
  });
  child.stdout?.resume();
  return child;
}

/** It makes everything afresh each time; now and then a broker is asked for its new topics before it knows them, and that ends it. */
async function setUp(make: () => Promise<unknown>): Promise<void> {
  for (let left = 3; ; left -= 1)
    try {
      await make();
      return;
    } catch (error) {
      if (left === 1) throw error;
      await delay(2_000);
    }
}
