import { Inject, Module, type DynamicModule, type INestApplication, type OnModuleDestroy } from '@nestjs/common';
import { openContent, type ContentKeys, type RuleSetV1 } from '@paidan/contracts';
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
  type HealthSource,
  type Logger,
  type ServiceOptions,
} from '@paidan/service-host';
import { cityInvalid } from './adapters/city/city-files.js';
import { loadCity, type City } from './adapters/city/load-city.js';
import { loadReturnWindow } from './adapters/city/load-return-window.js';
import { loadRules } from './adapters/city/load-rules.js';
import { labelsOfCity, modelFile } from './adapters/city/topic-model.js';
import {
  CLOCK,
  CONTENT_KEYS,
  dispatchDefinition,
  PUBLISHED,
  RUNTIME,
  type DispatchRuntime,
  type PublishedHere,
} from './adapters/definition.js';
import { indexBoundaries } from './adapters/geo/boundary-map.js';
import { CorrectionsController } from './adapters/http/corrections.controller.js';
import { DirectoryImportsController } from './adapters/http/directory-imports.controller.js';
import { DirectoryController } from './adapters/http/directory.controller.js';
import { GroupAlertsController } from './adapters/http/group-alerts.controller.js';
import { groupVoices } from './adapters/postgres/group-voices.js';
import { ResponsibilitiesController } from './adapters/http/responsibilities.controller.js';
import { ReturnsController } from './adapters/http/returns.controller.js';
import { ReviewQueueController } from './adapters/http/review-queue.controller.js';
import { RoutingController } from './adapters/http/routing.controller.js';
import { RuleSetsController } from './adapters/http/rule-sets.controller.js';
import type { SimulationResult } from './adapters/http/simulation-shapes.js';
import { resultView } from './adapters/http/simulation-view.js';
import { SimulationsController } from './adapters/http/simulations.controller.js';
import { TicketsController } from './adapters/http/tickets.controller.js';
import { TicketsLogController } from './adapters/kafka/tickets-log.controller.js';
import { ClosedStatus1764028800000 } from './adapters/postgres/closed-status.js';
import { DispatchTables1763740800000 } from './adapters/postgres/dispatch-tables.js';
import { countMembers, LinkedStatus1795568400000, straysIn } from './adapters/postgres/links.js';
import { directoryVersions, type Store } from './adapters/postgres/directory-versions.js';
import { batchDuplicates } from './adapters/postgres/duplicates-of-batch.js';
import { DuplicateFingerprints1795568400002 } from './adapters/postgres/duplicate-fingerprints.js';
import { OwnDuplicates1795568400003 } from './adapters/postgres/own-duplicates.js';
import { dropOldFingerprints } from './adapters/postgres/duplicates.js';
import { ImportedDirectories1795395600000 } from './adapters/postgres/imported-directories.js';
import { MatterCorrections1795482000000 } from './adapters/postgres/matter-corrections.js';
import { ReturnedStatus1764201600000 } from './adapters/postgres/returned-status.js';
import { newestTickets } from './adapters/postgres/newest-tickets.js';
import { countQueue } from './adapters/postgres/review-queue.js';
import { RuleSetTables1764115200000 } from './adapters/postgres/rule-set-tables.js';
import { ruleSetShelf } from './adapters/postgres/rule-sets.js';
import { simulationShelf, Simulations1795482300000 } from './adapters/postgres/simulations.js';
import { GroupAlerts } from './application/group-alerts.js';
import { ActiveDirectory, type DirectoryContent } from './application/active-directory.js';
import { ActiveRules } from './application/active-rules.js';
import { KeepMembers } from './application/keep-members.js';
import { ActiveTopics } from './application/active-topics.js';
import { DraftGuides } from './application/draft-guides.js';
import { Simulations } from './application/simulations.js';
import type { DispatchConfig } from './config.js';
import type { LabelCodes } from './domain/classifier/blend-matters.js';
import type { BurstPolicy } from './domain/duplicates/burst.js';
import type { Directory } from './domain/routing/directory.js';
import type { RuleWorld } from './domain/rules/document.js';
import { DISPATCH_PROBLEMS, dispatchError } from './errors.js';

