import { join, resolve } from 'node:path';
import { InfraError } from './errors.js';
import { workspaceRoot } from './host.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the local run keeps everything. */
export function defaultDataDir(env: Environment = process.env): string {
  return resolve(env['PAIDAN_DATA_DIR'] || join(workspaceRoot, '.data'));
}

/** The city whose units and channels the local run serves. */
export function defaultCityDir(env: Environment = process.env): string {
  return resolve(env['PAIDAN_CITY_DIR'] || join(workspaceRoot, 'deploy', 'city'));
}

/** All services in the order in which they start. The variables of one are named after it: `PAIDAN_INTAKE_PORT`, `PAIDAN_INTAKE_METRICS_PORT`. */
const services = ['intake', 'dispatch', 'department-handler', 'sla-monitor', 'feedback'] as const;
export type ServiceName = (typeof services)[number];

/** A service of the local run. */
export interface ServicePlan {
  readonly name: ServiceName;
  readonly schema: string;
  readonly port: number;
  readonly metricsPort: number;
}

export const variableOf = (service: string, what: 'PORT' | 'METRICS_PORT'): string =>
  `PAIDAN_${service.toUpperCase().replaceAll('-', '_')}_${what}`;

export interface LocalPorts {
  readonly postgres: number;
  readonly kafka: number;
  readonly services: readonly ServicePlan[];
}

/** The ports of the local run: the environment's, else the fixed ones. 0 takes any free one. */
export function localPorts(env: Environment = process.env): LocalPorts {
  return {
    postgres: portFrom(env, 'PAIDAN_POSTGRES_PORT', 7432),
    kafka: portFrom(env, 'PAIDAN_KAFKA_PORT', 7092),
    services: services.map((name, at) => ({
      name,
      schema: name.replaceAll('-', '_'),
      port: portFrom(env, variableOf(name, 'PORT'), 7101 + at),
      metricsPort: portFrom(env, variableOf(name, 'METRICS_PORT'), 7201 + at),
    })),
  };
}

function portFrom(env: Environment, variable: string, fallback: number): number {
  const text = env[variable];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InfraError('setting-invalid', `${variable}=${text} is not a port: a number from 0 to 65535, 0 for any free one.`);
}
