import {
  calendarSettings,
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

export const slaSettings = {
  ...hostSettings({ port: 7104, metricsPort: 7204 }),
  ...runtimeSettings('sla_monitor'),
  ...ticketsLogSettings,
  cityDir: env.string('PAIDAN_CITY_DIR', { optional: true, describe: 'folder of the city, with `sla.csv` and `holidays/`' }),
  policiesFile: env.string('PAIDAN_SLA_FILE', { optional: true, describe: 'table of time limits, if it is not the city’s `sla.csv`' }),
  calendarPoll: env.duration('PAIDAN_CALENDAR_POLL', {
    default: '3s',
    min: '50ms',
    max: '5m',
    describe: 'how often a replica looks whether another one loaded a calendar',
  }),
  ...calendarSettings,
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
