import { randomFillSync } from 'node:crypto';

const pool = Buffer.allocUnsafeSlow(4_096);
let drawn = pool.length;

/**
 * Random bytes of cryptographic quality that nobody got before; to be used before the next call. Asking the system for ten of them takes 3.9 µs, for
 * 4,096 some 6 µs, and ids and ivs are wanted by the thousand a second.
 */
export function freshRandom(count: number): Buffer {
  if (drawn + count > pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  return pool.subarray(drawn, (drawn += count));
}