/** A city may do without a model. */
interface Topics {
  readonly active: ActiveTopics | undefined;
}
const TOPICS = Symbol('dispatch:topics');

@Module({})
export class DispatchModule implements OnModuleDestroy {
  constructor(
    @Inject(ActiveDirectory) private readonly directory: ActiveDirectory,
    @Inject(ActiveRules) private readonly rules: ActiveRules,
    @Inject(TOPICS) private readonly topics: Topics,
    private readonly simulations: Simulations<SimulationResult>,
  ) {}

  static of(config: DispatchConfig): DynamicModule {
    return {
      module: DispatchModule,
      controllers: [
        TicketsController,
        ReviewQueueController,
        ReturnsController,
        DirectoryController,
        DirectoryImportsController,
        ResponsibilitiesController,
        RuleSetsController,
        RoutingController,
        SimulationsController,
        CorrectionsController,
        GroupAlertsController,
        ...OPERATORS_CONTROLLERS,
        TicketsLogController,
      ],
      providers: [
        { provide: CLOCK, useValue: config.clock },
        { provide: CONTENT_KEYS, useFactory: () => loadContentKeys(config.contentKeysFile) },
        {
          provide: PARTS,
          inject: [CONTENT_KEYS, LOGGER, Metrics],
          useFactory: (keys: ContentKeys, logger: Logger, metrics: Metrics) => open(config, keys, logger, metrics),
        },
        { provide: RUNTIME, inject: [PARTS], useFactory: ({ runtime }: Parts) => runtime },
        { provide: ActiveDirectory, inject: [PARTS], useFactory: ({ directory }: Parts) => directory },
        { provide: ActiveRules, inject: [PARTS], useFactory: ({ rules }: Parts) => rules },
        { provide: TOPICS, inject: [PARTS], useFactory: ({ topics }: Parts): Topics => ({ active: topics }) },
        { provide: DraftGuides, inject: [PARTS], useFactory: ({ drafts }: Parts) => drafts },
        { provide: Simulations, inject: [PARTS], useFactory: ({ simulations }: Parts) => simulations },
        { provide: PUBLISHED, inject: [PARTS], useFactory: ({ here }: Parts) => here },
        { provide: OPERATED_RUNTIME, useExisting: RUNTIME },
        { provide: GroupAlerts, inject: [PARTS], useFactory: ({ alerts }: Parts) => alerts },
        {
          provide: KeepMembers,
          inject: [RUNTIME],
          useFactory: ({ database, reactor, parts }: DispatchRuntime) =>
            new KeepMembers({
              strays: (most) => straysIn(database, most),
              decider: (command) => reactor.command(command),
              newId: reactor.transactor.newId,
              forget: () => dropOldFingerprints(database, { now: config.clock.now(), keptMs: config.duplicatesWindow }),
              pollMs: config.membersPoll,
              log: parts.log,
            }),
        },
      ],
    };
  }

  /** Before the transports close: there is no database to look at afterwards. */
  async onModuleDestroy(): Promise<void> {
    this.directory.close();
    this.rules.close();
    this.topics.active?.close();
    await this.simulations.close();
  }
}

/** The runtime decides under the directory, directory and rules are published through the runtime: they are made together. */
interface Parts {
  readonly runtime: DispatchRuntime;
  readonly directory: ActiveDirectory;
  readonly rules: ActiveRules;
  readonly topics: ActiveTopics | undefined;
  readonly here: PublishedHere;
  readonly drafts: DraftGuides;
  readonly simulations: Simulations<SimulationResult>;
  readonly alerts: GroupAlerts;
}
const PARTS = Symbol('dispatch:parts');

