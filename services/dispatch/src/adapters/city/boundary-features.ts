import { COORDINATE_SYSTEMS, type CoordinateSystem } from '@paidan/contracts';
import { memberOf } from '@paidan/kernel';
import { significant, type Area } from '../../domain/routing/directory.js';
import type { Boundary, Polygon } from '../../domain/where/boundary.js';
import { inWgs84 } from '../../domain/where/datum.js';
import { BORDER_MARGIN } from '../../domain/where/evidence.js';
import { indexBoundaries } from '../geo/boundary-map.js';
import { checkPolygon, type PolygonFlaw } from '../geo/check-polygon.js';
import { overlapsOf } from '../geo/overlaps.js';
import type { CityFiles, CityProblem } from './city-files.js';

/** Stands beside the tables, or doesn't: then no point says where it is. */
export const BOUNDARY_FILE = 'areas.geojson';

const isSystem = memberOf(COORDINATE_SYSTEMS);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Words = readonly [problem: string, problemZh: string];

const wordsOf = (found: PolygonFlaw): Words => {
  switch (found.flaw) {
    case 'no-ring':
      return ['has no coordinates', '没有坐标'];
    case 'out-of-range':
      return [
        `ring ${found.ring}: position ${found.position} is ${found.written}, not longitude (-180 to 180) and latitude (-90 to 90)`,
        `第 ${found.ring} 环第 ${found.position} 点为 ${found.written}，应为经度（-180 至 180）、纬度（-90 至 90）`,
      ];
    case 'too-few-positions':
      return [
        `ring ${found.ring} has ${found.positions} different positions in a row: three corners and the first one again are the least`,
        `第 ${found.ring} 环只有 ${found.positions} 个点：至少须有三个顶点并回到起点`,
      ];
    case 'not-closed':
      return [`ring ${found.ring} is not closed: it ends elsewhere than it begins`, `第 ${found.ring} 环未闭合：终点与起点不同`];
    case 'crosses-itself':
      return [
        `ring ${found.ring} crosses itself: edge ${found.edge} and edge ${found.other}`,
        `第 ${found.ring} 环自相交：第 ${found.edge} 边与第 ${found.other} 边`,
      ];
    case 'rings-cross':
      return [
        `ring ${found.ring} crosses ring ${found.otherRing}: edge ${found.edge} and edge ${found.other}`,
        `第 ${found.ring} 环与第 ${found.otherRing} 环相交：第 ${found.edge} 边与第 ${found.other} 边`,
      ];
    case 'hole-outside':
      return [`ring ${found.ring} is a hole outside the outer ring`, `第 ${found.ring} 环（孔洞）在外环之外`];
  }
};

/** Of what a MultiPolygon or a Polygon has. */
const polygonsOf = (geometry: unknown, say: (...words: Words) => void): readonly Polygon[] | undefined => {
  const { type, coordinates } = isObject(geometry) ? geometry : {};
  if (type !== 'Polygon' && type !== 'MultiPolygon') {
    say('is neither a Polygon nor a MultiPolygon', '既不是 Polygon 也不是 MultiPolygon');
    return undefined;
  }
  const parts: readonly unknown[] = type === 'Polygon' ? [coordinates] : Array.isArray(coordinates) ? coordinates : [];
  if (parts.length === 0) say('has no polygon', '没有多边形');
  return parts.flatMap((part, at) => {
    const checked = checkPolygon(part);
    if ('polygon' in checked) return [checked.polygon];
    const [of, ofZh] = type === 'Polygon' ? ['', ''] : [`polygon ${at + 1}, `, `第 ${at + 1} 个多边形，`];
    for (const flaw of checked.flaws) {
      const [problem, problemZh] = wordsOf(flaw);
      say(`${of}${problem}`, `${ofZh}${problemZh}`);
    }
    return [];
  });
};

/** A hundred-millionth of a degree is a millimetre. */
const converted = (polygon: Polygon, system: CoordinateSystem): Polygon =>
  system === 'WGS-84'
    ? polygon
    : polygon.map((ring) =>
        ring.map((position) => {
          const { lon, lat } = inWgs84({ lon: position[0], lat: position[1] }, system);
          return [Math.round(lon * 1e8) / 1e8, Math.round(lat * 1e8) / 1e8] as const;
        }),
      );

