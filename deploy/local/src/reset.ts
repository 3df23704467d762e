import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeVolume } from './docker.js';
import { removePostgresData } from './postgres.js';
import { alreadyRunning, liveStarter, reclaim } from './run-record.js';

/** Removes the data of the local run – databases, log, keys, passwords, logs. The fetched jars stay. Refuses while it runs. */
export async function reset(dataDir: string): Promise<void> {
  const starter = await liveStarter(dataDir, 'starter');
  if (starter !== undefined) throw alreadyRunning(dataDir, starter);
  // What a killed starter may have left running still writes into the data.
  const left = (await readdir(join(dataDir, 'run')).catch(() => [])).filter(
    (name) => name.endsWith('.json') && !/^(starter|system)\./.test(name),
  );
  for (const name of left) await reclaim(dataDir, name.replace('.json', ''), 'SIGTERM');

  for (const name of ['postgres', 'kafka']) await removeVolume(dataDir, name);
  await removePostgresData(dataDir);
  for (const name of ['kafka', 'keys', 'logs', 'run', 'secrets.json']) await rm(join(dataDir, name), { recursive: true, force: true });
}
