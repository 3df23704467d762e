import { buildMatcher, compact } from './phrases.js';

const found = (phrases: string[], text: string): string[] =>
  (buildMatcher([phrases]).scan(text)[0] ?? []).map(({ phrase, start, end }) => `${phrases[phrase]}@${start}-${end}`);

describe('the phrase matcher', () => {
  it('finds every phrase in order of its place', () => {
    expect(found(['停水', '停电'], '停水了，又停电，又停水')).toEqual(['停水@0-2', '停电@5-7', '停水@9-11']);
  });

  it('leaves out what lies inside a longer phrase, and keeps what only overlaps', () => {
    expect(found(['电梯', '加装电梯', '装电'], '加装电梯')).toEqual(['加装电梯@0-4']);
    expect(found(['学校', '学校门口'], '学校门前和学校门口')).toEqual(['学校@0-2', '学校门口@5-9']);
    expect(found(['夜间施工', '施工噪音'], '夜间施工噪音')).toEqual(['夜间施工@0-4', '施工噪音@2-6']);
  });

  it('finds the short phrase where the long one breaks off', () => {
    expect(found(['公积金贷款提取', '贷款', '积金'], '公积金贷款人')).toEqual(['积金@1-3', '贷款@3-5']);
  });

  it('takes full-width forms, capitals and blanks for what they stand for', () => {
    expect(found(['a7县', 'KTV'], 'Ａ７\n县　的 ktv')).toEqual(['a7县@0-3', 'KTV@4-7']);
    expect(compact(' Ａ７\n县　的 ')).toBe('Ａ７县的');
  });

  it('passes over exactly the characters that positions do not count', () => {
    const characters = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).filter(
      (character) => !'水电'.includes(character),
    );
    const [hits = []] = buildMatcher([['水电']]).scan(characters.map((character) => `水${character}电`).join(''));
    const blanks = characters.filter((character) => compact(character) === '');
    expect(blanks.length).toBeGreaterThan(40);
    expect(hits).toHaveLength(blanks.length);
  });

  it('keeps families apart', () => {
    const [matters, units] = buildMatcher([['教育'], ['教育局']]).scan('市教育局');
    expect(matters).toEqual([{ phrase: 0, start: 1, end: 3 }]);
    expect(units).toEqual([{ phrase: 0, start: 1, end: 4 }]);
  });

  it('has nothing to say about an empty text or with no phrases', () => {
    expect(buildMatcher([['停水']]).scan('')).toEqual([[]]);
    expect(buildMatcher([[], ['停水']]).scan('停水')).toEqual([[], [{ phrase: 0, start: 0, end: 2 }]]);
  });

  it('agrees with a search for each phrase', () => {
    const letters = '水电气热路';
    const pick = (n: number, length: number): string => Array.from({ length }, (_, i) => letters[Math.floor(n / 5 ** i) % 5]).join('');
    const phrases = [...new Set([3, 17, 58, 101, 444, 624, 1203, 77, 2999].map((n, i) => pick(n, 1 + (i % 4))))];
    const text = Array.from({ length: 600 }, (_, i) => letters[(i * i * 7 + i * 3 + (i >> 3)) % 5]).join('');
    const all = phrases.flatMap((phrase) =>
      [...Array(text.length).keys()]
        .filter((at) => text.startsWith(phrase, at))
        .map((start) => ({ phrase, start, end: start + phrase.length })),
    );
    const outer = all.filter((hit) => !all.some((o) => o.start <= hit.start && o.end >= hit.end && o.end - o.start > hit.end - hit.start));
    const expected = outer.sort((a, b) => a.end - b.end).map(({ phrase, start, end }) => `${phrase}@${start}-${end}`);
    expect(expected.length).toBeGreaterThan(100);
    expect(found(phrases, text)).toEqual(expected);
  });
});
