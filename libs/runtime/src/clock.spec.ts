import { jest } from '@jest/globals';
import { acceleratedClock, manualClock, systemClock } from './clock.js';

const from = Date.parse('2026-03-02T09:00:00+08:00');
const DAY = 86_400_000;

describe('clocks', () => {
  beforeEach(() => jest.useFakeTimers({ now: Date.parse('2026-11-22T02:00:00Z') }));
  afterEach(() => jest.useRealTimers());

  it('of the system show real time', () => expect(systemClock.now()).toBe(Date.now()));

  it('that are accelerated begin now, or at their anchor, and agree when they share it', () => {
    const anchor = Date.now() - 10_000;
    const clock = acceleratedClock({ from, anchor, factor: 8_640 });
    expect(clock.now()).toBe(from + DAY);
    const fresh = acceleratedClock({ from, factor: 8_640 });
    expect(fresh.now()).toBe(from);
    jest.advanceTimersByTime(5_000);
    expect([clock.now(), fresh.now()]).toEqual([from + 1.5 * DAY, from + 0.5 * DAY]);
    expect(acceleratedClock({ from, anchor, factor: 8_640 }).now()).toBe(clock.now());
  });

  it('show whole milliseconds, slower than real time too', () => {
    const slow = acceleratedClock({ from, factor: 0.3 });
    jest.advanceTimersByTime(5);
    expect(slow.now()).toBe(from + 1);
  });

  it('that are driven by hand stand still until told', () => {
    const clock = manualClock(from);
    jest.advanceTimersByTime(60_000);
    expect(clock.now()).toBe(from);
    clock.advance(DAY);
    const { now } = clock;
    expect(now()).toBe(from + DAY);
    clock.set(from);
    expect([now(), clock.factor]).toEqual([from, 1]);
  });
});
