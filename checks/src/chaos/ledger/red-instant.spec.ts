import { on } from './history.kit.js';
import { redInstant } from './red-instant.js';

describe('the instant of a red card', () => {
  const limits = {
    redAfter: new Map(),
    codes: new Map(),
    marked: new Map([
      ['2026-03-10', true],
      ['2026-03-14', false],
    ]),
  };
  const day = { count: 1, unit: 'WD' as const };
  it.each([
    ['is a working day later', '05 18:00', day, [], '06 18:00'],
    ['passes over the weekend', '06 18:00', day, [], '09 18:00'],
    ['passes over a holiday', '09 18:00', day, [], '11 18:00'],
    ['falls on a Saturday that is worked', '13 18:00', day, [], '14 18:00'],
    ['passes over days that a suspension touched', '04 18:00', day, [{ from: on('05 10:00'), to: on('05 11:00') }], '06 18:00'],
    ['is hours later', '05 18:00', { count: 4, unit: 'H24' as const }, [], '05 22:00'],
    [
      'leaves suspended hours out',
      '05 18:00',
      { count: 4, unit: 'H24' as const },
      [{ from: on('05 19:00'), to: on('05 20:30') }],
      '05 23:30',
    ],
  ])('%s', (_what, due, span, pauses, expected) => expect(redInstant(on(due), span, pauses, limits)).toBe(on(expected)));

  it('never comes while work is suspended', () => {
    expect(redInstant(on('04 18:00'), day, [{ from: on('05 10:00') }], limits)).toBeUndefined();
    expect(redInstant(on('04 18:00'), { count: 4, unit: 'H24' }, [{ from: on('04 20:00') }], limits)).toBeUndefined();
  });
});
