import {
  atLevel,
  contains,
  indexDirectory,
  significant,
  standingOf,
  unitOfMailbox,
  withSubordinates,
  type Area,
  type Unit,
} from './directory.js';
import { given, SMALL_CITY } from './small-city.kit.js';

describe('admin codes', () => {
  it.each([
    ['990000', '99'],
    ['990100', '9901'],
    ['990102', '990102'],
    ['990120', '990120'],
    ['990102000', '990102'],
    ['990102010', '990102010'],
    ['990102001000', '990102001'],
    ['990102001003', '990102001003'],
    ['990100000000', '9901'],
  ])('%s says %s', (code, prefix) => {
    expect(significant(code)).toBe(prefix);
  });

  it('lie in what they begin with', () => {
    expect(contains('990100', '990102001')).toBe(true);
    expect(contains('990102', '990102000')).toBe(true);
    expect(contains('990102', '990103001')).toBe(false);
    expect(contains('990102001', '990102')).toBe(false);
  });
});

describe('the index', () => {
  const directory = indexDirectory(SMALL_CITY);

  it('knows who governs an area, and who is under whom', () => {
    expect(directory.governments.get('990102001')?.code).toBe('peach');
    expect(directory.governments.get('990102')?.code).toBe('east');
    expect(directory.governments.has('990100')).toBe(false);
    expect(withSubordinates(directory, 'east')).toEqual(['east', 'peach', 'willow']);
    expect(withSubordinates(directory, 'police')).toEqual(['police', 'traffic-police']);
  });

  it('lets one phrase speak for several matters', () => {
    const noise = directory.phrases.indexOf('噪音');
    expect(directory.bearings[noise]?.map(({ matter, strong }) => [directory.matters[matter]?.code, strong])).toEqual([
      ['0102', false],
      ['0103', false],
    ]);
  });
});

describe('a unit at a time', () => {
  const [any] = SMALL_CITY.units as [Unit];
  it.each([
    ['before its first day', { from: 10 }, 9, 'not-yet-in-force'],
    ['on its first day', { from: 10 }, 10, 'in-force'],
    ['on its last', { until: 10 }, 9, 'in-force'],
    ['after it', { until: 10 }, 10, 'inactive'],
    ['closed, whatever its dates', { active: false, from: 10 }, 9, 'inactive'],
  ] as const)('%s', (_what, change, at, expected) => {
    expect(standingOf({ ...any, ...change }, at)).toBe(expected);
  });
});

describe('a mailbox', () => {
  const bound = { code: 'mayor', name: '市长信箱', unit: 'police', active: true, from: 10, until: 20 };
  const directory = indexDirectory({ ...SMALL_CITY, mailboxes: [bound, { ...bound, code: 'old', active: false }] });

  it('leads to its unit while it is in force', () => {
    expect([9, 10, 19, 20].map((at) => unitOfMailbox(directory, 'mayor', at)?.code)).toEqual([undefined, 'police', 'police', undefined]);
    expect(unitOfMailbox(directory, 'old', 15)).toBeUndefined();
    expect(unitOfMailbox(directory, 'nobody', 15)).toBeUndefined();
  });
});

describe('communities', () => {
  const community = (code: string, parent: string, name: string): Area => ({ code, name, parent, level: 'community', aliases: [] });
  const areas = [
    ...SMALL_CITY.areas,
    community('990102001001', '990102001', '幸福社区'),
    community('990102002001', '990102002', '幸福社区'),
    community('990102001002', '990102001', '桃花社区'),
    community('990103001001', '990103001', '柳园街道'),
  ];
  const committee: Unit = {
    ...(SMALL_CITY.units[0] as Unit),
    code: 'peach-blossom',
    name: '桃花社区居委会',
    aliases: [],
    kind: 'community',
    level: 'community',
    parent: 'peach',
    areas: ['990102001002'],
  };
  const lead = { by: 'unit', unit: 'peach-blossom' } as const;
  const directory = indexDirectory({
    ...SMALL_CITY,
    areas,
    units: [...SMALL_CITY.units, committee],
    responsibilities: [{ matter: '1201', area: '990102001002', lead, coHandlers: [] }],
  });
  const quarrel = (place: object) => given({ directory }).when({ text: '邻里纠纷，楼道堆物', place });

  it('are found by their code, and by a name that nobody else has', () => {
    expect(quarrel({ adminCode: '990102001002' })).toMatchObject({ lead: 'peach-blossom', copies: ['peach'] });
    expect(quarrel({ address: '桃花社区3栋' })).toMatchObject({ lead: 'peach-blossom' });
  });

  it('go to their street where it is the street’s matter, or nothing else is said', () => {
    expect(quarrel({ adminCode: '990102001001' })).toMatchObject({ lead: 'peach', copies: ['east'] });
    expect(quarrel({ adminCode: '990102001999' })).toMatchObject({ lead: 'peach' });
    expect(given({ directory }).when({ text: '征地补偿', place: { adminCode: '990102001001' } })).toMatchObject({ lead: 'east' });
  });

  it('of one name say nothing of where; a street keeps the name that a community has too', () => {
    expect(quarrel({ address: '幸福社区3栋' })).toMatchObject({ kind: 'held', reason: 'no-candidate' });
    expect(quarrel({ address: '柳园街道1号' })).toMatchObject({ lead: 'willow' });
  });

  it('lie in a street, a district and the city', () => {
    const area = directory.areas.get('990102001001') as Area;
    const codes = (['community', 'street', 'district', 'city'] as const).map((level) => atLevel(directory, area, level)?.code);
    expect(codes).toEqual(['990102001001', '990102001', '990102', '990100']);
    expect(atLevel(directory, directory.areas.get('990102') as Area, 'street')).toBeUndefined();
  });
});
