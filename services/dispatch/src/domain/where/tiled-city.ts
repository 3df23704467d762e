import type { Area, DirectoryData } from '../routing/directory.js';
import type { Boundary, Position, Ring } from './boundary.js';

/** A number from 0 up to 1. */
export type Random = () => number;

export interface Tiling {
  /** Streets along a side; districts along a side, each with the same number of streets along its own. */
  readonly streets: number;
  readonly districts: number;
  /** Positions of the border between two streets. */
  readonly positions: number;
  /** South-western corner, and a street's side, in degrees. */
  readonly corner: Position;
  readonly side: number;
}

export const codeOfDistrict = (tiling: Tiling, x: number, y: number): string => String(990101 + y * tiling.districts + x);
export const codeOfStreet = (tiling: Tiling, x: number, y: number): string => {
  const each = tiling.streets / tiling.districts;
  const [districtX, districtY] = [Math.floor(x / each), Math.floor(y / each)];
  return `${codeOfDistrict(tiling, districtX, districtY)}${String((y % each) * each + (x % each) + 1).padStart(3, '0')}`;
};

/**
 * A city that streets tile without gap or overlap, their borders ragged, districts and the city drawn along them: to be found in, and to measure with.
 * The middle half of a street's square is the street's for certain. At most 9 × 9 districts of 31 × 31 streets.
 */
export const tiledCity = (tiling: Tiling, random: Random): Pick<DirectoryData, 'areas' | 'boundaries'> => {
  const { streets, districts, positions, corner, side } = tiling;
  const jitter = (most: number): number => (random() - 0.5) * 2 * most * side;
  const lattice = (each: (x: number, y: number) => Position): Position[][] =>
    Array.from({ length: streets + 1 }, (_, y) => Array.from({ length: streets + 1 }, (__, x) => each(x, y)));
  const corners = lattice((x, y) => [corner[0] + x * side + jitter(0.12), corner[1] + y * side + jitter(0.12)]);
  const at = (x: number, y: number): Position => (corners[y] as Position[])[x] as Position;
  /** From one corner to the next, without the latter. */
  const border = (from: Position, to: Position, acrossX: number): Ring =>
    Array.from({ length: positions }, (_, step): Position => {
      if (step === 0) return from;
      const part = step / positions;
      // Straight where it comes to a corner: there it would cross the next one.
      const off = jitter(0.16 * Math.min(part, 1 - part));
      return [from[0] + (to[0] - from[0]) * part + off * acrossX, from[1] + (to[1] - from[1]) * part + off * (1 - acrossX)];
    });
  const last = (list: number): boolean => list === streets;
  const eastward = corners.map((row, y) => row.map((from, x) => (last(x) ? [] : border(from, at(x + 1, y), 0))));
  const northward = corners.map((row, y) => row.map((from, x) => (last(y) ? [] : border(from, at(x, y + 1), 1))));
  const part = (borders: readonly (readonly Ring[])[], x: number, y: number): Ring => (borders[y] as readonly Ring[])[x] as Ring;
  const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);
  /** Backwards: without the first, with the last. */
  const back = (ring: Ring, end: Position): Ring => [end, ...[...ring.slice(1)].reverse()];
  const outline = (west: number, south: number, size: number): Ring => {
    const [east, north] = [west + size, south + size];
    return [
      ...range(west, east).flatMap((x) => part(eastward, x, south)),
      ...range(south, north).flatMap((y) => part(northward, east, y)),
      ...range(west, east)
        .reverse()
        .flatMap((x) => back(part(eastward, x, north), at(x + 1, north))),
      ...range(south, north)
        .reverse()
        .flatMap((y) => back(part(northward, west, y), at(west, y + 1))),
      at(west, south),
    ];
  };
  const areas: Area[] = [{ code: '990100', name: '方格市', level: 'city', aliases: [] }];
  const boundaries: Boundary[] = [{ code: '990100', polygons: [[outline(0, 0, streets)]] }];
  const each = streets / districts;
  for (const [x, y] of range(0, districts ** 2).map((index) => [index % districts, Math.floor(index / districts)] as const)) {
    const code = codeOfDistrict(tiling, x, y);
    areas.push({ code, name: `方${x}格${y}区`, level: 'district', parent: '990100', aliases: [] });
    boundaries.push({ code, polygons: [[outline(x * each, y * each, each)]] });
  }
  for (const [x, y] of range(0, streets ** 2).map((index) => [index % streets, Math.floor(index / streets)] as const)) {
    const code = codeOfStreet(tiling, x, y);
    areas.push({ code, name: `方${x}格${y}街道`, level: 'street', parent: code.slice(0, 6), aliases: [] });
    boundaries.push({ code, polygons: [[outline(x, y, 1)]] });
  }
  return { areas, boundaries };
};

/** Mulberry32: the same numbers for the same seed. */
export const randomOf = (seed: number): Random => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};
