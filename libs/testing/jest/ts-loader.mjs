// Node's module hooks that run our TypeScript sources as they are, for what Jest itself does not transform: its global set-up, and child processes
// that a test starts. Same compiler settings as the build; packages of the workspace resolve to their sources.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const swc = { ...JSON.parse(await readFile(new URL('../../../.swcrc', import.meta.url), 'utf8')), exclude: [] };

export async function resolve(specifier, context, next) {
  const ours = context.parentURL?.endsWith('.ts') && !context.parentURL.includes('/node_modules/');
  const path = ours && specifier.startsWith('.') ? specifier.replace(/\.js$/, '.ts') : specifier;
  return next(path, { ...context, conditions: ['@paidan/source', ...context.conditions] });
}

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(url);
  const { code } = await transform(await readFile(filename, 'utf8'), { ...swc, swcrc: false, filename, sourceMaps: 'inline' });
  return { format: 'module', source: code, shortCircuit: true };
}
