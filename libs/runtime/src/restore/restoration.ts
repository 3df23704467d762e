import { unitOfTopic, type Service } from '@paidan/contracts';
import { setTimeout as delay } from 'node:timers/promises';
import { RuntimeError } from '../errors.js';
import type { LogClient } from '../kafka/kafkajs.js';
import type { KnownCluster } from '../kafka/known-cluster.js';
import type { LogRecord } from '../kafka/log-record.js';
import type { Log, Metrics } from '../metrics.js';
import type { Database } from '../postgres/database.js';
import { handledBefore, type HandledPlace } from './handled-before.js';
import { readWords, type Stretch } from './read-words.js';
import { keepWords, type RestoredFolds } from './words.js';

/** How long a start waits for Kafka to say whether the schema is what it was; what isn't known then is known before anything is sent. */
const FIRST_LOOK_MS = 3_000;
const LOOK_MS = 5_000;
const STEP_MS = 200;
/** How long a batch is kept waiting before its reader is told to try again. */
const KEEP_WAITING_MS = 2_000;
const TICKETS = 500;
/** Kept words lie before a back-up that is younger; clocks of Kafka's producers and of Postgres differ by less. Milliseconds. */
const MARGIN_MS = 3_600_000;

interface RestorationRow {
  readonly id: number;
  readonly told: boolean;
  readonly begun_at: Date;
  readonly stretches: readonly Stretch[] | null;
  readonly handled: readonly HandledPlace[] | null;
  readonly read_at: Date | null;
  readonly ended_at: Date | null;
  readonly recalled: number;
  readonly unfolded: number;
  readonly said_anew: number;
  readonly notices_not_repeated: number;
}

/** What a restoration has come to; for operators. */
export interface RestorationShown {
  /** Whether whoever restored the schema said so; else it was found by the positions. */
  readonly told: boolean;
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
}

export interface RestorationParts {
  readonly database: Database;
  readonly client: LogClient;
  readonly cluster: KnownCluster;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly service: Service;
  readonly topic: string;
  /** Undefined: the release can't recall, and the service takes nothing. */
  readonly fold: ((ticketIds: readonly string[], folds: RestoredFolds) => Promise<void>) | undefined;
  readonly hearsOthers: boolean;
  /** It is over: what waits may be sent. */
  readonly ended: () => void;
}

/**
 * A schema that was restored from a back-up is older than what its service has said. It is found out by itself, or told by `schema_restored()`. Then nothing is
 * said, no timer fires and nobody's command is taken, by any replica, until the service's own later words have been read in the log and folded; it goes on
 * under a new epoch, its numbers go on from the last that the log has.
 */
export class Restoration {
  private under: RestorationRow | undefined;
  private verified = false;
  private current = 1;
  private loop: Promise<void> = Promise.resolve();
  private failure: unknown;
  private readonly stopping = new AbortController();

  constructor(private readonly parts: RestorationParts) {
    parts.metrics.gauge('paidan_restoring', '1 while a restored schema is told by the log what was said since its back-up', async () => [
      { value: this.under === undefined ? 0 : 1 },
    ]);
  }

  /** Of the schema. */
  get epoch(): number {
    return this.current;
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
  }

  /** @throws RuntimeError `restoring` */
  requireNone(): void {
    if (this.under === undefined) return;
    const why =
      this.parts.fold === undefined ? 'this release cannot fold what was said since' : 'what was said since is read from the log first';
    throw new RuntimeError('restoring', `the schema was restored from a back-up: ${why}`);
  }

  /**
   * Before anything is sent, and before others' events are taken.
   * @throws RuntimeError `restoring`, `log-unavailable`
   */
  async requireVerified(): Promise<void> {
    if (!this.verified && this.under === undefined) await this.verify();
  }

