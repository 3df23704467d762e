import pg from 'pg';
import { InfraError } from './errors.js';
import type { Infra } from './infra.js';
import { Secrets } from './secrets.js';
import { createTopics, type TopicSpec } from './topics.js';

export interface ProvisionPlan {
  /** Schema per service, e.g. `department_handler`; lower-case letters, digits and underscores. */
  readonly schemas: readonly string[];
  readonly topics: readonly TopicSpec[];
  /** Default `paidan`. */
  readonly database?: string;
}

/** Connection strings of one service. */
export interface ServiceDatabase {
  /** The runtime role: reads and writes its own schema, no DDL. */
  readonly databaseUrl: string;
  /** The owner of the schema, for migrations alone. */
  readonly migratorUrl: string;
}

type Provisioned = Pick<Infra, 'postgresUrl' | 'brokers' | 'dataDir' | 'kind'>;

// A transaction that is frozen (its process paused, its machine gone) must not hold its locks for longer than a consumer waits for them.
const runtimeLimits = {
  idle_in_transaction_session_timeout: '10s',
  lock_timeout: '5s',
  transaction_timeout: '30s',
  statement_timeout: '30s',
};

/** Makes database, schemas, roles and topics as far as they are missing, and sets what exists right. Gives the connection strings by schema. */
export async function provision(infra: Provisioned, plan: ProvisionPlan): Promise<Readonly<Record<string, ServiceDatabase>>> {
  const [databases] = await Promise.all([provisionDatabase(infra, plan.schemas, plan.database), createTopics(infra.brokers, plan.topics)]);
  return databases;
}

/** The Postgres half of `provision`. */
export async function provisionDatabase(
  infra: Pick<Infra, 'postgresUrl' | 'dataDir' | 'kind'>,
  schemas: readonly string[],
  database = 'paidan',
): Promise<Readonly<Record<string, ServiceDatabase>>> {
  for (const name of [...schemas, database]) {
    if (!/^[a-z][a-z0-9_]{0,40}$/.test(name)) throw new RangeError(`not a name for a schema or database: ${name}`);
  }
  const secrets = await withClient(infra.postgresUrl, async (client) => {
    // Roles belong to the whole cluster; two provisioners at once would fail with "tuple concurrently updated". The lock guards secrets.json too.
    await client.query(`SELECT pg_advisory_lock(hashtext('paidan.provision'))`);
    const secrets = await Secrets.open(infra.dataDir);
    for (const schema of schemas) {
      await setRole(client, runtimeRole(schema), await secrets.passwordOf(runtimeRole(schema)), schema, runtimeLimits);
      await setRole(client, migratorRole(schema), await secrets.passwordOf(migratorRole(schema)), schema, {});
    }
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${database}`);
    await openOnlyTo(client, database, schemas);
    if (infra.kind.postgres !== 'environment') await client.query('REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC');

    await withClient(urlOf(infra.postgresUrl, database), async (inside) => {
      await inside.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
      for (const schema of schemas) await inside.query(schemaStatements(schema));
    });
    return secrets;
  });
  const entries = schemas.map((schema): [string, ServiceDatabase] => [
    schema,
    {
      databaseUrl: urlOf(infra.postgresUrl, database, runtimeRole(schema), secrets.find(runtimeRole(schema))),
      migratorUrl: urlOf(infra.postgresUrl, database, migratorRole(schema), secrets.find(migratorRole(schema))),
    },
  ]);
  return Object.fromEntries(entries);
}

/**
 * Makes a schema as empty as it was before its service first started.
 * @param url of a superuser, of the database that the schema is in
 */
export const makeSchemaAnew = (url: string, schema: string): Promise<unknown> =>
  withClient(url, (client) => client.query(`drop schema ${schema} cascade; ${schemaStatements(schema)}`));

/** Lets nobody but the roles of these schemas connect to the database; a cloned database starts open to all. */
export async function openOnlyTo(client: pg.Client, database: string, schemas: readonly string[]): Promise<void> {
  await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  const roles = schemas.flatMap((schema) => [runtimeRole(schema), migratorRole(schema)]);
  if (roles.length > 0) await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${roles.join(', ')}`);
}

const runtimeRole = (schema: string): string => `paidan_${schema}`;
const migratorRole = (schema: string): string => `paidan_${schema}_migrator`;

async function setRole(
  client: pg.Client,
  role: string,
  password: string,
  schema: string,
  limits: Readonly<Record<string, string>>,
): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  const attributes = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT';
  await client.query(`${rowCount === 0 ? 'CREATE' : 'ALTER'} ROLE ${role} ${attributes} PASSWORD ${client.escapeLiteral(password)}`);
  for (const [name, value] of Object.entries({ search_path: schema, ...limits })) {
    await client.query(`ALTER ROLE ${role} SET ${name} = ${name === 'search_path' ? value : client.escapeLiteral(value)}`);
  }
}

function schemaStatements(schema: string): string {
  const [runtime, migrator] = [runtimeRole(schema), migratorRole(schema)];
  const byMigrator = `ALTER DEFAULT PRIVILEGES FOR ROLE ${migrator}`;
  return `
    CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION ${migrator};
    ALTER SCHEMA ${schema} OWNER TO ${migrator};
    REVOKE ALL ON SCHEMA ${schema} FROM PUBLIC;
    GRANT USAGE ON SCHEMA ${schema} TO ${runtime};
    ${byMigrator} IN SCHEMA ${schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${runtime};
    ${byMigrator} IN SCHEMA ${schema} GRANT USAGE ON SEQUENCES TO ${runtime};
    ${byMigrator} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
    ${byMigrator} IN SCHEMA ${schema} GRANT EXECUTE ON FUNCTIONS TO ${runtime};`;
}

/** The same server, another database and perhaps another role. */
export function urlOf(postgresUrl: string, database: string, role?: string, password?: string): string {
  const url = new URL(postgresUrl);
  url.pathname = `/${database}`;
  if (role !== undefined) {
    if (password === undefined) throw new InfraError('secrets-unreadable', `There is no password for ${role} in secrets.json.`);
    url.username = role;
    url.password = password;
  }
  return url.href;
}

/** Runs the work on a connection of its own and closes it whatever happens. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
