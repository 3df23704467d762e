import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCity, type CityProblem } from './load-city.js';

const EXAMPLE = fileURLToPath(new URL('../../../../../deploy/city', import.meta.url));

/** The example city with one file changed. */
const given = (file: string, change: (text: string) => string | Uint8Array | undefined) => ({
  whenLoaded: async (): Promise<readonly CityProblem[]> => {
    const folder = await mkdtemp(join(tmpdir(), 'city-'));
    try {
      await cp(EXAMPLE, folder, { recursive: true });
      const changed = change(await readFile(join(EXAMPLE, file), 'utf8'));
      if (changed === undefined) await rm(join(folder, file));
      else await writeFile(join(folder, file), changed);
      const loaded = await loadCity(folder);
      return loaded.ok ? [] : loaded.problems;
    } finally {
      await rm(folder, { recursive: true });
    }
  },
});
/** Lines counted as the loader counts them. */
const lineOf = async (file: string, start: string): Promise<number> =>
  (await readFile(join(EXAMPLE, file), 'utf8')).split('\n').findIndex((line) => line.startsWith(start)) + 1;

describe('the example city', () => {
  it('loads: 15 topics, 122 matters, units on three levels', async () => {
    const loaded = await loadCity(EXAMPLE);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const { city } = loaded;
    expect([city.topics.length, city.matters.length]).toEqual([15, 122]);
    expect(new Set(city.units.map(({ level }) => level))).toEqual(new Set(['city', 'district', 'street']));
    expect(city.units.length).toBeGreaterThanOrEqual(55);
    expect(city.areas.every(({ code }) => code.startsWith('9901'))).toBe(true);
    expect(city.matters.find(({ code }) => code === '1207')?.lead).toEqual({ by: 'street' });
    expect(city.matters.find(({ code }) => code === '0801')?.lead).toEqual({ by: 'unit', unit: 'city-market-regulation' });
    expect(city.channels.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['phone', 'wechat', 'weibo', 'sms', 'mail', 'web', 'kiosk', 'app']),
    );
  });

  it('is read the same with a byte order mark and Windows line ends, as a spreadsheet saves it', async () => {
    expect(await given('units.csv', (text) => `\ufeff${text.replaceAll('\n', '\r\n')}`).whenLoaded()).toEqual([]);
  });
});

describe('a table of channels', () => {
  it('may say where replies are posted, which is feedback’s to read', async () => {
    const withCallbacks = (text: string): string =>
      text
        .trimEnd()
        .split('\n')
        .map((line, at) => (at === 0 ? `${line},callback_url,callback_secret_file` : `${line},,`))
        .join('\n');
    expect(await given('channels.csv', withCallbacks).whenLoaded()).toEqual([]);
  });
});

