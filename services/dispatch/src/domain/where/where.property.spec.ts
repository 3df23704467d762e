import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import { MAPPED, placed } from './where.kit.js';

const names = fc.constantFrom('示例市', '东区', '西区', '桃园街道', '桃园', '柳园街道', '河口镇', '城关镇', '路', '');
const address = fc.array(names, { maxLength: 4 }).map((words) => words.join(''));
const adminCode = fc.constantFrom('990100', '990102', '990103', '990102001', '990102002', '990103009', '990102001003', '110101');
/** In the city, on its borders, and a little outside. */
const degree = (from: number, sides: number) =>
  fc.oneof(
    fc.double({ min: from - 0.002, max: from + sides / 100 + 0.002, noNaN: true }),
    fc.integer({ min: 0, max: sides }).map((side) => from + side / 100),
  );
const coordinates = fc.record({ lon: degree(113, 4), lat: degree(28, 2), system: fc.constantFrom('WGS-84', 'GCJ-02', 'BD-09') });
const places = fc.record({ address, adminCode, coordinates }, { requiredKeys: [] });

describe('wherever it is', () => {
  it('the answer is an area of the directory, the wider ones no less sure, and each source that counted is told', () => {
    let contradicted = 0;
    fc.assert(
      fc.property(places, address, address, (place, title, text) => {
        const { found } = placed(place, { title, text });
        if (found === undefined) return;
        expect(MAPPED.areas.get(found.area.code)).toBe(found.area);
        expect(found.line.map(({ area }) => area)).toEqual(MAPPED.lineages.get(found.area.code));
        expect(found.line[0]).toEqual({ area: found.area, certainty: found.certainty });
        const certainties = found.line.map(({ certainty }) => certainty);
        expect(certainties).toEqual([...certainties].sort((a, b) => a - b));
        expect(Math.min(...certainties)).toBeGreaterThan(0);
        expect(Math.max(...certainties)).toBeLessThan(1);
        for (const { code, score, adminCode: named = '' } of found.reasons) {
          expect(score).toBeDefined();
          if (code !== 'places-differ') expect(MAPPED.areas.has(named)).toBe(true);
        }
        expect(found.reasons.some(({ code }) => code === 'places-differ')).toBe(found.contradicted);
        if (found.contradicted) contradicted++;
      }),
      runs(2_000),
    );
    expect(contradicted).toBeGreaterThan(50);
  });
});
