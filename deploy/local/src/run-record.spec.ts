import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forget, identityOf, liveStarter, reclaim, record } from './run-record.js';

let dataDir: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'paidan-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true });
});

async function sleeper(): Promise<ChildProcess & { pid: number }> {
  const child = spawn('sleep', ['60']);
  children.push(child);
  await once(child, 'spawn');
  return child as ChildProcess & { pid: number };
}

async function write(pid: number, starter: number, changes: object = {}): Promise<void> {
  const recorded = { pid, identity: await identityOf(pid), starter, starterIdentity: await identityOf(starter), ...changes };
  mkdirSync(join(dataDir, 'run'), { recursive: true });
  writeFileSync(join(dataDir, 'run', 'kafka.json'), JSON.stringify(recorded));
}

it('refuses while another starter runs on the same data', async () => {
  const other = await sleeper();
  await write(other.pid, other.pid);
  expect(await liveStarter(dataDir, 'kafka')).toBe(other.pid);
  await expect(reclaim(dataDir, 'kafka', 'SIGTERM')).rejects.toMatchObject({ code: 'already-running' });
  expect(await identityOf(other.pid)).toBeDefined();
});

it('ends what a dead starter left behind', async () => {
  const [left, starter] = [await sleeper(), await sleeper()];
  await write(left.pid, starter.pid);
  const gone = once(left, 'exit');
  starter.kill('SIGKILL');
  await once(starter, 'exit');
  await reclaim(dataDir, 'kafka', 'SIGTERM');
  expect((await gone)[1]).toBe('SIGTERM');
});

it('leaves a process alone that only got the same number', async () => {
  const other = await sleeper();
  await write(other.pid, other.pid, { identity: 'earlier', starterIdentity: 'earlier' });
  await reclaim(dataDir, 'kafka', 'SIGTERM');
  expect(await identityOf(other.pid)).toBeDefined();
});

it('knows its own servers and forgets them', async () => {
  const own = await sleeper();
  await record(dataDir, 'kafka', own.pid);
  expect(await liveStarter(dataDir, 'kafka')).toBeUndefined();
  forget(dataDir, 'kafka');
  await reclaim(dataDir, 'kafka', 'SIGTERM');
  expect(await identityOf(own.pid)).toBeDefined();
});
