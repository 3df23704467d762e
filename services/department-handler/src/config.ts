import { env, hostChecks, hostSettings, loadConfig, runtimeSettings, type ConfigOf } from '@paidan/service-host';

export const departmentSettings = {
  ...hostSettings({ port: 7103, metricsPort: 7203 }),
  ...runtimeSettings('department_handler'),
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
