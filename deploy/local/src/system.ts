import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startInfra } from './choose.js';
import { clockFrom, type SystemClock } from './clock.js';
import { type CityTopics, readCity, topicsOf } from './city.js';
import { InfraError } from './errors.js';
import { claimPort, lastLines } from './host.js';
import type { Infra, ServerHandle } from './infra.js';
import { LocalKeys } from './local-keys.js';
import { readJson, writePrivateJson } from './private-file.js';
import { provision } from './provision.js';
import { alreadyRunning, forget, liveStarter, record } from './run-record.js';
import { type RunningService, startService } from './service-process.js';
import { defaultCityDir, defaultDataDir, localPorts, type LocalPorts, type ServiceName, type ServicePlan, variableOf } from './settings.js';

/** How to reach a system, from another process as well. */
export interface SystemAddresses {
  /** By service name, without a slash at the end. */
  readonly urls: Readonly<Record<string, string>>;
  readonly metricsUrls: Readonly<Record<string, string>>;
  /** Process ids of what was started, by service name, `postgres` and `kafka`. */
  readonly pids: Readonly<Record<string, number>>;
  readonly brokers: readonly string[];
  /** As superuser; for looking, not for the services. */
  readonly postgresUrl: string;
  readonly dataDir: string;
  readonly cityDir: string;
  /** Absent where time is real. */
  readonly clock?: SystemClock;
}

export type FailureListener = (what: string, reason: string, log: string) => void;

export interface RunningSystem extends SystemAddresses {
  readonly infra: Infra;
  readonly services: readonly RunningService[];
  readonly keys: LocalKeys;
  readonly city: CityTopics;
  /** Starts one more process of a service: same schema, ports of its own. It is stopped with the rest, or before by its handle. */
  startReplica(service: ServiceName): Promise<RunningService>;
  /** Something ended that nobody told to: its name, the reason and the end of its log. */
  onFailure(listener: FailureListener): void;
  /** Services first, then Kafka, then Postgres; each with a bounded wait. */
  stop(): Promise<void>;
}

export interface StartSystemOptions {
  readonly dataDir?: string;
  readonly cityDir?: string;
  readonly ports?: LocalPorts;
  readonly onProgress?: (line: string) => void;
  readonly env?: NodeJS.ProcessEnv;
  /** A pair that runs already and stays; else one is found or started. */
  readonly infra?: Infra;
  /** Another time for the services than the environment's or the real one; begins now unless it has an anchor. */
  readonly clock?: Omit<SystemClock, 'anchor'> & Partial<Pick<SystemClock, 'anchor'>>;
}

