import { arrayTypes } from './array-elements.js';

const oids = (sql: string): [number, number][] => [...arrayTypes(sql)].map(([number, { oid }]) => [number, oid]);

it('takes the types of arrays from the casts', () => {
  expect(oids('select * from unnest($1::uuid[], $2::text[], $10::bigint[]) where a = $3::text and b = $4')).toEqual([
    [1, 2950],
    [2, 25],
    [10, 20],
  ]);
});

it.each([
  ['cast to two types', 'select $1::text[], $1::uuid[]'],
  ['cast to an array and to none', 'select $1::text[], $1::text'],
  ['of a type that we do not write', 'select $1::numeric[]'],
])('leaves out what is %s', (_what, sql) => {
  expect(oids(sql)).toEqual([]);
});

it('keeps one that is cast to the same type twice', () => {
  expect(oids('select any($1::text[]), all($1::text[])')).toEqual([[1, 25]]);
});
