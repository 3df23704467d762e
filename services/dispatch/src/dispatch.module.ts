import { Inject, Module, type DynamicModule, type INestApplication, type OnModuleDestroy } from '@nestjs/common';
import type { ContentKeys } from '@paidan/contracts';
import { LogTransport, readingGeneration, Runtime } from '@paidan/runtime';
import {
  loadContentKeys,
  LOGGER,
  Metrics,
  OPERATED_RUNTIME,
  OPERATORS_CONTROLLERS,
  runtimeHealth,
  runtimeMetrics,
  runtimeServers,
  type Logger,
  type ServiceOptions,
} from '@paidan/service-host';
import { loadCity } from './adapters/city/load-city.js';
import { CONTENT_KEYS, dispatchDefinition, RUNTIME, type DispatchRuntime } from './adapters/definition.js';
import { DirectoryController } from './adapters/http/directory.controller.js';
import { ReviewQueueController } from './adapters/http/review-queue.controller.js';
import { TicketsController } from './adapters/http/tickets.controller.js';
import { TicketsLogController } from './adapters/kafka/tickets-log.controller.js';
import { ClosedStatus1764028800000 } from './adapters/postgres/closed-status.js';
import { DispatchTables1763740800000 } from './adapters/postgres/dispatch-tables.js';
import { directoryVersions } from './adapters/postgres/directory-versions.js';
import { countQueue } from './adapters/postgres/review-queue.js';
import { ActiveDirectory, type DirectoryContent } from './application/active-directory.js';
import type { DispatchConfig } from './config.js';
import { DISPATCH_PROBLEMS, dispatchError } from './errors.js';

@Module({})
export class DispatchModule implements OnModuleDestroy {
  constructor(@Inject(ActiveDirectory) private readonly directory: ActiveDirectory) {}

  static of(config: DispatchConfig): DynamicModule {
    return {
      module: DispatchModule,
      controllers: [TicketsController, ReviewQueueController, DirectoryController, ...OPERATORS_CONTROLLERS, TicketsLogController],
      providers: [
        { provide: CONTENT_KEYS, useFactory: () => loadContentKeys(config.contentKeysFile) },
        {
          provide: PARTS,
          inject: [CONTENT_KEYS, LOGGER, Metrics],
          useFactory: (keys: ContentKeys, logger: Logger, metrics: Metrics) => open(config, keys, logger, metrics),
        },
        { provide: RUNTIME, inject: [PARTS], useFactory: ({ runtime }: Parts) => runtime },
        { provide: ActiveDirectory, inject: [PARTS], useFactory: ({ directory }: Parts) => directory },
        { provide: OPERATED_RUNTIME, useExisting: RUNTIME },
      ],
    };
  }

  /** Before the transports close: there is no database to look at afterwards. */
  onModuleDestroy(): void {
    this.directory.close();
  }
}

/** The runtime decides under the directory, the directory is published through the runtime: they are made together. */
interface Parts {
  readonly runtime: DispatchRuntime;
  readonly directory: ActiveDirectory;
}
const PARTS = Symbol('dispatch:parts');

async function open(config: DispatchConfig, keys: ContentKeys, logger: Logger, metrics: Metrics): Promise<Parts> {
  const series = runtimeMetrics(metrics);
  const city = config.cityDir === undefined ? undefined : await readCity(config.cityDir);
  const parts: { directory?: ActiveDirectory } = {};
  const definition = dispatchDefinition({
    directory: () => {
      if (parts.directory === undefined) throw dispatchError('no-directory', 'no directory is in force yet');
      return parts.directory.directory;
    },
    policy: { returnWindowMs: config.returnWindow, maxReturns: config.maxReturns },
    keys,
  });
  const runtime = await Runtime.open(definition, {
    ...runtimeServers('dispatch', config, { migrations: [DispatchTables1763740800000, ClosedStatus1764028800000] }),
    clock: config.clock,
    ticketsLog: { topic: config.ticketsTopic, partitions: config.ticketsPartitions },
    log: logger,
    metrics: series,
  });
  series.gauge('paidan_held_tickets', 'Tickets that wait for a dispatcher', async () => [{ value: await countQueue(runtime.database) }]);
  try {
    const versions = directoryVersions({
      database: runtime.database,
      apply: (prepare) => runtime.reactor.apply((tx, _work, notices) => prepare(tx, notices)),
    });
    const directory = new ActiveDirectory({ versions, log: logger, now: config.clock.now, pollMs: config.directoryPoll });
    await directory.open(city);
    parts.directory = directory;
    return { runtime, directory };
  } catch (error) {
    await runtime.stop();
    throw error;
  }
}

async function readCity(folder: string): Promise<DirectoryContent> {
  const loaded = await loadCity(folder);
  if (loaded.ok) {
    const { areas, units, topics, matters } = loaded.city;
    return { areas, units, topics, matters };
  }
  const lines = loaded.problems.map(({ file, line, problem }) => `  ${file}${line === undefined ? '' : `:${line}`}: ${problem}`);
  throw dispatchError('city-invalid', `city ${folder}:\n${lines.join('\n')}`);
}

/** Everything that `runService` and the drift check need of dispatch. */
export const dispatchService = (config: DispatchConfig): Omit<ServiceOptions, 'name'> => ({
  module: DispatchModule.of(config),
  config,
  description: 'Who should hold the ticket now: routing, the review queue, returns, reassignment, the directory of units and matters.',
  problems: DISPATCH_PROBLEMS,
  health: (app: INestApplication) => runtimeHealth(app.get<DispatchRuntime>(RUNTIME)),
  strategies: (app: INestApplication) => [
    new LogTransport(() => readingGeneration(app.get<DispatchRuntime>(RUNTIME), config.ticketsTopic)),
  ],
});
