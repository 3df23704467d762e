import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'yaml';
import { indexDirectory } from '../../domain/routing/directory.js';
import { responsibleFor } from '../../domain/routing/responsibilities.js';
import { DIRECTORY_TABLES, loadCity, loadDirectory } from './load-city.js';

const EXAMPLE = fileURLToPath(new URL('../../../../../deploy/city', import.meta.url));
const text = async (table: string): Promise<string> => readFile(join(EXAMPLE, `${table}.csv`), 'utf8');
const asCsv = async (): Promise<Map<string, string>> =>
  new Map(await Promise.all(DIRECTORY_TABLES.map(async (table) => [`${table}.csv`, await text(table)] as const)));
/** The same rows as YAML: empty cells left out, several words as a list. */
const asYaml = (csv: string): string =>
  stringify(
    (parse(csv, { columns: true }) as Record<string, string>[]).map((row) =>
      Object.fromEntries(
        Object.entries(row)
          .filter(([, cell]) => cell !== '')
          .map(([column, cell]) => [
            column,
            ['aliases', 'phrases', 'coHandlers', 'matters', 'frontLine'].includes(column) ? cell.split(' ') : cell,
          ]),
      ),
    ),
  );
const problemsOf = async (change: (files: Map<string, string>) => void) => {
  const files = await asCsv();
  change(files);
  const loaded = await loadDirectory(files);
  return loaded.ok ? [] : loaded.problems;
};

describe('tables that are sent', () => {
  it('say what the folder says, as CSV and as YAML', async () => {
    const folder = await loadCity(EXAMPLE);
    if (!folder.ok) throw new Error('the example is unsound');
    const { channels: _channels, boundaries, systems, ...city } = folder.city;
    const files = await asCsv();
    expect(await loadDirectory(files)).toEqual({ ok: true, city });
    const yaml = new Map([...files].map(([name, csv]) => [name.replace('.csv', '.yaml'), asYaml(csv)]));
    expect(await loadDirectory(yaml)).toEqual({ ok: true, city });
    const map = await readFile(join(EXAMPLE, 'areas.geojson'), 'utf8');
    expect(await loadDirectory(new Map([...yaml, ['areas.geojson', map]]))).toEqual({ ok: true, city: { ...city, boundaries } });
    const table = await text('systems');
    expect(systems).toHaveLength(4);
    for (const file of [['systems.csv', table] as const, ['systems.yaml', asYaml(table)] as const])
      expect(await loadDirectory(new Map([...files, file]))).toEqual({ ok: true, city: { ...city, systems } });
  });

  it('are all there: one that was forgotten doesn’t empty itself', async () => {
    expect(await problemsOf((files) => files.delete('mailboxes.csv'))).toEqual([
      {
        file: 'mailboxes.csv',
        problem: 'cannot be read: there is no such file, nor mailboxes.yaml',
        problemZh: '无法读取：没有该文件，也没有 mailboxes.yaml',
      },
    ]);
  });

  it('are told in Chinese too', async () => {
    const problems = await problemsOf((files) =>
      files.set('units.csv', (files.get('units.csv') ?? '').replace('bureau,city,city-police,', 'bureau,city,city-nobody,')),
    );
    expect(problems).toEqual([
      { file: 'units.csv', line: 9, problem: 'parent city-nobody is no unit of this table', problemZh: '上级 city-nobody 不在本表中' },
    ]);
  });
});

