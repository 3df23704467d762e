import { env, hostChecks, hostSettings, loadConfig, runtimeSettings, ticketsLogSettings, type ConfigOf } from '@paidan/service-host';

export const dispatchSettings = {
  ...hostSettings({ port: 7102, metricsPort: 7202 }),
  ...runtimeSettings('dispatch'),
  ...ticketsLogSettings,
  contentKeysFile: env.file('PAIDAN_CONTENT_KEYS_FILE', { describe: 'keys of confidential text' }),
  cityDir: env.string('PAIDAN_CITY_DIR', {
    optional: true,
    describe: 'folder with units, areas and the catalogue of matters; without it the newest version in the schema stays in force',
  }),
  directoryPoll: env.duration('PAIDAN_DIRECTORY_POLL', {
    default: '3s',
    min: '100ms',
    max: '5m',
    describe: 'how often a replica looks whether another one published a newer directory',
  }),
  returnWindow: env.duration('PAIDAN_RETURN_WINDOW', {
    default: '24h',
    min: '1s',
    max: '60d',
    describe: 'how long a unit may return what it was given',
  }),
  maxReturns: env.int('PAIDAN_MAX_RETURNS', {
    default: 2,
    min: 1,
    max: 20,
    describe: 'from this return of a ticket on, a person decides',
  }),
};

export type DispatchConfig = ConfigOf<typeof dispatchSettings>;

/** @throws PaidanError `config-invalid` naming each wrong variable */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): DispatchConfig =>
  loadConfig(dispatchSettings, { env: environment, checks: hostChecks });
