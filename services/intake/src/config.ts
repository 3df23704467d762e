import { env, hostChecks, hostSettings, loadConfig, runtimeSettings, type ConfigOf } from '@paidan/service-host';

export const intakeSettings = {
  ...hostSettings({ port: 7101, metricsPort: 7201 }),
  ...runtimeSettings('intake'),
  channelsFile: env.file('PAIDAN_CHANNELS_FILE', { describe: 'the city’s channels, CSV `id,name,kind,active`; re-read when it changes' }),
  contentKeysFile: env.file('PAIDAN_CONTENT_KEYS_FILE', { describe: 'content keys, the same for all services (JSON)' }),
  contactKeysFile: env.file('PAIDAN_CONTACT_KEYS_FILE', { describe: 'contact and HMAC keys, intake’s alone (JSON)' }),
};

export type IntakeConfig = ConfigOf<typeof intakeSettings>;

/** @throws PaidanError `config-invalid` naming each wrong variable */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): IntakeConfig =>
  loadConfig(intakeSettings, { env: environment, checks: hostChecks });
