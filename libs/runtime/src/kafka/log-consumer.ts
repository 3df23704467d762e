import { setTimeout as delay } from 'node:timers/promises';
import { Fenced, RuntimeError, type RuntimeErrorCode } from '../errors.js';
import type { Log, Metrics } from '../metrics.js';
import type { Gather } from './fetch-pace.js';
import type { ConsumerEvents, LogClient, RawConsumer } from './kafkajs.js';
import { Lane, laneKey } from './lane.js';
import type { LogBatch, Slice } from './log-record.js';
import type { Positions } from './positions.js';

/** Batches in hand at once, over different partitions: one that is slow doesn't stall the others. */
const WORKERS = 2;
/**
 * Records one batch takes at most. What is said about a ticket in quick succession lies some hundred records apart in its partition: a reader that is behind
 * takes all of it at once then, and writes the row once.
 */
const BATCH_RECORDS = 3_000;
/**
 * With more than this waiting, a worker leaves the other its share of the partitions: one decides while the other waits for the database, and what is in memory
 * at once is half. A ticket's records are all in one partition, so they are together as before.
 */
const SHARED_ABOVE = 200;
const REBUILD_AFTER_MS = [500, 1_000, 2_000, 5_000, 10_000] as const;
const RETRY_AFTER_MS = [100, 200, 500, 1_000, 2_000, 5_000] as const;
const LOOK_AGAIN_MS = 3_000;
const MAY_BE_MENDED: ReadonlySet<RuntimeErrorCode> = new Set(['cluster-changed', 'position-lost']);
const pick = (delays: readonly number[], attempt: number): number => delays[Math.min(attempt, delays.length - 1)] ?? 1_000;

export interface LogConsumerOptions {
  readonly groupId: string;
  /** The topics to read, asked again now and then: units come and go. */
  readonly topics: () => Promise<readonly string[]>;
  /** @returns whether the positions moved in Postgres (false: nothing in the batch concerned the service). */
  readonly handle: (batch: LogBatch) => Promise<boolean>;
  /** Moves positions past stretches that concerned nobody. */
  readonly moveOn: (slices: readonly Slice[]) => Promise<void>;
  readonly client: LogClient;
  readonly positions: Positions;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly refreshTopicsMs?: number;
  readonly gather?: Gather | undefined;
  /** Whether Kafka may be told of positions now: a restored schema's are older than those that it knows, and would wipe them out. */
  readonly mayTell: () => boolean;
}

/**
 * Reads topics from the positions kept in Postgres. Kafka's callbacks only queue, so a slow batch stalls neither other partitions nor the heartbeat;
 * one loop takes what is queued over all partitions as one batch. Any crash of the client is answered with a new one, in this process.
 */
export class LogConsumer {
  private readonly lanes = new Map<string, Lane>();
  private raw: RawConsumer | undefined;
  private subscribed: readonly string[] = [];
  private running = false;
  private connectedOnce = false;
  private readonly sleepers = new Set<() => void>();
  private waking = false;
  private workers: Promise<unknown> = Promise.resolve();
  private loops: Promise<unknown> = Promise.resolve();
  private crashed: unknown;
  private readonly stopping = new AbortController();
  private flushedAt = 0;
  private committedAt = 0;
  private lookedAgainAt = 0;
  /** Real time of the last batch handled or of having nothing to do; for the liveness rule. */
  private progressAt = Date.now();

  constructor(private readonly options: LogConsumerOptions) {}

  start(): void {
    this.running = true;
    this.workers = Promise.all(Array.from({ length: WORKERS }, (_, worker) => this.handleQueued(worker)));
    this.loops = Promise.all([this.keepConnected(), this.workers]);
  }

  /** The batch in hand commits or rolls back, and Kafka is told how far that came; what is queued is left for the next owner. */
  async stop(): Promise<void> {
    this.running = false;
    this.stopping.abort();
    this.wake();
    await this.loops;
  }

  get state() {
    const lanes = [...this.lanes.values()];
    return {
      connected: this.raw !== undefined && this.crashed === undefined,
      halted: lanes.flatMap((lane) => (lane.halted ? [{ topic: lane.topic, partition: lane.partition, error: lane.halted }] : [])),
      lag: lanes.reduce((sum, lane) => sum + lane.lag, 0),
      lanes: lanes.map(({ topic, partition, position, lag, nextWrittenAt }) => ({ topic, partition, position, lag, nextWrittenAt })),
      stalledMs: Date.now() - this.progressAt,
    };
  }

