import {
  env,
  hostChecks,
  hostSettings,
  loadConfig,
  runtimeSettings,
  ticketsLogSettings,
  type ConfigOf,
  type CrossCheck,
} from '@paidan/service-host';
import { join } from 'node:path';

/** The working day in minutes after midnight. */
type BusinessHours = readonly (readonly [open: number, close: number])[];

/** `09:00-12:00,13:00-18:00` in minutes after midnight. @throws Error that says what is wrong */
export const parseBusinessHours = (raw: string): BusinessHours => {
  let before = -1;
  return raw.split(',').map((part): [number, number] => {
    const found = /^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/.exec(part.trim());
    if (found === null) throw new Error(`«${part.trim()}» is not a stretch like 09:00-12:00`);
    const [a = 0, b = 0, c = 0, d = 0] = found.slice(1).map(Number);
    const [open, close] = [a * 60 + b, c * 60 + d];
    if (open <= before || close <= open || close > 1440)
      throw new Error(`«${part.trim()}» does not follow what is before it within one day`);
    before = close;
    return [open, close];
  });
};

export const slaSettings = {
  ...hostSettings({ port: 7104, metricsPort: 7204 }),
  ...runtimeSettings('sla_monitor'),
  ...ticketsLogSettings,
  cityDir: env.string('PAIDAN_CITY_DIR', { optional: true, describe: 'folder of the city, with `sla.csv` and `holidays/`' }),
  policiesFile: env.string('PAIDAN_SLA_FILE', { optional: true, describe: 'table of time limits, if it is not the city’s `sla.csv`' }),
  calendarDir: env.string('PAIDAN_CALENDAR_DIR', {
    optional: true,
    describe: 'folder with a file of holidays for each year, if it is not the city’s `holidays/`',
  }),
  calendarPoll: env.duration('PAIDAN_CALENDAR_POLL', {
    default: '3s',
    min: '50ms',
    max: '5m',
    describe: 'how often a replica looks whether another one loaded a calendar',
  }),
  businessHours: env.parsed('PAIDAN_BUSINESS_HOURS', parseBusinessHours, {
    kind: 'stretches of a day',
    default: '09:00-12:00,13:00-18:00',
    describe: 'when the city works, Asia/Shanghai; limits in working days end at the last minute of it',
  }),
};

type Settings = typeof slaSettings;
export type SlaConfig = ConfigOf<Settings>;

const checks: readonly CrossCheck<Settings>[] = [
  ...(hostChecks as readonly CrossCheck<Settings>[]),
  {
    of: ['cityDir', 'policiesFile', 'calendarDir'],
    problem: (c) =>
      c.cityDir === undefined && (c.policiesFile === undefined || c.calendarDir === undefined)
        ? 'set PAIDAN_CITY_DIR, or both of the others'
        : undefined,
  },
];

/** @throws PaidanError `config-invalid` naming each wrong variable */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): SlaConfig =>
  loadConfig(slaSettings, { env: environment, checks });

export const policiesFileOf = ({ policiesFile, cityDir = '.' }: SlaConfig): string => policiesFile ?? join(cityDir, 'sla.csv');
export const calendarDirOf = ({ calendarDir, cityDir = '.' }: SlaConfig): string => calendarDir ?? join(cityDir, 'holidays');
