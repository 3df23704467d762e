import { retoldTopicOf } from '@paidan/contracts';
import { setTimeout as delay } from 'node:timers/promises';
import { RuntimeError } from '../errors.js';
import type { Slice } from '../kafka/log-record.js';
import type { Log, Metrics } from '../metrics.js';
import { isEmpty, isOfOldCity } from './emptied.js';
import { handledBefore } from './handled-before.js';
import { asIfInLog, type Retold } from './retold.js';
import { unheardAmong } from './unheard.js';
import { foldsAfter, RestorationSteps, type RestorationRow, type StepParts } from './steps.js';
import type { RestoredFolds } from './words.js';

/** How long a start waits for Kafka to say whether the schema is what it was; what isn't known then is known before anything is sent. */
const FIRST_LOOK_MS = 3_000;
const LOOK_MS = 5_000;
const STEP_MS = 200;
/** How long a batch is kept waiting before its reader is told to try again. */
const KEEP_WAITING_MS = 2_000;

/** What a restoration has come to; for operators. */
export interface RestorationShown {
  /** Whether whoever restored the schema said so; else it was found by the positions. */
  readonly told: boolean;
  /** The schema had nothing in it: it was made anew. */
  readonly emptied: boolean;
  /** It waits for what the log no longer has to be told again. */
  readonly wantsHistory: boolean;
  readonly begunAt: Date;
  /** Absent while the service takes nothing. */
  readonly endedAt?: Date;
  /** Own words of the log that were folded. */
  readonly recalled: number;
  /** Those that were not: their ticket is parked, or this release can't fold them. */
  readonly unfolded: number;
  /** What decisions led to that nobody had been told. */
  readonly saidAnew: number;
  /** Notices to strangers that had gone out before. */
  readonly noticesNotRepeated: number;
  /** Strangers' commands that had been handled before. */
  readonly commandsPassedOver: number;
  /** Records that left the log before the service had read them: what was told again has their events, but nobody is told what comes of those. */
  readonly goneUnread: number;
}

export interface RestorationParts extends StepParts {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Begins to read what is told again; undefined where nobody's events are heard. */
  readonly readRetold: (topic: string) => { stop(): Promise<void> };
  /** It is over: what waits may be sent. */
  readonly ended: () => void;
}

/**
 * A schema that was restored from a back-up is older than what its service has said. It is found out by itself, or told by `schema_restored()`. Then nothing is
 * said, no timer fires and nobody's command is taken, by any replica, until the service's own later words have been read in the log and folded; it goes on
 * under a new epoch, its numbers go on from the last that the log has. A schema that was made anew in a city that isn't new is the same, with a back-up of
 * nothing; what the log no longer has of the city's story is told to it again.
 */
export class Restoration {
  private under: RestorationRow | undefined;
  private verified = false;
  private current = 1;
  private loop: Promise<void> = Promise.resolve();
  private failure: unknown;
  private readonly stopping = new AbortController();
  private readonly steps: RestorationSteps;
  /** Of what is told again. */
  private reading: { stop(): Promise<void> } | undefined;

  constructor(private readonly parts: RestorationParts) {
    this.steps = new RestorationSteps(parts, this.stopping.signal);
    parts.metrics.gauge('paidan_restoring', '1 while a restored schema is told by the log what was said since its back-up', async () => [
      { value: this.under === undefined ? 0 : 1 },
    ]);
  }

  /** Of the schema. */
  get epoch(): number {
    return this.current;
  }

  /** The schema is what it was, as far as Kafka was told. */
  get isSettled(): boolean {
    return this.verified && this.under === undefined;
  }

  get isUnderWay(): boolean {
    return this.under !== undefined;
  }

  /** Whether the schema is what it was, as far as Kafka answers soon. */
  async open(): Promise<void> {
    await this.look();
    if (this.under !== undefined) return;
    const late = new AbortController();
    await Promise.race([
      this.verify().catch(() => undefined),
      delay(FIRST_LOOK_MS, undefined, { signal: late.signal }).catch(() => undefined),
    ]);
    late.abort();
  }

  start(): void {
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
    await this.reading?.stop();
  }

