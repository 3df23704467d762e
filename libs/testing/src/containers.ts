import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ask,
  askMetadata,
  type ContainerSpec,
  freePort,
  type Infra,
  kafkaContainer,
  postgresContainer,
  type ServerHandle,
} from '@paidan/local';

/** A Postgres and a Kafka under Testcontainers, whose reaper removes them even when this process is killed. */
export async function startContainers(): Promise<Infra & { postgres: ServerHandle; kafka: ServerHandle }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'paidan-'));
  const password = randomBytes(24).toString('base64url');
  const [postgresPort, kafkaPort] = [await freePort(), await freePort()];
  const postgresSpec = postgresContainer(password);
  const url = new URL(`postgres://127.0.0.1:${postgresPort}/postgres`);
  url.username = postgresSpec.environment['POSTGRES_USER'] ?? '';
  url.password = password;
  const brokers = [`127.0.0.1:${kafkaPort}`];
  const [postgres, kafka] = await Promise.all([
    startContainer(postgresSpec, postgresPort, () => ask(url.href)),
    startContainer(kafkaContainer(kafkaPort), kafkaPort, () => askMetadata(brokers)),
  ]);
  return {
    postgresUrl: url.href,
    brokers,
    dataDir,
    kind: { postgres: 'docker', kafka: 'docker' },
    why: [`Postgres: ${postgresSpec.image} under Testcontainers`, `Kafka: ${kafkaContainer(kafkaPort).image} under Testcontainers`],
    postgres,
    kafka,
    async stop() {
      await Promise.all([kafka.stop(), postgres.stop()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function startContainer(spec: ContainerSpec, port: number, question: () => Promise<Error | undefined>): Promise<ServerHandle> {
  // Loaded here alone: it takes half a second, which a run without Docker need not pay.
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers');
  const started = await new GenericContainer(spec.image)
    // The same port on this side after each restart: clients of the outage tests find it again, and the broker has to name it.
    .withExposedPorts({ container: spec.innerPort, host: port })
    .withEnvironment({ ...spec.environment })
    .withCommand([...spec.args])
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(180_000)
    .start();
  await untilAnswering(question);
  const container = (await getContainerRuntimeClient()).container.getById(started.getId());
  const listeners: ((reason: string) => void)[] = [];
  let told = false;
  const listen = (): void => {
    told = false;
    void container.wait().then(
      ({ StatusCode }: { StatusCode: number }) => {
        if (!told) listeners.forEach((listener) => listener(`code ${StatusCode}`));
      },
      () => undefined,
    );
  };
  listen();
  return {
    pid: undefined,
    port,
    async stop() {
      told = true;
      await container.unpause().catch(() => undefined);
      await container.stop({ t: 30 }).catch(() => undefined);
      // The reaper would remove it with all the others when the run ends; until then it would fill the disk.
      await container.remove({ v: true, force: true }).catch(() => undefined);
    },
    async kill(signal) {
      told = true;
      if (signal === 'SIGSTOP') await container.pause();
      else if (signal === 'SIGCONT') await container.unpause();
      else await container.kill({ signal });
    },
    async restart() {
      told = true;
      await container.unpause().catch(() => undefined);
      await container.restart({ t: 30 });
      await untilAnswering(question);
      listen();
    },
    onUnexpectedExit: (listener) => void listeners.push(listener),
  };
}

async function untilAnswering(question: () => Promise<Error | undefined>): Promise<void> {
  // On a machine that builds and tests beside it a broker has taken 88 s.
  const deadline = Date.now() + 180_000;
  for (;;) {
    const failure = await question();
    if (failure === undefined) return;
    if (Date.now() > deadline) throw failure;
    await sleep(250);
  }
}
