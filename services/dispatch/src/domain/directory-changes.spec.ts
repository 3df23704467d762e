import { CHANGED_KINDS, codeOfResponsibility, directoryChanges } from './directory-changes.js';
import { SMALL_CITY } from './routing/small-city.kit.js';

const NOTHING = { added: [], removed: [], changed: [] };
const noise = { matter: '0102', area: '990103', lead: { by: 'unit', unit: 'housing' }, coHandlers: [] } as const;

describe('what differs between two directories', () => {
  it('is nothing between one and itself as Postgres gives it back', () => {
    const reversed = <T extends object>(entry: T): T => Object.fromEntries(Object.entries(entry).reverse()) as T;
    const stored = { ...SMALL_CITY, units: SMALL_CITY.units.map(reversed), matters: SMALL_CITY.matters.map(reversed) };
    expect(directoryChanges(SMALL_CITY, stored)).toEqual(Object.fromEntries(CHANGED_KINDS.map((kind) => [kind, NOTHING])));
  });

  it('is told by code, with the facts that changed', () => {
    const [first, second, ...others] = SMALL_CITY.units;
    if (first === undefined || second === undefined) throw new Error('no units');
    const after = {
      ...SMALL_CITY,
      units: [{ ...first, active: false, until: 5 }, ...others, { ...second, code: 'new' }],
      responsibilities: [noise],
    };
    const { units, responsibilities, matters } = directoryChanges(SMALL_CITY, after);
    expect(units).toEqual({ added: ['new'], removed: [second.code], changed: [{ code: first.code, facts: ['active', 'until'] }] });
    expect(responsibilities).toEqual({ added: ['0102@990103@*'], removed: [], changed: [] });
    expect(matters).toEqual(NOTHING);
  });

  it('knows a responsibility by what it is about, where, and from when', () => {
    expect(codeOfResponsibility({ ...noise, from: 0 })).toBe('0102@990103@1970-01-01T00:00:00.000Z');
    const { responsibilities } = directoryChanges(
      { ...SMALL_CITY, responsibilities: [noise] },
      { ...SMALL_CITY, responsibilities: [{ ...noise, note: 'x' }] },
    );
    expect(responsibilities).toEqual({ ...NOTHING, changed: [{ code: '0102@990103@*', facts: ['note'] }] });
  });
});
