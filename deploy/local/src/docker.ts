import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { codeOf, describe, InfraError } from './errors.js';
import { claimPort, loopback, sleep } from './host.js';
import type { ServerHandle, ServerOptions, StartedKafka, StartedPostgres } from './infra.js';
import { askMetadata } from './kafka.js';
import { brokerSettings } from './kafka-settings.js';
import { ask, initdbArgs, postgresSettings, superuser } from './postgres.js';
import { Secrets } from './secrets.js';
import { watch, type Watchdog } from './server-process.js';

const run = promisify(execFile);

/** The official images, the same ones as in docker-compose.yml. */
export const images = { postgres: 'postgres:18', kafka: 'apache/kafka:4.1.1' } as const;

const docker = async (args: readonly string[], timeout = 60_000, env = process.env): Promise<string> =>
  (await run('docker', [...args], { timeout, env })).stdout.trim();

/** Why containers can't be used for this image, or `undefined` when they can. Pulls the image if need be, within two minutes. */
export async function whyNotDocker(image: string, onProgress: (line: string) => void, env = process.env): Promise<string | undefined> {
  try {
    // `docker version` exits with an error when only the client is there.
    await docker(['version', '--format', '{{.Server.Version}}'], 5_000, env);
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'Docker is not installed' : 'no Docker daemon answers';
  }
  const present = await docker(['image', 'inspect', '--format', '{{.Id}}', image], 10_000, env).catch(() => undefined);
  if (present !== undefined) return undefined;
  onProgress(`pulling the image ${image}`);
  try {
    await docker(['pull', '--quiet', image], 120_000, env);
    return undefined;
  } catch {
    return `the image ${image} is not here and could not be pulled within two minutes`;
  }
}

interface Container {
  readonly name: 'postgres' | 'kafka';
  readonly options: ServerOptions;
  readonly port: number;
  readonly spec: ContainerSpec;
  readonly ask: () => Promise<Error | undefined>;
}

/** Container and volume of a data folder: two checkouts on one machine must not share them. */
export function containerName(dataDir: string, name: string): string {
  return `paidan-${createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 8)}-${name}`;
}

/** Removes the volume of a container that does not run any more. */
export async function removeVolume(dataDir: string, name: string): Promise<void> {
  await docker(['volume', 'rm', '--force', containerName(dataDir, name)], 10_000).catch(() => undefined);
}

