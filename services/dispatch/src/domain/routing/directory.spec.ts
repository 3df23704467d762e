import { contains, indexDirectory, significant, withSubordinates } from './directory.js';
import { SMALL_CITY } from './small-city.kit.js';

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