const MIGRATIONS = [
  DispatchTables1763740800000,
  ClosedStatus1764028800000,
  RuleSetTables1764115200000,
  ReturnedStatus1764201600000,
  ImportedDirectories1795395600000,
  MatterCorrections1795482000000,
  Simulations1795482300000,
  LinkedStatus1795568400000,
  DuplicateFingerprints1795568400002,
  OwnDuplicates1795568400003,
];

async function open(config: DispatchConfig, keys: ContentKeys, logger: Logger, metrics: Metrics): Promise<Parts> {
  const series = runtimeMetrics(metrics);
  const city = config.cityDir === undefined ? undefined : await readCity(config.cityDir);
  const parts: { directory?: ActiveDirectory; rules?: ActiveRules; topics?: ActiveTopics } = {};
  const here: PublishedHere = {
    published: () => {
      if (parts.directory === undefined) throw dispatchError('no-directory', 'no directory is in force yet');
      const { directory } = parts.directory;
      const { rules, topics } = parts;
      return { directory, rules: rules?.rules, rulesVersion: rules?.publication?.version, topics: topics?.guideFor(directory) };
    },
    policy: {
      returnUntil: await loadReturnWindow(config),
      maxReturns: config.maxReturns,
      returnReview: config.returnReview,
      claimMs: config.claim,
      undoMs: config.undoWindow,
      duplicates: config.duplicates === 'link' ? 'link' : 'propose',
    },
    model: () => parts.topics?.name,
    labels: () => parts.topics?.inForce?.codes,
  };
  const duplicates =
    config.duplicates === 'off' ? undefined : batchDuplicates({ withinMs: config.duplicatesWindow, most: 5 }, config.clock.now);
  const definition = dispatchDefinition({ ...here, keys, now: config.clock.now, duplicates });
  const runtime = await Runtime.open(definition, {
    ...runtimeServers('dispatch', config, { migrations: MIGRATIONS }),
    clock: config.clock,
    ticketsLog: { topic: config.ticketsTopic, partitions: config.ticketsPartitions },
    log: logger,
    metrics: series,
  });
  series.gauge('paidan_held_tickets', 'Tickets that wait for a dispatcher', async () => [
    { value: await countQueue(runtime.database, 'held') },
  ]);
  series.gauge('paidan_returned_tickets', 'Tickets whose return waits for a dispatcher', async () => [
    { value: await countQueue(runtime.database, 'returned') },
  ]);
  const burst: BurstPolicy = { persons: config.burstPersons, withinMs: config.burstWithin, calm: Math.floor(config.burstPersons / 2) };
  const alerts = new GroupAlerts({
    groups: (at) => groupVoices(runtime.database, burst, at),
    policy: burst,
    now: config.clock.now,
  });
  series.gauge('paidan_group_alerts', 'Matters that many people of one street speak of at once (群体性)', async () => [
    { value: (await alerts.standing()).length },
  ]);
  series.gauge('paidan_member_tickets', 'Tickets under a master', async () => [{ value: await countMembers(runtime.database) }]);
  try {
    const store: Store = {
      database: runtime.database,
      apply: (prepare) => runtime.reactor.apply((tx, _work, notices) => prepare(tx, notices)),
    };
    const common = { log: logger, now: config.clock.now, pollMs: config.directoryPoll };
    const directory = new ActiveDirectory({ ...common, versions: directoryVersions(store), mapOf: indexBoundaries });
    await directory.open(city === undefined ? undefined : contentOf(city));
    parts.directory = directory;
    const channels = city === undefined ? undefined : new Map(city.channels.map(({ id, kind }) => [id, kind]));
    const world = (): RuleWorld => ({ directory: directory.directory, channels, mailboxes: directory.directory.mailboxes });
    const rules = new ActiveRules({ ...common, shelf: ruleSetShelf(store), world });
    await rules.open(() => firstRules(config.cityDir, world(), config.clock.now()));
    parts.rules = rules;
    const topics = topicsOf(config, () => directory.directory, common);
    await topics?.open();
    if (topics !== undefined) parts.topics = topics;
    series.gauge('paidan_dead_rule_references', 'References of the rules in force to what the directory no longer has', async () => [
      { value: rules.dead.length },
    ]);
    const drafts = new DraftGuides({ directory: () => directory.directory, rules, topics, codes: labelsIn(config) });
    const simulations = new Simulations({
      shelf: simulationShelf<SimulationResult>(runtime.database),
      newest: (most) => newestTickets(runtime.database, most),
      unseal: (content, ticketId) => openContent(content, ticketId, keys),
      show: resultView(here.policy),
      log: logger,
      now: config.clock.now,
    });
    return { runtime, directory, rules, topics, here, drafts, simulations, alerts };
  } catch (error) {
    parts.directory?.close();
    parts.rules?.close();
    parts.topics?.close();
    await runtime.stop();
    throw error;
  }
}

