import { TICKETS_PARTITIONS, TICKETS_TOPIC } from '@paidan/contracts';
import { randomUUID } from 'node:crypto';
import { systemClock, type Clock } from './clock.js';
import { RuntimeError } from './errors.js';
import { LogConsumer } from './kafka/log-consumer.js';
import { LogClient, type LogClientOptions } from './kafka/kafkajs.js';
import { KnownCluster } from './kafka/known-cluster.js';
import type { LogBatch } from './kafka/log-record.js';
import { Positions } from './kafka/positions.js';
import { ReadThrough } from './kafka/read-through.js';
import { LostLog } from './kafka/lost-log.js';
import { registerGauges } from './gauges.js';
import { noLog, noMetrics, type Log, type Metrics } from './metrics.js';
import { eventMessage, noticeMessage, noticeQueue, outboxQueue, type TicketsLog } from './outbox/queue.js';
import { Relay } from './outbox/relay.js';
import { Parking } from './parking/parking.js';
import { Database, type DatabaseOptions } from './postgres/database.js';
import type { Command } from './reactor/decision.js';
import { Reactor } from './reactor/reactor.js';
import type { RuntimeParts, ServiceDefinition } from './reactor/service.js';
import { Restoration } from './restore/restoration.js';
import type { Said } from './reactor/transactor.js';
import { TimerLoop } from './timers/timers.js';

export interface RuntimeOptions {
  readonly database: DatabaseOptions;
  readonly kafka: LogClientOptions;
  readonly clock?: Clock;
  readonly log?: Log;
  readonly metrics?: Metrics;
  /** Default: `paidan.tickets` with the number of partitions it was created with. */
  readonly ticketsLog?: TicketsLog;
}

export interface SourceOptions {
  /** Appended to the service's name: one consumer group per kind of topic. */
  readonly group: string;
  readonly topics: () => Promise<readonly string[]>;
  /** Default: the reactor. @returns whether positions moved. */
  readonly handle?: (batch: LogBatch) => Promise<boolean>;
}

/** One service's runtime: its schema, its reactor, its relays and timers, and the sources it reads. */
export class Runtime<R, F, C extends Command = Command> {
  readonly reactor: Reactor<R, F, C>;
  readonly parking: Parking<R, F, C>;
  private readonly toEvent: ReturnType<typeof eventMessage>;
  private readonly toNotice: ReturnType<typeof noticeMessage>;
  private readonly outbox: Relay;
  private readonly notices: Relay;
  private readonly timers: TimerLoop<R, F, C>;
  private readonly positions: Positions;
  /** For an operator, after Kafka was lost. */
  readonly lostLog: LostLog;
  /** Of a schema that is older than what the service has said. */
  readonly restoration: Restoration;
  private readonly ticketsRead: ReadThrough;
  private readonly consumers: LogConsumer[] = [];
  private started = false;

  private constructor(
    readonly definition: ServiceDefinition<R, F, C>,
    readonly database: Database,
    readonly client: LogClient,
    readonly parts: RuntimeParts,
    ticketsLog: TicketsLog,
  ) {
    const cluster = new KnownCluster({ database, client }, async () => {
      await this.restoration.requireVerified();
      this.restoration.requireNone();
    });
    this.restoration = new Restoration({
      ...{ database, client, cluster, log: parts.log, metrics: parts.metrics },
      service: definition.service,
      topic: ticketsLog.topic,
      fold: definition.recall && ((ticketIds, folds) => this.reactor.recallRest(ticketIds, folds)),
      hearsOthers: definition.hearsNobody !== true,
      keepsStory: definition.keepsStory === true,
      readRetold: (topic) => this.consume({ group: 'retold', topics: () => Promise.resolve([topic]) }),
      ended: () => this.wake(),
    });
    this.lostLog = new LostLog({ database, client, cluster }, ticketsLog.topic);
    const relay = { database, client, cluster, log: parts.log, metrics: parts.metrics };
    const holder = randomUUID();
    this.toEvent = eventMessage(definition.service, ticketsLog);
    this.toNotice = noticeMessage(definition.service);
    this.outbox = new Relay(relay, outboxQueue(database, this.toEvent), holder);
    this.notices = new Relay(relay, noticeQueue(database, this.toNotice), holder);
    this.positions = new Positions(database, client);
    this.ticketsRead = new ReadThrough({ database, client, cluster, clock: parts.clock }, ticketsLog.topic);
    this.reactor = new Reactor(definition, parts, this.restoration, this.toSend);
    this.parking = new Parking(definition, this.reactor.transactor, parts, this.restoration, this.wake, ticketsLog.topic);
    this.timers = new TimerLoop(this.reactor, parts, () => this.restoration.isUnderWay);
    registerGauges({
      ...parts,
      epoch: () => this.epoch,
      parking: this.parking,
      lanes: () => this.consumers.flatMap((consumer) => consumer.state.lanes),
    });
  }

