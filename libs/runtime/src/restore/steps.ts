import { retoldTopicOf, unitOfTopic, type Service } from '@paidan/contracts';
import { RuntimeError } from '../errors.js';
import type { LogClient } from '../kafka/kafkajs.js';
import type { KnownCluster } from '../kafka/known-cluster.js';
import type { LogRecord } from '../kafka/log-record.js';
import { reachedIn } from '../kafka/positions.js';
import type { Database } from '../postgres/database.js';
import { toldByGroups } from './emptied.js';
import { handledBefore, type HandledPlace } from './handled-before.js';
import { readStretches, readWords, type Stretch } from './read-words.js';
import type { Retold } from './retold.js';
import { keepUnheard } from './unheard.js';
import { keepWords, type FoundWord, type RestoredFolds } from './words.js';

const TICKETS = 500;
/** Kept words lie before a back-up that is younger; clocks of Kafka's producers and of Postgres differ by less. Milliseconds. */
const MARGIN_MS = 3_600_000;

/** A place that had been handled, how much of it is passed over, and how many partitions its topic has. */
interface PassedPlace extends HandledPlace {
  readonly passed: number;
  /** How many records the log no longer had when the service, which had not read them, was to learn them. */
  readonly gone?: number;
  readonly partitions?: number;
}

export interface RestorationRow {
  readonly id: number;
  readonly told: boolean;
  readonly emptied: boolean;
  readonly begun_at: Date;
  readonly stretches: readonly Stretch[] | null;
  readonly handled: readonly PassedPlace[] | null;
  readonly read_at: Date | null;
  readonly retold: Retold | null;
  readonly filled_at: Date | null;
  readonly ended_at: Date | null;
  readonly recalled: number;
  readonly unfolded: number;
  readonly said_anew: number;
  readonly notices_not_repeated: number;
}

export interface StepParts {
  readonly database: Database;
  readonly client: LogClient;
  readonly cluster: KnownCluster;
  readonly service: Service;
  /** Of the tickets. */
  readonly topic: string;
  /** Undefined: the release can't recall, and the service takes nothing. */
  readonly fold: ((ticketIds: readonly string[], folds: RestoredFolds) => Promise<void>) | undefined;
  readonly hearsOthers: boolean;
  /** Nobody can tell this service what the log no longer has: the others ask it. */
  readonly keepsStory: boolean;
}

/** The steps of a restoration, each kept in its row: whoever takes over goes on from there. */
export class RestorationSteps {
  constructor(
    private readonly parts: StepParts,
    private readonly signal: AbortSignal,
  ) {}

  /** Takes the next step, if it is its time. */
  async next(under: RestorationRow): Promise<void> {
    if (under.stretches === null) await this.locate(under);
    else if (under.read_at === null) await this.read(under.stretches, under);
    else if (under.retold !== null && under.filled_at === null) await this.fill(under.retold);
    else await this.finish(under, under.stretches);
  }

  /**
   * What is to be read, up to what the log has now: whoever wrote before the back-up was restored writes no more.
   * @throws RuntimeError `cluster-changed`, `history-wanted`
   */
  private async locate({ emptied, retold }: RestorationRow): Promise<void> {
    const { database, client, cluster, service, topic, hearsOthers, keepsStory } = this.parts;
    const { cluster: answering, kept } = await cluster.look();
    if (kept.cluster_id !== answering)
      throw new RuntimeError('cluster-changed', `this is Kafka cluster ${answering}, and this schema belongs to ${kept.cluster_id}`);
    const ranges = await client.offsets(topic);
    if (emptied && retold === null && !keepsStory && ranges.some(({ low }) => low > 0))
      throw new RuntimeError(
        'history-wanted',
        'the schema is empty, and the log no longer begins with the first ticket: have the story told again',
      );
    const handled = emptied ? await toldByGroups(client, service, topic) : await handledBefore(database, client);
    const [{ rows: positions }, { rows: said }] = await Promise.all([
      database.query<{ topic: string; partition: number; next_offset: string }>('select topic, partition, next_offset from log_position'),
      database.query<{ last: Date | null }>('select max(kept_at) as last from outbox_kept'),
    ]);
    const last = said[0]?.last ?? undefined;
    const since = hearsOthers || last === undefined ? undefined : await client.offsetsAt(topic, last.getTime() - MARGIN_MS);
    const beginOf = (partition: number, low: number): number => {
      if (emptied) return retold?.positions.find((one) => one.partition === partition)?.offset ?? low;
      const position = positions.find((one) => one.topic === topic && one.partition === partition);
      return position === undefined ? (since?.get(partition) ?? low) : Number(position.next_offset);
    };
    const stretches = ranges.map(({ partition, low, high }): Stretch => ({
      partition,
      from: Math.max(beginOf(partition, low), low),
      to: high,
    }));
    const passed: PassedPlace[] = [];
    for (const place of handled) {
      const position = positions.find((one) => one.topic === place.topic && one.partition === place.partition);
      const from = position === undefined ? (emptied ? 0 : place.offset) : Number(position.next_offset);
      const partitions = emptied && isCommands(place) ? (await client.describe(place.topic)).partitions : undefined;
      const low = place.topic === topic ? ranges.find(({ partition }) => partition === place.partition)?.low : undefined;
      const gone = emptied && low !== undefined ? Math.max(0, low - place.offset) : 0;
      passed.push({
        ...place,
        passed: isCommands(place) ? place.offset - from : 0,
        ...(gone > 0 && { gone }),
        ...(partitions !== undefined && { partitions }),
      });
    }
    await database.transaction(async (tx) => {
      const { affected } = await tx.query(
        'update restoration set stretches = $1, handled = $2 where ended_at is null and stretches is null',
        [JSON.stringify(stretches), JSON.stringify(passed)],
      );
      if (affected === 0 || !emptied || !hearsOthers) return;
      // Whoever has read from elsewhere meanwhile is fenced, and reads on from here.
      tx.send(
        `insert into log_position (topic, partition, next_offset, cluster_id, partitions)
         select $1, p, o, $2, $3 from unnest($4::integer[], $5::bigint[]) as u (p, o)
         on conflict (topic, partition) do update set next_offset = excluded.next_offset`,
        [topic, answering, stretches.length, stretches.map(({ partition }) => partition), stretches.map(({ from }) => from)],
      );
    });
  }

