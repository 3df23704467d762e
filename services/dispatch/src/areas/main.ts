import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { areasCsv, readAdminCodes } from '../adapters/city/admin-codes.js';
import { cityAreas } from '../domain/where/city-areas.js';

const usage = `npm run areas -- --city CODE|NAME [--out FILE]

Writes areas.csv for a city: itself, its districts and counties, its streets and townships, from deploy/admin-codes. Communities, and names that citizens use,
are the city's own to add.

  --city CODE|NAME   4301 or 长沙市; 11 or 北京市; 320583 or 昆山市 for a county with a desk of its own
  --out FILE         where the table goes, if there is no such file yet; without it, to standard output

Ends with 0 when the table was written, with 1 when the file can't be written, with 2 when the call was wrong.
`;
const CODES = fileURLToPath(new URL('../../../../deploy/admin-codes', import.meta.url));

const stop = (code: number, text: string): never => {
  process.stderr.write(text);
  process.exit(code);
};
const options = () => {
  try {
    return parseArgs({ options: { city: { type: 'string' }, out: { type: 'string' }, help: { type: 'boolean', short: 'h' } } }).values;
  } catch (error) {
    return stop(2, `${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
};

const { city, out, help } = options();
if (help) {
  process.stdout.write(usage);
  process.exit(0);
}
if (city === undefined || city === '') stop(2, usage);
const areas = cityAreas(await readAdminCodes(CODES), city ?? '');
if ('misuse' in areas) stop(2, `${areas.misuse}\n`);
else if (out === undefined) process.stdout.write(areasCsv(areas));
else {
  try {
    await writeFile(out, areasCsv(areas), { flag: 'wx' });
    process.stdout.write(`${areas.length} areas in ${out}\n`);
  } catch (error) {
    stop(1, `${error instanceof Error ? error.message : String(error)}\n`);
  }
}
