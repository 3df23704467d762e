#!/usr/bin/env node
// npx paidan <command>: what `npm run build` made of ../src.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(fileURLToPath(main))) {
  await import(main.href);
} else {
  process.stderr.write('paidan is not built yet: npm run build\n');
  process.exitCode = 2;
}
