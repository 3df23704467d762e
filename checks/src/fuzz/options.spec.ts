import { SERVICES } from '@paidan/contracts';
import { Misuse } from '@paidan/local/call';
import { readOptions } from './options.js';

describe('the command line of the fuzz', () => {
  it('needs nothing, and then tries every service', () => {
    expect(readOptions([])).toEqual({ seconds: 300, services: SERVICES, seed: 20_261_122, keep: false, json: false });
  });

  it('takes one service, for as long as asked', () => {
    expect(readOptions(['--service', 'intake', '--seconds', '20', '--keep'])).toMatchObject({
      services: ['intake'],
      seconds: 20,
      keep: true,
    });
  });

  it.each([['--help'], ['-h']])('gives help for %s', (flag) => expect(readOptions([flag])).toBeUndefined());

  it.each([['--seconds', '0'], ['--seconds', 'x'], ['--seed', '1.5'], ['--service', 'nobody'], ['--bogus'], ['something']])(
    'refuses %s %s',
    (...args) => expect(() => readOptions(args)).toThrow(Misuse),
  );
});
