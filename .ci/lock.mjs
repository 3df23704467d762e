// Checks what `npm ci` on a fresh machine stumbles over, and mends it with --write:
//   - an optional package of another platform that the lock doesn't mention: npm leaves it out when the registry at hand lacks it, and then every
//     `npm ci`, on every platform, ends with "Missing: @swc/core-darwin-arm64@ from lock file";
//   - the address of a registry: one that only the author can reach;
//   - an install script nobody has judged: `npm ci` ends with a request to approve it. Nothing here needs one, so each is denied by name.
import { readFileSync, writeFileSync } from 'node:fs';

const write = process.argv.includes('--write');
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const lock = read('package-lock.json');
const manifest = read('package.json');
const findings = [];

const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** As Node resolves: the nearest node_modules upwards that has the name. */
function resolve(from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const path = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (lock.packages[path] !== undefined) return path;
    if (at === '') return undefined;
  }
}

/** What the platform packages declare themselves; their names are built from it. */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const one = (known) => words.filter((word) => known.includes(word)).slice(-1);
  const os = one(['darwin', 'linux', 'win32', 'freebsd', 'android', 'openharmony']);
  const cpu = one(['x64', 'arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64']);
  const libc = words.includes('gnu') ? ['glibc'] : words.some((word) => word.startsWith('musl')) ? ['musl'] : [];
  return { cpu, ...(os[0] === 'linux' && libc.length > 0 ? { libc } : {}), os };
}

for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const found = resolve(path, name);
    const exact = /^\d+\.\d+\.\d+/.test(range);
    if (found !== undefined && (!exact || lock.packages[found].version === range)) continue;
    findings.push(`package-lock.json: ${path} wants ${name}@${range}, which has no entry`);
    const at = found === undefined ? `node_modules/${name}` : `${path}/node_modules/${name}`;
    if (exact) lock.packages[at] = { version: range, ...platformOf(name), optional: true };
  }
  if (/^https?:/.test(entry.resolved ?? '')) {
    findings.push(`package-lock.json: ${path} names a registry: ${entry.resolved}`);
    delete entry.resolved;
  }
}

const scripts = Object.keys(lock.packages).filter((path) => lock.packages[path].hasInstallScript);
const allowScripts = { ...manifest.allowScripts };
for (const name of [...new Set(scripts.map(nameOf))].sort()) {
  if (allowScripts[name] !== undefined) continue;
  findings.push(`package.json: nobody has judged the install script of ${name}`);
  allowScripts[name] = false;
}

if (findings.length === 0) {
  console.log('The lock is whole: every platform, no registry, no unjudged install script.');
} else if (write) {
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a === b ? 0 : a.localeCompare(b, 'en'))));
  writeFileSync('package-lock.json', `${JSON.stringify(lock, undefined, 2)}\n`);
  writeFileSync('package.json', `${JSON.stringify({ ...manifest, allowScripts }, undefined, 2)}\n`);
  console.log(`Mended:\n  ${findings.join('\n  ')}`);
} else {
  console.error(`${findings.join('\n')}\nMend with: node .ci/lock.mjs --write`);
  process.exitCode = 1;
}
