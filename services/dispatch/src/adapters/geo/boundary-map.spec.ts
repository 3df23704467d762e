import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import { indexBoundaries } from './boundary-map.js';
import type { Position } from '../../domain/where/boundary.js';
import { checkPolygon } from './check-polygon.js';
import { codeOfDistrict, codeOfStreet, randomOf, tiledCity, type Tiling } from '../../domain/where/tiled-city.js';

const square = (west: number, south: number, side: number): Position[] => [
  [west, south],
  [west + side, south],
  [west + side, south + side],
  [west, south + side],
  [west, south],
];
const codesAt = (map: ReturnType<typeof indexBoundaries>, lon: number, lat: number, margin = 1): string[] =>
  map
    .around({ lon, lat }, margin)
    .filter(({ inside }) => inside)
    .map(({ code }) => code)
    .sort();

describe('a map', () => {
  const map = indexBoundaries([
    { code: 'ring', polygons: [[square(0, 0, 3), square(1, 1, 1)]] },
    { code: 'enclave', polygons: [[square(1, 1, 1)]] },
    { code: 'two', polygons: [[square(10, 0, 1)], [square(12, 0, 1)]] },
  ]);

  it('knows holes, enclaves and exclaves', () => {
    expect(codesAt(map, 0.5, 0.5)).toEqual(['ring']);
    expect(codesAt(map, 1.5, 1.5)).toEqual(['enclave']);
    expect([codesAt(map, 10.5, 0.5), codesAt(map, 11.5, 0.5), codesAt(map, 12.5, 0.5)]).toEqual([['two'], [], ['two']]);
  });

  it('tells how far the border is, in metres, and who is across it', () => {
    const [enclave, ring] = [...map.around({ lon: 1.0001, lat: 1.5 }, 50)].sort((a, b) => Number(b.inside) - Number(a.inside));
    expect(enclave).toMatchObject({ code: 'enclave', inside: true });
    expect(ring).toMatchObject({ code: 'ring', inside: false });
    expect(enclave?.clearance).toBeCloseTo(11.1, 1);
    expect(ring?.clearance).toBeCloseTo(11.1, 1);
    expect(map.around({ lon: 1.5, lat: 1.5 }, 50)).toEqual([{ code: 'enclave', inside: true, clearance: 50 }]);
    expect(map.around({ lon: -0.0001, lat: 1.5 }, 50)).toMatchObject([{ code: 'ring', inside: false }]);
  });

  it('without boundaries has nothing anywhere', () => {
    expect(indexBoundaries([]).around({ lon: 0, lat: 0 }, 50)).toEqual([]);
  });
});

/** Districts along a side, streets along a district's side. */
const tilings = fc
  .record({ districts: fc.integer({ min: 1, max: 4 }), each: fc.integer({ min: 1, max: 5 }), positions: fc.integer({ min: 1, max: 40 }) })
  .map(({ districts, each, positions }): Tiling => ({ districts, streets: districts * each, positions, corner: [113, 28], side: 0.02 }));

describe('a city that streets tile, however their borders run', () => {
  it('has each point in the street and the district that it lies in, and in no other', () => {
    fc.assert(
      fc.property(tilings, fc.integer(), (tiling, seed) => {
        const random = randomOf(seed);
        const map = indexBoundaries(tiledCity(tiling, random).boundaries ?? []);
        const cell = (): number => Math.floor(random() * tiling.streets);
        for (let point = 0; point < 50; point++) {
          const [x, y] = [cell(), cell()];
          const inner = (at: number, from: number): number => from + (at + 0.25 + random() / 2) * tiling.side;
          const each = tiling.streets / tiling.districts;
          expect(codesAt(map, inner(x, tiling.corner[0]), inner(y, tiling.corner[1]))).toEqual(
            ['990100', codeOfDistrict(tiling, Math.floor(x / each), Math.floor(y / each)), codeOfStreet(tiling, x, y)].sort(),
          );
        }
        // Anywhere, near borders too: a street each, or outside the city.
        for (let point = 0; point < 50; point++) {
          const anywhere = (from: number): number => from + (random() * (tiling.streets + 0.4) - 0.2) * tiling.side;
          const found = codesAt(map, anywhere(tiling.corner[0]), anywhere(tiling.corner[1]));
          expect([0, 3]).toContain(found.length);
          if (found.length === 3) expect(found[1]).toBe(found[2]?.slice(0, 6));
        }
      }),
      runs(60),
    );
  });

  it('has no boundary with a flaw', () => {
    fc.assert(
      fc.property(tilings, fc.integer(), (tiling, seed) => {
        for (const { polygons } of tiledCity(tiling, randomOf(seed)).boundaries ?? [])
          for (const polygon of polygons) expect(checkPolygon(polygon)).toEqual({ polygon });
      }),
      runs(20),
    );
  });
});
