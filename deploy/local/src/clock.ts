import { InfraError } from './errors.js';

/** An accelerated clock that every service of a system shares; what is told to them as `PAIDAN_CLOCK`. */
export interface SystemClock {
  /** What it shows at the anchor, with its zone: `2026-03-02T09:00:00+08:00`. */
  readonly from: string;
  /** Real time, epoch milliseconds. */
  readonly anchor: number;
  /** How many times as fast as real time it runs. */
  readonly factor: number;
}

/** Epoch milliseconds as the services of the system see them; of a system without a clock of its own, real time. */
export const timeOf = (clock: SystemClock | undefined): number =>
  clock === undefined ? Date.now() : Math.floor(Date.parse(clock.from) + (Date.now() - clock.anchor) * clock.factor);

/** The clock that the environment names; it begins now unless it has an anchor. The services check it to the letter, here it only has to be one. */
export function clockFrom(env: Readonly<Record<string, string | undefined>>): SystemClock | undefined {
  const text = env['PAIDAN_CLOCK']?.trim();
  if (text === undefined || text === '' || text === 'system') return undefined;
  try {
    const clock = { anchor: Date.now(), ...(JSON.parse(text) as Omit<SystemClock, 'anchor'>) };
    if (Number.isFinite(timeOf(clock)) && clock.factor > 0) return clock;
  } catch {
    // Said below.
  }
  throw new InfraError(
    'setting-invalid',
    `PAIDAN_CLOCK=${text} is neither system nor a clock like {"from":"2026-03-02T09:00:00+08:00","factor":8640}.`,
  );
}
