import { execFile } from 'node:child_process';
import { chown, mkdir, readdir, readFile, realpath, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { codeOf, describe, InfraError } from './errors.js';
import { runEmbedded } from './embedded-server.js';
import { claimPort, lastLines, loopback, namingFullDisk, requireDiskSpace, sleep } from './host.js';
import type { ServerOptions, StartedPostgres } from './infra.js';
import { type Account, findBinaries, place, type Placement, unprivilegedAccount } from './postgres-binaries.js';
import { reclaim } from './run-record.js';
import { Secrets } from './secrets.js';
import type { ServerProcess } from './server-process.js';

const run = promisify(execFile);

export const superuser = 'paidan_superuser';

/** Started with the C locale of the built-in provider, so that text sorts alike on every machine and after every upgrade of the system. */
export const initdbArgs = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--data-checksums',
] as const;

/** What differs from PostgreSQL's defaults, for the embedded server and for the container alike. `fsync` stays on: the promise is that nothing is lost. */
export const postgresSettings: Readonly<Record<string, string>> = {
  max_connections: '200',
  shared_buffers: '512MB',
  // A minute at full speed writes 1 GB of log: at the default limit that is a checkpoint every 30 s, and each page is written whole once after it.
  max_wal_size: '4GB',
  // Tables that only grow are looked through for the visibility map each time they have grown by a fifth; not before they are worth it.
  autovacuum_vacuum_insert_threshold: '100000',
  // Our statements are short; compiling one costs more than running it.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
};

/** Starts the embedded PostgreSQL on 127.0.0.1, making its data first where there is none. */
export async function startEmbeddedPostgres(options: ServerOptions): Promise<StartedPostgres> {
  const { dataDir, onProgress } = options;
  await requireDiskSpace(dataDir);
  const account = await unprivilegedAccount();
  const placement = await place(dataDir, await findBinaries(), account);
  const logFile = join(dataDir, 'logs', 'postgres.log');
  await reclaim(dataDir, 'postgres', 'SIGINT');
  const port = await claimPort(options.port, 'PostgreSQL', 'PAIDAN_POSTGRES_PORT');
  const password = await (await Secrets.open(dataDir)).passwordOf(superuser);

  const isNew = (await stat(join(placement.data, 'PG_VERSION')).catch(() => undefined)) === undefined;
  if (isNew) {
    onProgress('making a new PostgreSQL data folder');
    await initialise(placement, account, password, dataDir);
  }

  const url = `postgres://${superuser}:${password}@${loopback}:${port}/postgres`;
  const settings = { ...postgresSettings, listen_addresses: loopback, port: String(port), unix_socket_directories: '' };
  const handle = await runEmbedded({
    name: 'postgres',
    dataDir,
    port,
    launch: {
      command: placement.binaries.postgres,
      args: ['-D', placement.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      cwd: placement.data,
      env: { LC_ALL: 'C', TZ: 'UTC' },
      logFile,
      farewell: 'SIGINT',
      ...(options.ephemeral ? { farewellRemoves: placement.data } : {}),
      ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
    },
    ending: [
      ['SIGINT', 20_000],
      ['SIGQUIT', 5_000],
    ],
    workers: childrenOf,
    ready: (server) => untilAnswering(url, logFile, server),
  });
  return { url, handle };
}

/** Removes what `place` may have put outside the data folder. */
export async function removePostgresData(dataDir: string): Promise<void> {
  const usual = join(dataDir, 'postgres');
  const real = await realpath(usual).catch(() => usual);
  await rm(real, { recursive: true, force: true });
  if (real !== usual) await rm(real.startsWith('/var/lib/paidan/') ? dirname(real) : real, { recursive: true, force: true });
  await rm(usual, { recursive: true, force: true });
}

async function initialise({ binaries, data }: Placement, account: Account | undefined, password: string, dataDir: string): Promise<void> {
  // What an interrupted initdb left behind: without PG_VERSION there is no cluster in it.
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { recursive: true, mode: 0o700 });
  const passwordFile = `${data}.password`;
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account !== undefined) {
    await chown(data, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  const args = [`--pgdata=${data}`, `--username=${superuser}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', ...initdbArgs];
  try {
    await run(binaries.initdb, args, {
      cwd: data,
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: process.env['PATH'] },
      ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
    });
  } catch (error) {
    await rm(data, { recursive: true, force: true });
    const named = namingFullDisk(error, dataDir);
    if (named instanceof InfraError) throw named;
    throw new InfraError('initdb-failed', `PostgreSQL could not make its data folder ${data}: ${describe(error)}`, { cause: error });
  } finally {
    await unlink(passwordFile).catch(() => undefined);
  }
}

async function untilAnswering(url: string, logFile: string, server: ServerProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const failure = await ask(url);
    if (failure === undefined) return;
    if (codeOf(failure) === '28P01') {
      throw new InfraError(
        'secrets-unreadable',
        'The password in secrets.json is not the one of the PostgreSQL data beside it. Run npm run reset to begin with new data.',
      );
    }
    if (!server.running()) {
      const log = await lastLines(logFile);
      const cause = new Error(log);
      throw namingFullDisk(cause, logFile) === cause
        ? new InfraError('postgres-exited', `PostgreSQL ended while starting. The end of ${logFile}:\n${log}`)
        : namingFullDisk(cause, logFile);
    }
    if (Date.now() > deadline) {
      throw new InfraError('postgres-unreachable', `PostgreSQL did not answer within 60 s (${describe(failure)}); see ${logFile}.`);
    }
    await sleep(50);
  }
}

/** Whether a query is answered: `undefined`, or what was wrong. */
export async function ask(url: string): Promise<Error | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // A server that ends during the hand-shake reports it twice, the second time to nobody.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Each backend of PostgreSQL leads a session of its own, so a signal to the group does not reach it. */
async function childrenOf(parent: number): Promise<readonly number[]> {
  if (process.platform !== 'linux') {
    const { stdout } = await run('pgrep', ['-P', String(parent)]).catch(() => ({ stdout: '' }));
    return stdout.split('\n').filter(Boolean).map(Number);
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return pids.filter((_, at) => stats[at]?.slice(stats[at].lastIndexOf(')') + 2).split(' ')[1] === String(parent)).map(Number);
}
