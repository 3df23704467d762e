import { Misuse } from '@paidan/local/call';
import { FAULT_PAIRS, pairName } from './faults/plan.js';
import { readOptions } from './options.js';
import { LONGEST } from './scale/scale.js';

describe('the command line of the chaos', () => {
  it('needs nothing, and then has every fault', () => {
    expect(readOptions([])).toEqual({
      ...{
        tickets: 20_000,
        seed: 1,
        faults: FAULT_PAIRS,
        scale: false,
        restore: false,
        loseLog: false,
        soak: 0,
        rate: 80,
        factor: 5_760,
        goOn: 60,
        keep: false,
        json: false,
      },
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

  it('scales instead of breaking anything, with enough to do until the last step', () => {
    expect(readOptions(['--scale', '--rate', '10'])).toMatchObject({ scale: true, faults: [], tickets: 10 * LONGEST, goOn: 10 });
    expect(readOptions(['--scale'])).toMatchObject({ rate: 30, tickets: 30 * LONGEST });
    expect(readOptions(['--scale', '--tickets', '100000', '--go-on', '0'])).toMatchObject({ tickets: 100_000, goOn: 0 });
    expect(() => readOptions(['--scale', '--tickets', '1000'])).toThrow(Misuse);
    expect(() => readOptions(['--scale', '--faults', 'kill'])).toThrow(Misuse);
  });

  it('restores instead of breaking anything else', () => {
    expect(readOptions(['--restore'])).toMatchObject({ restore: true, scale: false, faults: [], rate: 30, tickets: 6_000, goOn: 10 });
    expect(() => readOptions(['--restore', '--faults', 'kill'])).toThrow(Misuse);
    expect(() => readOptions(['--restore', '--scale'])).toThrow(Misuse);
  });

  it('looks on for minutes, with enough to do until the last', () => {
    expect(readOptions(['--soak', '30'])).toMatchObject({ soak: 30, faults: [], rate: 50, tickets: 50 * 60 * 31, goOn: 10 });
    expect(readOptions(['--soak', '2', '--rate', '10', '--tickets', '5000'])).toMatchObject({ soak: 2, rate: 10, tickets: 5_000 });
    expect(() => readOptions(['--soak', '2', '--tickets', '100'])).toThrow(Misuse);
    expect(() => readOptions(['--soak', '2', '--scale'])).toThrow(Misuse);
    expect(() => readOptions(['--soak', '2', '--faults', 'none'])).toThrow(Misuse);
  });

  it('loses the log instead of breaking anything else', () => {
    expect(readOptions(['--lose-log'])).toMatchObject({ loseLog: true, restore: false, faults: [], rate: 30, tickets: 4_200, goOn: 10 });
    expect(() => readOptions(['--lose-log', '--faults', 'kill'])).toThrow(Misuse);
    expect(() => readOptions(['--lose-log', '--restore'])).toThrow(Misuse);
  });

  it.each([['--help'], ['-h']])('gives help for %s', (flag) => expect(readOptions([flag])).toBeUndefined());

  it.each([
    ['--tickets', '0'],
    ['--seed', '-1'],
    ['--rate', '1.5'],
    ['--factor', '1'],
    ['--soak', '0'],
    ['--faults', 'drown'],
    ['--faults', 'cut:kafka'],
    ['--faults', ''],
    ['--bogus'],
  ])('refuses %s %s', (...args) => expect(() => readOptions(args)).toThrow(Misuse));
});