async function runContainer(container: Container): Promise<ServerHandle> {
  const { options, spec } = container;
  const name = containerName(options.dataDir, container.name);
  let watchdog: Watchdog | undefined;
  let told = true;
  const listeners: ((reason: string) => void)[] = [];

  /** With the nameless volumes that Kafka's image asks for; the one with the data has a name and stays. */
  const remove = () => docker(['rm', '--force', '--volumes', name]).catch(() => undefined);

  async function begin(): Promise<void> {
    await remove();
    const environment = Object.entries(spec.environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    const publish = ['--publish', `${loopback}:${container.port}:${spec.innerPort}`];
    const volume = ['--volume', `${name}:${spec.volumeAt}`];
    try {
      await docker(['run', '--detach', '--name', name, ...publish, ...volume, ...environment, spec.image, ...spec.args]);
    } catch (error) {
      throw new InfraError('docker-failed', `Docker could not run ${spec.image}: ${describe(error)}`, { cause: error });
    }
    watchdog?.dismiss();
    watchdog = watch('docker stop -t 30 "$1"; docker rm --force --volumes "$1"', [name]);
    try {
      await untilAnswering(name, container.ask);
    } catch (error) {
      await stop();
      throw error;
    }
    told = false;
    void docker(['wait', name], 0).then(
      (code) => {
        if (!told) listeners.forEach((listener) => listener(`code ${code}`));
      },
      () => undefined,
    );
  }

  async function stop(): Promise<void> {
    told = true;
    await docker(['unpause', name]).catch(() => undefined);
    await docker(['stop', '-t', '30', name]).catch(() => undefined);
    await remove();
    watchdog?.dismiss();
    if (options.ephemeral) await removeVolume(options.dataDir, container.name);
  }

  await begin();
  return {
    pid: undefined,
    port: container.port,
    stop,
    async kill(signal) {
      told = true;
      if (signal === 'SIGSTOP') await docker(['pause', name]);
      else if (signal === 'SIGCONT') await docker(['unpause', name]);
      else await docker(['kill', '--signal', signal, name]);
    },
    async restart() {
      told = true;
      await docker(['stop', '-t', '30', name]).catch(() => undefined);
      await begin();
    },
    onUnexpectedExit: (listener) => void listeners.push(listener),
  };
}

async function untilAnswering(name: string, question: Container['ask']): Promise<void> {
  // One that dies is noticed at once; on a machine that builds and tests beside it a broker has taken 88 s.
  const deadline = Date.now() + 180_000;
  for (;;) {
    const failure = await question();
    if (failure === undefined) return;
    const running = await docker(['inspect', '--format', '{{.State.Running}}', name]).catch(() => 'false');
    if (running !== 'true' || Date.now() > deadline) {
      const log = await run('docker', ['logs', '--tail', '12', name]).then(
        ({ stdout, stderr }) => stdout + stderr,
        () => '',
      );
      throw new InfraError('docker-failed', `The container ${name} does not answer (${describe(failure)}). The end of its log:\n${log}`);
    }
    await sleep(250);
  }
}

/** What a container is run with, the same under the docker command here and under Testcontainers in the tests. */
export interface ContainerSpec {
  readonly image: string;
  readonly innerPort: number;
  readonly volumeAt: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

export function postgresContainer(password: string): ContainerSpec {
  return {
    image: images.postgres,
    innerPort: 5432,
    // From 18 on the image keeps a folder per version below this one.
    volumeAt: '/var/lib/postgresql',
    environment: {
      POSTGRES_USER: superuser,
      POSTGRES_PASSWORD: password,
      POSTGRES_DB: 'postgres',
      POSTGRES_INITDB_ARGS: `--auth=scram-sha-256 ${initdbArgs.join(' ')}`,
    },
    args: Object.entries(postgresSettings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  };
}

/**
 * The image has one cluster id for all the world, and a service tells by the id that a log is not the one it knew. So new storage gets one of its own;
 * formatted storage must be started with the one it has.
 */
const startKafka = `CLUSTER_ID=$(sed -n 's/^cluster.id=//p' /var/lib/kafka/data/meta.properties 2>/dev/null || true)
export CLUSTER_ID=\${CLUSTER_ID:-$(/opt/kafka/bin/kafka-storage.sh random-uuid | tail -n 1)}
exec /etc/kafka/docker/run
`;

/** @param port the port on this side, which the broker has to name to its clients */
export function kafkaContainer(port: number): ContainerSpec {
  const settings: Record<string, string> = {
    ...brokerSettings,
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': '1@localhost:9093',
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    listeners: 'PLAINTEXT://:9092,CONTROLLER://:9093',
    'advertised.listeners': `PLAINTEXT://${loopback}:${port}`,
    'log.dirs': '/var/lib/kafka/data',
  };
  const environment = Object.entries(settings).map(([key, value]): [string, string] => [
    `KAFKA_${key.toUpperCase().replaceAll('.', '_')}`,
    value,
  ]);
  return {
    image: images.kafka,
    innerPort: 9092,
    volumeAt: '/var/lib/kafka/data',
    environment: { ...Object.fromEntries(environment), KAFKA_HEAP_OPTS: '-Xms256m -Xmx384m' },
    args: ['bash', '-c', startKafka],
  };
}

export async function startDockerPostgres(options: ServerOptions): Promise<StartedPostgres> {
  const password = await (await Secrets.open(options.dataDir)).passwordOf(superuser);
  const port = await claimPort(options.port, 'PostgreSQL', 'PAIDAN_POSTGRES_PORT');
  const url = `postgres://${superuser}:${password}@${loopback}:${port}/postgres`;
  const handle = await runContainer({ name: 'postgres', options, port, spec: postgresContainer(password), ask: () => ask(url) });
  return { url, handle };
}

export async function startDockerKafka(options: ServerOptions): Promise<StartedKafka> {
  const port = await claimPort(options.port, 'Kafka', 'PAIDAN_KAFKA_PORT');
  const brokers = [`${loopback}:${port}`];
  const handle = await runContainer({ name: 'kafka', options, port, spec: kafkaContainer(port), ask: () => askMetadata(brokers) });
  return { brokers, handle };
}