  private async keepConnected(): Promise<void> {
    for (let attempt = 0; this.running;) {
      try {
        const topics = await this.options.topics();
        if (topics.length > 0) await this.connect(topics);
        attempt = 0;
        await this.untilChange();
      } catch (error) {
        this.options.log.warn({ err: error, groupId: this.options.groupId }, 'the log is out of reach: trying again');
      }
      if (!this.running) {
        await this.workers;
        await this.flush().catch(() => undefined);
        await this.commitToKafka().catch(() => undefined);
      }
      await this.raw?.stop();
      this.raw = undefined;
      this.lanes.clear();
      if (this.running) await this.pause(pick(REBUILD_AFTER_MS, attempt++));
    }
  }

  private async connect(topics: readonly string[]): Promise<void> {
    this.crashed = undefined;
    this.subscribed = topics;
    const events: ConsumerEvents = {
      assigned: (partitions) => this.assign(partitions),
      crashed: (error) => (this.crashed = error),
      records: (records, high) => {
        const first = records[0];
        const lane = first && this.lanes.get(laneKey(first.topic, first.partition));
        if (!lane) return;
        lane.accept(records, high);
        this.wakeSoon();
      },
    };
    this.raw = await this.options.client.consume(this.options.groupId, topics, events, this.options.gather);
    if (!this.connectedOnce) this.options.log.info({ groupId: this.options.groupId, topics: topics.length }, 'reading the log');
    this.connectedOnce = true;
    this.wake();
  }

  /** Returns when the client crashed or the set of topics changed: both are answered with a new client. */
  private async untilChange(): Promise<void> {
    const refresh = this.options.refreshTopicsMs ?? 30_000;
    for (let lookAt = Date.now() + refresh; this.running;) {
      await this.pause(500);
      if (this.crashed !== undefined) throw this.crashed;
      await this.lookAgainAtHalted();
      if (Date.now() < lookAt) continue;
      const topics = await this.options.topics();
      if (topics.length !== this.subscribed.length || topics.some((topic) => !this.subscribed.includes(topic))) return;
      lookAt = Date.now() + refresh;
    }
  }

  /** An operator may have put right what a position didn't fit. */
  private async lookAgainAtHalted(): Promise<void> {
    const stopped = [...this.lanes.values()].filter(({ halted }) => halted !== undefined && MAY_BE_MENDED.has(halted.code));
    if (stopped.length === 0 || Date.now() - this.lookedAgainAt < LOOK_AGAIN_MS) return;
    this.lookedAgainAt = Date.now();
    for (const lane of stopped)
      await this.options.positions.load(lane.topic, lane.partition, this.options.groupId).then(
        () => lane.forget(),
        () => undefined, // as before; it has been told
      );
    this.wake();
  }

  private assign(partitions: ReadonlyMap<string, readonly number[]>): void {
    const keys = new Set<string>();
    for (const [topic, numbers] of partitions)
      for (const partition of numbers) {
        const key = laneKey(topic, partition);
        keys.add(key);
        // Positions are read anew after each rebalance: another process may have moved them meanwhile.
        const lane = this.lanes.get(key) ?? new Lane(topic, partition, () => this.raw);
        lane.forget();
        this.lanes.set(key, lane);
      }
    for (const key of this.lanes.keys()) if (!keys.has(key)) this.lanes.delete(key);
    this.wake();
  }

  /** A partition is in one worker's hands at a time, and flushed only when in nobody's: two never race to one compare-and-set. */
  private async handleQueued(worker: number): Promise<void> {
    for (let failures = 0; this.running;) {
      if (worker === 0) {
        await this.prepareLanes();
        await this.flushNowAndThen();
      }
      const takes = takeFair([...this.lanes.values()], BATCH_RECORDS);
      if (takes.length === 0) {
        this.progressAt = Date.now();
        await this.idle();
        continue;
      }
      try {
        const stored = await this.options.handle({ slices: takes.map((take) => take.slice), takenAt: Date.now() });
        for (const { lane, slice, generation } of takes) lane.handled(slice, generation, stored);
        failures = 0;
        this.progressAt = Date.now();
      } catch (error) {
        if (!(await this.survive(error, takes, failures++))) return;
      } finally {
        for (const { lane } of takes) lane.busy = false;
        this.wake();
      }
    }
  }

