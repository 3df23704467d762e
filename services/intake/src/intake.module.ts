import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { LogTransport, Runtime, type RuntimeOptions } from '@paidan/runtime';
import {
  loadContactKeys,
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
import { ActiveChannels } from './adapters/channels-file.js';
import { intakeDefinition, RUNTIME, type IntakeRuntime } from './adapters/definition.js';
import { INTAKE_PROBLEMS } from './adapters/http/problems.js';
import { SubmissionsController } from './adapters/http/submissions.controller.js';
import { TicketsController } from './adapters/http/tickets.controller.js';
import { SubmissionsLogController } from './adapters/kafka/submissions-log.controller.js';
import { RecalledSubmissions1764450000000 } from './adapters/postgres/recalled-submissions.js';
import { IntakeTables1764000000000, submissionTable, ticketTables } from './adapters/postgres/tables.js';
import { Registrar } from './application/registrar.js';
import { LogDesk } from './application/take-from-log.js';
import { TicketDesk } from './application/ticket-desk.js';
import { Vault } from './application/vault.js';
import type { IntakeConfig } from './config.js';

const toolsOf = ({ parts, reactor }: IntakeRuntime) => ({ now: () => parts.clock.now(), newId: () => reactor.transactor.newId() });

@Module({ controllers: [SubmissionsController, TicketsController, ...OPERATORS_CONTROLLERS, SubmissionsLogController] })
export class IntakeModule implements OnApplicationShutdown {
  constructor(private readonly channels: ActiveChannels) {}

  /** @param runtime replaces parts of the runtime's options: another log. */
  static with(config: IntakeConfig, runtime: Partial<RuntimeOptions> = {}): DynamicModule {
    return {
      module: IntakeModule,
      providers: [
        {
          provide: RUNTIME,
          inject: [LOGGER, Metrics],
          useFactory: (log: Logger, metrics: Metrics): Promise<IntakeRuntime> =>
            Runtime.open(intakeDefinition, {
              ...runtimeServers('intake', config, { migrations: [IntakeTables1764000000000, RecalledSubmissions1764450000000] }),
              clock: config.clock,
              log,
              metrics: runtimeMetrics(metrics),
              ...runtime,
            }),
        },
        { provide: OPERATED_RUNTIME, useExisting: RUNTIME },
        { provide: Vault, useFactory: () => new Vault(loadContentKeys(config.contentKeysFile), loadContactKeys(config.contactKeysFile)) },
        { provide: ActiveChannels, inject: [LOGGER], useFactory: (logger: Logger) => new ActiveChannels(config.channelsFile, logger) },
        {
          provide: Registrar,
          inject: [RUNTIME, Vault],
          useFactory: (runtime: IntakeRuntime, vault: Vault) =>
            new Registrar(
              runtime.reactor,
              submissionTable(() => runtime.epoch > 1),
              vault,
              toolsOf(runtime),
            ),
        },
        {
          provide: LogDesk,
          inject: [Registrar, RUNTIME, ActiveChannels, Vault],
          useFactory: (registrar: Registrar, runtime: IntakeRuntime, channels: ActiveChannels, vault: Vault) =>
            new LogDesk(registrar, runtime.reactor, channels, vault),
        },
        {
          provide: TicketDesk,
          inject: [RUNTIME, Vault],
          useFactory: (runtime: IntakeRuntime, vault: Vault) =>
            new TicketDesk(runtime.reactor, runtime.database, ticketTables(runtime.database), vault, toolsOf(runtime)),
        },
      ],
    };
  }

  onApplicationShutdown(): void {
    this.channels.close();
  }
}

/** Everything the host needs to run intake. */
export const intakeService = (config: IntakeConfig): Omit<ServiceOptions, 'name'> => ({
  module: IntakeModule.with(config),
  config,
  description: 'Is this a ticket, and whose is it? Submissions in, registered tickets out.',
  problems: INTAKE_PROBLEMS,
  health: (app) => [...runtimeHealth(app.get<IntakeRuntime>(RUNTIME)), app.get(ActiveChannels)],
  strategies: (app) => [new LogTransport(() => app.get<IntakeRuntime>(RUNTIME))],
});