/** Starts everything: Postgres and Kafka, roles, schemas and topics, keys, and each service as a process of its own, from its build. */
export async function startSystem(options: StartSystemOptions = {}): Promise<RunningSystem> {
  const { env = process.env, onProgress = () => undefined } = options;
  const dataDir = options.dataDir ?? options.infra?.dataDir ?? defaultDataDir(env);
  const cityDir = options.cityDir ?? defaultCityDir(env);
  const ports = options.ports ?? localPorts(env);
  const clock = options.clock === undefined ? clockFrom(env) : { anchor: Date.now(), ...options.clock };
  // Said before anything is started: an address file of a living starter must stay as it is.
  const other = await liveStarter(dataDir, 'starter');
  if (other !== undefined) throw alreadyRunning(dataDir, other);
  await mkdir(dataDir, { recursive: true });
  await requireFreePorts(ports);

  const infra = options.infra ?? (await startInfra({ dataDir, ports, onProgress, env }));
  // Whose servers run already answers for the services all the same: by this record they are found.
  if (options.infra !== undefined) await record(dataDir, 'starter', process.pid);
  const started: RunningService[] = [];
  const listeners: FailureListener[] = [];
  const watch = (name: string, logFile: string, handle: ServerHandle): void =>
    handle.onUnexpectedExit(
      (reason) => void lastLines(logFile).then((log) => listeners.forEach((listener) => listener(name, reason, log))),
    );
  async function stop(): Promise<void> {
    await rm(addressFile(dataDir), { force: true });
    await Promise.all(started.map(({ handle }) => handle.stop()));
    if (options.infra === undefined) await infra.stop();
    else forget(dataDir, 'starter');
  }

  try {
    infra.why.forEach(onProgress);
    const [keys, city] = await Promise.all([LocalKeys.open(dataDir), readCity(cityDir)]);
    const topics = topicsOf(city);
    onProgress(`${topics.length} topics, ${ports.services.length} schemas`);
    const databases = await provision(infra, { schemas: ports.services.map(({ schema }) => schema), topics });

    const begin = async (plan: ServicePlan, label?: string): Promise<RunningService> => {
      const database = databases[plan.schema];
      if (database === undefined) throw new InfraError('service-failed', `no schema was made for ${plan.name}`);
      const service = await startService(plan, { dataDir, cityDir, brokers: infra.brokers, database, keys, env, clock }, label);
      watch(service.name, service.logFile, service.handle);
      started.push(service);
      return service;
    };
    onProgress(`starting ${ports.services.map(({ name }) => name).join(', ')}`);
    const outcomes = await Promise.allSettled(ports.services.map((plan) => begin(plan)));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    for (const name of ['postgres', 'kafka'] as const) {
      const handle = infra[name];
      if (handle !== undefined) watch(name, join(dataDir, 'logs', `${name}.log`), handle);
    }
    const services = [...started].sort((a, b) => a.url.localeCompare(b.url));
    const replicas = new Map<ServiceName, number>();

    const addresses = addressesOf(infra, services, { dataDir, cityDir, ...(clock && { clock }) });
    await writePrivateJson(addressFile(dataDir), addresses);
    return {
      ...addresses,
      infra,
      services,
      keys,
      city,
      stop,
      async startReplica(service) {
        const plan = ports.services.find(({ name }) => name === service);
        if (plan === undefined) throw new InfraError('service-failed', `there is no ${service} in this system`);
        const number = (replicas.get(service) ?? 1) + 1;
        replicas.set(service, number);
        return begin({ ...plan, port: 0, metricsPort: 0 }, `${service}-${number}`);
      },
      onFailure: (listener) => void listeners.push(listener),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** All ports at once and before anything is started: a taken one of the last service should not cost the start of all the rest. */
async function requireFreePorts({ services }: LocalPorts): Promise<void> {
  for (const { name, port, metricsPort } of services) {
    await claimPort(port, name, variableOf(name, 'PORT'));
    await claimPort(metricsPort, `the metrics of ${name}`, variableOf(name, 'METRICS_PORT'));
  }
}

const addressFile = (dataDir: string): string => join(dataDir, 'run', 'system.json');

function addressesOf(
  infra: Infra,
  services: readonly RunningService[],
  rest: Pick<SystemAddresses, 'dataDir' | 'cityDir' | 'clock'>,
): SystemAddresses {
  const pids = [...services, { name: 'postgres', handle: infra.postgres }, { name: 'kafka', handle: infra.kafka }];
  return {
    urls: Object.fromEntries(services.map(({ name, url }) => [name, url])),
    metricsUrls: Object.fromEntries(services.map(({ name, metricsUrl }) => [name, metricsUrl])),
    pids: Object.fromEntries(pids.flatMap(({ name, handle }) => (handle?.pid === undefined ? [] : [[name, handle.pid]]))),
    brokers: infra.brokers,
    postgresUrl: infra.postgresUrl,
    ...rest,
  };
}

/** The system that another process runs on this data, if one does. */
export async function findSystem(dataDir = defaultDataDir()): Promise<(SystemAddresses & { readonly keys: LocalKeys }) | undefined> {
  const addresses = await readJson<SystemAddresses | null>(addressFile(dataDir), null);
  if (addresses === null || (await liveStarter(dataDir, 'starter')) === undefined) return undefined;
  return { ...addresses, keys: await LocalKeys.open(dataDir) };
}
