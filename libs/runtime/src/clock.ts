/**
 * The one source of time in a service: everything that citizens and officers see, and rules judge by. Tests and demonstrations hand in another;
 * decisions get `now` from it and nothing else. What guards the machine stays on real time: leases, time-outs, the expiry of tokens.
 */
export interface Clock {
  /** Epoch milliseconds, a whole number. */
  readonly now: () => number;
  /** How many clock seconds pass in one real second: 1 in earnest, more in a demonstration. */
  readonly factor: number;
}

export const systemClock: Clock = { now: () => Date.now(), factor: 1 };

export interface Acceleration {
  /** What the clock showed at `anchor`; epoch milliseconds. */
  readonly from: number;
  /** An instant of real time, epoch milliseconds; processes that share it agree on the time. Now, unless given. */
  readonly anchor?: number;
  /** Above 0. */
  readonly factor: number;
}

/** A clock that shows `from` at the anchor and runs `factor` times as fast as real time. */
export function acceleratedClock({ from, anchor = Date.now(), factor }: Acceleration): Clock {
  return { now: () => Math.floor(from + (Date.now() - anchor) * factor), factor };
}

/** A clock that stands still until it is told otherwise. */
export interface ManualClock extends Clock {
  /** Epoch milliseconds; may go back. */
  set(at: number): void;
  /** Milliseconds. */
  advance(by: number): void;
}

export function manualClock(at: number = Date.now()): ManualClock {
  let shown = at;
  return {
    now: () => shown,
    factor: 1,
    set: (to) => {
      shown = to;
    },
    advance: (by) => {
      shown += by;
    },
  };
}
