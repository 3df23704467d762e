import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import { checkPolygon, type PolygonFlaw } from './check-polygon.js';

const flawsOf = (...rings: unknown[]): readonly PolygonFlaw[] => {
  const checked = checkPolygon(rings);
  return 'flaws' in checked ? checked.flaws : [];
};
const SQUARE = [
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 4],
  [0, 0],
];
const hole = (west: number, south: number, side = 1) => SQUARE.map(([x = 0, y = 0]) => [west + (x / 4) * side, south + (y / 4) * side]);

describe('a polygon', () => {
  it('is taken with its holes, without heights and positions written twice', () => {
    const written = [
      [0, 0, 31],
      [4, 0],
      [4, 0],
      [4, 4],
      [0, 4],
      [0, 0, 31],
    ];
    expect(checkPolygon([written, hole(1, 1)])).toEqual({ polygon: [SQUARE, hole(1, 1)] });
    expect(flawsOf(SQUARE, hole(0, 1), hole(2, 2))).toEqual([]);
  });

  it.each<[string, unknown[], PolygonFlaw]>([
    ['without rings', [], { flaw: 'no-ring' }],
    ['not closed', [SQUARE.slice(0, 4)], { flaw: 'not-closed', ring: 1 }],
    [
      'of a line there and back',
      [
        [
          [0, 0],
          [1, 1],
          [0, 0],
        ],
      ],
      { flaw: 'too-few-positions', ring: 1, positions: 3 },
    ],
    [
      'of one point',
      [
        [
          [0, 0],
          [0, 0],
          [0, 0],
          [0, 0],
        ],
      ],
      { flaw: 'too-few-positions', ring: 1, positions: 1 },
    ],
    ['whose ring is none', [SQUARE, 'x'], { flaw: 'too-few-positions', ring: 2, positions: 0 }],
    [
      'with latitude first',
      [
        [
          [28, 113],
          [29, 113],
          [29, 114],
          [28, 113],
        ],
      ],
      { flaw: 'out-of-range', ring: 1, position: 1, written: '[28,113]' },
    ],
    [
      'with a text for a number',
      [
        [
          [0, 0],
          ['1', 0],
          [1, 1],
          [0, 0],
        ],
      ],
      { flaw: 'out-of-range', ring: 1, position: 2, written: '["1",0]' },
    ],
    [
      'that crosses itself',
      [
        [
          [0, 0],
          [4, 4],
          [4, 0],
          [0, 4],
          [0, 0],
        ],
      ],
      { flaw: 'crosses-itself', ring: 1, edge: 1, other: 3 },
    ],
    [
      'that touches itself',
      [
        [
          [0, 0],
          [4, 0],
          [4, 4],
          [2, 0],
          [0, 4],
          [0, 0],
        ],
      ],
      { flaw: 'crosses-itself', ring: 1, edge: 1, other: 3 },
    ],
    [
      'that turns back',
      [
        [
          [0, 0],
          [4, 0],
          [4, 4],
          [4, 2],
          [0, 4],
          [0, 0],
        ],
      ],
      { flaw: 'crosses-itself', ring: 1, edge: 2, other: 3 },
    ],
    [
      'that closes backwards',
      [
        [
          [1, 0],
          [4, 0],
          [4, 4],
          [0, 0],
          [2, 0],
          [1, 0],
        ],
      ],
      { flaw: 'crosses-itself', ring: 1, edge: 1, other: 4 },
    ],
    ['with a hole outside', [SQUARE, hole(7, 7)], { flaw: 'hole-outside', ring: 2 }],
    ['with a hole across its border', [SQUARE, hole(3.5, 1)], { flaw: 'rings-cross', ring: 1, edge: 2, otherRing: 2, other: 1 }],
    [
      'whose second hole crosses the first',
      [SQUARE, hole(1, 1), hole(1.5, 1.5)],
      { flaw: 'rings-cross', ring: 2, edge: 2, otherRing: 3, other: 1 },
    ],
  ])('%s is refused', (_what, rings, flaw) => {
    expect(flawsOf(...rings)).toContainEqual(flaw);
  });

  it('crosses itself once two corners that don’t adjoin have changed places, wherever they are', () => {
    const corner = (count: number, at: number) => [100 + Math.cos((at / count) * 2 * Math.PI), 30 + Math.sin((at / count) * 2 * Math.PI)];
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 400 }), fc.nat(), fc.nat(), (count, one, distance) => {
        const corners = Array.from({ length: count }, (_, at) => corner(count, at));
        const closed = (list: number[][]): number[][] => [...list, list[0] as number[]];
        expect(flawsOf(closed(corners))).toEqual([]);
        const first = one % count;
        const second = (first + 1 + (distance % (count - 1))) % count;
        [corners[first], corners[second]] = [corners[second] as number[], corners[first] as number[]];
        expect(flawsOf(closed(corners))).toMatchObject([{ flaw: 'crosses-itself', ring: 1 }]);
      }),
      runs(200),
    );
  });
});
