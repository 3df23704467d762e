import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import { agreement, BANDS, fingerprintOf, MINIMA, planeHex, PLANES, type Fingerprint } from './fingerprint.js';
import { likenessOf, type Likeness } from './likeness.js';
import { comparable, READ_UNITS } from './normalise.js';

const NOISE =
  '锦澜区望江路幸福里小区门口有人夜间施工，从晚上十点一直到凌晨三点，孩子没法睡觉，打过三次电话都没有人来处理，噪音超过七十分贝';

const print = (text: string, title = ''): Fingerprint => {
  const fingerprint = fingerprintOf(title, text);
  if (fingerprint === undefined) throw new Error(`says too little: ${text}`);
  return fingerprint;
};
const between = (text: string, earlier: string): Likeness | undefined => {
  const [a, b] = [print(text), print(earlier)];
  return likenessOf(agreement(a, b), a.grams, b.grams);
};
const trigrams = (text: string): Set<string> =>
  new Set(Array.from({ length: Math.max(0, text.length - 2) }, (_, at) => text.slice(at, at + 3)));

/** Texts of a few hundred characters, as long as citizens write. */
const letter = fc.integer({ min: 0x4e00, max: 0x4fff }).map((unit) => String.fromCharCode(unit));
const written = fc.string({ unit: letter, minLength: 80, maxLength: 400 });

describe('what is compared', () => {
  it('has no blanks, punctuation, capitals, full-width forms and salutations', () => {
    expect(comparable('求助', '尊敬的胡书记：您好！Ａ7栋\n\t 3 单元的 LED 灯坏了，望有关部门处理，谢谢。')).toBe(
      '求助a7栋3单元的led灯坏了处理',
    );
  });

  it('keeps digits: they are all that tells two bus lines apart', () => {
    expect(comparable('', '希望805路改道')).toBe('805路改道');
    expect(comparable('', '希望805路改道')).not.toBe(comparable('', '希望801路改道'));
  });

  it('is no longer than what is read, whatever a unit is folded into', () => {
    for (const text of ['ﷺ'.repeat(100_000), '字'.repeat(100_000), '尊敬的'.repeat(30_000)])
      expect(comparable('', text).length).toBeLessThanOrEqual(READ_UNITS);
  });
});

