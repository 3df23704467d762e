// node deploy/local/run.mjs <project> <command> [arguments…] runs <project>/dist/<command>/main.js or <project>/dist/<command>.js, installed and built.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, root } from './prepare.mjs';

const [project, command, ...args] = process.argv.slice(2);
if (project === undefined || command === undefined) {
  process.stderr.write('usage: node deploy/local/run.mjs <project> <command> [arguments…]\n');
  process.exit(2);
}
await prepare();
const dist = join(root, project, 'dist');
const file = [join(dist, command, 'main.js'), join(dist, `${command}.js`)].find(existsSync);
if (file === undefined) {
  process.stderr.write(`There is no command "${command}" in ${project}.\n`);
  process.exit(2);
}
// In this process: signals, exit code and terminal are the command's own.
process.argv.splice(1, process.argv.length - 1, file, ...args);
await import(pathToFileURL(file).href);
