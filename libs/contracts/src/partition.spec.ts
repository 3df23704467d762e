import { murmur2, partitionOf } from './partition.js';
import { TICKETS_PARTITIONS } from './topics.js';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

describe('partitionOf', () => {
  // org.apache.kafka.common.utils.UtilsTest.testMurmur2
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %j as the Java client does', (text, hash) => {
    expect(murmur2(bytes(text))).toBe(hash);
  });

  it.each([
    ['0193a3c2-5c00-7000-8000-000000000001', 12, 1],
    ['0193a3c2-5c00-7000-8000-000000000001', 48, 25],
    ['0193a3c2-5c00-7abc-9def-0123456789ab', 12, 7],
    ['0193a3c2-5c00-7abc-9def-0123456789ab', 48, 19],
    ['f47ac10b-58cc-4372-a567-0e02b2c3d479', 12, 2],
    ['f47ac10b-58cc-4372-a567-0e02b2c3d479', 48, 14],
    ['unit:chengguan', 12, 4],
    ['unit:chengguan', 48, 16],
    ['市', 12, 11],
    ['市', 48, 35],
    ['', 12, 9],
    ['', 48, 9],
  ])('%s of %d partitions is %d', (key, partitions, partition) => {
    expect(partitionOf(key, partitions)).toBe(partition);
  });

  it('spreads time-ordered ids evenly', () => {
    const hits = new Array<number>(TICKETS_PARTITIONS).fill(0);
    for (let i = 0; i < 12_000; i++) {
      const id = `0193a3c2-5c00-7${(i % 4096).toString(16).padStart(3, '0')}-8000-${i.toString(16).padStart(12, '0')}`;
      const partition = partitionOf(id, TICKETS_PARTITIONS);
      hits[partition] = (hits[partition] ?? 0) + 1;
    }
    expect(Math.min(...hits)).toBeGreaterThan(850);
    expect(Math.max(...hits)).toBeLessThan(1150);
  });
});
