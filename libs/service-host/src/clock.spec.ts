import { systemClock } from '@paidan/runtime';
import { parseClock } from './clock.js';
import { loadConfig } from './config.js';
import { hostSettings } from './host-config.js';

const good = { from: '2026-03-02T09:00:00+08:00', anchor: Date.now() - 10_000, factor: 8_640 };
const parse = (more: object = {}) => parseClock(JSON.stringify({ ...good, ...more }));

describe('PAIDAN_CLOCK', () => {
  const load = (environment: NodeJS.ProcessEnv) => loadConfig(hostSettings({ port: 1, metricsPort: 2 }), { env: environment });

  it('is the system’s where nothing is said', () => {
    expect(load({}).clock).toBe(systemClock);
    expect(load({ PAIDAN_CLOCK: 'system' }).clock).toBe(systemClock);
  });

  it('shows the same in every process that has the same anchor', () => {
    const [one, other] = [parse(), load({ PAIDAN_CLOCK: JSON.stringify(good) }).clock];
    const day = Date.parse(good.from) + 86_400_000;
    // Ten seconds after the anchor at a day in ten seconds: a day later, and as much more as this test has taken.
    expect(one.now()).toBeGreaterThanOrEqual(day);
    expect(one.now()).toBeLessThan(day + 86_400_000);
    expect(Math.abs(other.now() - one.now())).toBeLessThan(8_640 * 1_000);
    expect(one.factor).toBe(8_640);
  });

  it('may run slower than real time', () => expect(parse({ factor: 0.5 }).factor).toBe(0.5));

  it.each([
    ['{"from":', /^is neither system nor JSON like \{"from"/],
    ['8640', /^is not a JSON object like/],
    ['[]', /^is not a JSON object like/],
    ['{}', /^from is missing, or is not an instant.*; anchor is missing, or is not.*; factor is missing, or is not a number above 0/],
  ])('%s is refused', (raw, words) => expect(() => parseClock(raw)).toThrow(words));

  it.each([
    [{ factor: 0 }, 'factor «0» is not a number above 0'],
    [{ factor: -8_640 }, 'factor «-8640» is not a number above 0'],
    [{ factor: '8640' }, 'factor «"8640"» is not a number above 0'],
    [{ factor: 1e9 }, 'factor «1000000000» is not a number above 0 and up to 1000000'],
    [{ from: '2026-03-02' }, 'from «"2026-03-02"» is not an instant'],
    [{ from: '2026-03-02T09:00:00' }, 'with its zone'],
    [{ from: '2026-02-30T09:00:00+08:00' }, 'from «"2026-02-30T09:00:00+08:00"» is not an instant'],
    [{ from: '2026-03-02T25:00:00+08:00' }, 'is not an instant'],
    [{ from: 1764000000000 }, 'is not an instant'],
    [{ anchor: 1764000000 }, 'anchor «1764000000» is not an instant of real time in epoch milliseconds'],
    [{ anchor: '2026-03-02T09:00:00Z' }, 'in epoch milliseconds'],
    [{ speed: 3 }, 'has an unknown member speed'],
    [{ factor: 1e6, anchor: Date.parse('2020-06-01T00:00:00Z') }, 'shows a time beyond the year 9999'],
  ])('%j is refused by its name', (more, words) => expect(() => parse(more)).toThrow(words));

  it('is named with the other wrong variables', () => {
    expect(() => load({ PAIDAN_CLOCK: '{', PAIDAN_PORT: 'x' })).toThrow(/PAIDAN_PORT: .*\n\s+PAIDAN_CLOCK: is neither system nor JSON/);
  });
});
