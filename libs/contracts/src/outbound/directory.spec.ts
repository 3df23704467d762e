import { decodeOutbound } from '../outbound.js';
import { directoryHash, directoryKey, type DirectoryEntry, type DirectoryMatter, type DirectoryUnit } from './directory.js';

const unit: DirectoryUnit = {
  type: 'directory.unit',
  version: 3,
  code: 'chengguan',
  name: '城管执法局',
  aliases: ['城管'],
  level: 1,
  parent: null,
  kind: 'bureau',
  areas: ['510100'],
  integration: 'desk',
  active: true,
};
const matter: DirectoryMatter = {
  type: 'directory.matter',
  version: 3,
  code: '0101',
  l1: '市容环境与城管',
  l2: '占道经营',
  name: '占道经营',
  keywords: ['占道', '摆摊'],
  lead: 'chengguan',
  coHandlers: [],
  active: true,
};

describe('directoryHash', () => {
  it('depends on content alone: not on order, version or order of members', () => {
    const reordered = Object.fromEntries(Object.entries({ ...unit, version: 9 }).reverse()) as unknown as DirectoryEntry;
    expect(directoryHash([matter, reordered])).toBe(directoryHash([unit, matter]));
    expect(directoryHash([{ ...unit, active: false }, matter])).not.toBe(directoryHash([unit, matter]));
    expect(directoryHash([unit])).not.toBe(directoryHash([unit, matter]));
  });

  it('is pinned: owner and readers may be of different releases', () => {
    expect(directoryHash([unit, matter])).toBe('9fc4833a68d45d6289f8d53f16d34d0e8e95dbbe743db68ae95f03397fb8aa6f');
    expect(directoryHash([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});

describe('directory messages', () => {
  it('have keys of their own', () => {
    expect([unit, matter].map(directoryKey)).toEqual(['unit:chengguan', 'matter:0101']);
    expect(directoryKey({ type: 'directory.published', version: 3, count: 2, hash: '0'.repeat(64) })).toBe('published');
    const responsibility = {
      type: 'directory.responsibility',
      version: 3,
      matter: '0702',
      area: null,
      lead: null,
      coHandlers: [],
    } as const;
    expect(directoryKey({ ...responsibility, coHandlers: [] })).toBe('responsibility:0702@*@*');
    expect(directoryKey({ ...responsibility, coHandlers: [], area: '510104', from: '2026-01-01T00:00:00Z' })).toBe(
      'responsibility:0702@510104@2026-01-01T00:00:00Z',
    );
    expect(
      directoryKey({ type: 'directory.mailbox', version: 3, code: 'mayor@city.example', name: '市长信箱', unit: 'xinfang', active: true }),
    ).toBe('mailbox:mayor@city.example');
  });

  it('are read by their value; kinds of a newer release come through', () => {
    expect(decodeOutbound(JSON.stringify({ ...unit, kind: 'moonbase', since: 2026 }))).toMatchObject({
      ok: true,
      message: { code: 'chengguan' },
    });
    expect(decodeOutbound(JSON.stringify({ type: 'directory.calendar', version: 3 }))).toMatchObject({ ok: false, reason: 'unknown-type' });
    expect(decodeOutbound(JSON.stringify({ ...unit, areas: '510100' }))).toMatchObject({ ok: false, reason: 'schema' });
    expect(decodeOutbound('x')).toMatchObject({ ok: false, reason: 'bad-json' });
    expect(decodeOutbound('null')).toMatchObject({ ok: false, reason: 'unknown-type' });
  });
});
