import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVICES, type Service } from '@paidan/contracts';
import { readCity, topicsOf } from './city.js';
import { describe, InfraError } from './errors.js';
import { sleep } from './host.js';
import { keysCommand } from './keys-command.js';
import { askMetadata } from './kafka.js';
import { LocalKeys } from './local-keys.js';
import { ask, superuser } from './postgres.js';
import { writePrivateText } from './private-file.js';
import { provision } from './provision.js';
import { Secrets } from './secrets.js';

/*
 * What docker-compose.yml runs to make and hand out the secrets of a system and to prepare its Postgres and Kafka; the same steps as `npm start` takes.
 * Every folder below is a volume: no service sees another's password or keys, none the superuser's.
 */

const folders = (root: string) => ({
  /** Everything, for this program alone. */
  store: join(root, 'store'),
  /** The superuser's password, for Postgres' first start. */
  postgres: join(root, 'postgres'),
  /** Hashes of API keys, the public key of tokens and the ids of those taken back, for all services. */
  public: join(root, 'public'),
  own: (service: Service) => join(root, 'services', service),
});

type Folders = ReturnType<typeof folders>;

interface Around {
  readonly at: Folders;
  readonly env: NodeJS.ProcessEnv;
  readonly args: readonly string[];
}

const commands = { secrets, provision: prepare, keys } as const;

/** `node dist/container.js secrets | provision | keys …`. @returns what to print */
export async function containerCommand([name = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  if (!Object.hasOwn(commands, name))
    throw new InfraError('setting-invalid', `There is no command "${name}", only secrets, provision and keys.`);
  return commands[name as keyof typeof commands]({ at: folders(env['PAIDAN_RUN_DIR'] || '/run/paidan'), env, args });
}

/** Before Postgres starts for the first time. What is there stays. */
async function secrets({ at }: Around): Promise<string> {
  const password = await (await Secrets.open(at.store)).passwordOf(superuser);
  await writePrivateText(join(at.postgres, 'password'), `${password}\n`);
  await publish(await LocalKeys.open(at.store), at);
  return 'secrets are there';
}

/** Roles, schemas and topics, as far as they are missing; then each service gets what it may know. */
async function prepare({ at, env }: Around): Promise<string> {
  const password = await (await Secrets.open(at.store)).passwordOf(superuser);
  const postgresUrl = `postgres://${superuser}:${password}@${required(env, 'PAIDAN_POSTGRES')}/postgres`;
  const brokers = required(env, 'PAIDAN_KAFKA_BROKERS').split(',');
  await Promise.all([answering('Postgres', () => ask(postgresUrl)), answering('Kafka', () => askMetadata(brokers))]);

  const topics = topicsOf(await readCity(required(env, 'PAIDAN_CITY_DIR')));
  const schemas = SERVICES.map(schemaOf);
  const infra = { postgresUrl, brokers, dataDir: at.store, kind: { postgres: 'docker', kafka: 'docker' } as const };
  const databases = await provision(infra, { schemas, topics });

  const { files } = await LocalKeys.open(at.store);
  for (const service of SERVICES) {
    const database = databases[schemaOf(service)];
    if (database === undefined) throw new Error(`no schema was made for ${service}`);
    const own = at.own(service);
    await writePrivateText(join(own, 'database-url'), `${database.databaseUrl}\n`);
    await writePrivateText(join(own, 'migrator-url'), `${database.migratorUrl}\n`);
    await copy(files.contentKeys, join(own, 'content-keys.json'));
    if (service === 'intake') await copy(files.contactKeys, join(own, 'contact-keys.json'));
    if (service === 'feedback') await copy(files.queryProofKey, join(own, 'query-proof.key'));
  }
  return `${topics.length} topics, ${schemas.length} schemas`;
}

/** `paidan keys` on the store. Services notice a new or revoked key within two seconds. */
async function keys({ at, args }: Around): Promise<string> {
  const outcome = await keysCommand(args, at.store);
  if ('wrong' in outcome) throw new InfraError('setting-invalid', outcome.wrong);
  await publish(await LocalKeys.open(at.store), at);
  return outcome.text;
}

async function publish({ files }: LocalKeys, at: Folders): Promise<void> {
  await copy(files.apiKeys, join(at.public, 'api-keys.json'));
  await copy(files.jwks, join(at.public, 'jwks.json'));
  await copy(files.revokedTokens, join(at.public, 'revoked-tokens.json'));
}

const copy = async (from: string, to: string): Promise<void> => writePrivateText(to, await readFile(from, 'utf8'));
const schemaOf = (service: Service): string => service.replaceAll('-', '_');

function required(env: NodeJS.ProcessEnv, variable: string): string {
  const value = env[variable] ?? '';
  if (value === '') throw new InfraError('setting-invalid', `${variable} is not set.`);
  return value;
}

/** A health check can be right a moment before everything answers: a broker listens before it leads. */
async function answering(what: 'Postgres' | 'Kafka', question: () => Promise<Error | undefined>): Promise<void> {
  for (const deadline = Date.now() + 60_000; ; await sleep(500)) {
    const failure = await question();
    if (failure === undefined) return;
    if (Date.now() > deadline)
      throw new InfraError(
        what === 'Kafka' ? 'kafka-unreachable' : 'postgres-unreachable',
        `${what} does not answer: ${describe(failure)}`,
      );
  }
}
