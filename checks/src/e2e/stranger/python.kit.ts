import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PYTHON_ENV, pythonWith } from '../../python.js';

const run = promisify(execFile);

/** The department's system, as it lies in the repository. */
export const PROGRAM = fileURLToPath(new URL('../../../../deploy/examples/department-python/', import.meta.url));

/** The interpreter of an environment with the department's requirements. */
export const departmentsPython = (): Promise<string> => pythonWith(join(PROGRAM, 'requirements.txt'), 'The example department');

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
        env: PYTHON_ENV,
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
      env: PYTHON_ENV,
    });
    return JSON.parse(stdout) as Case[];
  }

  private state(): string[] {
    return ['--state', join(this.options.folder, 'department.sqlite')];
  }
}
