const M = 0x5bd1e995;

/** Kafka's murmur2 (seed 0x9747b28c) over bytes, as a signed 32-bit integer, like `org.apache.kafka.common.utils.Utils.murmur2`. */
export const murmur2 = (data: Uint8Array): number => {
  const length = data.length;
  let h = 0x9747b28c ^ length;
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    let k = (data[i] ?? 0) | ((data[i + 1] ?? 0) << 8) | ((data[i + 2] ?? 0) << 16) | ((data[i + 3] ?? 0) << 24);
    k = Math.imul(k, M);
    k ^= k >>> 24;
    h = Math.imul(h, M) ^ Math.imul(k, M);
  }
  const rest = length - whole;
  if (rest === 3) h ^= (data[whole + 2] ?? 0) << 16;
  if (rest >= 2) h ^= (data[whole + 1] ?? 0) << 8;
  if (rest >= 1) h = Math.imul(h ^ (data[whole] ?? 0), M);
  h ^= h >>> 13;
  h = Math.imul(h, M);
  return h ^ (h >>> 15);
};

/**
 * The partition of a key. Explicit, and the one that the Java client, librdkafka's `murmur2_random` and kafkajs's default take too, so that a
 * tool in any language that writes with the key finds the same order. A client library that changes its default changes nothing here.
 */
export const partitionOf = (key: string, partitions: number): number => (murmur2(Buffer.from(key, 'utf8')) & 0x7fffffff) % partitions;