/**
 * Boundaries of areas, a GeoJSON FeatureCollection: each feature's `properties.code` is an area of the table. RFC 7946 knows WGS-84 alone, but much of what is
 * handed about in China is GCJ-02 and says nothing of it, half a kilometre off: so the collection has a member `system` that says which.
 * @returns undefined where there is no such file
 */
export const readBoundaries = async (
  files: CityFiles,
  areas: readonly Area[],
  problems: CityProblem[],
): Promise<readonly Boundary[] | undefined> => {
  const text = await files.text(BOUNDARY_FILE, problems);
  if (text === undefined) return undefined;
  const say = (problem: string, problemZh: string): void => void problems.push({ file: BOUNDARY_FILE, problem, problemZh });
  let collection: unknown;
  try {
    collection = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    say(`is not JSON: ${why}`, `不是有效的 JSON：${why}`);
    return [];
  }
  const { type, system, features } = isObject(collection) ? collection : {};
  if (type !== 'FeatureCollection' || !Array.isArray(features)) {
    say('is not a FeatureCollection', '不是 FeatureCollection');
    return [];
  }
  if (!isSystem(system)) {
    say('does not state its system: "system": "WGS-84" or "GCJ-02"', '没有注明坐标系："system" 须为 "WGS-84" 或 "GCJ-02"');
    return [];
  }
  const known = new Map(areas.map((area) => [area.code, area]));
  const before = problems.length;
  const boundaries = boundariesOf(features, known, problems).map(({ code, polygons }): Boundary => ({
    code,
    polygons: polygons.map((polygon) => converted(polygon, system)),
  }));
  if (problems.length > before) return [];
  const onOtherLevels = (code: string, other: string): boolean => known.get(code)?.level !== known.get(other)?.level;
  for (const [code, other] of overlapsOf(boundaries, indexBoundaries(boundaries), onOtherLevels, BORDER_MARGIN)) {
    const [one, two] = [`${code} ${known.get(code)?.name ?? ''}`, `${other} ${known.get(other)?.name ?? ''}`];
    say(`${one} and ${two} overlap by more than ${BORDER_MARGIN} m`, `${one}与${two}重叠超过 ${BORDER_MARGIN} 米`);
  }
  return boundaries;
};

const boundariesOf = (features: readonly unknown[], known: ReadonlyMap<string, Area>, problems: CityProblem[]): readonly Boundary[] => {
  const seen = new Map<string, number>();
  return features.flatMap((feature, at): Boundary[] => {
    const { properties, geometry } = isObject(feature) ? feature : {};
    const given = isObject(properties) ? properties['code'] : undefined;
    const written = typeof given === 'number' || typeof given === 'string' ? String(given).slice(0, 40) : '';
    const code = significant(written).padEnd(6, '0');
    const area = written === '' ? undefined : known.get(code);
    const which = [String(at + 1), ...(written === '' ? [] : [`(${[written, area?.name].filter(Boolean).join(' ')})`])].join(' ');
    const say = (problem: string, problemZh: string): void =>
      void problems.push({ file: BOUNDARY_FILE, problem: `feature ${which}: ${problem}`, problemZh: `第 ${which} 个要素：${problemZh}` });
    if (!isObject(feature)) {
      say('is no Feature', '不是 Feature');
      return [];
    }
    if (written === '') say('has no properties.code', '没有 properties.code');
    else if (area === undefined) say(`${written} is no area of the table`, `${written} 不在区划表中`);
    const first = seen.get(code);
    if (area !== undefined && first !== undefined)
      say(
        `feature ${first} is the same area: one MultiPolygon has all its parts`,
        `与第 ${first} 个要素是同一区划：各部分应合为一个 MultiPolygon`,
      );
    else seen.set(code, at + 1);
    const polygons = polygonsOf(geometry, say);
    return area === undefined || polygons === undefined ? [] : [{ code, polygons }];
  });
};
