import { freshRandom } from './random.js';

describe('freshRandom', () => {
  it('gives nobody the bytes of another, also where the pool is filled anew', () => {
    const drawn = Array.from({ length: 2_000 }, (_, i) => freshRandom(10 + (i % 7)).toString('hex'));
    expect(drawn.every((hex, i) => hex.length === 2 * (10 + (i % 7)))).toBe(true);
    expect(new Set(drawn.map((hex) => hex.slice(0, 20))).size).toBe(2_000);
  });
});
