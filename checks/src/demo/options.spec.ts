import { Misuse, readOptions } from './options.js';

describe('the command line of the play', () => {
  it('needs nothing', () => expect(readOptions([])).toEqual({ seed: 82027, json: false }));

  it('takes what it is told', () => {
    expect(readOptions(['--messages', 'a.csv', '--limit', '5', '--seed', '0', '--json'])).toEqual({
      messages: 'a.csv',
      limit: 5,
      seed: 0,
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
    ['--bogus'],
    ['file.csv'],
    ['--limit'],
  ])('refuses %s %s', (...args) => expect(() => readOptions(args)).toThrow(Misuse));
});
