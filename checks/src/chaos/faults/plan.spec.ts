import { FAULT_KINDS, FAULT_PAIRS, pairName, planFaults, TARGETS } from './plan.js';

describe('the plan of the faults', () => {
  it('has each kind on each of its targets once', () => {
    const names = planFaults(1, FAULT_PAIRS).map(pairName);
    expect(names).toHaveLength(34);
    expect(new Set(names)).toEqual(new Set(FAULT_KINDS.flatMap((kind) => TARGETS[kind].map((target) => `${kind}:${target}`))));
  });

  it('is the same for the same seed, and another for another', () => {
    expect(planFaults(7, FAULT_PAIRS)).toEqual(planFaults(7, FAULT_PAIRS));
    expect(planFaults(7, FAULT_PAIRS).map(pairName)).not.toEqual(planFaults(8, FAULT_PAIRS).map(pairName));
  });

  it('freezes for five seconds to a minute, rarely for long', () => {
    const spans = Array.from({ length: 40 }, (_, seed) => planFaults(seed, FAULT_PAIRS)).flatMap((plan) =>
      plan.filter(({ kind }) => kind === 'freeze').map(({ ms }) => ms),
    );
    expect([Math.min(...spans) >= 5_000, Math.max(...spans) <= 60_000, Math.max(...spans) > 40_000]).toEqual([true, true, true]);
    expect(spans.reduce((sum, ms) => sum + ms, 0) / spans.length).toBeLessThan(25_000);
  });
});
