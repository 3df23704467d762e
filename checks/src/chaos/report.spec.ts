import { FAULT_PAIRS } from './faults/plan.js';
import { missed } from './report.js';

const struck = FAULT_PAIRS.map((pair, index) => ({ ...pair, number: index + 1, ms: 0, pauseMs: 0, beganAt: 0, endedAt: 0, hit: true }));

describe('what a run has missed', () => {
  it('is each fault that never hit, with why', () => {
    const [first, ...others] = struck.map((fault, index) => (index === 0 ? { ...fault, hit: false, failure: 'not there' } : fault));
    expect(missed({ faults: [first, ...others].flatMap((fault) => fault ?? []), counts: { linked: 3 } })).toEqual([
      'kill:intake (not there)',
    ]);
  });

  it('is that nobody came under a master, of a whole run', () => {
    expect(missed({ faults: struck, counts: { linked: 0 } })).toEqual(['tickets under a master']);
    expect(missed({ faults: struck, counts: { linked: 1 } })).toEqual([]);
    expect(missed({ faults: struck.slice(1), counts: { linked: 0 } })).toEqual([]);
    expect(missed({ faults: [], counts: { linked: 0 } })).toEqual([]);
  });
});
