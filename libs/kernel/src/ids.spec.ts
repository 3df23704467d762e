import { isUuid, timeOfUuidv7, uuidv7 } from './ids.js';

describe('uuidv7', () => {
  it('is the example of RFC 9562, appendix A.6', () => {
    // rand_a = 0xCC3, rand_b = 0b01, 0x8C4DC0C0C07398F
    const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
    expect(uuidv7(1645557742000, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it('sets version and variant whatever the random bytes are', () => {
    for (const byte of [0x00, 0x5a, 0xff]) {
      const id = uuidv7(1, new Uint8Array(10).fill(byte));
      expect(id[14]).toBe('7');
      expect('89ab').toContain(id[19]);
      expect(isUuid(id)).toBe(true);
    }
  });

  it('sorts as text by time and gives the time back', () => {
    const low = new Uint8Array(10);
    const high = new Uint8Array(10).fill(0xff);
    expect(uuidv7(1_700_000_000_000, high) < uuidv7(1_700_000_000_001, low)).toBe(true);
    expect(timeOfUuidv7(uuidv7(1_700_000_000_123, high))).toBe(1_700_000_000_123);
  });

  it('refuses a time or randomness it would have to guess about', () => {
    expect(() => uuidv7(1.5, new Uint8Array(10))).toThrow(RangeError);
    expect(() => uuidv7(-1, new Uint8Array(10))).toThrow(RangeError);
    expect(() => uuidv7(1, new Uint8Array(9))).toThrow(RangeError);
  });
});

describe('isUuid', () => {
  it('knows only the canonical spelling, because an id is a Kafka key', () => {
    expect(isUuid('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')).toBe(true);
    for (const wrong of ['017F22E2-79B0-7CC3-98C4-DC0C0C07398F', '017f22e279b07cc398c4dc0c0c07398f', '', 7, null]) {
      expect(isUuid(wrong)).toBe(false);
    }
  });
});