describe('a fingerprint', () => {
  it('stays what it is: those in the table were made by the same constants', () => {
    const { bands, grams } = print(NOISE);
    expect({ grams, first: bands.slice(0, 3), plane: planeHex(print(NOISE), 0) }).toMatchInlineSnapshot(`
      {
        "first": [
          171355559,
          -584358594,
          370543718,
        ],
        "grams": 56,
        "plane": "ab92ab29042fe52bdd78dc9cba7bebcf",
      }
    `);
  });

  it('has as many bands and planes as the table has columns', () => {
    const fingerprint = print(NOISE);
    expect(fingerprint.bands).toHaveLength(BANDS);
    expect(fingerprint.bands.every((band) => Number.isInteger(band) && Math.abs(band) <= 2 ** 31)).toBe(true);
    for (let plane = 0; plane < PLANES; plane++) expect(planeHex(fingerprint, plane)).toMatch(new RegExp(`^[0-9a-f]{${MINIMA / 4}}$`));
  });

  it.each(['', '路灯坏了', '路灯坏了。。。。。。。。。。。。', '好'.repeat(5_000)])('of %s says too little', (text) => {
    expect(fingerprintOf('', text)).toBeUndefined();
  });

  it('takes any string up to 100 KB, at once', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 2_000 }),
        fc.string({ unit: fc.constantFrom('\ud800', '\udc00', 'ﷺ', '\0', '好', 'a') }),
        (a, b) => {
          const text = (a + b).repeat(Math.ceil(100_000 / Math.max(1, a.length + b.length))).slice(0, 100_000);
          const began = performance.now();
          fingerprintOf(a, text);
          expect(performance.now() - began).toBeLessThan(1_000);
        },
      ),
      runs(50),
    );
  });

  it('is the same of the same words however they are set', () => {
    fc.assert(
      fc.property(written, fc.nat({ max: 400 }), (text, at) => {
        const set = `尊敬的领导：您好！\n${text.slice(0, at)} \u3000\t，${text.slice(at)}。谢谢！`;
        expect(agreement(print(text), print(set))).toBe(MINIMA);
      }),
      runs(100),
    );
  });

  it('estimates the share of common grams', () => {
    const errors: number[] = [];
    fc.assert(
      fc.property(written, written, fc.double({ min: 0, max: 1, noNaN: true }), (text, other, share) => {
        const mixed = text.slice(0, Math.round(text.length * share)) + other.slice(0, Math.round(other.length * (1 - share)));
        fc.pre(fingerprintOf('', mixed) !== undefined);
        const [mine, theirs] = [trigrams(comparable('', text)), trigrams(comparable('', mixed))];
        const both = [...mine].filter((gram) => theirs.has(gram)).length;
        const exact = both / (mine.size + theirs.size - both);
        const agreeing = agreement(print(text), print(mixed)) / MINIMA;
        errors.push((agreeing - 1 / 16) / (15 / 16) - exact);
      }),
      runs(400),
    );
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length);
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(deviation).toBeLessThan(0.05);
  });

  it('of strangers hardly ever meets in a band', () => {
    const texts = fc.sample(written, { ...runs(300), numRuns: 300 }).map((text) => print(text));
    let met = 0;
    texts.forEach((a, n) => texts.slice(0, n).forEach((b) => (met += a.bands.some((band, at) => band === b.bands[at]) ? 1 : 0)));
    // 44,850 pairs, which have a gram or two in common.
    expect(met).toBeLessThan(5);
  });
});

describe('two texts', () => {
  it('of the same words are the same', () => {
    expect(between(NOISE, `您好，${NOISE}！！`)).toEqual({ because: 'same-words', jaccard: 1, contained: 1 });
  });

  it('that were touched up are alike', () => {
    const retold = NOISE.replace('从晚上十点一直到凌晨三点', '天天晚上都施工到凌晨两三点').replace('打过三次电话', '我打过很多次电话');
    expect(between(retold, NOISE)).toMatchObject({ because: 'like-words' });
  });

  it('of which one lies in the other are alike, and it is said which', () => {
    const longer = `${NOISE}。另外小区的地下车库进水已经一个多月，物业说是开发商的责任，开发商说已经过了保修期，业主们不知道该找谁，电梯也停了两部，老人上下楼很不方便`;
    expect(between(longer, NOISE)).toMatchObject({ because: 'holds-the-earlier' });
    expect(between(NOISE, longer)).toMatchObject({ because: 'held-by-the-earlier' });
  });

  it('of different matters are not alike, however politely both begin and end', () => {
    const polite = (text: string): string =>
      `尊敬的市领导：您好！感谢您百忙之中阅读。${text}。恳请有关部门尽快处理，盼回复，谢谢！此致敬礼`;
    const garage = '小区的地下车库进水已经一个多月，物业说是开发商的责任，开发商说已经过了保修期，业主们不知道该找谁';
    expect(between(polite(garage), polite(NOISE))).toBeUndefined();
  });

  it('are never more alike than their lengths allow', () => {
    fc.assert(
      fc.property(fc.nat({ max: MINIMA }), fc.integer({ min: 1, max: 8_000 }), fc.integer({ min: 1, max: 8_000 }), (agreeing, a, b) => {
        const likeness = likenessOf(agreeing, a, b);
        if (likeness === undefined) return;
        expect(likeness.jaccard).toBeLessThanOrEqual(Math.min(a, b) / Math.max(a, b));
        expect(likeness.contained).toBeGreaterThanOrEqual(likeness.jaccard);
        expect(likeness.contained).toBeLessThanOrEqual(1);
      }),
      runs(500),
    );
  });
});
