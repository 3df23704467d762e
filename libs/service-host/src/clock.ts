import { acceleratedClock, systemClock, type Clock } from '@paidan/runtime';

/** How `PAIDAN_CLOCK` names real time. */
export const SYSTEM_CLOCK = 'system';

const EXAMPLE = '{"from":"2026-03-02T09:00:00+08:00","anchor":1764000000000,"factor":8640}';
/** With its zone: a local time would mean another instant on each machine. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;
const DAY = 86_400_000;
const ANCHORS = [Date.parse('2020-01-01T00:00:00Z'), Date.parse('2100-01-01T00:00:00Z')] as const;
/** A day in less than a tenth of a second is no demonstration: nothing that the services do is over before its deadline. */
const FASTEST = 1_000_000;
const LAST_INSTANT = Date.parse('9999-12-31T00:00:00Z');

/**
 * Reads `PAIDAN_CLOCK`: `system`, or an accelerated clock that all processes share, because they have its anchor in common.
 * @throws Error that says what is wrong
 */
export const parseClock = (raw: string): Clock => {
  if (raw === SYSTEM_CLOCK) return systemClock;
  const { from, anchor, factor, ...unknown } = objectOf(raw);
  const problems = [
    ...Object.keys(unknown).map((name) => `has an unknown member ${name}`),
    isInstant(from) ? undefined : `from ${shown(from)} is not an instant like 2026-03-02T09:00:00+08:00, with its zone`,
    isWithin(anchor, ...ANCHORS) ? undefined : `anchor ${shown(anchor)} is not an instant of real time in epoch milliseconds`,
    typeof factor === 'number' && factor > 0 && factor <= FASTEST
      ? undefined
      : `factor ${shown(factor)} is not a number above 0 and up to ${FASTEST}`,
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new Error(problems.join('; '));

  const clock = acceleratedClock({ from: Date.parse(from as string), anchor: anchor as number, factor: factor as number });
  if (Math.abs(clock.now()) > LAST_INSTANT - 400 * DAY)
    throw new Error('shows a time beyond the year 9999 by now: give it a later anchor or a smaller factor');
  return clock;
};

const objectOf = (raw: string): Readonly<Record<string, unknown>> => {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    throw new Error(`is neither ${SYSTEM_CLOCK} nor JSON like ${EXAMPLE}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  throw new Error(`is not a JSON object like ${EXAMPLE}`);
};

const shown = (value: unknown): string => (value === undefined ? 'is missing, or' : `«${JSON.stringify(value).slice(0, 60)}»`);

const isWithin = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

/** 30 February becomes 2 March without a word, so the day must come out as it was written. */
const isInstant = (value: unknown): boolean => {
  if (typeof value !== 'string' || !INSTANT.test(value) || Number.isNaN(Date.parse(value))) return false;
  const day = value.slice(0, 10);
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().slice(0, 10) === day;
};
