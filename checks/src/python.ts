import { defaultDataDir } from '@paidan/local';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const HINT = 'On Debian and Ubuntu: apt-get install python3 python3-venv. PAIDAN_PYTHON names another python.';
/** What a Python process of ours is given of the environment. Byte code beside the sources would be files that nobody asked for. */
export const PYTHON_ENV = {
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONUNBUFFERED: '1',
  PYTHONUTF8: '1',
};

/** The machine's Python, 3.10 or later and able to make environments. @throws with what to install */
async function machinesPython(who: string): Promise<{ readonly command: string; readonly version: string }> {
  const command = process.env['PAIDAN_PYTHON'] ?? 'python3';
  const probe = 'import ensurepip, sqlite3, sys, venv; print(sys.version.split()[0]); sys.exit(sys.version_info < (3, 10))';
  const { stdout } = await run(command, ['-c', probe], { env: PYTHON_ENV }).catch((error: unknown) => {
    throw new Error(`${who} needs Python 3.10 or later with venv, and ${command} is none. ${HINT}`, { cause: error });
  });
  return { command, version: stdout.trim() };
}

/**
 * The interpreter of an environment with these requirements, made once per requirements and Python version: it takes some seconds and needs PyPI.
 * It lies with the fetched jars of Kafka, where no reset removes it.
 * @param who needs it, as the beginning of a sentence
 */
export async function pythonWith(requirements: string, who: string): Promise<string> {
  const { command, version } = await machinesPython(who);
  const text = await readFile(requirements, 'utf8');
  const name = createHash('sha256').update(`${version}\n${text}`).digest('hex').slice(0, 12);
  const folder = join(defaultDataDir({}), 'python', name);
  const python = join(folder, 'bin', 'python');
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return python;
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await run(command, ['-m', 'venv', folder], { env: PYTHON_ENV }).catch((error: unknown) => {
    throw new Error(`${command} -m venv failed. ${HINT}`, { cause: error });
  });
  // pip's own settings (index, certificates, proxy) come from the environment.
  await run(python, ['-m', 'pip', 'install', '--quiet', '--no-input', '--requirement', requirements], {
    env: { ...process.env, ...PYTHON_ENV },
  }).catch((error: unknown) => {
    throw new Error(`pip could not install ${requirements}; it needs PyPI or an index that pip is configured for.`, { cause: error });
  });
  await writeFile(complete, '');
  return python;
}
