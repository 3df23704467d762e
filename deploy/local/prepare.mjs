// What has to be there before any of our code can run: the right Node, the packages, the build. Plain JavaScript without dependencies,
// because on a fresh clone there are none. Everything is said on the error output: the standard output belongs to the command.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statfsSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

const say = (line) => process.stderr.write(`  ${line}\n`);
const readJson = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));

/** Stops the whole command with one message. */
function fail(message) {
  process.stderr.write(`\n${message}\n`);
  process.exit(1);
}

export async function prepare() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(
      `Paidan needs Node 20.19 or newer; this is ${process.versions.node}. Install one from https://nodejs.org or with your version manager.`,
    );
  }
  if (!isInstalled()) {
    requireDiskSpace(2);
    await step('installing packages (npm ci)', npm, ['ci', '--no-fund', '--no-audit']);
  }
  if (!isBuilt()) {
    // What is saved while the build runs may not be in it.
    const began = new Date();
    await step('building', process.execPath, [join(root, 'node_modules/nx/dist/bin/nx.js'), 'run-many', '-t', 'build']);
    mkdirSync(join(root, '.data'), { recursive: true });
    writeFileSync(stamp, '');
    utimesSync(stamp, began, began);
  }
}

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/**
 * Compares the lock with what npm wrote down of its last install. Times would not do: a checkout touches files that did not change, and a needless
 * `npm ci` takes a minute and removes the packages under whatever runs.
 */
function isInstalled() {
  try {
    const wanted = readJson('package-lock.json').packages;
    const found = readJson('node_modules/.package-lock.json').packages;
    return Object.entries(wanted).every(
      ([path, { version, link, optional, devOptional }]) =>
        !path.includes('node_modules/') || link || optional || devOptional || found[path]?.version === version,
    );
  } catch {
    return false;
  }
}

const stamp = join(root, '.data', 'built');

/** Whether every project has a build, and none of its sources is newer than the last one. */
function isBuilt() {
  const builtAt = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const projects = readJson('package.json').workspaces.flatMap((pattern) =>
    pattern.endsWith('/*')
      ? readdirSync(join(root, pattern.slice(0, -2))).map((name) => join(root, pattern.slice(0, -2), name))
      : [join(root, pattern)],
  );
  const sources = projects.filter((project) => existsSync(join(project, 'src')));
  return (
    sources.every((project) => existsSync(join(project, 'dist'))) &&
    [join(root, '.swcrc'), ...sources.flatMap((project) => [join(project, 'package.json'), ...filesIn(join(project, 'src'))])].every(
      (file) => statSync(file).mtimeMs <= builtAt,
    )
  );
}

// Folders count too: removing a file changes its folder's time alone.
const filesIn = (folder) => [folder, ...readdirSync(folder, { recursive: true }).map((name) => join(folder, name))];

function requireDiskSpace(gigabytes) {
  const { bavail, bsize } = statfsSync(root);
  const free = (bavail * bsize) / 1024 ** 3;
  if (free < gigabytes)
    fail(`Only ${free.toFixed(1)} GB are free on the disk of ${root}, and ${gigabytes} GB are needed to install. Free some space.`);
}

/** Runs a slow command quietly, with a sign of life now and then, and shows what it said when it fails. */
async function step(title, command, args) {
  say(`${title} …`);
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  const alive = setInterval(() => say(`  still ${title}, ${seconds()} s`), 20_000);
  const output = [];
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' },
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  const [code, problem] = await new Promise((resolve) => {
    child.on('error', (error) => resolve([1, error.message]));
    child.on('close', (status) => resolve([status ?? 1, '']));
  });
  clearInterval(alive);
  if (code === 0) return say(`${title}: done in ${seconds()} s`);
  const text = Buffer.concat(output).toString();
  const full = /ENOSPC|no space left/i.test(text) ? 'The disk is full. Free some space and start again.\n\n' : '';
  return fail(`${full}${title} failed (${problem || `code ${code}`}):\n${text.trimEnd().split('\n').slice(-40).join('\n')}`);
}
