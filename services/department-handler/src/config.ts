import { env, hostChecks, hostSettings, loadConfig, type ConfigOf } from '@paidan/service-host';

export const departmentSettings = {
  ...hostSettings({ port: 7303, metricsPort: 7403 }),
  databaseUrl: env.secret('PAIDAN_DATABASE_URL', { describe: 'Postgres as department-handler’s role, which reaches its own schema alone' }),
  migratorUrl: env.secret('PAIDAN_MIGRATOR_URL', { describe: 'Postgres as the owner of the schema; used while migrating at start' }),
  schema: env.string('PAIDAN_SCHEMA', {
    default: 'department_handler',
    describe: 'schema of the service',
    check: (name) => (/^[a-z_][a-z0-9_]{0,62}$/.test(name) ? undefined : 'must be a plain lower-case name'),
  }),
  poolSize: env.int('PAIDAN_DATABASE_POOL', { default: 8, min: 2, max: 200, describe: 'connections to Postgres at most' }),
  brokers: env.list('PAIDAN_KAFKA_BROKERS', { describe: 'brokers to begin with, `host:port`' }),
  contentKeysFile: env.file('PAIDAN_CONTENT_KEYS_FILE', { describe: 'content keys, the same for all services (JSON)' }),
  extensionByRule: env.int('PAIDAN_EXTENSION_BY_RULE', {
    default: 5,
    min: 0,
    max: 180,
    describe: 'working days that the first extension of an assignment may have without a person’s decision; 0: a person decides on each',
  }),
};

export type DepartmentConfig = ConfigOf<typeof departmentSettings>;

/** @throws PaidanError `config-invalid` naming each wrong variable */
export const readConfig = (environment: NodeJS.ProcessEnv = process.env): DepartmentConfig =>
  loadConfig(departmentSettings, { env: environment, checks: hostChecks });
