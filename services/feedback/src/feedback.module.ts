import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { openWords, retoldTopicOf, TICKETS_TOPIC } from '@paidan/contracts';
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
import { Callbacks } from './adapters/callback/channels-file.js';
import { postSigned } from './adapters/callback/post.js';
import { feedbackDefinition, RUNTIME, type FeedbackRuntime } from './adapters/definition.js';
import { RetellingsController } from './adapters/http/retellings.controller.js';
import { OperationsController } from './adapters/http/operations.controller.js';
import { FEEDBACK_PROBLEMS } from './adapters/http/problems.js';
import { TicketsController } from './adapters/http/tickets.controller.js';
import { TrackingController } from './adapters/http/tracking.controller.js';
import type { TopicNames } from './adapters/kafka/decode.js';
import { LogController } from './adapters/kafka/log.controller.js';
import { DeliveryTable } from './adapters/postgres/delivery-queue.js';
import { FeedbackMembers1795568400001, membersDue } from './adapters/postgres/members.js';
import { Feedback1764100000000 } from './adapters/postgres/migrations.js';
import { FeedbackRetelling1764500000001, RetellingTable } from './adapters/postgres/retelling-table.js';
import { TrackingTable } from './adapters/postgres/tracking-guard.js';
import { TrailTable } from './adapters/postgres/trail-table.js';
import { TrailHealth, trailMetrics } from './adapters/trail-health.js';
import { AnswerMembers } from './application/answer-members.js';
import { Courier } from './application/courier.js';
import { Commands } from './application/give-command.js';
import { QueryProof } from './application/query-proof.js';
import { Replies } from './application/replies.js';
import { Retelling } from './application/retelling.js';
import { RETRY_PAUSES } from './application/retry-schedule.js';
import { TrackingDesk } from './application/tracking-desk.js';
import { TrailDesk } from './application/trail-desk.js';
import type { FeedbackConfig } from './config.js';

/** What may be other than the configuration says: another log, another clock, another real time. */
export interface Surroundings {
  readonly runtime?: Partial<RuntimeOptions>;
  readonly topics?: TopicNames;
  readonly realTime?: () => number;
  /** What the transport reads through; the service's runtime unless given. */
  readonly reading?: (runtime: FeedbackRuntime) => RuntimeLike;
}

@Module({
  controllers: [TrackingController, TicketsController, OperationsController, RetellingsController, ...OPERATORS_CONTROLLERS, LogController],
})
export class FeedbackModule implements OnApplicationShutdown {
  constructor(@Inject(Callbacks) private readonly callbacks: Callbacks) {}

