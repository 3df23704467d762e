import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import { checkBurstPolicy, hear, QUIET, type Burst, type BurstPolicy, type GroupAlert, type Voice } from './burst.js';

const HOUR = 3_600_000;
const POLICY: BurstPolicy = { persons: 3, withinMs: 24 * HOUR, calm: 1 };

const told = (voices: readonly Voice[], policy: BurstPolicy = POLICY) => {
  const alerts: GroupAlert[] = [];
  let burst: Burst = QUIET;
  for (const voice of voices) {
    const heard = hear(burst, voice, policy);
    burst = heard.burst;
    if (heard.alert !== undefined) alerts.push(heard.alert);
  }
  return { alerts, burst };
};
const voice = (person: string, hour: number): Voice => ({ person, at: hour * HOUR, ticketId: `t-${person}-${hour}` });

describe('a burst', () => {
  it('is raised by the person above the limit, and once', () => {
    const { alerts } = told(['a', 'b', 'c', 'd', 'e', 'f'].map((person, hour) => voice(person, hour)));
    expect(alerts).toEqual([{ at: 3 * HOUR, persons: 4, ticketIds: ['t-d-3', 't-c-2', 't-b-1', 't-a-0'] }]);
  });

  it('is not raised by one person who writes often', () => {
    expect(told(Array.from({ length: 50 }, (_, hour) => voice(hour % 2 === 0 ? 'a' : 'b', hour / 4))).alerts).toEqual([]);
  });

  it('is not raised by as many persons spread over longer', () => {
    expect(told(['a', 'b', 'c', 'd', 'e', 'f'].map((person, n) => voice(person, n * 9))).alerts).toEqual([]);
  });

  it('stays raised around the limit and is raised again only after a calm', () => {
    const people = (hour: number, names: string): Voice[] => [...names].map((person, n) => voice(person, hour + n / 100));
    // At hour 30 two of the first four are gone and others have come: the same burst.
    expect(told([...people(0, 'ab'), ...people(20, 'cd'), ...people(30, 'efgh')]).alerts).toHaveLength(1);
    // At hour 60 everybody is gone.
    expect(told([...people(0, 'abcd'), ...people(60, 'abcd')]).alerts.map(({ at }) => at)).toEqual([0.03 * HOUR, 60.03 * HOUR]);
  });

  it('takes no notice of a voice that comes a window late', () => {
    const { alerts, burst } = told([...'abc'].map((person, n) => voice(person, 100 + n)).concat(voice('d', 70)));
    expect(alerts).toEqual([]);
    expect(burst.voices).toHaveLength(3);
  });

  const voices = fc.array(
    fc
      .record({ person: fc.constantFrom(...'abcdefgh'), hour: fc.integer({ min: 0, max: 120 }) })
      .map(({ person, hour }) => voice(person, hour)),
    { maxLength: 60 },
  );
  const policies = fc
    .record({ persons: fc.integer({ min: 1, max: 5 }), hours: fc.integer({ min: 1, max: 40 }), calm: fc.nat({ max: 4 }) })
    .map(({ persons, hours, calm }) => ({ persons, withinMs: hours * HOUR, calm: Math.min(calm, persons - 1) }));

  it('in order of time, is raised as counting everything anew would raise it', () => {
    fc.assert(
      fc.property(voices, policies, (unsorted, policy) => {
        const sorted = unsorted.toSorted((a, b) => a.at - b.at);
        let raised = false;
        const expected = sorted.flatMap(({ at }, n) => {
          const persons = (upTo: number): number =>
            new Set(sorted.slice(0, upTo).flatMap((one) => (one.at > at - policy.withinMs ? [one.person] : []))).size;
          if (persons(n) <= policy.calm) raised = false;
          if (raised || persons(n + 1) <= policy.persons) return [];
          raised = true;
          return [at];
        });
        expect(told(sorted, policy).alerts.map(({ at }) => at)).toEqual(expected);
      }),
      runs(500),
    );
  });

  it('remembers no more than it needs, each person once, the newest first, in whatever order they come', () => {
    fc.assert(
      fc.property(voices, policies, (anyOrder, policy) => {
        const { burst } = told(anyOrder, policy);
        expect(burst.voices.length).toBeLessThanOrEqual(policy.persons + 1);
        expect(new Set(burst.voices.map(({ person }) => person)).size).toBe(burst.voices.length);
        expect(burst.voices.map(({ at }) => at)).toEqual(burst.voices.map(({ at }) => at).toSorted((a, b) => b - a));
      }),
      runs(300),
    );
  });

  it.each([
    [{ persons: 0, withinMs: 1, calm: 0 }, 'more than a whole number of persons'],
    [{ persons: 3, withinMs: 0, calm: 0 }, 'window'],
    [{ persons: 3, withinMs: 1, calm: 3 }, 'is over at'],
  ])('refuses %j', (policy, why) => {
    expect(() => checkBurstPolicy(policy)).toThrow(why);
  });
});
