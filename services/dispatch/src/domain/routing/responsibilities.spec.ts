import fc from 'fast-check';
import { atLevel, indexDirectory, LEVELS, type Handler, type Matter } from './directory.js';
import { isWithin, overlap } from './period.js';
import { clashesOf, responsibleFor, type Responsibility } from './responsibilities.js';
import { given, SMALL_CITY } from './small-city.kit.js';

const unit = (code: string): Handler => ({ by: 'unit', unit: code });
const entry = (matter: string, area: string | undefined, lead: string, more: Partial<Responsibility> = {}): Responsibility => ({
  matter,
  ...(area === undefined ? {} : { area }),
  lead: unit(lead),
  coHandlers: [],
  ...more,
});
const directoryWith = (...responsibilities: Responsibility[]) => indexDirectory({ ...SMALL_CITY, responsibilities });

/** Who leads in building noise. */
const lead = (responsibilities: readonly Responsibility[], place: string | undefined, at = 0): string | undefined => {
  const directory = directoryWith(...responsibilities);
  const noise = directory.matterByCode.get('0102') as Matter;
  const found = responsibleFor(directory, noise, place === undefined ? undefined : directory.areas.get(place), at).lead;
  return found.by === 'unit' ? found.unit : undefined;
};

describe('who is responsible', () => {
  it('is whom the catalogue names, where no entry says otherwise', () => {
    const directory = directoryWith(entry('0103', undefined, 'police'), entry('0102', '990103', 'housing'));
    const noise = directory.matterByCode.get('0102') as Matter;
    expect(responsibleFor(directory, noise, directory.areas.get('990102001'), 0)).toBe(noise);
  });

  it.each<[string, Responsibility[], string | undefined, string]>([
    ['an entry of the city', [entry('0102', '990100', 'housing')], '990102001', 'housing'],
    ['an entry without an area', [entry('0102', undefined, 'housing')], '990102001', 'housing'],
    ['the district before the city', [entry('0102', '990100', 'police'), entry('0102', '990102', 'housing')], '990102001', 'housing'],
    ['the street before the district', [entry('0102', '990102', 'police'), entry('0102', '990102001', 'peach')], '990102001', 'peach'],
    ['the matter before its topic', [entry('01', '990102', 'police'), entry('0102', '990102', 'housing')], '990102', 'housing'],
    [
      'the smaller area, though it speaks of the topic',
      [entry('0102', '990102', 'police'), entry('01', '990102001', 'peach')],
      '990102001',
      'peach',
    ],
    [
      'the city’s, where the place is not known',
      [entry('0102', '990102', 'police'), entry('0102', '990100', 'housing')],
      undefined,
      'housing',
    ],
    ['none of another district', [entry('0102', '990103', 'police')], '990102', 'urban'],
  ])('%s', (_what, entries, place, expected) => {
    expect(lead(entries, place)).toBe(expected);
    expect(lead([...entries].reverse(), place)).toBe(expected);
  });

  it('changes at the instant', () => {
    const entries = [entry('0102', '990102', 'police', { until: 100 }), entry('0102', '990102', 'housing', { from: 100, until: 200 })];
    expect([99, 100, 199, 200].map((at) => lead(entries, '990102', at))).toEqual(['police', 'housing', 'housing', 'urban']);
  });
});

const places = [undefined, ...SMALL_CITY.areas.map(({ code }) => code)];
const instant = fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined });
const anyEntry = fc
  .record({
    matter: fc.constantFrom('01', '0102', '0103', '12'),
    area: fc.constantFrom(...places),
    lead: fc.constantFrom('housing', 'police', 'education'),
    from: instant,
    until: instant,
  })
  .map(({ matter, area, lead: code, from, until }) =>
    entry(matter, area, code, { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) }),
  )
  .filter(({ from = -1, until = 7 }) => from < until);
const entries = fc.array(anyEntry, { maxLength: 12 });
const alike = (a: Responsibility, b: Responsibility): boolean => a.matter === b.matter && a.area === b.area && overlap(a, b);

