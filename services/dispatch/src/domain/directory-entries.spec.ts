import { directoryHash, OUTBOUND, strictProblems, type DirectoryEntry, type DirectoryMessage } from '@paidan/contracts';
import { entriesOf, publicationOf } from './directory-entries.js';
import type { DirectoryData } from './routing/directory.js';
import { SMALL_CITY } from './routing/small-city.kit.js';

const NOW = Date.parse('2026-11-22T01:00:00.000Z');

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

  it('counts and hashes mailboxes and responsibilities apart, so that who knows neither finds the version whole', () => {
    const more: DirectoryData = {
      ...SMALL_CITY,
      responsibilities: [
        { matter: '0102', area: '990103', lead: { by: 'unit', unit: 'housing' }, coHandlers: [{ by: 'street' }], from: NOW, note: '指定' },
        { matter: '12', lead: { by: 'street' }, coHandlers: [] },
      ],
      mailboxes: [{ code: 'mayor', name: '市长信箱', unit: 'police', active: true, until: NOW }],
    };
    const publication = publicationOf(more);
    expect([publication.count, publication.hash]).toEqual([count, hash]);
    const payloads = publication.notices.map(({ payload }) => payload as DirectoryMessage);
    const marker = payloads.at(-1);
    const of = (type: string) => payloads.filter((payload) => payload.type === type) as DirectoryEntry[];
    expect(marker).toMatchObject({
      further: ['directory.responsibility', 'directory.mailbox'].map((type) => ({
        type,
        count: of(type).length,
        hash: directoryHash(of(type)),
      })),
    });
    expect(of('directory.responsibility')).toEqual([
      {
        type: 'directory.responsibility',
        version: 7,
        matter: '0102',
        area: '990103',
        lead: 'housing',
        coHandlers: [],
        from: '2026-11-22T01:00:00.000Z',
        note: '指定',
      },
      { type: 'directory.responsibility', version: 7, matter: '12', area: null, lead: null, coHandlers: [] },
    ]);
    for (const payload of payloads) expect(strictProblems(OUTBOUND[payload.type].schema, payload)).toEqual([]);
    expect(new Set(publication.notices.map(({ key }) => key)).size).toBe(publication.notices.length);
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
