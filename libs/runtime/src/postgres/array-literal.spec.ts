import pg from 'pg';
import { arrayLiteral } from './array-literal.js';

const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => unknown } }).utils;

/** What Postgres makes of a literal: quotes around an element that needs none change nothing. */
const unquoted = (literal: unknown): string => String(literal).replace(/"(?<plain>[\w.:-]+)"/g, '$<plain>');

it.each([
  ['nothing', []],
  ['ids and topics', ['0190a7f2-0000-7000-8000-000000000000', 'paidan.tickets']],
  ['numbers and truth', [1, -2.5, 9_007_199_254_740_991, true, false]],
  ['what is missing', ['a', null, undefined]],
  ['quotes, backslashes, braces', ['say "no"', 'C:\\temp\\"x"', '{a,b}', 'NULL', '']],
  ['lines and other scripts', ['one\ntwo\ttabs', '夜间施工 🏗']],
])('writes what pg writes: %s', (_what, values) => {
  expect(unquoted(arrayLiteral(values))).toBe(unquoted(prepareValue(values)));
});

it('keeps a text that looks like nothing apart from nothing', () => {
  expect(arrayLiteral(['NULL', null])).toBe('{"NULL",NULL}');
});

it('writes instants in UTC, which pg would write in the zone of the process', () => {
  expect(arrayLiteral([new Date(Date.UTC(2026, 10, 22, 8, 30, 1, 5)), null])).toBe('{"2026-11-22T08:30:01.005Z",NULL}');
});

it.each([[Buffer.from('x')], [new Date(NaN)], [['nested']], [{ a: 1 }]])('leaves %p to pg', (value) => {
  expect(arrayLiteral([value])).toBeUndefined();
});
