import { defaultDataDir } from '@paidan/local';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The department's system, as it lies in the repository. */
export const PROGRAM = fileURLToPath(new URL('../../../../deploy/examples/department-python/', import.meta.url));

const HINT = 'On Debian and Ubuntu: apt-get install python3 python3-venv. PAIDAN_PYTHON names another python.';
// Byte code beside the sources would be files that nobody asked for.
const quiet = { PATH: process.env['PATH'], HOME: process.env['HOME'], PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1' };

/** The machine's Python, 3.10 or later and able to make environments. @throws with what to install */
export async function machinesPython(): Promise<{ readonly command: string; readonly version: string }> {
  const command = process.env['PAIDAN_PYTHON'] ?? 'python3';
  const probe = 'import ensurepip, sqlite3, sys, venv; print(sys.version.split()[0]); sys.exit(sys.version_info < (3, 10))';
  const { stdout } = await run(command, ['-c', probe], { env: quiet }).catch((error: unknown) => {
    throw new Error(`The example department needs Python 3.10 or later with venv, and ${command} is none. ${HINT}`, { cause: error });
  });
  return { command, version: stdout.trim() };
}

/**
 * The interpreter of an environment with the department's requirements, made once per requirements and Python version: it takes some seconds and needs PyPI.
 * It lies with the fetched jars of Kafka, where no reset removes it.
 */
export async function departmentsPython(): Promise<string> {
  const { command, version } = await machinesPython();
  const requirements = join(PROGRAM, 'requirements.txt');
  const text = await readFile(requirements, 'utf8');
  const name = createHash('sha256').update(`${version}\n${text}`).digest('hex').slice(0, 12);
  const folder = join(defaultDataDir({}), 'python', name);
  const python = join(folder, 'bin', 'python');
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return python;
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await run(command, ['-m', 'venv', folder], { env: quiet }).catch((error: unknown) => {
    throw new Error(`${command} -m venv failed. ${HINT}`, { cause: error });
  });
  // pip's own settings (index, certificates, proxy) come from the environment.
  await run(python, ['-m', 'pip', 'install', '--quiet', '--no-input', '--requirement', requirements], {
    env: { ...process.env, ...quiet },
  }).catch((error: unknown) => {
    throw new Error(`pip could not install ${text.trim().split('\n').at(-1)}; it needs PyPI or an index that pip is configured for.`, {
      cause: error,
    });
  });
  await writeFile(complete, '');
  return python;
}

export interface DepartmentOptions {
  readonly unit: string;
  readonly brokers: readonly string[];
  readonly paidan: string;
  readonly token: string;
  readonly folder: string;
  readonly officer: string;
  readonly approver: string;
  readonly workSeconds: number;
}

/** A case as the department itself has it. */
export interface Case {
  readonly ticket: string;
  readonly assignment: number;
  readonly status: string;
  readonly deadlines: Readonly<Record<string, string | null>>;
  readonly cards: Readonly<Record<string, string>>;
  readonly trouble: string | null;
}

/** The department's system as a process that can be killed and started again. */
export class Department {
  private child: ChildProcess | undefined;

  constructor(
    private readonly python: string,
    private readonly options: DepartmentOptions,
  ) {}

  get logFile(): string {
    return join(this.options.folder, 'department.log');
  }

  async start(): Promise<void> {
    const { unit, brokers, paidan, token, folder, officer, approver, workSeconds } = this.options;
    const tokenFile = join(folder, 'token');
    await mkdir(folder, { recursive: true });
    await writeFile(tokenFile, token, { mode: 0o600 });
    const given = { unit, brokers: brokers.join(','), paidan, officer, approver, 'token-file': tokenFile, 'work-seconds': workSeconds };
    const log = openSync(this.logFile, 'a');
    this.child = spawn(
      this.python,
      ['department.py', ...this.state(), ...Object.entries(given).map(([name, value]) => `--${name}=${value}`)],
      {
        cwd: PROGRAM,
        env: quiet,
        stdio: ['ignore', log, log],
      },
    );
    closeSync(log);
    await once(this.child, 'spawn');
  }

  get running(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  /** Ends it by its process id. @returns how it ended */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<string> {
    const { child } = this;
    if (child?.pid === undefined || !this.running) return 'not running';
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
    process.kill(child.pid, signal);
    const [code, by] = await ended;
    return by ?? `code ${code}`;
  }

  async cases(): Promise<readonly Case[]> {
    const { stdout } = await run(this.python, ['department.py', '--unit', this.options.unit, ...this.state(), '--show'], {
      cwd: PROGRAM,
      env: quiet,
    });
    return JSON.parse(stdout) as Case[];
  }

  private state(): string[] {
    return ['--state', join(this.options.folder, 'department.sqlite')];
  }
}
