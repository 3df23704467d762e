import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CityProblem } from './city-files.js';
import { loadCity } from './load-city.js';

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
  it('loads: 15 topics, 122 matters, units on all levels, their mailboxes and responsibilities', async () => {
    const loaded = await loadCity(EXAMPLE);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const { city } = loaded;
    expect([city.topics.length, city.matters.length]).toEqual([15, 122]);
    expect(new Set(city.units.map(({ level }) => level))).toEqual(new Set(['city', 'district', 'street', 'community']));
    expect([city.units.length, city.mailboxes.length, city.responsibilities.length]).toEqual([64, 20, 10]);
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
    [
      'a cycle of three, with all its members',
      'units.csv',
      (text) =>
        text
          .replace('bureau,city,,990100,kafka,yes,公安局', 'bureau,city,city-post,990100,kafka,yes,公安局')
          .replace('bureau,city,,990100,kafka,yes,邮政', 'bureau,city,city-traffic-police,990100,kafka,yes,邮政'),
      'city-police → city-post → city-traffic-police → city-police',
      'city-traffic-police',
    ],
    [
      'a date that no calendar has',
      'units.csv',
      (text) => text.replace('云岭区住建局,2027-01-01', '云岭区住建局,2027-02-30'),
      'from "2027-02-30" is not a date',
      'yunling-housing',
    ],
    [
      'an end before the beginning',
      'units.csv',
      (text) => text.replace('云岭区住建局,2027-01-01,', '云岭区住建局,2027-01-01,2026-12-31'),
      'ends on 2026-12-31, before it begins',
      'yunling-housing',
    ],
    [
      'a community that is a street by its code',
      'areas.csv',
      (text) => text.replace('990102001001,', '990102009,'),
      'code 990102009 is not that of a community',
      '990102001001',
    ],
    [
      'a code with filling zeros',
      'areas.csv',
      (text) => text.replace('990102001001,', '990102003000,'),
      'code 990102003000 is written 990102003 in this table',
      '990102001001',
    ],
    [
      'a community right under its district',
      'areas.csv',
      (text) => text.replace('community,990102001,', 'community,990102,').replace('990102,锦澜区,district', '990102,锦澜区,community'),
      'a community does not lie in a community',
      '990102001001',
    ],
    [
      'a responsibility for what is no matter',
      'responsibilities.csv',
      (text) => text.replace('\n0107,', '\n0199,'),
      '"0199" is neither a matter nor a topic',
      '0107',
    ],
    [
      'a responsibility of a topic without its zero',
      'responsibilities.csv',
      (text) => text.replace('\n0107,', '\n107,'),
      'leading zero',
      '0107',
    ],
    [
      'a responsibility of nobody',
      'responsibilities.csv',
      (text) => text.replace('990104,wangchuan-housing', '990104,wangchuan-parks'),
      'unit wangchuan-parks is not in units.csv',
      '0702,990104',
    ],
    [
      'a responsibility of a unit that is there for another district',
      'responsibilities.csv',
      (text) => text.replace('990104,wangchuan-housing', '990104,yunling-housing'),
      'unit yunling-housing is not there for the whole of 990104',
      '0702,990104',
    ],
    [
      'a responsibility that ends before its unit begins',
      'responsibilities.csv',
      (text) => text.replace('city-environment,2027-01-01,,', 'city-environment,2026-01-01,2026-12-31,'),
      'unit yunling-housing is not in force on any of its days',
      '0702,990103',
    ],
    [
      'a responsibility nowhere',
      'responsibilities.csv',
      (text) => text.replace('0107,990102,', '0107,990109,'),
      'area 990109 is not in areas.csv',
      '0107',
    ],
    [
      'two responsibilities for one day',
      'responsibilities.csv',
      (text) => text.replace('2025-01-01,2026-06-30', '2025-01-01,2026-07-01'),
      'says who handles 0101 in 990104003 on days for which line 5 does already',
      '0101,990104003,wangchuan',
    ],
    [
      'a mailbox of nobody',
      'mailboxes.csv',
      (text) => text.replace('city-petitions', 'city-hall'),
      'unit city-hall is not in units.csv',
      'mayor',
    ],
    [
      'a mailbox twice',
      'mailboxes.csv',
      (text) => text.replace('director-police,', 'director-health,'),
      'code director-health is on line',
      'director-police',
    ],
    [
      'a mailbox with a code in capitals',
      'mailboxes.csv',
      (text) => text.replace('\nmayor,', '\nMayor,'),
      'code "Mayor" is not 2 to 64',
      'mayor,',
    ],
    [
      'a mailbox that ends before its unit begins',
      'mailboxes.csv',
      (text) => text.replace('yunling-housing,yes,2027-01-01,', 'yunling-housing,yes,2026-01-01,2026-12-31'),
      'unit yunling-housing is not in force on any of its days',
      'director-yunling-housing',
    ],
    [
      'a system of nobody',
      'systems.csv',
      (text) => text.replace(',city-commerce,', ',city-trade,'),
      'unit city-trade is not in units.csv',
      'commerce',
    ],
    ['a system without a bureau', 'systems.csv', (text) => text.replace(',city-commerce,', ',,'), 'has no bureau', 'commerce'],
    [
      'a system of what is no matter',
      'systems.csv',
      (text) => text.replace(',0809,', ',0899,'),
      '"0899" is neither a matter nor a topic',
      'commerce',
    ],
    ['a system of a matter without its zero', 'systems.csv', (text) => text.replace(',0809,', ',809,'), 'leading zero', 'commerce'],
    ['a system without a matter', 'systems.csv', (text) => text.replace(',0809,', ',,'), 'has no matter', 'commerce'],
    [
      'a matter of two systems',
      'systems.csv',
      (text) => text.replace('0802 0803', '0802 0809'),
      'matter 0809 is on line 2 already',
      'food-and-drug',
    ],
    [
      'a system without a front line',
      'systems.csv',
      (text) => text.replace('0803,@street @district', '0803,'),
      'has no front-line unit',
      'food-and-drug',
    ],
    [
      'a front line that no area has',
      'systems.csv',
      (text) => text.replace('@street @district', '@utility'),
      'unit @utility is not in units.csv',
      'food-and-drug',
    ],
    [
      'a bureau on its own front line',
      'systems.csv',
      (text) => text.replace('0803,@street', '0803,city-market-regulation'),
      'is not its own front line',
      'food-and-drug',
    ],
    [
      'a front-line unit twice',
      'systems.csv',
      (text) => text.replace('@street @district', '@street @street'),
      'names one unit twice',
      'food-and-drug',
    ],
    ['a system twice', 'systems.csv', (text) => text.replace('\ntourism,', '\ncommerce,'), 'code commerce is on line 2 already', 'tourism'],
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
