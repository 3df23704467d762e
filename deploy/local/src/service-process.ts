import { join } from 'node:path';
import type { SystemClock } from './clock.js';
import { describe, InfraError } from './errors.js';
import { runEmbedded } from './embedded-server.js';
import { claimPort, lastLines, loopback, sleep, workspaceRoot } from './host.js';
import type { ServerHandle } from './infra.js';
import { audience, issuer, type LocalKeys } from './local-keys.js';
import type { ServiceDatabase } from './provision.js';
import type { ServerProcess } from './server-process.js';
import { type ServicePlan, variableOf } from './settings.js';

export interface RunningService {
  /** The service's own; of a further replica with its number, `intake-2`. */
  readonly name: string;
  /** `http://127.0.0.1:7101`, without a slash at the end. */
  readonly url: string;
  /** Where `/metrics` is. */
  readonly metricsUrl: string;
  readonly logFile: string;
  readonly handle: ServerHandle;
}

export interface ServiceSurroundings {
  readonly dataDir: string;
  readonly cityDir: string;
  readonly brokers: readonly string[];
  readonly database: ServiceDatabase;
  readonly keys: LocalKeys;
  readonly env: NodeJS.ProcessEnv;
  readonly clock?: SystemClock | undefined;
}

/**
 * Starts a service from its build as a process of its own and waits until it is ready.
 * @param label under which it is recorded and logs, where it isn't the only one of its service
 */
export async function startService(plan: ServicePlan, around: ServiceSurroundings, label: string = plan.name): Promise<RunningService> {
  const { name } = plan;
  const port = await claimPort(plan.port, name, variableOf(name, 'PORT'));
  const metricsPort = await claimPort(plan.metricsPort, `the metrics of ${name}`, variableOf(name, 'METRICS_PORT'));
  const logFile = join(around.dataDir, 'logs', `${label}.log`);
  const url = `http://${loopback}:${port}`;
  const metricsUrl = `http://${loopback}:${metricsPort}`;
  const handle = await runEmbedded({
    name: label,
    dataDir: around.dataDir,
    port,
    launch: {
      command: process.execPath,
      args: [
        '--enable-source-maps',
        YOUNG_SPACE,
        OWN_CORE,
        ...nodeArguments(around.env),
        join(workspaceRoot, 'services', name, 'dist', 'main.js'),
      ],
      cwd: workspaceRoot,
      env: serviceEnvironment(name, port, metricsPort, around),
      logFile,
      farewell: 'SIGTERM',
    },
    ending: [['SIGTERM', 25_000]],
    ready: (server) => untilReady(label, `${metricsUrl}/health/ready`, logFile, server),
  });
  return { name: label, url, metricsUrl, logFile, handle };
}

/** Batches die young; with the default of 16 MB a tenth of a busy service's time goes into copying what will be dropped anyway. */
const YOUNG_SPACE = '--max-semi-space-size=32';
/** Collecting on the service's own core: the helpers of five services on a few cores only get in each other's way (a quarter of the throughput on two). */
const OWN_CORE = '--single-threaded-gc';

/** Options for the services' Node, separated by blanks: `PAIDAN_NODE_ARGS="--cpu-prof --cpu-prof-dir=profiles"` profiles each of them. */
const nodeArguments = (env: NodeJS.ProcessEnv): string[] =>
  (env['PAIDAN_NODE_ARGS'] ?? '').split(' ').filter((argument) => argument !== '');

/** What a service is told; what the user has set for services (say PAIDAN_LOG_LEVEL, PAIDAN_OTLP_URL) reaches it too. */
export function serviceEnvironment(name: string, port: number, metricsPort: number, around: ServiceSurroundings): NodeJS.ProcessEnv {
  // The superuser is for provisioning; a service that knew it would not be held to its own schema.
  const { PAIDAN_POSTGRES_URL: _superuser, ...inherited } = around.env;
  const { files } = around.keys;
  return {
    ...inherited,
    NODE_ENV: 'production',
    PAIDAN_HOST: loopback,
    PAIDAN_PORT: String(port),
    PAIDAN_METRICS_PORT: String(metricsPort),
    PAIDAN_DATABASE_URL: around.database.databaseUrl,
    PAIDAN_MIGRATOR_URL: around.database.migratorUrl,
    PAIDAN_KAFKA_BROKERS: around.brokers.join(','),
    PAIDAN_API_KEYS_FILE: files.apiKeys,
    PAIDAN_JWKS_FILE: files.jwks,
    PAIDAN_REVOKED_TOKENS_FILE: files.revokedTokens,
    PAIDAN_JWT_ISSUER: issuer,
    PAIDAN_JWT_AUDIENCE: audience,
    PAIDAN_CONTENT_KEYS_FILE: files.contentKeys,
    PAIDAN_CITY_DIR: around.cityDir,
    PAIDAN_CHANNELS_FILE: join(around.cityDir, 'channels.csv'),
    ...(around.clock === undefined ? {} : { PAIDAN_CLOCK: JSON.stringify(around.clock) }),
    // Contact data is intake's alone, and so are its keys.
    ...(name === 'intake' ? { PAIDAN_CONTACT_KEYS_FILE: files.contactKeys } : {}),
    ...(name === 'feedback' ? feedbackOnly(around) : {}),
  };
}

/** Call-backs of a local run go to this machine, which a city's feedback would refuse. */
const feedbackOnly = ({ keys, env }: ServiceSurroundings): NodeJS.ProcessEnv => ({
  PAIDAN_QUERY_PROOF_KEY_FILE: keys.files.queryProofKey,
  PAIDAN_CALLBACK_ALLOW_PRIVATE: env['PAIDAN_CALLBACK_ALLOW_PRIVATE'] || 'true',
});

async function untilReady(name: string, address: string, logFile: string, server: ServerProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const failure = await fetch(address, { signal: AbortSignal.timeout(5_000) }).then(
      async (answer) => (answer.ok ? undefined : `${answer.status} ${(await answer.text()).slice(0, 500)}`),
      (error: unknown) => describe(error),
    );
    if (failure === undefined) return;
    if (!server.running()) {
      throw new InfraError('service-failed', `${name} ended while starting. The end of ${logFile}:\n${await lastLines(logFile)}`);
    }
    if (Date.now() > deadline) {
      throw new InfraError(
        'service-failed',
        `${name} is not ready after 60 s: ${failure}\nThe end of ${logFile}:\n${await lastLines(logFile)}`,
      );
    }
    await sleep(100);
  }
}
