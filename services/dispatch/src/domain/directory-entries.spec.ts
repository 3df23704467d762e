import { directoryHash, OUTBOUND, strictProblems } from '@paidan/contracts';
import { entriesOf, publicationOf } from './directory-entries.js';
import { SMALL_CITY } from './routing/small-city.kit.js';

describe('a published directory', () => {
  const { notices, count, hash } = publicationOf(SMALL_CITY);

  it('keeps every promise of its schemas', () => {
    for (const { payload } of notices) {
      const { type } = payload as { type: keyof typeof OUTBOUND };
      expect(strictProblems(OUTBOUND[type].schema, payload)).toEqual([]);
    }
  });

  it('ends with the marker that counts and hashes what came before', () => {
    const marker = notices.at(-1);
    expect(marker).toMatchObject({ topic: 'paidan.directory', key: 'published', type: 'paidan.directory.published.v1' });
    expect(marker?.payload).toEqual({ type: 'directory.published', version: 7, count, hash });
    expect(count).toBe(SMALL_CITY.units.length + SMALL_CITY.matters.length);
    expect(directoryHash(entriesOf(SMALL_CITY))).toBe(hash);
    expect(new Set(notices.map(({ key }) => key)).size).toBe(notices.length);
  });

  it('has the same hash under another number, and another one with another unit', () => {
    expect(publicationOf({ ...SMALL_CITY, version: 8 }).hash).toBe(hash);
    const [first, ...rest] = SMALL_CITY.units;
    if (first === undefined) throw new Error('no unit');
    expect(publicationOf({ ...SMALL_CITY, units: [{ ...first, active: false }, ...rest] }).hash).not.toBe(hash);
  });

  it('names no lead where the area or the utility decides', () => {
    const leads = new Map(entriesOf(SMALL_CITY).flatMap((entry) => (entry.type === 'directory.matter' ? [[entry.code, entry.lead]] : [])));
    expect([leads.get('0101'), leads.get('1201'), leads.get('1202'), leads.get('0303')]).toEqual(['urban', null, null, null]);
  });
});
