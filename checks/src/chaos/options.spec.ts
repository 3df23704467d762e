import { Misuse } from '../misuse.js';
import { FAULT_PAIRS, pairName } from './faults/plan.js';
import { readOptions } from './options.js';

describe('the command line of the chaos', () => {
  it('needs nothing, and then has every fault', () => {
    expect(readOptions([])).toEqual({
      ...{ tickets: 20_000, seed: 1, faults: FAULT_PAIRS, rate: 80, factor: 5_760, goOn: 60, keep: false, json: false },
    });
  });

  it('takes kinds, and kinds on targets', () => {
    const faultsOf = (list: string) => readOptions(['--faults', list])?.faults.map(pairName);
    expect(faultsOf('freeze:kafka,cut')).toEqual([
      'freeze:kafka',
      'cut:intake',
      'cut:dispatch',
      'cut:department-handler',
      'cut:sla-monitor',
      'cut:feedback',
    ]);
    expect(faultsOf('none')).toEqual([]);
  });

  it.each([['--help'], ['-h']])('gives help for %s', (flag) => expect(readOptions([flag])).toBeUndefined());

  it.each([
    ['--tickets', '0'],
    ['--seed', '-1'],
    ['--rate', '1.5'],
    ['--factor', '1'],
    ['--faults', 'drown'],
    ['--faults', 'cut:kafka'],
    ['--faults', ''],
    ['--bogus'],
  ])('refuses %s %s', (...args) => expect(() => readOptions(args)).toThrow(Misuse));
});