  /** Migrates and opens the schema. Kafka isn't needed to start: HTTP accepts, outboxes fill. */
  static async open<R, F, C extends Command>(definition: ServiceDefinition<R, F, C>, options: RuntimeOptions): Promise<Runtime<R, F, C>> {
    const database = await Database.open(options.database);
    const parts: RuntimeParts = {
      database,
      clock: options.clock ?? systemClock,
      log: options.log ?? noLog,
      metrics: options.metrics ?? noMetrics,
    };
    const runtime = new Runtime(
      definition,
      database,
      new LogClient(options.kafka),
      parts,
      options.ticketsLog ?? { topic: TICKETS_TOPIC, partitions: TICKETS_PARTITIONS },
    );
    await runtime.restoration.open();
    return runtime;
  }

  /** Of the schema: raised when it is restored from a back-up. */
  get epoch(): number {
    return this.restoration.epoch;
  }

  private readonly toSend = ({ events, notices }: Said): void => {
    if (events.length > 0) this.outbox.hand(events.map(this.toEvent));
    if (notices.length > 0) this.notices.hand(notices.map(this.toNotice));
  };

  /** Rows wait to be sent. */
  wake = (): void => {
    this.outbox.wake();
    this.notices.wake();
  };

  /** Relays and timers begin to work. Sources are read from when they are added. */
  start(): void {
    if (this.started) return;
    this.started = true;
    this.outbox.start();
    this.notices.start();
    this.timers.start();
    this.restoration.start();
  }

  /**
   * Up to which instant of the clock (epoch ms; 0 = not known yet) the log of tickets has been read by this service, all its replicas together: what is
   * judged by a word that didn't come waits until the log is read past its due time.
   */
  readThrough = (): number => this.ticketsRead.value;

  /** Reads topics through the reactor, or through `handle`. */
  read(source: SourceOptions): LogConsumer {
    const consumer = this.consume(source);
    this.consumers.push(consumer);
    return consumer;
  }

  private consume(source: SourceOptions): LogConsumer {
    const consumer = new LogConsumer({
      groupId: `paidan.${this.definition.service}.${source.group}`,
      topics: source.topics,
      gather: this.definition.gather,
      handle: source.handle ?? (async (batch) => (await this.reactor.batch(batch)) !== undefined),
      moveOn: (slices) => this.reactor.moveOn(slices),
      client: this.client,
      positions: this.positions,
      mayTell: () => this.restoration.isSettled,
      log: this.parts.log,
      metrics: this.parts.metrics,
    });
    consumer.start();
    return consumer;
  }

  /** Sources first, then timers, then the relays once more for what the last batches said; connections last. */
  async stop(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
    await this.restoration.stop();
    if (this.started) {
      await this.timers.stop();
      await Promise.all([this.outbox.stop(), this.notices.stop()]);
    }
    await this.ticketsRead.stop();
    await this.client.close();
    await this.database.close();
  }

  /** For `/health`: `degraded` is up and serving, with something an operator should see. */
  async health(): Promise<{ database: boolean; restoring?: string; degraded: readonly string[]; stalled: boolean }> {
    const degraded: string[] = [];
    let database = true;
    await this.database.query('select 1').catch(() => {
      database = false;
    });
    const failing = [this.outbox, this.notices].find(({ failingSince }) => failingSince !== undefined);
    if (failing?.failingSince !== undefined) {
      const { lastFailure } = failing;
      const why = lastFailure instanceof RuntimeError ? `${lastFailure.code}: ${lastFailure.message}` : 'log unreachable';
      degraded.push(`${why}, since ${new Date(failing.failingSince).toISOString()}: messages wait in the outbox`);
    }
    const blocked = [...this.outbox.blockedTopics, ...this.notices.blockedTopics];
    if (blocked.length > 0) degraded.push(`topic missing or closed to us, its messages wait: ${blocked.join(', ')}`);
    let stalled = false;
    for (const consumer of this.consumers) {
      const { connected, halted, lag, stalledMs } = consumer.state;
      if (!connected) degraded.push('not reading the log');
      degraded.push(...haltsOf(halted));
      if (connected && database && lag > 0 && stalledMs > 60_000 && !this.restoration.isUnderWay) stalled = true;
    }
    const restoring = this.restoration.told;
    return { database, ...(restoring === undefined ? {} : { restoring }), degraded, stalled };
  }
}

/** One line for each reason: a Kafka that is another one halts every partition of every topic. */
function haltsOf(halted: LogConsumer['state']['halted']): string[] {
  return [...new Set(halted.map(({ error }) => error.code))].map((code) => {
    const alike = halted.filter(({ error }) => error.code === code);
    const [first] = alike;
    const others = alike.length > 1 ? ` and ${alike.length - 1} more` : '';
    return `${first?.topic}/${first?.partition}${others} halted: ${code}: ${first?.error.message}`;
  });
}
