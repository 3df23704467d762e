import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CityProblem } from './city-files.js';
import { readLabelCodes } from './label-codes.js';
import { loadCity } from './load-city.js';

const EXAMPLE = fileURLToPath(new URL('../../../../../deploy/city', import.meta.url));

it('the example city says what the seven labels stand for, in codes of its catalogue', async () => {
  const loaded = await loadCity(EXAMPLE);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const codesOf = (rows: readonly { readonly code: string }[]) => new Set(rows.map(({ code }) => code));
  const problems: CityProblem[] = [];
  const labels = await readLabelCodes(EXAMPLE, { topics: codesOf(loaded.city.topics), matters: codesOf(loaded.city.matters) }, problems);
  expect(problems).toEqual([]);
  expect(labels.size).toBe(7);
  expect(labels.get('教育文体')).toContain('1101');
});

it('every line that says nothing is told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'labels-'));
  try {
    await writeFile(join(folder, 'labels.csv'), 'label,codes\n交通,06 99\n交通,06\n,06\n环保,\n');
    const problems: CityProblem[] = [];
    await readLabelCodes(folder, { topics: new Set(['06']), matters: new Set() }, problems);
    expect(problems.map(({ line, problem }) => `${String(line)} ${problem}`)).toEqual([
      '2 99 is no topic and no matter',
      '3 label 交通 is on a line above already',
      '4 has no label',
      '5 has no code',
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
