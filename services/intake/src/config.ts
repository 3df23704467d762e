import { env, hostChecks, hostSettings, loadConfig, type ConfigOf } from '@paidan/service-host';

export const intakeSettings = {
  ...hostSettings({ port: 7301, metricsPort: 7401 }),
  databaseUrl: env.secret('PAIDAN_DATABASE_URL', { describe: 'Postgres as intake’s role, which reaches its own schema alone' }),
  migratorUrl: env.secret('PAIDAN_MIGRATOR_URL', { describe: 'Postgres as the owner of the schema; used while migrating at start' }),
  schema: env.string('PAIDAN_SCHEMA', {
    default: 'intake',
    describe: 'schema of the service',
    check: (name) => (/^[a-z_][a-z0-9_]{0,62}$/.test(name) ? undefined : 'must be a plain lower-case name'),
  }),
  poolSize: env.int('PAIDAN_DATABASE_POOL', { default: 8, min: 2, max: 200, describe: 'connections to Postgres at most' }),
  brokers: env.list('PAIDAN_KAFKA_BROKERS', { describe: 'brokers to begin with, `host:port`' }),
  channelsFile: env.file('PAIDAN_CHANNELS_FILE', { describe: 'the city’s channels, CSV `id,name,kind,active`; re-read when it changes' }),
  contentKeysFile: env.file('PAIDAN_CONTENT_KEYS_FILE', { describe: 'content keys, the same for all services (JSON)' }),
  contactKeysFile: env.file('PAIDAN_CONTACT_KEYS_FILE', { describe: 'contact and HMAC keys, intake’s alone (JSON)' }),
};

export type IntakeConfig = ConfigOf<typeof intakeSettings>;

/** @throws PaidanError `config-invalid` naming each wrong variable */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): IntakeConfig =>
  loadConfig(intakeSettings, { env: environment, checks: hostChecks });
