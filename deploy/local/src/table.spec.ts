import { lines, table } from './table.js';

it('lays rows out in columns of a terminal, where a Chinese character takes two', () => {
  expect(
    table([
      { unit: '市水务局', waiting: '3' },
      { unit: 'city-water', waiting: '12', since: 'today' },
    ]),
  ).toBe(['unit        waiting  since', '市水务局    3', 'city-water  12       today'].join('\n'));
});

it('lays one thing out line by line', () => {
  expect(lines({ 工单: '20261122-000001', since: 'today' })).toBe('工单   20261122-000001\nsince  today');
});
