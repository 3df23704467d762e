import type { RoutingDecision } from '../routing/decision.js';
import { changeOf, comparison } from './comparison.js';

const grounds = { matter: '0701', confidence: 0.8, reasons: [], ruledOut: [] };
const to = (lead: string, more: Partial<Extract<RoutingDecision, { kind: 'assigned' }>> = {}): RoutingDecision => ({
  kind: 'assigned',
  lead,
  coHandlers: [],
  copies: [],
  rule: 'matter',
  ...grounds,
  ...more,
});
const held = (reason: 'tie' | 'no-candidate' = 'tie', first?: string): RoutingDecision => ({
  kind: 'held',
  reason,
  candidates: first === undefined ? [] : [{ unit: first, score: 1 }],
  ...grounds,
});

it.each<[string, RoutingDecision, RoutingDecision, string | undefined]>([
  ['the same unit', to('a'), to('a'), undefined],
  ['the same unit, surer of it and for other reasons', to('a'), to('a', { confidence: 0.9, rule: 'rule-set' }), undefined],
  ['the same unit with another to help', to('a'), to('a', { coHandlers: ['b'] }), 'details'],
  ['the same units in another order', to('a', { copies: ['b', 'c'] }), to('a', { copies: ['c', 'b'] }), undefined],
  ['the same unit, and more urgent', to('a'), to('a', { urgency: 'urgent' }), 'details'],
  ['another unit', to('a'), to('b'), 'other-unit'],
  ['a person instead of a unit', to('a'), held(), 'now-held'],
  ['a unit instead of a person', held(), to('a'), 'now-assigned'],
  ['a person for another reason', held('tie'), held('no-candidate'), 'other-reason'],
  ['a person, who is proposed another unit', held('tie', 'a'), held('tie', 'b'), 'details'],
  ['a person as before', held('tie', 'a'), held('tie', 'a'), undefined],
])('%s', (_what, before, after, change) => {
  expect(changeOf(before, after)).toBe(change);
});

const compared = (samples: number, ...pairs: readonly (readonly [RoutingDecision, RoutingDecision, boolean?])[]) => {
  const { add, result } = comparison<number>(samples);
  pairs.forEach(([before, after, isOpen = true], of) => add({ of, before, after, isOpen }));
  return result();
};

it('counts who gains and who loses, and between whom tickets move', () => {
  const result = compared(
    10,
    [to('a', { coHandlers: ['c'] }), to('b', { coHandlers: ['c'] })],
    [to('a'), to('b')],
    [to('a'), held()],
    [held(), to('c')],
    [to('d'), to('d')],
  );
  expect(result).toMatchObject({
    tickets: 5,
    unreadable: 0,
    unchanged: 1,
    changed: { 'other-unit': 2, 'now-held': 1, 'now-assigned': 1, 'other-reason': 0, details: 0 },
    assigned: 4,
    assignedAfter: 4,
    moves: [
      { from: 'a', to: 'b', tickets: 2 },
      { from: null, to: 'c', tickets: 1 },
      { from: 'a', to: null, tickets: 1 },
    ],
    loads: [
      { unit: 'a', led: 3, ledAfter: 0, joined: 0, joinedAfter: 0 },
      { unit: 'b', led: 0, ledAfter: 2, joined: 0, joinedAfter: 0 },
      { unit: 'c', led: 0, ledAfter: 1, joined: 1, joinedAfter: 1 },
      { unit: 'd', led: 1, ledAfter: 1, joined: 0, joinedAfter: 0 },
    ],
  });
});

it('counts what else is another, with the unit or without', () => {
  const { aspects, changed } = compared(
    0,
    [to('a', { urgency: 'urgent' }), to('a')],
    [to('a', { coHandlers: ['b'] }), to('c', { coHandlers: ['d'], copies: ['e'], matter: '0702' })],
    [held(), to('a', { coHandlers: ['b'], urgency: 'critical' })],
    [to('a'), to('a')],
  );
  expect(aspects).toEqual({ matter: 1, urgency: 2, coHandlers: 1, copies: 1 });
  expect(changed).toMatchObject({ details: 1, 'other-unit': 1, 'now-assigned': 1 });
});

it('a rare change is among the samples, however many there are of another', () => {
  const many = Array.from({ length: 1_000 }, () => [to('a'), to('b')] as const);
  const { samples } = compared(5, ...many, [to('a'), held()]);
  expect(samples.map(({ change }) => change).sort()).toEqual(['now-held', 'other-unit', 'other-unit', 'other-unit', 'other-unit']);
  // From all over, not the first few.
  expect(Math.max(...samples.filter(({ change }) => change === 'other-unit').map(({ of }) => of))).toBeGreaterThan(300);
});

it('what is under seal is counted and never a sample', () => {
  const { changed, samples } = compared(5, [to('a'), to('b'), false], [to('a'), to('b'), true]);
  expect(changed['other-unit']).toBe(2);
  expect(samples.map(({ of }) => of)).toEqual([1]);
});

it('no samples where none are wanted', () => {
  expect(compared(0, [to('a'), to('b')]).samples).toEqual([]);
});

it('a ticket whose text is gone is counted as that', () => {
  const { unreadable, result } = comparison<number>(1);
  unreadable();
  expect(result()).toMatchObject({ tickets: 1, unreadable: 1, unchanged: 0, assigned: 0 });
});