describe('of any table without clashes', () => {
  const sound = entries.map((all) => all.filter((one, at) => all.slice(0, at).every((before) => !alike(before, one))));
  const asked = fc.record({ place: fc.constantFrom(...places), at: fc.integer({ min: -1, max: 7 }) });

  it('the closest entry in force is the one that counts, in whatever order the rows stand', () => {
    fc.assert(
      fc.property(sound, asked, fc.infiniteStream(fc.nat()), (table, { place, at }, chance) => {
        const directory = directoryWith(...table);
        const noise = directory.matterByCode.get('0102') as Matter;
        const area = directory.areas.get(place ?? '990100');
        /** Counted from nothing in common with the index: each entry's closeness, straight from the areas. */
        const closeness = (one: Responsibility): number => {
          const level = one.area === undefined ? -1 : LEVELS.findIndex((each) => area && atLevel(directory, area, each)?.code === one.area);
          const here = one.area === undefined || level >= 0;
          return here && isWithin(one, at) && noise.code.startsWith(one.matter) ? level * 10 + one.matter.length : -100;
        };
        const best = [...table].sort((a, b) => closeness(b) - closeness(a))[0];
        const expected = best === undefined || closeness(best) === -100 ? undefined : best;
        expect(responsibleFor(directory, noise, place === undefined ? undefined : area, at).entry).toEqual(expected);
        const shuffled = table.map((one) => [chance.next().value as number, one] as const).sort(([a], [b]) => a - b);
        expect(responsibleFor(directoryWith(...shuffled.map(([, one]) => one)), noise, area, at).entry).toEqual(expected);
      }),
    );
  });
});

describe('clashes', () => {
  it('are found behind a short one, too: a long entry goes on while others come and go', () => {
    const table = [
      entry('0102', '990102', 'housing'),
      entry('0102', '990102', 'police', { from: 1, until: 2 }),
      entry('0102', '990102', 'urban', { from: 5 }),
    ];
    expect(clashesOf(table)).toEqual([
      [0, 1],
      [0, 2],
    ]);
  });

  it('are named wherever two entries speak of one matter, one area and one day, and nowhere else', () => {
    fc.assert(
      fc.property(entries, (table) => {
        const clashes = clashesOf(table);
        for (const [first, second] of clashes) {
          expect(first).toBeLessThan(second);
          expect(alike(table[first] as Responsibility, table[second] as Responsibility)).toBe(true);
        }
        // Of two that clash, the one that begins later is named, whatever else overlaps between them.
        const named = new Set(clashes.flat());
        table.forEach((one, at) =>
          table.forEach((other, beside) => {
            const [begins, before] = [one.from ?? -1, other.from ?? -1];
            if (at !== beside && alike(one, other) && (before < begins || (before === begins && beside < at))) expect(named).toContain(at);
          }),
        );
      }),
    );
  });
});

describe('routing by the table', () => {
  const directory = directoryWith(
    entry('0102', '990103', 'housing', { coHandlers: [unit('environment')], note: '区政府指定' }),
    entry('0101', '990102001', 'urban', { lead: { by: 'street' } }),
  );
  const appeal = { text: '夜间施工，施工噪音太大' };

  it('goes to the entry’s lead, says which entry, and quotes what it rests on', () => {
    const decision = given({ directory }).when({ ...appeal, place: { adminCode: '990103001' } });
    expect(decision).toMatchObject({ kind: 'assigned', rule: 'matter-and-area', lead: 'housing', coHandlers: ['environment'] });
    expect(decision.reasons).toContainEqual({
      code: 'responsibility',
      unit: 'housing',
      matter: '0102',
      adminCode: '990103',
      note: '区政府指定',
    });
    expect(decision.reasons.map(({ code }) => code)).not.toContain('matter-lead');
  });

  it('may hand a matter to the street', () => {
    const decision = given({ directory }).when({ text: '流动摊贩占道经营', place: { adminCode: '990102001' } });
    expect(decision).toMatchObject({ rule: 'matter-and-area', lead: 'peach', copies: ['east'] });
    expect(decision.reasons.map(({ code }) => code)).toEqual(['matter-words', 'responsibility', 'area-unit', 'admin-code']);
  });

  it('leaves all other places as they were', () => {
    for (const adminCode of ['990100', '990102', '990102001'])
      expect(given({ directory }).when({ ...appeal, place: { adminCode } })).toEqual(given().when({ ...appeal, place: { adminCode } }));
  });

  it('goes to the next in line while the lead is not in force', () => {
    const units = SMALL_CITY.units.map((one) => (one.code === 'housing' ? { ...one, from: 1_000 } : one));
    const later = indexDirectory({ ...SMALL_CITY, units, responsibilities: directory.responsibilities });
    const at = (now: number) => given({ directory: later, at: now }).when({ ...appeal, place: { adminCode: '990103' } });
    expect(at(999)).toMatchObject({ lead: 'environment', ruledOut: [{ unit: 'housing', reason: 'not-yet-in-force' }] });
    expect(at(1_000)).toMatchObject({ lead: 'housing' });
  });
});
