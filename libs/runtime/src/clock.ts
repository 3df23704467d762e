/** The one source of time in a service. Tests and demonstrations hand in another; decisions get `now` from it and nothing else. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** How many clock seconds pass in one real second: 1 in earnest, more in a demonstration. */
  readonly factor: number;
}

export const systemClock: Clock = { now: () => Date.now(), factor: 1 };

/** A clock that starts at `from` and runs `factor` times as fast as real time. */
export function acceleratedClock(from: number, factor: number): Clock {
  const began = Date.now();
  return { now: () => from + (Date.now() - began) * factor, factor };
}
