import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { startDockerKafka, startDockerPostgres, images, whyNotDocker } from './docker.js';
import { InfraError, describe } from './errors.js';
import { workspaceRoot } from './host.js';
import type { Infra, InfraKind, ServerOptions, StartedKafka, StartedPostgres, StartInfraOptions } from './infra.js';
import { askMetadata, startEmbeddedKafka } from './kafka.js';
import { ask, removePostgresData, startEmbeddedPostgres } from './postgres.js';
import { alreadyRunning, forget, liveStarter, record } from './run-record.js';

interface Chosen<T> {
  readonly kind: InfraKind;
  readonly why: string;
  readonly started: T;
}

/**
 * Finds or starts a Postgres and a Kafka, each by this order: what the environment names, Docker, embedded. The first that is possible is taken;
 * one that was named but doesn't answer is an error, never a reason to take the next.
 */
export async function startInfra(options: StartInfraOptions = {}): Promise<Infra> {
  const { env = process.env, ephemeral = false, onProgress = () => undefined, ports = {} } = options;
  const dataDir = resolve(options.dataDir ?? (ephemeral ? await temporaryFolder() : join(workspaceRoot, '.data')));
  const starter = await liveStarter(dataDir, 'starter');
  if (starter !== undefined) throw alreadyRunning(dataDir, starter);
  await record(dataDir, 'starter', process.pid);

  const common = { dataDir, ephemeral, onProgress };
  const [postgres, kafka] = await Promise.allSettled([
    choosePostgres({ ...common, port: ports.postgres ?? 0 }, env),
    chooseKafka({ ...common, port: ports.kafka ?? 0 }, env),
  ]);

  async function stop(): Promise<void> {
    if (kafka.status === 'fulfilled' && 'handle' in kafka.value.started) await kafka.value.started.handle.stop();
    if (postgres.status === 'fulfilled' && 'handle' in postgres.value.started) await postgres.value.started.handle.stop();
    forget(dataDir, 'starter');
    if (!ephemeral) return;
    await removePostgresData(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  }
  if (postgres.status === 'rejected' || kafka.status === 'rejected') {
    await stop();
    throw postgres.status === 'rejected' ? postgres.reason : (kafka as PromiseRejectedResult).reason;
  }
  return {
    postgresUrl: postgres.value.started.url,
    brokers: kafka.value.started.brokers,
    dataDir,
    kind: { postgres: postgres.value.kind, kafka: kafka.value.kind },
    why: [postgres.value.why, kafka.value.why],
    ...('handle' in postgres.value.started ? { postgres: postgres.value.started.handle } : {}),
    ...('handle' in kafka.value.started ? { kafka: kafka.value.started.handle } : {}),
    stop,
  };
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'paidan-'));
  // Run by root, PostgreSQL is another user and has to walk through it.
  await chmod(folder, 0o711);
  return folder;
}

async function choosePostgres(
  options: ServerOptions,
  env: NodeJS.ProcessEnv,
): Promise<Chosen<StartedPostgres | Omit<StartedPostgres, 'handle'>>> {
  const named = env['PAIDAN_POSTGRES_URL'];
  if (named !== undefined && named !== '') {
    const failure = await ask(named);
    if (failure === undefined)
      return { kind: 'environment', why: 'Postgres: the one named by PAIDAN_POSTGRES_URL', started: { url: named } };
    throw new InfraError(
      'postgres-unreachable',
      `The Postgres named by PAIDAN_POSTGRES_URL does not answer: ${describe(failure)}. Start it, correct the address, or unset the variable.`,
    );
  }
  return viaDockerOrEmbedded('Postgres', images.postgres, env, options, startDockerPostgres, startEmbeddedPostgres);
}

async function chooseKafka(options: ServerOptions, env: NodeJS.ProcessEnv): Promise<Chosen<StartedKafka | Omit<StartedKafka, 'handle'>>> {
  const named = (env['PAIDAN_KAFKA_BROKERS'] ?? '')
    .split(',')
    .map((broker) => broker.trim())
    .filter(Boolean);
  if (named.length > 0) {
    const failure = await askMetadata(named);
    if (failure === undefined)
      return { kind: 'environment', why: 'Kafka: the one named by PAIDAN_KAFKA_BROKERS', started: { brokers: named } };
    throw new InfraError(
      'kafka-unreachable',
      `The Kafka named by PAIDAN_KAFKA_BROKERS does not answer: ${describe(failure)}. Start it, correct the addresses, or unset the variable.`,
    );
  }
  return viaDockerOrEmbedded('Kafka', images.kafka, env, options, startDockerKafka, (all) => startEmbeddedKafka(all, env));
}

async function viaDockerOrEmbedded<T>(
  what: 'Postgres' | 'Kafka',
  image: string,
  env: NodeJS.ProcessEnv,
  options: ServerOptions,
  viaDocker: (options: ServerOptions) => Promise<T>,
  embedded: (options: ServerOptions) => Promise<T>,
): Promise<Chosen<T>> {
  const before = await chosenBefore(options.dataDir, what);
  const only = before ?? env['PAIDAN_INFRA'];
  const reason = before === undefined ? 'PAIDAN_INFRA asks for it' : 'its data is there from an earlier start';
  const whyNot = only === 'embedded' ? reason : await whyNotDocker(image, options.onProgress, env);

  if (whyNot === undefined) {
    await remember(options.dataDir, what, 'docker');
    return { kind: 'docker', why: `${what}: a container of ${image}`, started: await viaDocker(options) };
  }
  if (only === 'docker') {
    const wanted = before === undefined ? 'PAIDAN_INFRA asks for it' : `the data of ${what} is in a Docker volume from an earlier start`;
    const otherwise = before === undefined ? 'unset PAIDAN_INFRA' : 'run npm run reset to begin with new data';
    throw new InfraError('docker-failed', `Docker is needed (${wanted}), but ${whyNot}. Start Docker, or ${otherwise}.`);
  }
  await remember(options.dataDir, what, 'embedded');
  return { kind: 'embedded', why: `${what}: embedded, because ${whyNot}`, started: await embedded(options) };
}

// Docker that runs today and did not yesterday must not put an empty database in the place of yesterday's.
const choiceFile = (dataDir: string, what: string): string => join(dataDir, 'run', `${what.toLowerCase()}.choice`);

async function chosenBefore(dataDir: string, what: string): Promise<'docker' | 'embedded' | undefined> {
  const text = await readFile(choiceFile(dataDir, what), 'utf8').catch(() => '');
  return text === 'docker' || text === 'embedded' ? text : undefined;
}

async function remember(dataDir: string, what: string, kind: 'docker' | 'embedded'): Promise<void> {
  const file = choiceFile(dataDir, what);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, kind);
}