async function readCity(folder: string): Promise<City> {
  const loaded = await loadCity(folder);
  if (loaded.ok) return loaded.city;
  throw cityInvalid(folder, loaded.problems);
}

/** What a version of the directory holds of it. */
const contentOf = ({ channels: _channels, ...content }: City): DirectoryContent => content;

const topicsOf = (
  { topicModelFile, cityDir }: DispatchConfig,
  directory: () => Directory,
  common: { readonly log: Logger; readonly pollMs: number },
): ActiveTopics | undefined =>
  topicModelFile === undefined || cityDir === undefined
    ? undefined
    : new ActiveTopics({ ...common, directory, shelf: modelFile(topicModelFile, cityDir) });

const labelsIn = ({ cityDir }: DispatchConfig) =>
  cityDir === undefined ? undefined : (directory: Directory): Promise<LabelCodes> => labelsOfCity(cityDir, directory);

async function firstRules(folder: string | undefined, world: RuleWorld, now: number): Promise<RuleSetV1 | undefined> {
  const loaded = folder === undefined ? undefined : await loadRules(folder, world, now);
  if (loaded?.ok === false) throw cityInvalid(folder ?? '', loaded.problems);
  return loaded?.document;
}

/** The rules stay in force when the directory loses what they name, but nobody may be left to find that out by himself. */
const rulesHealth = (rules: ActiveRules): HealthSource => ({
  name: 'rules',
  affects: 'degraded',
  check: () =>
    rules.dead.length === 0
      ? { ok: true }
      : { ok: false, detail: `${rules.dead.length} references are dead: see GET /v1/rule-sets/active` },
});

const topicsHealth = ({ active }: Topics): HealthSource => ({
  name: 'topic-model',
  affects: 'degraded',
  check: () =>
    active?.problem === undefined ? { ok: true } : { ok: false, detail: `the model before it stays in force: ${active.problem}` },
});

/** Everything that `runService` and the drift check need of dispatch. */
export const dispatchService = (config: DispatchConfig): Omit<ServiceOptions, 'name'> => ({
  module: DispatchModule.of(config),
  config,
  description: 'Who should hold the ticket now: routing, the review queue, returns, reassignment, the directory of units and matters.',
  problems: DISPATCH_PROBLEMS,
  health: (app: INestApplication) => [
    ...runtimeHealth(app.get<DispatchRuntime>(RUNTIME)),
    rulesHealth(app.get(ActiveRules)),
    topicsHealth(app.get<Topics>(TOPICS)),
  ],
  strategies: (app: INestApplication) => [
    new LogTransport(() => {
      const [runtime, members] = [readingGeneration(app.get<DispatchRuntime>(RUNTIME), config.ticketsTopic), app.get(KeepMembers)];
      return {
        client: runtime.client,
        read: (source) => runtime.read(source),
        start: () => {
          runtime.start();
          members.start();
        },
        stop: async () => {
          await members.stop();
          await runtime.stop();
        },
      };
    }),
  ],
});