  /** @throws RuntimeError `restoring` */
  requireNone(): void {
    if (this.under === undefined) return;
    const what = this.under.emptied ? 'the schema is empty' : 'the schema was restored from a back-up';
    throw new RuntimeError(
      'restoring',
      `${what}: ${this.parts.fold === undefined ? CANNOT_FOLD : 'what was said since is read from the log first'}`,
    );
  }

  /**
   * Before anything is sent, and before others' events are taken.
   * @throws RuntimeError `restoring`, `log-unavailable`
   */
  async requireVerified(): Promise<void> {
    if (!this.verified && this.under === undefined) await this.verify();
  }

  /**
   * How others' events are to be folded now; undefined: as always. What lies in the log waits for what is told again.
   * @throws RuntimeError `restoring` while it isn't their time yet
   */
  async folds(slices: readonly Slice[]): Promise<RestoredFolds | undefined> {
    await this.requireVerified();
    for (const until = Date.now() + KEEP_WAITING_MS; this.under !== undefined;) {
      const { read_at: readAt, retold, filled_at: filledAt, handled } = this.under;
      const isTime = readAt !== null && (retold === null || filledAt !== null || slices.some((slice) => this.isRetold(slice)));
      if (isTime && this.parts.fold !== undefined) {
        const again = slices.filter((slice) => this.isRetold(slice)).flatMap(({ records }) => records);
        return foldsAfter(handled ?? [], false, again.length === 0 ? undefined : await unheardAmong(this.parts.database, again));
      }
      if (Date.now() > until || this.stopping.signal.aborted) this.requireNone();
      await delay(STEP_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
    return undefined;
  }

  /** What a slice holds, as if it lay in the log of the tickets where it was told again. */
  recordsOf(slice: Slice): Slice['records'] {
    return this.isRetold(slice) ? asIfInLog(slice, this.parts.topic, this.under?.retold?.stretches ?? []) : slice.records;
  }

  /** As far as is known before the log was looked at: where that has all, it goes on without. */
  private wantsHistory({ emptied, stretches, retold, ended_at: endedAt }: RestorationRow): boolean {
    return emptied && stretches === null && retold === null && endedAt === null && !this.parts.keepsStory;
  }

  private isRetold({ topic }: Slice): boolean {
    return topic === retoldTopicOf(this.parts.topic);
  }

  /**
   * Takes a story that was told again into an empty schema that waits for it.
   * @throws RuntimeError `history-not-wanted`, `history-out-of-date`, `log-unavailable`
   */
  async takeHistory(retold: Retold): Promise<void> {
    const { database, client, topic } = this.parts;
    await this.look();
    if (this.under === undefined || !this.wantsHistory(this.under))
      throw new RuntimeError('history-not-wanted', 'no empty schema waits for what is told again');
    const [cluster, ranges, lies] = await Promise.all([
      client.clusterId(),
      client.offsets(topic),
      client.offsets(retoldTopicOf(topic)),
    ]).catch((cause: unknown) => {
      throw new RuntimeError('log-unavailable', 'Kafka does not answer', {}, { cause });
    });
    const goesOn = ranges.every(({ partition, low, high }) =>
      retold.positions.some((one) => one.partition === partition && one.offset >= low && one.offset <= high),
    );
    const isThere = lies.every(({ partition, low, high }) =>
      retold.stretches.some(({ from, to, ...one }) => one.partition === partition && from >= low && from <= to && to <= high),
    );
    if (retold.cluster !== cluster || !goesOn || !isThere)
      throw new RuntimeError('history-out-of-date', 'what was told again does not fit the log as it is: have it told once more');
    await database.query('update restoration set retold = $1 where ended_at is null and emptied and stretches is null', [
      JSON.stringify(retold),
    ]);
    await this.look();
  }

  /** For `/health`; undefined: nothing is under way. */
  get told(): string | undefined {
    if (this.under === undefined) return undefined;
    const since = this.under.begun_at.toISOString();
    if (this.parts.fold === undefined) return `restoring: ${CANNOT_FOLD}, since ${since}`;
    const why = this.failure instanceof RuntimeError ? `${this.failure.code}: ${this.failure.message}` : undefined;
    const at = this.under.read_at === null ? 'reading what was said since the back-up' : `${this.under.recalled} own words folded`;
    return `restoring: ${why ?? at}, since ${since}`;
  }

  /** The last there was. */
  async last(): Promise<RestorationShown | undefined> {
    const { rows } = await this.parts.database.query<RestorationRow & { passed: string; gone: string }>(
      `select *, (select coalesce(sum((h ->> 'passed')::bigint), 0) from json_array_elements(handled) h) as passed,
         (select coalesce(sum((h ->> 'gone')::bigint), 0) from json_array_elements(handled) h) as gone
       from restoration order by id desc limit 1`,
    );
    const [row] = rows;
    return (
      row && {
        told: row.told,
        emptied: row.emptied,
        wantsHistory: this.wantsHistory(row),
        begunAt: row.begun_at,
        ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
        recalled: row.recalled,
        unfolded: row.unfolded,
        saidAnew: row.said_anew,
        noticesNotRepeated: row.notices_not_repeated,
        commandsPassedOver: Number(row.passed),
        goneUnread: Number(row.gone),
      }
    );
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted;) {
      try {
        if (this.under === undefined) await this.requireVerified();
        await this.look();
        if (this.under === undefined) await this.read({});
        else await this.step(this.under);
        this.failure = undefined;
        failures = 0;
      } catch (error) {
        this.failure = error;
        if (failures++ % 20 === 0) this.parts.log.warn({ err: error }, 'restored schema: trying again');
      }
      await delay(this.under === undefined ? LOOK_MS : STEP_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** What the schema says: another replica may have begun or ended it. */
  private async look(): Promise<void> {
    const { rows } = await this.parts.database.query<{ epoch: number; under: RestorationRow | null }>(
      'select epoch, (select to_json(r) from restoration r where ended_at is null) as under from service_epoch',
    );
    const [found] = rows;
    if (found === undefined) return;
    const [before, under] = [this.under, found.under];
    this.current = found.epoch;
    // JSON has its instants as texts.
    this.under = under === null ? undefined : { ...under, begun_at: new Date(under.begun_at) };
    if (before === undefined && this.under !== undefined) {
      this.parts.cluster.doubt();
      this.parts.log.error(
        { since: this.under.begun_at },
        'the schema was restored from a back-up: nothing is taken or said until the log has been read',
      );
    }
    if (before !== undefined && this.under === undefined) {
      this.verified = true;
      this.parts.cluster.doubt();
      this.parts.log.warn({ epoch: this.current }, 'restored: taking and saying again, under a new epoch');
      this.parts.ended();
    }
  }

  private async verify(): Promise<void> {
    const { database, client, service, topic, log } = this.parts;
    const unknown = (cause: unknown): never => {
      throw new RuntimeError('log-unavailable', 'Kafka does not say how far the service had got', {}, { cause });
    };
    const emptied = (await isEmpty(database)) && (await isOfOldCity(client, service, topic).catch(unknown));
    const further = emptied ? [] : await handledBefore(database, client).catch(unknown);
    // Another replica may have begun to read meanwhile.
    const begin = emptied ? await isEmpty(database) : further.length > 0;
    this.verified = true;
    if (!begin) return;
    log.error({ emptied, places: further.length, first: further[0] }, 'the schema is older than what was handled');
    await database.query('insert into restoration (told, emptied) values (false, $1) on conflict do nothing', [emptied]);
    await this.look();
  }

  private async step(under: RestorationRow): Promise<void> {
    if (this.parts.fold === undefined) return;
    await this.read(under);
    await this.steps.next(under);
    await this.look();
  }

  /** What is told again is read by every replica, as long as it is its time. */
  private async read({ read_at: readAt, retold, filled_at: filledAt }: Partial<RestorationRow>): Promise<void> {
    const isTime = readAt !== null && readAt !== undefined && retold !== null && retold !== undefined && filledAt === null;
    if (isTime && this.parts.hearsOthers) this.reading ??= this.parts.readRetold(retoldTopicOf(this.parts.topic));
    if (isTime || this.reading === undefined) return;
    const reading = this.reading;
    this.reading = undefined;
    await reading.stop();
  }
}

const CANNOT_FOLD = 'this release cannot fold what was said since';
