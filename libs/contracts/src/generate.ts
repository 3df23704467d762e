import { fileURLToPath } from 'node:url';
import { documents } from './documents.js';
import { driftOf, writeDocuments } from './drift.js';

/* `node libs/contracts/dist/generate.js` writes `generated/`; with `--check` it only names what drifts, and fails. */

const folder = fileURLToPath(new URL('../generated/', import.meta.url));
const check = process.argv.includes('--check');
const paths = check ? driftOf(folder, documents()) : writeDocuments(folder, documents());

for (const path of paths) console.log(`${check ? 'drifts' : 'written'}: libs/contracts/generated/${path}`);
if (check && paths.length > 0) {
  console.error('generated documents differ from the schemas; run: node libs/contracts/dist/generate.js');
  process.exitCode = 1;
}