describe('a table in YAML', () => {
  const mailbox = 'code: mayor\n  name: 市长信箱\n  unit: city-petitions\n  active: yes\n';
  const withMailboxes = async (yaml: string) =>
    problemsOf((files) => {
      files.delete('mailboxes.csv');
      files.set('mailboxes.yaml', yaml);
    });

  it('takes codes and yes for what is written: neither numbers nor truth', async () => {
    expect(await withMailboxes(`- ${mailbox}- code: 0106\n  name: 信箱\n  unit: city-petitions\n  active: no\n`)).toEqual([]);
    expect(await withMailboxes('')).toEqual([]);
  });

  it.each<[string, string, number, string]>([
    ['that is none', `- ${mailbox}- code: "open\n`, 6, 'is not YAML'],
    ['with a key twice', `- ${mailbox}  unit: city-health\n`, 5, 'is not YAML'],
    ['that is no list', mailbox.replaceAll('  ', ''), 1, 'is not a list of rows'],
    ['with a row that is a text', `- ${mailbox}- mayor\n`, 5, 'is not a mapping'],
    ['with an unknown column', `- ${mailbox}  colour: red\n`, 5, 'has unknown column colour'],
    ['with a mapping for a value', `- ${mailbox}  from:\n    year: 2026\n`, 5, 'from is neither a text nor a list'],
    ['with an anchor used', `- &one\n  ${mailbox}- *one\n`, 6, 'is not a mapping'],
    [
      'with a wrong value',
      `- ${mailbox}- code: vice\n  name: 副市长\n  unit: nobody\n  active: yes\n`,
      5,
      'unit nobody is not in units.csv',
    ],
    ['with NUL in it', `- ${mailbox}  from: "\u0000"\n`, 5, 'cannot be stored'],
  ])('%s is named by its line', async (_what, yaml, line, problem) => {
    expect(await withMailboxes(yaml)).toEqual([
      expect.objectContaining({ file: 'mailboxes.yaml', line, problem: expect.stringContaining(problem) as unknown }),
    ]);
  });

  it('doesn’t stand beside the same as CSV', async () => {
    expect(await problemsOf((files) => files.set('mailboxes.yaml', ''))).toMatchObject([{ file: 'mailboxes.yaml' }]);
  });
});

describe('a province', () => {
  const rows = (count: number, row: (at: number) => string): string => Array.from({ length: count }, (_, at) => row(at)).join('\n');
  const three = (at: number): string => String(at).padStart(3, '0');
  // 100 districts of 40 streets, a bureau in each district; the streets' codes run to 999.
  const district = (at: number): string => `99${String(Math.floor(at / 80) + 2).padStart(2, '0')}${String((at % 80) + 10)}`;
  const files = async (): Promise<Map<string, string>> => {
    const csv = await asCsv();
    const matters = (csv.get('matters.csv') ?? '')
      .split('\n')
      .slice(1)
      .map((line) => line.slice(0, 4))
      .filter((code) => code !== '');
    const street = (at: number): string => `${district(Math.floor(at / 40))}${three((at % 40) + 1)}`;
    const add = (file: string, more: string) => csv.set(file, `${csv.get(file) ?? ''}${more}\n`);
    add(
      'areas.csv',
      `990000,示例省,city,,\n${rows(100, (at) => `${district(at)},D${at}区,district,990000,`)}\n${rows(4_000, (at) => `${street(at)},S${at}街道,street,${district(Math.floor(at / 40))},`)}`,
    );
    add(
      'units.csv',
      `${rows(900, (at) => `bureau-${at},B${at}局,bureau,district,,${district(at % 100)},desk,yes,,,`)}\n${rows(100, (at) => `gov-${at},G${at}政府,district,district,,${district(at)},desk,yes,,,`)}\n${rows(4_000, (at) => `office-${at},O${at}街道办,street,street,gov-${Math.floor(at / 40)},${street(at)},desk,yes,,,`)}`,
    );
    add(
      'mailboxes.csv',
      rows(3_000, (at) => `box-${at},M${at}信箱,office-${at},yes,,`),
    );
    add(
      'responsibilities.csv',
      rows(20_000, (at) => `${matters[at % 122]},${street(Math.floor(at / 122))},office-${Math.floor(at / 122)},,,,`),
    );
    return csv;
  };

  // Measured on 2 shared cores: see the README. The bounds only catch what is no longer linear.
  it('loads and is looked up in time: 5,000 units, 3,000 mailboxes, 20,000 responsibilities', async () => {
    const given = await files();
    const start = performance.now();
    const loaded = await loadDirectory(given);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems.slice(0, 5)));
    const directory = indexDirectory({ ...loaded.city, version: 1 });
    const took = performance.now() - start;
    expect([directory.units.size, directory.mailboxes.size, loaded.city.responsibilities.length]).toEqual([5_064, 3_020, 20_010]);

    const areas = [...directory.areas.values()].filter(({ level }) => level === 'street');
    const asked = 100_000;
    let entries = 0;
    const before = performance.now();
    for (let at = 0; at < asked; at++) {
      const matter = directory.matters[at % 122];
      if (matter !== undefined && responsibleFor(directory, matter, areas[at % areas.length], at).entry !== undefined) entries += 1;
    }
    const each = ((performance.now() - before) / asked) * 1_000;
    expect(entries).toBeGreaterThan(0);
    expect(took).toBeLessThan(10_000);
    expect(each).toBeLessThan(50);
  }, 60_000);
});
