import { knownOr, memberOf, sqlIn } from './closed-set.js';

const COLOURS = ['yellow', 'red'] as const;

describe('closed sets', () => {
  it('guards members and nothing else', () => {
    const isColour = memberOf(COLOURS);
    expect([isColour('red'), isColour('blue'), isColour(undefined), isColour(['red'])]).toEqual([true, false, false, false]);
  });

  it('reads a member that a newer producer added as the fallback', () => {
    expect(knownOr(COLOURS, 'red', 'yellow')).toBe('red');
    expect(knownOr(COLOURS, 'ultraviolet', 'yellow')).toBe('yellow');
  });

  it('writes a check constraint, quotes doubled', () => {
    expect(sqlIn('colour', ['red', "o'clock"])).toBe(`colour in ('red','o''clock')`);
  });
});
