import { fileURLToPath } from 'node:url';
import { indexDirectory, type Area } from '../../domain/routing/directory.js';
import { cityAreas, type AdminCodes } from '../../domain/where/city-areas.js';
import { where } from '../../domain/where/where.js';
import { areasCsv, readAdminCodes } from './admin-codes.js';
import { filesGiven, type CityProblem } from './city-files.js';
import { readTable } from './table.js';
import { AREA_COLUMNS, areasOf } from './unit-rows.js';

let codes: AdminCodes;
beforeAll(async () => {
  codes = await readAdminCodes(fileURLToPath(new URL('../../../../../deploy/admin-codes', import.meta.url)));
});
const areasIn = (city: string): readonly Area[] => {
  const areas = cityAreas(codes, city);
  if ('misuse' in areas) throw new Error(areas.misuse);
  return areas;
};
/** As the loader takes them. */
const loaded = async (areas: readonly Area[]) => {
  const problems: CityProblem[] = [];
  const table = await readTable(filesGiven(new Map([['areas.csv', areasCsv(areas)]])), 'areas', AREA_COLUMNS, problems);
  return { areas: table && areasOf(table, problems), problems };
};
const located = (city: string, address: string) => {
  const none = { units: [], topics: [], matters: [], responsibilities: [], mailboxes: [] };
  const found = where(indexDirectory({ version: 1, ...none, areas: areasIn(city) }), { address }, { title: [], text: [] });
  return found && [found.area.name, found.certainty];
};

describe('the codes of the country', () => {
  it('make a table that the loader takes, of every city, municipality and county', async () => {
    const cities = [...codes.cities, ...codes.districts].map(({ code }) => code);
    let streets = 0;
    for (const city of cities) {
      const areas = cityAreas(codes, city);
      if ('misuse' in areas) {
        expect(areas.misuse).toMatch(/直辖县级行政区划 is no city: name one of \d{6} /);
        continue;
      }
      expect(await loaded(areas)).toEqual({ areas, problems: [] });
      if (city.length === 4) streets += areas.filter(({ level }) => level === 'street').length;
    }
    expect(streets).toBeGreaterThan(40_000);
  }, 120_000);

  it.each([
    ['4301', '430100 长沙市 湖南省', 9],
    ['430100', '430100 长沙市 湖南省', 9],
    ['长沙市', '430100 长沙市 湖南省', 9],
    ['北京市', '110000 北京市 ', 16],
    ['1101', '110000 北京市 ', 16],
    ['昆山市', '320583 昆山市 江苏省 苏州市', 0],
    ['东莞市', '441900 东莞市 广东省', 0],
    ['仙桃市', '429004 仙桃市 湖北省', 0],
  ])('%s is %s with %d districts', (wanted, root, districts) => {
    const areas = areasIn(wanted);
    const [city] = areas;
    expect(`${city?.code} ${city?.name} ${city?.aliases.join(' ')}`).toBe(root);
    expect(areas.filter(({ level }) => level === 'district')).toHaveLength(districts);
    expect(areas.some(({ level }) => level === 'street')).toBe(true);
  });

  it.each([
    ['99', 'no city, district or county has the code 99'],
    ['海市', 'no city, district or county is called 海市'],
    ['43', '43 湖南省 is a province: name one of its cities, 4301 长沙市, '],
    ['4290', '4290 省直辖县级行政区划 is no city: name one of 429004 仙桃市, '],
    ['朝阳区', '2 are called 朝阳区: 110105 朝阳区, 220104 朝阳区'],
  ])('%s is no city', (wanted, misuse) => {
    expect(cityAreas(codes, wanted)).toEqual({ misuse: expect.stringContaining(misuse) as unknown });
  });
});

describe('an address in a real city', () => {
  it.each([
    ['4301', '湖南省长沙市岳麓区望月湖街道1号', '望月湖街道', 0.85],
    ['4301', '长沙岳麓望月湖二片区', '望月湖街道', 0.7],
    ['4301', '长沙市岳麓大道588号', '长沙市', 0.85],
    ['11', '北京市海淀区中关村街道', '中关村街道', 0.85],
    ['11', '朝阳区建外街道永安里', '建外街道', 0.85],
    // Three counties of 洛阳 have a 城关镇.
    ['4103', '洛阳市嵩县城关镇', '城关镇', 0.85],
    ['4103', '城关镇人民路', '洛阳市', 0.43],
  ])('%s: %s', (city, address, name, certainty) => {
    expect(located(city, address)).toEqual([name, certainty]);
  });
});
