import {
  Inject,
  Module,
  type DynamicModule,
  type INestApplication,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { LogTransport, readingGeneration, Runtime, type Log, type RuntimeLike, type RuntimeOptions } from '@paidan/runtime';
import {
  calendarDirOf,
  loadCalendarFiles,
  LOGGER,
  type Logger,
  Metrics,
  OPERATED_RUNTIME,
  OPERATORS_CONTROLLERS,
  runtimeHealth,
  runtimeMetrics,
  runtimeServers,
  type ServiceOptions,
} from '@paidan/service-host';
import { clocksDefinition, RUNTIME, type ClocksRuntime } from './adapters/definition.js';
import { describeProblem, type FileProblem } from './adapters/files/file-problem.js';
import { loadPolicies } from './adapters/files/load-policies.js';
import { AccountabilityController } from './adapters/http/accountability.controller.js';
import { CalendarsController } from './adapters/http/calendars.controller.js';
import { ClocksController } from './adapters/http/clocks.controller.js';
import { SLA_PROBLEMS } from './adapters/http/problems.js';
import { LogController } from './adapters/kafka/log.controller.js';
import { AccountabilityTable } from './adapters/postgres/accountability-table.js';
import { calendarTable } from './adapters/postgres/calendar-table.js';
import { Clocks1763856000000 } from './adapters/postgres/migrations.js';
import { sweepPages } from './adapters/postgres/sweep-pages.js';
import { Calendars } from './application/calendars.js';
import { Sweep } from './application/sweep.js';
import { policiesFileOf, type SlaConfig } from './config.js';
import { slaError } from './errors.js';

/** What may be other than the configuration says, in tests. */
export interface Surroundings {
  readonly runtime?: Partial<RuntimeOptions>;
  /** How far the log has been read; the runtime's own answer unless given. */
  readonly readThrough?: () => number;
  /** What the transport reads through; the service's runtime unless given. */
  readonly reading?: (runtime: ClocksRuntime) => RuntimeLike;
}

/** The runtime decides under the calendar, which is kept in the runtime's schema: they are made together. */
interface Parts {
  readonly runtime: ClocksRuntime;
  readonly calendars: Calendars;
  readonly sweep: Sweep;
}
const PARTS = Symbol('sla-monitor:parts');

@Module({ controllers: [ClocksController, CalendarsController, AccountabilityController, ...OPERATORS_CONTROLLERS, LogController] })
export class SlaMonitorModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(@Inject(Sweep) private readonly sweep: Sweep) {}

  static with(config: SlaConfig, surroundings: Surroundings = {}): DynamicModule {
    return {
      module: SlaMonitorModule,
      providers: [
        {
          provide: PARTS,
          inject: [LOGGER, Metrics],
          useFactory: (log: Logger, metrics: Metrics) => open(config, surroundings, log, metrics),
        },
        { provide: RUNTIME, inject: [PARTS], useFactory: ({ runtime }: Parts) => runtime },
        { provide: Calendars, inject: [PARTS], useFactory: ({ calendars }: Parts) => calendars },
        { provide: Sweep, inject: [PARTS], useFactory: ({ sweep }: Parts) => sweep },
        { provide: OPERATED_RUNTIME, useExisting: RUNTIME },
        { provide: AccountabilityTable, inject: [RUNTIME], useFactory: ({ database }: ClocksRuntime) => new AccountabilityTable(database) },
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  /** Before the transports close: there is no database to look at afterwards. */
  async onModuleDestroy(): Promise<void> {
    await this.sweep.stop();
  }
}

async function open(config: SlaConfig, { runtime: other, readThrough }: Surroundings, log: Log, metrics: Metrics): Promise<Parts> {
  // Before anything is opened: with a bad table or calendar the service doesn't start.
  const policies = await policiesOf(config);
  const files = await yearsOf(config);
  const series = runtimeMetrics(metrics);
  const parts: { runtime?: ClocksRuntime; calendars?: Calendars } = {};
  const opened = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('asked before it was opened');
    return part;
  };
  const clock = other?.clock ?? config.clock;
  const definition = clocksDefinition({
    calendar: () => opened(parts.calendars).current,
    policies,
    readThrough: readThrough ?? (() => opened(parts.runtime).readThrough()),
    clock,
    topic: other?.ticketsLog?.topic ?? config.ticketsTopic,
  });
  const runtime = await Runtime.open(definition, {
    ...runtimeServers('sla-monitor', config, { migrations: [Clocks1763856000000] }),
    ticketsLog: { topic: config.ticketsTopic, partitions: config.ticketsPartitions },
    clock,
    log,
    metrics: series,
    ...other,
  });
  try {
    const shelf = calendarTable(runtime.database, clock.now, 2 * config.calendarPoll);
    const calendars = new Calendars({ files, hours: config.businessHours, shelf, log });
    await calendars.refresh();
    Object.assign(parts, { runtime, calendars });
    series.gauge('paidan_awaiting_calendar_tickets', 'Tickets without a deadline, because a year is not published', async () => {
      const { rows } = await runtime.database.query<{ count: string }>(
        'select count(*) as count from ticket where awaits_year is not null',
      );
      return [{ value: Number(rows[0]?.count ?? 0) }];
    });
    const sweep = new Sweep({ calendars, sweeper: sweepPages(runtime), log, pollMs: config.calendarPoll });
    return { runtime, calendars, sweep };
  } catch (error) {
    await runtime.stop();
    throw error;
  }
}

const listed = (problems: readonly FileProblem[]): string => problems.map((problem) => `  ${describeProblem(problem)}`).join('\n');

/** @throws PaidanError `policies-invalid` naming each wrong line */
async function policiesOf(config: SlaConfig) {
  const loaded = await loadPolicies(policiesFileOf(config));
  if (loaded.ok) return loaded.policies;
  throw slaError('policies-invalid', `time limits ${policiesFileOf(config)}:\n${listed(loaded.problems)}`);
}

/** @throws PaidanError `calendar-files-invalid` naming each file and date */
async function yearsOf(config: SlaConfig) {
  const loaded = await loadCalendarFiles(calendarDirOf(config));
  if (loaded.ok) return loaded.years;
  throw slaError('calendar-files-invalid', `calendars ${calendarDirOf(config)}:\n${listed(loaded.problems)}`);
}

/** Everything the host needs to run sla-monitor. */
export const slaService = (config: SlaConfig, surroundings: Surroundings = {}): Omit<ServiceOptions, 'name'> => {
  const reading = surroundings.reading ?? ((runtime: ClocksRuntime) => readingGeneration(runtime, config.ticketsTopic));
  return {
    module: SlaMonitorModule.with(config, surroundings),
    config,
    description: 'Is it late, and who must know: working calendars, deadlines explained day by day, warnings, cards, accountability.',
    problems: SLA_PROBLEMS,
    health: (app: INestApplication) => runtimeHealth(app.get<ClocksRuntime>(RUNTIME)),
    strategies: (app: INestApplication) => [new LogTransport(() => reading(app.get<ClocksRuntime>(RUNTIME)))],
  };
};