  /** How others' events are to be folded now; undefined: as always. @throws RuntimeError `restoring` while the service's own words are being read */
  async folds(): Promise<RestoredFolds | undefined> {
    await this.requireVerified();
    for (const until = Date.now() + KEEP_WAITING_MS; this.under !== undefined;) {
      const { read_at: readAt, handled } = this.under;
      if (readAt !== null && this.parts.fold !== undefined) return foldsAfter(handled ?? [], false);
      if (Date.now() > until || this.stopping.signal.aborted) this.requireNone();
      await delay(STEP_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
    return undefined;
  }

  /** For `/health`; undefined: nothing is under way. */
  get told(): string | undefined {
    if (this.under === undefined) return undefined;
    const since = this.under.begun_at.toISOString();
    if (this.parts.fold === undefined) return `restoring: this release cannot fold what was said since the back-up, since ${since}`;
    const why = this.failure instanceof RuntimeError ? `${this.failure.code}: ${this.failure.message}` : undefined;
    const at = this.under.read_at === null ? 'reading what was said since the back-up' : `${this.under.recalled} own words folded`;
    return `restoring: ${why ?? at}, since ${since}`;
  }

  /** The last there was. */
  async last(): Promise<RestorationShown | undefined> {
    const { rows } = await this.parts.database.query<RestorationRow & { passed: string }>(
      `select *, (select coalesce(sum((h ->> 'passed')::bigint), 0) from json_array_elements(handled) h) as passed from restoration order by id desc limit 1`,
    );
    const [row] = rows;
    return (
      row && {
        told: row.told,
        begunAt: row.begun_at,
        ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
        recalled: row.recalled,
        unfolded: row.unfolded,
        saidAnew: row.said_anew,
        noticesNotRepeated: row.notices_not_repeated,
        commandsPassedOver: Number(row.passed),
      }
    );
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted;) {
      try {
        if (this.under === undefined) await this.requireVerified();
        await this.look();
        if (this.under !== undefined) await this.step(this.under);
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
    const { database, client, log } = this.parts;
    const further = await handledBefore(database, client).catch((cause: unknown) => {
      throw new RuntimeError('log-unavailable', 'Kafka does not say how far the service had got', {}, { cause });
    });
    this.verified = true;
    if (further.length === 0) return;
    log.error({ places: further.length, first: further[0] }, 'the positions are older than what was handled');
    await database.query('insert into restoration (told) values (false) on conflict do nothing');
    await this.look();
  }

  private async step(under: RestorationRow): Promise<void> {
    if (this.parts.fold === undefined) return;
    if (under.stretches === null) await this.locate();
    else if (under.read_at === null) await this.read(under.stretches);
    else await this.finish(under, under.stretches);
    await this.look();
  }

  /** What is to be read, up to what the log has now: whoever wrote before the back-up was restored writes no more. */
  private async locate(): Promise<void> {
    const { database, client, cluster, topic, hearsOthers } = this.parts;
    const { cluster: answering, kept } = await cluster.look();
    if (kept.cluster_id !== answering)
      throw new RuntimeError('cluster-changed', `this is Kafka cluster ${answering}, and this schema belongs to ${kept.cluster_id}`);
    const handled = await handledBefore(database, client);
    const ranges = await client.offsets(topic);
    const [{ rows: positions }, { rows: said }] = await Promise.all([
      database.query<{ topic: string; partition: number; next_offset: string }>('select topic, partition, next_offset from log_position'),
      database.query<{ last: Date | null }>('select max(kept_at) as last from outbox_kept'),
    ]);
    const last = said[0]?.last ?? undefined;
    const since = hearsOthers || last === undefined ? undefined : await client.offsetsAt(topic, last.getTime() - MARGIN_MS);
    const stretches = ranges.map(({ partition, low, high }): Stretch => {
      const position = positions.find((one) => one.topic === topic && one.partition === partition);
      const from = position === undefined ? (since?.get(partition) ?? low) : Number(position.next_offset);
      return { partition, from: Math.max(from, low), to: high };
    });
    const passed = handled.map((place) => {
      const position = positions.find((one) => one.topic === place.topic && one.partition === place.partition);
      return { ...place, passed: isCommands(place) ? place.offset - Number(position?.next_offset ?? place.offset) : 0 };
    });
    await database.query('update restoration set stretches = $1, handled = $2 where ended_at is null and stretches is null', [
      JSON.stringify(stretches),
      JSON.stringify(passed),
    ]);
  }

  private async read(stretches: readonly Stretch[]): Promise<void> {
    const { database, client, service, topic } = this.parts;
    let epoch = 0;
    await readWords({ client, service, topic, stretches, signal: this.stopping.signal }, async (words) => {
      for (const word of words) epoch = Math.max(epoch, word.epoch);
      await keepWords(database, words);
    });
    await database.transaction(async (tx) => {
      const { affected } = await tx.query('update restoration set read_at = now() where ended_at is null and read_at is null');
      // A schema that was restored from the same back-up before had its new epoch as well.
      if (affected > 0) tx.send('update service_epoch set epoch = greatest(epoch, $1) + 1', [epoch]);
    });
  }

  /** Once every partition is read up to where it was: words that nothing in the log led to, and the end. */
  private async finish({ id, handled }: RestorationRow, stretches: readonly Stretch[]): Promise<void> {
    const { database, topic, fold, hearsOthers } = this.parts;
    if (hearsOthers) {
      const { rows } = await database.query<{ partition: number; next_offset: string }>(
        'select partition, next_offset from log_position where topic = $1',
        [topic],
      );
      const reached = new Map(rows.map((row) => [row.partition, Number(row.next_offset)]));
      if (stretches.some(({ partition, to }) => (reached.get(partition) ?? -1) < to)) return;
    }
    for (;;) {
      const { rows } = await database.query<{ ticket_id: string }>(
        `select distinct ticket_id from recalled_word order by ticket_id limit ${TICKETS}`,
      );
      if (rows.length === 0) break;
      if (this.stopping.signal.aborted) return;
      await fold?.(
        rows.map((row) => row.ticket_id),
        foldsAfter(handled ?? [], true),
      );
    }
    const commands = (handled ?? []).filter(isCommands);
    await database.transaction(async (tx) => {
      const { affected } = await tx.query('update restoration set ended_at = now() where id = $1 and ended_at is null', [id]);
      if (affected === 0) return;
      // Timers were armed for the past as well, behind where the scan stood.
      tx.send(`update timer_shard set position = '-infinity'`);
      // What senders say is not known to have come next is not what the relays remember.
      tx.send('update log_cluster set holds = holds + 1');
      tx.send(
        `update log_position p set next_offset = greatest(p.next_offset, h.o) from unnest($1::text[], $2::integer[], $3::bigint[]) as h (t, p, o)
         where p.topic = h.t and p.partition = h.p`,
        [commands.map((place) => place.topic), commands.map((place) => place.partition), commands.map((place) => place.offset)],
      );
    });
  }
}

/** Answered before, and what came of it is a word of the log. Submissions are taken again: that is repeatable, and may bring back what the log doesn't have. */
const isCommands = ({ topic }: HandledPlace): boolean => unitOfTopic(topic) !== undefined;

function foldsAfter(handled: readonly HandledPlace[], whole: boolean): RestoredFolds {
  const offsets = new Map(handled.map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset]));
  return { whole, wasHandled: ({ topic, partition, offset }: LogRecord) => offset < (offsets.get(`${topic}/${partition}`) ?? 0) };
}
