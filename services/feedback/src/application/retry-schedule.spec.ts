import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import { nextAttempt, RETRY_PAUSES, type RetrySchedule } from './retry-schedule.js';

const HOUR = 3_600_000;
const schedule: RetrySchedule = { ...RETRY_PAUSES, giveUpAfter: 72 * HOUR };
const pauses = (random: number, count: number): number[] => {
  let now = 0;
  return Array.from({ length: count }, (_, i) => {
    const next = nextAttempt({ attempts: i + 1, queuedAt: 0, now }, schedule, random) ?? Number.NaN;
    const pause = next - now;
    now = next;
    return pause / 1_000;
  });
};

describe('the pauses between attempts', () => {
  it('double from five seconds to a quarter of an hour', () => {
    expect(pauses(0.5, 10)).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
  });

  it('differ by a quarter either way, so that what failed together does not come back together', () => {
    expect([pauses(0, 1), pauses(0.999_999, 1)]).toEqual([[3.75], [6.25]]);
  });

  it('are as long as the adapter asks for, up to an hour', () => {
    const asks = (retryAfterMs: number) => nextAttempt({ attempts: 1, queuedAt: 0, now: 0, retryAfterMs }, schedule, 0.5);
    expect([asks(1_000), asks(60_000), asks(50 * HOUR)]).toEqual([5_000, 60_000, HOUR]);
  });

  it('end with a last attempt at the end of the time', () => {
    const at = (now: number) => nextAttempt({ attempts: 300, queuedAt: 0, now }, schedule, 0.5);
    expect(at(72 * HOUR - 1_000)).toBe(72 * HOUR);
    expect(at(72 * HOUR)).toBeUndefined();
  });

  it('always lead on until then, whatever happens', () => {
    const attempts = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(
        attempts,
        fc.integer({ min: 0, max: 72 * HOUR - 1 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (count, now, random) => {
          const next = nextAttempt({ attempts: count, queuedAt: 0, now }, schedule, random) ?? 0;
          expect(next).toBeGreaterThan(now);
          expect(next - now).toBeLessThanOrEqual(RETRY_PAUSES.most * 1.25);
        },
      ),
      runs(100),
    );
  });
});
