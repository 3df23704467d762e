import { setTimeout as delay } from 'node:timers/promises';
import { type Fault, FAULT_PAIRS, planFaults } from './plan.js';
import { storm } from './storm.js';

const quick = (plan: readonly Fault[]): readonly Fault[] => plan.map((fault) => ({ ...fault, pauseMs: 0 }));

describe('a storm', () => {
  it('begins the faults in their order, three at once, never two on one target or on both servers', async () => {
    const plan = quick(planFaults(3, FAULT_PAIRS));
    const begun: number[] = [];
    const under: Fault[] = [];
    const struck = await storm(
      plan,
      async (fault) => {
        begun.push(fault.number);
        under.push(fault);
        expect(under.length).toBeLessThanOrEqual(3);
        expect(new Set(under.map(({ target }) => target)).size).toBe(under.length);
        expect(under.filter(({ target }) => target === 'kafka' || target === 'postgres').length).toBeLessThanOrEqual(1);
        await delay(1 + (fault.ms % 7));
        under.splice(under.indexOf(fault), 1);
        return true;
      },
      new AbortController().signal,
      () => undefined,
    );
    expect(begun).toEqual(plan.map(({ number }) => number));
    expect(struck.map(({ number, hit }) => [number, hit])).toEqual(plan.map(({ number }) => [number, true]));
  });

  it('says which fault could not be done, and goes on', async () => {
    const plan = quick(planFaults(3, FAULT_PAIRS.slice(0, 3)));
    const commit = async ({ number }: Fault): Promise<boolean> => {
      if (number === 1) throw new Error('no such process');
      return number === 3;
    };
    const struck = await storm(plan, commit, new AbortController().signal, () => undefined);
    expect(struck.map(({ hit, failure }) => [hit, failure])).toEqual([
      [false, 'no such process'],
      [false, undefined],
      [true, undefined],
    ]);
  });
});
