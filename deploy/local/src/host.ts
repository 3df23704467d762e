import { randomInt } from 'node:crypto';
import { mkdir, readFile, statfs } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { codeOf, InfraError } from './errors.js';

/** The checkout: `src` and `dist` lie equally deep in it. */
export const workspaceRoot = fileURLToPath(new URL('../../../', import.meta.url));

export const loopback = '127.0.0.1';

const gigabyte = 1024 ** 3;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Below the ports that systems give to outgoing connections: Linux does from 32768, macOS and Windows from 49152. */
const givable = { first: 20_000, past: 32_768 };
const given = new Set<number>();

/**
 * A port nobody listens on now, that no outgoing connection is given and that was not given here before; another program may still take it before it is
 * used, so callers start at once.
 * @throws InfraError `port-taken` where none was found in a hundred looks
 */
export async function freePort(): Promise<number> {
  for (let look = 0; look < 100; look++) {
    const port = randomInt(givable.first, givable.past);
    if (given.has(port)) continue;
    given.add(port);
    if (await listens(port)) return port;
  }
  throw new InfraError(
    'port-taken',
    `No free port was found from ${givable.first} to ${givable.past - 1}. Stop programs that listen there.`,
  );
}

const listens = (port: number): Promise<boolean> =>
  tryPort(port).then(
    () => true,
    () => false,
  );

async function tryPort(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, loopback, resolve));
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

/** Gives the port to listen on: the wanted one if it is free, any free one for 0. */
export async function claimPort(wanted: number, what: string, variable: string): Promise<number> {
  if (wanted === 0) return freePort();
  try {
    await tryPort(wanted);
    return wanted;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EADDRINUSE') {
      throw new InfraError(
        'port-taken',
        `Port ${wanted} for ${what} is taken by another program. Stop that program, or set ${variable} to a free port.`,
      );
    }
    if (code === 'EACCES') {
      throw new InfraError('port-taken', `Port ${wanted} for ${what} may not be used by this user. Set ${variable} to a port above 1023.`);
    }
    throw error;
  }
}

/** Whether anything accepts connections at the address. */
export function answersTcp(host: string, port: number, timeoutMs = 1_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** Kafka and Postgres both stop hard when the disk fills; below 1 GB it is better not to begin. */
export async function requireDiskSpace(folder: string, wantedBytes = gigabyte): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= wantedBytes) return;
  const free = ((bavail * bsize) / gigabyte).toFixed(2);
  throw new InfraError(
    'disk-full',
    `Only ${free} GB are free on the disk of ${folder}, and ${(wantedBytes / gigabyte).toFixed(0)} GB are needed. Free some space, or set PAIDAN_DATA_DIR to a folder on another disk.`,
  );
}

/** Names a full disk as such wherever it is met; anything else passes through unchanged. */
export function namingFullDisk(error: unknown, folder: string): unknown {
  const full = codeOf(error) === 'ENOSPC' || (error instanceof Error && /no space left on device/i.test(error.message));
  if (!full || error instanceof InfraError) return error;
  return new InfraError(
    'disk-full',
    `The disk of ${folder} is full. Free some space, or set PAIDAN_DATA_DIR to a folder on another disk.`,
    { cause: error },
  );
}

/** The end of a log, for an error message: the reason is nearly always in the last lines. */
export async function lastLines(file: string, count = 12): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
