import { Module, type DynamicModule } from '@nestjs/common';
import { LogTransport, Runtime, type RuntimeLike, type RuntimeOptions } from '@paidan/runtime';
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
import { RUNTIME, sealsWith, workDefinition, type WorkRuntime } from './adapters/definition.js';
import { DEPARTMENT_PROBLEMS } from './adapters/http/problems.js';
import { ExtensionsController } from './adapters/http/extensions.controller.js';
import { OperationsController } from './adapters/http/operations.controller.js';
import { WorkItemsController } from './adapters/http/work-items.controller.js';
import type { TopicNames } from './adapters/kafka/decode.js';
import { LogController } from './adapters/kafka/log.controller.js';
import { DirectoryInForce } from './adapters/postgres/directory-store.js';
import { ClosedLoop1764028800000, WorkItems1763769600000 } from './adapters/postgres/migrations.js';
import { UnitEntity } from './adapters/postgres/unit-entity.js';
import { WorkItemTables } from './adapters/postgres/work-item-tables.js';
import { ExtensionRequests } from './application/show-extensions.js';
import { WorkItems } from './application/show-work-items.js';
import type { DepartmentConfig } from './config.js';

/** What may be other than the configuration says: another log. */
export interface Surroundings {
  readonly runtime?: Partial<RuntimeOptions>;
  readonly topics?: TopicNames;
  /** What the transport reads through; the service's runtime unless given. */
  readonly reading?: (runtime: WorkRuntime) => RuntimeLike;
}

@Module({ controllers: [WorkItemsController, ExtensionsController, OperationsController, ...OPERATORS_CONTROLLERS, LogController] })
export class DepartmentHandlerModule {
  static with(config: DepartmentConfig, { runtime = {}, topics }: Surroundings = {}): DynamicModule {
    const keys = () => loadContentKeys(config.contentKeysFile);
    return {
      module: DepartmentHandlerModule,
      providers: [
        DirectoryInForce,
        {
          provide: RUNTIME,
          inject: [LOGGER, Metrics, DirectoryInForce],
          useFactory: async (log: Logger, metrics: Metrics, directory: DirectoryInForce): Promise<WorkRuntime> => {
            const clock = runtime.clock ?? config.clock;
            const policy = { extensionByRule: config.extensionByRule };
            const definition = workDefinition({ directory, keys: keys(), policy, clock, ...(topics && { topics }) });
            const opened = await Runtime.open(definition, {
              ...runtimeServers('department-handler', config, {
                migrations: [WorkItems1763769600000, ClosedLoop1764028800000],
                entities: [UnitEntity],
              }),
              clock,
              log,
              metrics: runtimeMetrics(metrics),
              ...runtime,
            });
            await directory.refresh(opened.database);
            return opened;
          },
        },
        { provide: OPERATED_RUNTIME, useExisting: RUNTIME },
        {
          provide: ExtensionRequests,
          inject: [RUNTIME],
          useFactory: ({ database, parts }: WorkRuntime) =>
            new ExtensionRequests(new WorkItemTables(database, () => parts.clock.now()), sealsWith(keys())),
        },
        {
          provide: WorkItems,
          inject: [RUNTIME],
          useFactory: ({ database, parts }: WorkRuntime) =>
            new WorkItems(new WorkItemTables(database, () => parts.clock.now()), sealsWith(keys())),
        },
      ],
    };
  }
}

/** Everything the host needs to run department-handler. */
export const departmentService = (config: DepartmentConfig, surroundings: Surroundings = {}): Omit<ServiceOptions, 'name'> => {
  const { reading = (runtime) => runtime } = surroundings;
  return {
    module: DepartmentHandlerModule.with(config, surroundings),
    config,
    description: 'What did the holder do? Offers to departments; their signing, returning, working and replying.',
    problems: DEPARTMENT_PROBLEMS,
    health: (app) => runtimeHealth(app.get<WorkRuntime>(RUNTIME)),
    strategies: (app) => [new LogTransport(() => reading(app.get<WorkRuntime>(RUNTIME)))],
  };
};
