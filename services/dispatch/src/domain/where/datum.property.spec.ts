import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import { inWgs84, metresBetween, toGcj02, toWgs84 } from './datum.js';

const degrees = (min: number, max: number) => fc.double({ min, max, noNaN: true });
/** China without the edge of the box that maps are shifted in. */
const inChina = fc.record({ lon: degrees(73, 136), lat: degrees(3, 54) });
const farFromChina = fc.oneof(
  fc.record({ lon: degrees(-180, 71), lat: degrees(-90, 90) }),
  fc.record({ lon: degrees(139, 180), lat: degrees(-90, 90) }),
  fc.record({ lon: degrees(72, 139), lat: degrees(-90, 0) }),
);

describe('GCJ-02 and WGS-84', () => {
  it('come back to within a metre of each other, both ways round', () => {
    fc.assert(
      fc.property(inChina, (point) => {
        expect(metresBetween(toWgs84(toGcj02(point)), point)).toBeLessThan(0.01);
        expect(metresBetween(toGcj02(toWgs84(point)), point)).toBeLessThan(0.01);
      }),
      runs(2_000),
    );
  });

  it('lie less than a kilometre and a half apart in China', () => {
    fc.assert(
      fc.property(inChina, (point) => {
        expect(metresBetween(toGcj02(point), point)).toBeLessThan(1_500);
      }),
      runs(2_000),
    );
  });

  it('are one elsewhere', () => {
    fc.assert(
      fc.property(farFromChina, (point) => {
        expect([toGcj02(point), toWgs84(point)]).toEqual([point, point]);
      }),
      runs(500),
    );
  });

  // Pairs that public implementations of the formula are tested with.
  it.each([
    ['Shanghai', [121.5272106, 31.1774276], [121.531541859215, 31.17530398364597]],
    ['Shenzhen', [113.912316, 22.543847], [113.9171764808363, 22.540796131694766]],
    ['Beijing', [116.377817, 39.911954], [116.38404722455657, 39.91334545536069]],
  ] as const)('differ as maps do in %s', (_city, [lon, lat], [shownLon, shownLat]) => {
    const [gps, shown] = [
      { lon, lat },
      { lon: shownLon, lat: shownLat },
    ];
    expect(metresBetween(toGcj02(gps), shown)).toBeLessThan(0.001);
    expect(metresBetween(inWgs84(shown, 'GCJ-02'), gps)).toBeLessThan(0.001);
    expect(inWgs84(gps, 'WGS-84')).toEqual(gps);
  });
});
