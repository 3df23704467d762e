import { Misuse } from '@paidan/local/call';
import { exampleMessages } from '../cast/channels/example-messages.js';
import { verdictOf } from '../cast/citizens/citizen-conduct.js';
import { mannerOf, stepsFor } from '../cast/departments/department-conduct.js';
import { readOptions } from './options.js';

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

describe('the usual seed', () => {
  const usual = readOptions([])?.seed ?? 0;

  it('has one of our own messages returned and another late, so that there is something to tell', () => {
    const offers = exampleMessages.map(({ row }) => ({ row, assignment: 1, designated: false }));
    expect(offers.some((offer) => stepsFor(usual, offer).some(({ command }) => command === 'return'))).toBe(true);
    expect(offers.some((offer) => ['late', 'until-yellow', 'until-red'].includes(mannerOf(usual, offer)))).toBe(true);
  });

  it('leaves not everybody satisfied with our own messages, so that something is done again', () => {
    const verdicts = exampleMessages.map(({ row }) => verdictOf(usual, row, 1, false));
    expect(new Set(verdicts)).toEqual(new Set(['satisfied', 'silent', 'unsatisfied', 'unsolved']));
  });
});
