import type { Result, Simulation } from './answers.js';
import { showSimulation } from './show-simulation.js';

const explanation = (text: string) => ({ explanation: { zh: [`${text}（中文）`], en: [text, 'and why'] } });
const result: Result = {
  tickets: 1_010,
  unreadable: 10,
  unchanged: 900,
  changed: { 'other-unit': 60, 'now-assigned': 30, 'now-held': 10, 'other-reason': 0, details: 0 },
  aspects: { matter: 5, urgency: 4, coHandlers: 3, copies: 2 },
  assigned: 780,
  assignedAfter: 800,
  moves: [
    { from: 'a', fromName: '甲局', to: 'b', toName: '乙局', tickets: 60 },
    { from: null, fromName: null, to: 'b', toName: '乙局', tickets: 30 },
  ],
  loads: [
    { unit: 'b', name: '乙局', led: 100, ledAfter: 190, joined: 4, joinedAfter: 4 },
    { unit: 'a', name: '甲局', led: 200, ledAfter: 140, joined: 0, joinedAfter: 1 },
    { unit: 'c', name: '丙局', led: 480, ledAfter: 480, joined: 9, joinedAfter: 9 },
  ],
  samples: [{ number: '20261122-000001', ticketId: 'id-1', change: 'other-unit', before: explanation('to a'), after: explanation('to b') }],
  seconds: 2.34,
};
const done: Simulation = { id: 'x', state: 'done', last: 2_000, done: 1_010, result };
const shown = (more: Partial<Result> = {}, lang: 'en' | 'zh' = 'en'): string =>
  showSimulation({ ...done, result: { ...result, ...more } }, lang);
const cells = (text: string): string[][] => text.split('\n').map((line) => line.trim().split(/ {2,}/));

it('tells how many change, with their share of what could be decided', () => {
  const rows = cells(shown());
  expect(rows[0]).toEqual(['The 1,010 newest tickets, decided twice in 2.3 s']);
  expect(rows).toEqual(
    expect.arrayContaining([
      ['as before', '900', '90.0 %'],
      ['to another unit', '60', '6.0 %'],
      ['to a unit instead of a person', '30', '3.0 %'],
      ['– another urgency', '4', '0.4 %'],
      ['assigned without a person, before', '780', '78.0 %'],
      ['assigned without a person, after', '800', '80.0 %'],
      ['not decided: text erased, or no key for it', '10'],
    ]),
  );
});

it('tells from whom to whom, and who has more to do and who less', () => {
  const rows = cells(shown());
  expect(rows).toEqual(
    expect.arrayContaining([
      ['甲局 (a)', '乙局 (b)', '60'],
      ['(a person)', '乙局 (b)', '30'],
      ['乙局 (b)', '100', '190', '+90', '4', '4', '0'],
      ['甲局 (a)', '200', '140', '-60', '0', '1', '+1'],
    ]),
  );
  expect(shown()).not.toContain('丙局');
});

it('tells of samples what was and what would be, with the reasons, in the language that is asked for', () => {
  expect(shown()).toContain('\n\n20261122-000001 id-1  to another unit\n  before\n    to a\n    and why\n  after\n    to b\n    and why');
  expect(shown({}, 'zh')).toContain('\n\n20261122-000001 id-1  改派其他单位\n  之前\n    to a（中文）\n  之后\n    to b（中文）');
});

it('names what a terminal has no room for', () => {
  const moves = Array.from({ length: 23 }, (_, n) => ({ from: `u${n}`, fromName: `u${n}`, to: null, toName: null, tickets: 1 }));
  expect(shown({ moves })).toContain('\nand 3 more: --json has them\n');
});

it('where nothing changes it says that; nothing is divided by no tickets', () => {
  const none = { moves: [], loads: [], samples: [] };
  expect(shown(none)).toContain('\n\nfrom → to: nothing changes');
  expect(shown({ ...none, tickets: 0, unreadable: 0, unchanged: 0 })).toMatch(/as before +0 +–\n/);
});

it('one that has no result says why', () => {
  const { result: _result, ...without } = done;
  expect(showSimulation({ ...without, state: 'failed', detail: 'internal error' }, 'en')).toBe('It failed: internal error');
  expect(showSimulation({ ...without, state: 'interrupted' }, 'zh')).toBe('执行模拟的副本已停止，请重新发起');
});
