import { Misuse, readOptions } from './options.js';

describe('the command line of the play', () => {
  it('needs nothing', () => expect(readOptions([])).toEqual({ seed: 82027, json: false }));

  it('takes what it is told', () => {
    expect(readOptions(['--messages', 'a.csv', '--limit', '5', '--seed', '0', '--factor', '864.5', '--json'])).toEqual({
      messages: 'a.csv',
      limit: 5,
      seed: 0,
      factor: 864.5,
      json: true,
    });
  });

  it.each([['--help'], ['-h']])('gives help for %s', (flag) => expect(readOptions([flag])).toBeUndefined());

  it.each([
    ['--limit', 'abc'],
    ['--limit', '0'],
    ['--limit', '1.5'],
    ['--limit', '1e3'],
    ['--seed', 'x'],
    ['--messages', ''],
    ['--factor', '0'],
    ['--factor', '0.5'],
    ['--factor', '-8640'],
    ['--factor', '1e4'],
    ['--factor', '100001'],
    ['--bogus'],
    ['file.csv'],
    ['--limit'],
  ])('refuses %s %s', (...args) => expect(() => readOptions(args)).toThrow(Misuse));
});
