import { TICKETS_PARTITIONS, TICKETS_TOPIC, type Service } from '@paidan/contracts';
import type { RuntimeOptions } from '@paidan/runtime';
import { env, type ConfigOf } from './config.js';

/** What a service on the runtime reads beside {@link hostSettings}: where its schema and its log are. */
export const runtimeSettings = (schema: string) => ({
  databaseUrl: env.secret('PAIDAN_DATABASE_URL', { describe: 'Postgres as the service’s role, which reaches its own schema alone' }),
  migratorUrl: env.secret('PAIDAN_MIGRATOR_URL', { describe: 'Postgres as the owner of the schema; used while migrating at start' }),
  schema: env.string('PAIDAN_SCHEMA', {
    default: schema,
    describe: 'schema of the service',
    check: (name) => (/^[a-z_][a-z0-9_]{0,62}$/.test(name) ? undefined : 'must be a plain lower-case name'),
  }),
  poolSize: env.int('PAIDAN_DATABASE_POOL', { default: 8, min: 2, max: 200, describe: 'connections to Postgres at most' }),
  brokers: env.list('PAIDAN_KAFKA_BROKERS', { describe: 'brokers to begin with, `host:port`' }),
});

/** Which generation of the log is read, for a service that can be moved to the next. */
export const ticketsLogSettings = {
  ticketsTopic: env.string('PAIDAN_TICKETS_TOPIC', {
    default: TICKETS_TOPIC,
    describe: 'the log of domain events, or its next generation',
  }),
  ticketsPartitions: env.int('PAIDAN_TICKETS_PARTITIONS', {
    default: TICKETS_PARTITIONS,
    min: 1,
    max: 1_000,
    describe: 'partitions that topic was created with',
  }),
};

/** The runtime's schema and log as they are configured; both know the service by one name. */
export const runtimeServers = (
  service: Service,
  { databaseUrl, migratorUrl, schema, poolSize, brokers }: ConfigOf<ReturnType<typeof runtimeSettings>>,
  { migrations, entities = [] }: Pick<RuntimeOptions['database'], 'migrations'> & Partial<Pick<RuntimeOptions['database'], 'entities'>>,
): Pick<RuntimeOptions, 'database' | 'kafka'> => ({
  database: {
    url: databaseUrl.reveal(),
    migratorUrl: migratorUrl.reveal(),
    schema,
    migrations,
    entities,
    poolSize,
    applicationName: `paidan-${service}`,
  },
  kafka: { brokers, clientId: `paidan-${service}` },
});
