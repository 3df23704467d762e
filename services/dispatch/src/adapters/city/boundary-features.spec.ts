import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toGcj02 } from '../../domain/where/datum.js';
import type { CityProblem } from './city-files.js';
import { DIRECTORY_TABLES, loadDirectory } from './load-city.js';

const EXAMPLE = fileURLToPath(new URL('../../../../../deploy/city', import.meta.url));
const exampleOf = async (file: string): Promise<string> => readFile(join(EXAMPLE, file), 'utf8');

type Positions = readonly (readonly number[])[];
const SQUARE: Positions = [
  [90, 39],
  [90.1, 39],
  [90.1, 39.1],
  [90, 39.1],
  [90, 39],
];
/** The square, this many of its sides to the east. */
const east = (sides: number, ring = SQUARE): Positions => ring.map(([lon = 0, lat = 0]) => [lon + sides / 10, lat]);
const feature = (code: unknown, ...rings: unknown[]) => ({
  type: 'Feature',
  properties: { code },
  geometry: { type: 'Polygon', coordinates: rings },
});
const collection = (...features: unknown[]) => ({ type: 'FeatureCollection', system: 'WGS-84', features });

const load = async (boundaries: unknown) => {
  const csv = await Promise.all(DIRECTORY_TABLES.map(async (table) => [`${table}.csv`, await exampleOf(`${table}.csv`)] as const));
  const text = typeof boundaries === 'string' ? boundaries : JSON.stringify(boundaries);
  return loadDirectory(new Map([...csv, ['areas.geojson', text]]));
};
const problemsOf = async (boundaries: unknown): Promise<readonly CityProblem[]> => {
  const loaded = await load(boundaries);
  return loaded.ok ? [] : loaded.problems;
};

describe('boundaries', () => {
  it('are read by the code of their area, whichever way it is written', async () => {
    const loaded = await load(collection(feature(990102, SQUARE), feature('990103000000', east(1)), feature('990102001', SQUARE)));
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.city.boundaries).toEqual([
      { code: '990102', polygons: [[SQUARE]] },
      { code: '990103', polygons: [[east(1)]] },
      { code: '990102001', polygons: [[SQUARE]] },
    ]);
  });

  it('of GCJ-02 are converted', async () => {
    const shifted = SQUARE.map(([lon = 0, lat = 0]) => toGcj02({ lon, lat })).map(({ lon, lat }) => [lon, lat]);
    const loaded = await load({ ...collection(feature('990102', shifted)), system: 'GCJ-02' });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const [ring = []] = loaded.city.boundaries?.[0]?.polygons[0] ?? [];
    expect(ring).toHaveLength(5);
    ring.forEach(([lon, lat], at) => {
      expect(lon).toBeCloseTo(SQUARE[at]?.[0] ?? 0, 7);
      expect(lat).toBeCloseTo(SQUARE[at]?.[1] ?? 0, 7);
    });
  });

  const CROSSED = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]];
  it.each<[string, unknown, string]>([
    ['is no JSON', '{', 'is not JSON'],
    ['is another thing of GeoJSON', feature('990102', SQUARE), 'is not a FeatureCollection'],
    ['states no system', { ...collection(), system: undefined }, 'does not state its system'],
    ['states an unknown system', { ...collection(), system: 'BD-09' }, 'does not state its system'],
    ['has a feature without code', collection(feature(undefined, SQUARE)), 'feature 1: has no properties.code'],
    ['has a feature that is none', collection(null), 'feature 1: is no Feature'],
    ['has an area that nobody knows', collection(feature('990177', SQUARE)), 'feature 1 (990177): 990177 is no area of the table'],
    [
      'has an area twice',
      collection(feature('990102', SQUARE), feature('990102', east(3))),
      'feature 2 (990102 锦澜区): feature 1 is the same area',
    ],
    [
      'has a point for an area',
      collection({ ...feature('990102'), geometry: { type: 'Point', coordinates: [90, 39] } }),
      'feature 1 (990102 锦澜区): is neither a Polygon nor a MultiPolygon',
    ],
    ['has a polygon that crosses itself', collection(feature('990102', CROSSED)), '锦澜区): ring 1 crosses itself: edge 1 and edge 3'],
    ['has a ring that is not closed', collection(feature('990102', SQUARE.slice(1))), '锦澜区): ring 1 is not closed'],
    ['has too few positions', collection(feature('990102', SQUARE.slice(3))), '锦澜区): ring 1 has 2 different positions'],
    ['has a hole outside', collection(feature('990102', SQUARE, east(2))), '锦澜区): ring 2 is a hole outside the outer ring'],
    [
      'has latitude first',
      collection(feature('990102', [[39, 110], ...SQUARE])),
      'ring 1: position 1 is [39,110], not longitude (-180 to 180) and latitude (-90 to 90)',
    ],
    [
      'has a flaw in one of several polygons',
      collection({ ...feature('990102'), geometry: { type: 'MultiPolygon', coordinates: [[SQUARE], [CROSSED]] } }),
      '锦澜区): polygon 2, ring 1 crosses itself',
    ],
    ['has a polygon without rings', collection(feature('990102')), '锦澜区): has no coordinates'],
    [
      'has two districts on one ground',
      collection(feature('990102', SQUARE), feature('990103', east(0.5))),
      '990102 锦澜区 and 990103 云岭区 overlap by more than 50 m',
    ],
    ['has one ground for two districts', collection(feature('990102', SQUARE), feature('990103', SQUARE)), 'overlap by more than 50 m'],
  ])('are refused by name where the file %s', async (_what, boundaries, problem) => {
    expect(await problemsOf(boundaries)).toEqual([
      expect.objectContaining({ file: 'areas.geojson', problem: expect.stringContaining(problem) as unknown }),
    ]);
  });

  it('are refused with every mistake at once, in Chinese too', async () => {
    const problems = await problemsOf(collection(feature('990102', CROSSED), feature('990103', east(2).slice(1))));
    expect(problems.map(({ problemZh }) => problemZh)).toEqual([
      '第 1 (990102 锦澜区) 个要素：第 1 环自相交：第 1 边与第 3 边',
      '第 2 (990103 云岭区) 个要素：第 1 环未闭合：终点与起点不同',
    ]);
  });

  it('may overlap as drawings do, by less than GPS is off', async () => {
    expect(await problemsOf(collection(feature('990102', SQUARE), feature('990103', east(0.997))))).toEqual([]);
  });
});