  /** The service's own words, of all that is read. */
  private async read(stretches: readonly Stretch[], { retold, handled }: RestorationRow): Promise<void> {
    const { database, client, service, topic } = this.parts;
    const { signal } = this;
    let epoch = 0;
    const keep = async (words: readonly FoundWord[]): Promise<void> => {
      for (const word of words) epoch = Math.max(epoch, word.epoch);
      await keepWords(database, words);
    };
    if (retold !== null) {
      const ends = new Map(retold.stretches.map(({ partition, to }) => [partition, to]));
      await readWords({ client, service, topic: retoldTopicOf(topic), stretches: retold.stretches, signal }, (words) =>
        keep(words.map((word) => ({ ...word, offset: word.offset - (ends.get(word.partition) ?? 0) }))),
      );
      await this.readUnheard(retold, handled ?? []);
    }
    await readWords({ client, service, topic, stretches, signal }, keep);
    await database.transaction(async (tx) => {
      const { affected } = await tx.query('update restoration set read_at = now() where ended_at is null and read_at is null');
      // A schema that was restored from the same back-up before had its new epoch as well.
      if (affected > 0) tx.send('update service_epoch set epoch = greatest(epoch, $1) + 1', [epoch]);
    });
  }

  /** What is told again and had not been handled, as far as the log still has it. */
  private async readUnheard({ positions }: Retold, handled: readonly PassedPlace[]): Promise<void> {
    const { database, client, service, topic } = this.parts;
    const { signal } = this;
    const stretches = (await client.offsets(topic)).map(({ partition, low }): Stretch => {
      const place = handled.find((one) => one.topic === topic && one.partition === partition);
      const to = positions.find((one) => one.partition === partition)?.offset ?? 0;
      return { partition, from: Math.max(place?.offset ?? 0, low), to };
    });
    await readStretches({ client, service, topic, stretches, signal }, (records) => keepUnheard(database, records));
  }

  /** Once all that was told again is folded, the log goes on from it. */
  private async fill({ stretches }: Retold): Promise<void> {
    const { database, topic, hearsOthers } = this.parts;
    if (hearsOthers && !(await this.isRead(retoldTopicOf(topic), stretches))) return;
    await database.transaction(async (tx) => {
      await tx.query('update restoration set filled_at = now() where ended_at is null and filled_at is null');
      tx.send('delete from unheard_event');
      // Told again another time, it is read from its beginning.
      tx.send('delete from log_position where topic = $1', [retoldTopicOf(topic)]);
    });
  }

  private async isRead(topic: string, stretches: readonly Stretch[]): Promise<boolean> {
    const reached = await reachedIn(this.parts.database, topic);
    return stretches.every(({ partition, from, to }) => from === to || (reached.get(partition) ?? -1) >= to);
  }

  /** Once every partition is read up to where it was: words that nothing in the log led to, and the end. */
  private async finish({ id, handled }: RestorationRow, stretches: readonly Stretch[]): Promise<void> {
    const { database, topic, fold, hearsOthers } = this.parts;
    if (hearsOthers && !(await this.isRead(topic, stretches))) return;
    for (;;) {
      const { rows } = await database.query<{ ticket_id: string }>(
        `select distinct ticket_id from recalled_word order by ticket_id limit ${TICKETS}`,
      );
      if (rows.length === 0) break;
      if (this.signal.aborted) return;
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
      const unknown = commands.filter(({ partitions }) => partitions !== undefined);
      if (unknown.length > 0)
        tx.send(
          `insert into log_position (topic, partition, next_offset, cluster_id, partitions)
           select h.t, h.p, h.o, c.cluster_id, h.n from unnest($1::text[], $2::integer[], $3::bigint[], $4::integer[]) as h (t, p, o, n), log_cluster c
           on conflict do nothing`,
          [...columnsOf(unknown), unknown.map(({ partitions }) => partitions)],
        );
      tx.send(
        `update log_position p set next_offset = greatest(p.next_offset, h.o) from unnest($1::text[], $2::integer[], $3::bigint[]) as h (t, p, o)
         where p.topic = h.t and p.partition = h.p`,
        columnsOf(commands),
      );
    });
  }
}

const columnsOf = (places: readonly HandledPlace[]): unknown[] => [
  places.map(({ topic }) => topic),
  places.map(({ partition }) => partition),
  places.map(({ offset }) => offset),
];

/** Answered before, and what came of it is a word of the log. Submissions are taken again: that is repeatable, and may bring back what the log doesn't have. */
const isCommands = ({ topic }: HandledPlace): boolean => unitOfTopic(topic) !== undefined;

/**
 * What was told again lies before all that was handled, but for what is kept apart as unheard.
 * @param isUnheard of what was told again
 */
export function foldsAfter(
  handled: readonly HandledPlace[],
  whole: boolean,
  isUnheard: (record: LogRecord) => boolean = () => false,
): RestoredFolds {
  const offsets = new Map(handled.map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset]));
  const wasHandled = (record: LogRecord): boolean =>
    record.offset < (offsets.get(`${record.topic}/${record.partition}`) ?? 0) && !isUnheard(record);
  return { whole, wasHandled };
}
