import { jsonArray } from './json-array.js';

/** As pg 8 does it, in lib/utils.js. */
const prepare = (texts: readonly (string | null)[]): string =>
  `{${texts.map((text) => (text === null ? 'NULL' : `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`)).join(',')}}`;

it.each([
  ['nothing', []],
  ['plain', [{ a: 1 }, [], 'x', 7, null]],
  ['quotes and backslashes', [{ text: 'he said "no" \\ C:\\temp' }, '"', '\\', '\\"']],
  ['what JSON escapes', [{ text: 'line\nbreak\ttab\u0000nul\u001f' }, '\u2028\u2029\u007f']],
  ['Chinese, emoji, half a surrogate', ['夜间施工', '🏗', '\ud800']],
  ['braces and commas', ['{a,b}', 'NULL', '']],
])('is the literal that escaping each element gives: %s', (_what, values) => {
  const texts = values.map((value) => JSON.stringify(value));
  expect(jsonArray(texts)).toBe(prepare(texts));
});

it('keeps the place of what is missing', () => {
  expect(jsonArray(['{}', null, '[]'])).toBe('{"{}",NULL,"[]"}');
});