  static with(config: FeedbackConfig, { runtime = {}, topics, realTime = Date.now }: Surroundings = {}): DynamicModule {
    const keys = () => loadContentKeys(config.contentKeysFile);
    const { callbackAllowPrivate: allowPrivate } = config;
    return {
      module: FeedbackModule,
      providers: [
        {
          provide: Callbacks,
          inject: [LOGGER],
          useFactory: (logger: Logger) => new Callbacks(config.channelsFile, allowPrivate, logger),
        },
        {
          provide: RUNTIME,
          inject: [LOGGER, Metrics, Callbacks],
          useFactory: async (log: Logger, metrics: Metrics, callbacks: Callbacks): Promise<FeedbackRuntime> => {
            const clock = runtime.clock ?? config.clock;
            const pushes = (channel: string) => callbacks.content.has(channel);
            const { ratingWindow, pickUpWindow } = config;
            const windows = { ratingWindow, pickUpWindow };
            const definition = feedbackDefinition({ keys: keys(), clock, realTime, log, pushes, windows, ...(topics && { topics }) });
            return Runtime.open(definition, {
              ...runtimeServers('feedback', config, {
                migrations: [Feedback1764100000000, FeedbackRetelling1764500000001, FeedbackMembers1795568400001],
              }),
              clock,
              log,
              metrics: runtimeMetrics(metrics),
              ...runtime,
            });
          },
        },
        { provide: OPERATED_RUNTIME, useExisting: RUNTIME },
        { provide: TrailTable, inject: [RUNTIME], useFactory: ({ database }: FeedbackRuntime) => new TrailTable(database) },
        {
          provide: Retelling,
          inject: [RUNTIME],
          useFactory: ({ database, client, restoration, parts }: FeedbackRuntime) => {
            const tickets = topics?.tickets ?? TICKETS_TOPIC;
            return new Retelling({
              shelf: new RetellingTable(database),
              client,
              topics: { tickets, retold: retoldTopicOf(tickets) },
              requireNone: () => restoration.requireNone(),
              log: parts.log,
            });
          },
        },
        { provide: TrailDesk, inject: [TrailTable], useFactory: (table: TrailTable) => new TrailDesk(table) },
        { provide: TrailHealth, inject: [TrailTable], useFactory: (table: TrailTable) => new TrailHealth(table) },
        {
          provide: Replies,
          inject: [TrailTable],
          useFactory: (table: TrailTable) => {
            const held = keys();
            return new Replies(table, (words, ticketId) => openWords(words, ticketId, held));
          },
        },
        {
          provide: Commands,
          inject: [RUNTIME],
          useFactory: ({ reactor }: FeedbackRuntime) => new Commands(reactor, reactor.transactor.newId),
        },
        {
          provide: TrackingDesk,
          inject: [RUNTIME, TrailTable, Replies, Commands],
          useFactory: ({ database }: FeedbackRuntime, table: TrailTable, replies: Replies, commands: Commands) => {
            const limit = { wrong: config.trackingWrong, windowMs: config.trackingWindow };
            return new TrackingDesk({
              shelf: table,
              guard: new TrackingTable(database, limit, realTime),
              proof: new QueryProof(Buffer.from(config.queryProofKey.reveal(), 'base64')),
              replies,
              fetched: (proven, round) => commands.fetched(proven, round),
            });
          },
        },
        {
          provide: AnswerMembers,
          inject: [RUNTIME, Commands],
          useFactory: ({ database, parts }: FeedbackRuntime, commands: Commands) =>
            new AnswerMembers({
              due: (most) => membersDue(database, most),
              share: (ticketId, payload) => commands.share(ticketId, payload),
              pollMs: config.membersPoll,
              log: parts.log,
            }),
        },
        {
          provide: Courier,
          inject: [RUNTIME, Callbacks, Replies, Commands],
          useFactory: ({ database, parts, restoration }: FeedbackRuntime, callbacks: Callbacks, replies: Replies, commands: Commands) => {
            const queue = new DeliveryTable(database, () => restoration.isUnderWay);
            trailMetrics(parts.metrics, new TrailTable(database), queue);
            return new Courier({
              queue,
              channels: () => [...callbacks.content.keys()],
              letter: (ticketId, round) => replies.letter(ticketId, round),
              post: async (channel, id, body) => {
                const callback = callbacks.content.get(channel);
                if (callback === undefined) return { ok: false, failure: 'connection', detail: 'the channel has no call-back any more' };
                return postSigned(callback, id, body, { timeoutMs: config.callbackTimeout, allowPrivate, now: realTime });
              },
              arrived: ({ ticketId, round, attempts }) => commands.deliver(ticketId, { round, way: 'pushed', attempts }),
              schedule: { ...RETRY_PAUSES, giveUpAfter: config.callbackGiveUp },
              now: realTime,
              random: Math.random,
              log: parts.log,
              metrics: parts.metrics,
            });
          },
        },
      ],
    };
  }

  onApplicationShutdown(): void {
    this.callbacks.close();
  }
}

/** Everything the host needs to run feedback. */
export const feedbackService = (config: FeedbackConfig, surroundings: Surroundings = {}): Omit<ServiceOptions, 'name'> => {
  const { reading = (runtime) => runtime } = surroundings;
  return {
    module: FeedbackModule.with(config, surroundings),
    config,
    description: 'Is the citizen answered, and is it over? Deliveries, tracking, ratings, and the trail of every ticket.',
    problems: FEEDBACK_PROBLEMS,
    health: (app) => [...runtimeHealth(app.get<FeedbackRuntime>(RUNTIME)), app.get(TrailHealth), app.get(Callbacks)],
    strategies: (app) => [
      new LogTransport(() => {
        const [runtime, courier, retelling] = [reading(app.get<FeedbackRuntime>(RUNTIME)), app.get(Courier), app.get(Retelling)];
        const members = app.get(AnswerMembers);
        // It begins and ends with the rest: nothing is posted whose arrival could not be noted.
        return {
          client: runtime.client,
          read: (source) => runtime.read(source),
          start: () => {
            runtime.start();
            courier.start();
            members.start();
          },
          stop: async () => {
            await retelling.stop();
            await members.stop();
            await courier.stop();
            await runtime.stop();
          },
        };
      }),
    ],
  };
};
