import { at, shown } from '@paidan/kernel/calendar-kit';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../../config.js';
import { aboutNoise, assigned, POLICY, returned, under } from '../../domain/dispatch.kit.js';
import { loadReturnWindow } from './load-return-window.js';

const EXAMPLE = fileURLToPath(new URL('../../../../../deploy/city', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'paidan-return-window-'));
afterAll(() => rmSync(folder, { recursive: true }));

const configOf = (changes: NodeJS.ProcessEnv) =>
  readConfig({
    PAIDAN_DATABASE_URL: 'postgres://localhost/dispatch',
    PAIDAN_MIGRATOR_URL: 'postgres://localhost/dispatch',
    PAIDAN_KAFKA_BROKERS: 'localhost:9092',
    PAIDAN_JWKS_FILE: join(EXAMPLE, 'units.csv'),
    PAIDAN_CONTENT_KEYS_FILE: join(EXAMPLE, 'units.csv'),
    PAIDAN_CITY_DIR: EXAMPLE,
    ...changes,
  });
const windowOf = async (window?: string) => loadReturnWindow(configOf({ PAIDAN_RETURN_WINDOW: window }));

describe('the window for returns', () => {
  it.each([
    ['ends at the close of the next working day unless another one is set', undefined, '2026-11-23 09:00', '2026-11-24 18:00'],
    ['doesn’t hang on the hour', '1 WD', '2026-11-23 23:59', '2026-11-24 18:00'],
    ['passes over a weekend', '1 WD', '2026-11-20 17:00', '2026-11-23 18:00'],
    ['passes over the Spring Festival', '1 WD', '2026-02-14 10:00', '2026-02-24 18:00'],
    ['takes a make-up Sunday for a working day', '1 WD', '2026-09-19 10:00', '2026-09-20 18:00'],
    ['of two days passes over the National Day', '2WD', '2026-09-30 10:00', '2026-10-09 18:00'],
    ['in hours runs by the clock', '48h', '2026-11-20 17:00', '2026-11-22 17:00'],
  ])('%s', async (_what, window, from, expected) => {
    expect(shown((await windowOf(window))(at(from)))).toBe(expected);
  });

  it('is never cut short by a year that nobody has published', async () => {
    const until = await windowOf();
    expect(shown(until(at('2026-12-31 10:00')))).toBe('2027-01-13 18:00');
    expect(shown(until(at('2026-12-30 10:00')))).toBe('2026-12-31 18:00');
  });

  it.each(['0 WD', '100 WD', '1 WH', '24', '10ms', '61d', '-1h'])('is refused when it is «%s»', (window) => {
    expect(() => configOf({ PAIDAN_RETURN_WINDOW: window })).toThrow(/PAIDAN_RETURN_WINDOW/);
  });

  it('in working days wants the holidays, and names what is wrong with them', async () => {
    expect(() => configOf({ PAIDAN_CITY_DIR: undefined })).toThrow(/PAIDAN_CALENDAR_DIR/);
    expect(configOf({ PAIDAN_CITY_DIR: undefined, PAIDAN_RETURN_WINDOW: '24h' }).returnWindow.kind).toBe('hours');
    writeFileSync(join(folder, '2026.json'), '{');
    await expect(loadReturnWindow(configOf({ PAIDAN_CALENDAR_DIR: folder }))).rejects.toMatchObject({
      ...{ code: 'calendar-files-invalid', message: expect.stringContaining('2026.json') as unknown },
    });
  });

  it('is told with the assignment, and its end to a unit that comes too late', async () => {
    // It is Sunday: the window ends on Monday.
    const [end, policy] = [at('2026-11-23 18:00'), { ...POLICY, returnUntil: await windowOf() }];
    const windowEnded = new Date(end).toISOString();
    const desk = under({ policy });
    expect(assigned(desk.given().when(aboutNoise()))).toMatchObject({ returnUntil: windowEnded });
    expect(desk.given(aboutNoise()).when(returned(1, 'urban', 'not-our-duty', end)).names[0]).toBe('return.accepted');
    expect(desk.given(aboutNoise()).when(returned(1, 'urban', 'not-our-duty', end + 1)).events).toMatchObject([
      { name: 'return.refused', payload: { reason: 'window-passed', windowEnded } },
    ]);
  });
});
