import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { workspaceRoot } from './host.js';
import { identityOf } from './run-record.js';
import { launch } from './server-process.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paidan-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const shell = (script: string) => launch({ command: 'sh', args: ['-c', script], logFile: join(folder, 'log'), farewell: 'SIGTERM' });

it('writes its output to the log and tells how it ended', async () => {
  const server = await shell('echo out; echo err >&2; exit 3');
  expect(await server.exited).toBe('code 3');
  expect(server.running()).toBe(false);
  expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('out\nerr\n');
});

it('puts a log of more than 20 MB aside', async () => {
  writeFileSync(join(folder, 'log'), Buffer.alloc(20_000_001, 'x'));
  await (
    await shell('echo fresh')
  ).exited;
  expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('fresh\n');
  expect(statSync(join(folder, 'log.old')).size).toBe(20_000_001);
});

it('rejects for a command that is not there', async () => {
  const none = launch({ command: '/no/such/server', args: [], logFile: join(folder, 'log'), farewell: 'SIGTERM' });
  await expect(none).rejects.toMatchObject({ code: 'ENOENT' });
});

it('goes from asking to killing', async () => {
  const polite = await shell('trap "exit 0" TERM; while :; do sleep 0.05; done');
  await polite.end([['SIGTERM', 5_000]]);
  expect(await polite.exited).toBe('code 0');
  const deaf = await shell('trap "" TERM; while :; do sleep 0.05; done');
  await new Promise((resolve) => setTimeout(resolve, 200));
  await deaf.end([['SIGTERM', 300]]);
  expect(await deaf.exited).toBe('SIGKILL');
});

it('ends even when it is frozen', async () => {
  const server = await shell('sleep 60');
  server.signal('SIGSTOP');
  await server.end([['SIGTERM', 5_000]]);
  expect(await server.exited).toBe('SIGTERM');
});

it('is ended by the watchdog, and its data removed, when the starter is killed', async () => {
  const data = join(folder, 'data');
  mkdirSync(data);
  const script = `import { launch } from '${workspaceRoot}deploy/local/src/server-process.ts';
    const options = { logFile: '${join(folder, 'log')}', farewell: 'SIGTERM', farewellRemoves: '${data}' };
    const server = await launch({ command: 'sleep', args: ['60'], ...options });
    console.log(server.pid);
    setInterval(() => {}, 1000);`;
  const register = join(workspaceRoot, 'libs/testing/jest/register-ts.mjs');
  const starter = spawn(process.execPath, ['--import', register, '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = Number(await new Promise<string>((resolve) => createInterface(starter.stdout).once('line', resolve)));
  expect(await identityOf(pid)).toBeDefined();
  starter.kill('SIGKILL');
  for (let wait = 0; wait < 50 && ((await identityOf(pid)) !== undefined || existsSync(data)); wait++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(await identityOf(pid)).toBeUndefined();
  expect(existsSync(data)).toBe(false);
}, 30_000);

it('leaves no watchdog behind after an ordinary end', async () => {
  const server = await shell('exit 0');
  await server.exited;
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { stdout } = await new Promise<{ stdout: string }>((resolve) =>
    execFile('ps', ['-eo', 'args'], (_error, text) => resolve({ stdout: text })),
  );
  expect(stdout.split('\n').filter((line) => line.includes('paidan-watchdog') && line.includes(` ${server.pid} `))).toEqual([]);
});