  /** Until something is queued or a partition is assigned; a second at most, for the flush. */
  private async idle(): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, 1_000);
      this.sleepers.add(wake);
      if (!this.running || [...this.lanes.values()].some((lane) => lane.hasWork)) wake();
    });
  }

  /** Once all partitions of the client's answer are queued: they are one batch then, not twelve. */
  private wakeSoon(): void {
    if (this.waking) return;
    this.waking = true;
    setImmediate(() => {
      this.waking = false;
      this.wake();
    });
  }

  private wake(): void {
    for (const sleeper of [...this.sleepers]) sleeper();
  }

  /** @returns false when the consumer is stopping. */
  private async survive(error: unknown, takes: readonly Take[], failures: number): Promise<boolean> {
    if (error instanceof Fenced) {
      for (const { topic, partition } of error.partitions) this.lanes.get(laneKey(topic, partition))?.forget();
      this.options.metrics.count('paidan_fenced_total', 'Batches rolled back because another process owns the partition');
      this.options.log.warn({ partitions: error.partitions }, 'fenced: reading the position anew');
      return true;
    }
    if (error instanceof RuntimeError && error.code === 'partition-halted') {
      const named = new Set(error.extensions['partitions'] as string[]);
      for (const { lane } of takes) if (named.has(lane.key)) lane.halt(error);
      this.options.log.error({ err: error, ...error.extensions }, 'partition halted');
      return true;
    }
    this.options.metrics.count('paidan_batch_retries_total', 'Batches tried again after a passing failure');
    if (failures % 10 === 0) this.options.log.warn({ err: error }, 'batch failed: trying again');
    await this.pause(pick(RETRY_AFTER_MS, failures));
    return this.running;
  }

  private async prepareLanes(): Promise<void> {
    if (this.raw === undefined) return; // joining still: a seek would be lost
    for (const lane of this.lanes.values()) {
      if (!lane.needsPosition || lane.busy) continue;
      try {
        lane.begin(await this.options.positions.load(lane.topic, lane.partition, this.options.groupId));
      } catch (error) {
        if (error instanceof RuntimeError && !error.retryable) {
          lane.halt(error);
          this.options.log.error({ err: error, ...error.extensions }, error.message);
        } else {
          this.options.log.warn({ err: error, topic: lane.topic, partition: lane.partition }, 'position not readable yet');
          await this.pause(500);
          return;
        }
      }
    }
  }

  private async flushNowAndThen(): Promise<void> {
    const now = Date.now();
    if (now - this.flushedAt < 1_000) return;
    this.flushedAt = now;
    // A failure here costs nothing: the position moves with the next batch, or is flushed a second later.
    await this.flush().catch((error: unknown) => {
      if (error instanceof Fenced) for (const { topic, partition } of error.partitions) this.lanes.get(laneKey(topic, partition))?.forget();
    });
    if (now - this.committedAt < 5_000) return;
    this.committedAt = now;
    await this.commitToKafka().catch(() => undefined);
  }

  private async flush(): Promise<void> {
    const lanes = [...this.lanes.values()].filter((lane) => lane.unstored && !lane.busy);
    if (lanes.length === 0) return;
    const slices = lanes.map((lane) => lane.unstoredSlice());
    for (const lane of lanes) lane.busy = true;
    try {
      await this.options.moveOn(slices);
      for (const [i, lane] of lanes.entries()) {
        const slice = slices[i];
        if (slice) lane.stored(slice.from, slice.to);
      }
    } finally {
      for (const lane of lanes) lane.busy = false;
    }
  }

  /** Never ahead of Postgres: what Kafka was told and Postgres doesn't know shows that a schema was restored from a back-up. */
  private async commitToKafka(): Promise<void> {
    if (!this.options.mayTell()) return;
    const offsets = [...this.lanes.values()]
      .filter((lane) => lane.isReady)
      .map((lane) => ({ topic: lane.topic, partition: lane.partition, offset: lane.kept }));
    if (offsets.length > 0) await this.raw?.commit(offsets);
  }

  private async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

interface Take {
  readonly lane: Lane;
  readonly slice: Slice;
  readonly generation: number;
}

/** Shares the batch among partitions that have work, so that a flood in one doesn't starve the others. */
function takeFair(lanes: readonly Lane[], limit: number): Take[] {
  const ready = lanes.filter((lane) => lane.hasWork);
  const share = Math.max(1, Math.floor(limit / ready.length));
  const waiting = ready.reduce((sum, lane) => sum + lane.waiting, 0);
  const mine = waiting > SHARED_ABOVE ? ready.slice(0, Math.ceil(ready.length / WORKERS)) : ready;
  return mine.map((lane) => {
    lane.busy = true;
    return { lane, slice: lane.slice(share), generation: lane.generation };
  });
}