describe('a city with mistakes', () => {
  it.each<[string, string, (text: string) => string | Uint8Array | undefined, string, string | undefined]>([
    ['a file is missing', 'topics.csv', () => undefined, 'cannot be read', undefined],
    ['a file is not UTF-8', 'areas.csv', () => Uint8Array.from([0xca, 0xbe, 0xc0, 0xfd]), 'is not UTF-8', undefined],
    ['a column is missing', 'matters.csv', (text) => text.replace('lead,', 'boss,'), 'has no column lead', 'code'],
    ['a cell too many', 'matters.csv', (text) => text.replace('0106,公厕,', '0106,公厕,,'), 'has 6 cells, the heading has 5', '0106'],
    ['an open quote', 'units.csv', (text) => text.replace('city-sports,', '"city-sports,'), 'Quote', undefined],
    [
      'an unknown lead',
      'matters.csv',
      (text) => text.replace('0106,公厕,Public toilets,city-', '0106,公厕,Public toilets,town-'),
      'unit town-urban-management is not in units.csv',
      '0106',
    ],
    ['no lead', 'matters.csv', (text) => text.replace('Public toilets,city-urban-management', 'Public toilets,'), 'has no lead', '0106'],
    [
      'an unknown co-handler',
      'matters.csv',
      (text) => text.replace('0204,', '0204,').replace('blocked sewers",city-water,', 'blocked sewers",city-water,@village'),
      'unit @village is not in units.csv',
      '0204',
    ],
    [
      'a unit twice in one matter',
      'matters.csv',
      (text) => text.replace('Public toilets,city-urban-management,', 'Public toilets,city-urban-management,city-urban-management'),
      'names one unit twice',
      '0106',
    ],
    ['a dropped zero', 'matters.csv', (text) => text.replace('\n0106,', '\n106,'), 'leading zero', '0106'],
    ['a duplicate unit', 'units.csv', (text) => text.replace('city-sports,', 'city-post,'), 'code city-post is on line', 'city-post'],
    ['a name of two units', 'units.csv', (text) => text.replace(',商务局', ',教育局'), 'name 教育局 is on line', 'city-commerce'],
    [
      'a cycle',
      'units.csv',
      (text) => text.replace('bureau,city,,990100,kafka,yes,公安局', 'bureau,city,city-traffic-police,990100,kafka,yes,公安局'),
      'city-police is above itself',
      'city-police',
    ],
    [
      'an unknown parent',
      'units.csv',
      (text) => text.replace('street,street,district-qingdu,990121001', 'street,street,district-nowhere,990121001'),
      'parent district-nowhere is no unit',
      'street-qingdu-chengguan',
    ],
    [
      'an unknown area',
      'units.csv',
      (text) => text.replace('district,district,,990103', 'district,district,,990109'),
      'area 990109 is not in areas.csv',
      'district-yunling',
    ],
    [
      'an unknown kind',
      'units.csv',
      (text) => text.replace('city-post,示例市邮政管理局,bureau', 'city-post,示例市邮政管理局,office'),
      'kind "office" is not one',
      'city-post',
    ],
    [
      'two governments of one area',
      'units.csv',
      (text) => text.replace('street,street,district-qingdu,990121101', 'street,street,district-qingdu,990121100'),
      'government of area 990121100 is on line',
      'town-qingheya',
    ],
    [
      'an area outside its parent',
      'areas.csv',
      (text) => text.replace('street,990104,渡云', 'street,990103,渡云'),
      '990104002 does not lie in its parent 990103',
      '990104002',
    ],
    [
      'a strong phrase of two matters',
      'words.csv',
      (text) => text.replace('0106,strong,', '0106,strong,占道经营 '),
      '占道经营 is strong for 0101 too',
      '0106,strong',
    ],
    [
      'a phrase strong and weak',
      'words.csv',
      (text) => text.replace('0106,weak,', '0106,weak,公厕 '),
      '公厕 is twice under 0106',
      '0106,weak',
    ],
    [
      'a strong phrase of one character',
      'words.csv',
      (text) => text.replace('0106,strong,', '0106,strong,厕 '),
      'one character is no strong phrase',
      '0106,strong',
    ],
    [
      'words of an unknown matter',
      'words.csv',
      (text) => text.replace('0106,weak', '0199,weak'),
      'matter 0199 is not in matters.csv',
      '0106,weak',
    ],
    ['a matter without words', 'words.csv', (text) => text.replace(/\n0106,strong.*/, ''), '0106 has no strong phrase', undefined],
    ['an unknown channel kind', 'channels.csv', (text) => text.replace(',kiosk,', ',telex,'), 'kind "telex" is not one', 'kiosk-hall'],
    ['a channel id no topic can have', 'channels.csv', (text) => text.replace('app-city', 'app_city'), 'id "app_city" is not', 'app-city'],
  ])('says where: %s', async (_what, file, change, problem, start) => {
    const problems = await given(file, change).whenLoaded();
    const line = start === undefined ? undefined : await lineOf(file, start);
    expect(problems).toContainEqual(
      expect.objectContaining({ problem: expect.stringContaining(problem) as unknown, ...(line === undefined ? {} : { file, line }) }),
    );
  });

  it('tells all of them at once', async () => {
    const problems = await given('units.csv', (text) =>
      text.replace('city-post,示例市邮政管理局,bureau', 'city-post,,office').replaceAll('kafka,yes,体育局', 'carrier-pigeon,maybe,体育局'),
    ).whenLoaded();
    expect(problems.map(({ problem }) => problem)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('has no name'),
        expect.stringContaining('kind "office"'),
        expect.stringContaining('integration "carrier-pigeon"'),
        expect.stringContaining('active "maybe"'),
      ]),
    );
  });
});
