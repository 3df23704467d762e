import { setTimeout as delay } from 'node:timers/promises';
import { RuntimeError } from '../errors.js';
import { sayAgain, type SaidAgain } from '../outbox/kept.js';
import type { Database } from '../postgres/database.js';
import type { LogClient, PartitionOffsets } from './kafkajs.js';
import { TRUSTED_MS, type ClusterRow, type KnownCluster } from './known-cluster.js';

interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly next_offset: string;
  readonly cluster_id: string;
}

export interface TakenLog {
  readonly cluster: string;
  /** Topics that are read from elsewhere now; none where all positions fit. */
  readonly topics: readonly string[];
}

/**
 * The way on after Kafka, or a topic, was lost and made anew. Three steps, each taken by every service before the next: hold what is said; take the log as it
 * is, from its end; say again what was said, which ends the hold. So all that was said stands behind where each reader begins, each service's words in their
 * order, and whoever has heard one discards it.
 */
export class LostLog {
  constructor(
    private readonly parts: { readonly database: Database; readonly client: LogClient; readonly cluster: KnownCluster },
    private readonly tickets: string,
  ) {}

  /** Nothing is sent from now on, by any replica within {@link TRUSTED_MS}; queues fill. Harmless to repeat. @returns since when */
  async hold(): Promise<Date> {
    await this.parts.cluster.look(); // makes the row
    const { rows } = await this.parts.database.query<{ held_since: Date }>(
      `update log_cluster set holds = holds + case when held_since is null then 1 else 0 end, held_since = coalesce(held_since, now()) returning held_since`,
    );
    this.parts.cluster.doubt();
    return rows[0]?.held_since ?? new Date();
  }

  /**
   * Puts positions that mean nothing in the log as it is now: the tickets' topic at its end, because all that belongs into it will be said again; strangers'
   * topics at their beginning. Others stay.
   * @throws RuntimeError `log-not-held`; `topic-missing`: the topics are to be made first
   */
  async take(): Promise<TakenLog> {
    const { cluster, lost, ranges } = await this.examine(await this.held());
    const ends = ranges.get(this.tickets);
    if (ends === undefined) throw new RuntimeError('topic-missing', `${this.tickets} is not in the log`);
    await this.parts.database.transaction((tx) => {
      tx.send('update log_cluster set cluster_id = $1', [cluster]);
      tx.send('delete from log_position where topic = any($1::text[])', [lost]);
      if (lost.includes(this.tickets))
        tx.send(
          `insert into log_position (topic, partition, next_offset, cluster_id, partitions)
           select $1, p, e, $2, $3 from unnest($4::integer[], $5::bigint[]) as u (p, e)`,
          [this.tickets, cluster, ends.length, ends.map(({ partition }) => partition), ends.map(({ high }) => high)],
        );
      return Promise.resolve();
    });
    return { cluster, topics: lost };
  }

  /**
   * Says once more what this service has said since an instant (epoch ms, real time), and ends the hold.
   * @throws RuntimeError `log-not-held`, `log-not-taken`
   */
  async republish(since: number): Promise<SaidAgain> {
    const { cluster, kept, lost } = await this.examine(await this.held());
    if (kept.cluster_id !== cluster || lost.length > 0)
      throw new RuntimeError('log-not-taken', 'the log is another one than this schema belongs to: it has to be taken first');
    const again = await sayAgain(this.parts.database, since);
    this.parts.cluster.doubt();
    return again;
  }

  /** Once no replica sends any more. */
  private async held(): Promise<{ readonly cluster: string; readonly kept: ClusterRow }> {
    const found = await this.parts.cluster.look();
    if (found.kept.held_ms === null) throw new RuntimeError('log-not-held', 'what this service says has to be held first');
    await delay(Math.max(0, TRUSTED_MS + 1_000 - Number(found.kept.held_ms)));
    return found;
  }

  private async examine<Found extends { readonly cluster: string }>(found: Found) {
    const { database, client } = this.parts;
    const { rows: positions } = await database.query<Position>('select topic, partition, next_offset, cluster_id from log_position');
    const topics = new Set([this.tickets, ...positions.map(({ topic }) => topic)]);
    const ranges = new Map<string, readonly PartitionOffsets[]>();
    for (const topic of await client.topics()) if (topics.has(topic)) ranges.set(topic, await client.offsets(topic));
    const lost = positions.filter(({ topic, partition, next_offset, cluster_id }) => {
      const range = ranges.get(topic)?.find((entry) => entry.partition === partition);
      const next = Number(next_offset);
      return cluster_id !== found.cluster || (range !== undefined && (next < range.low || next > range.high));
    });
    return { ...found, ranges, lost: [...new Set(lost.map(({ topic }) => topic))] };
  }
}
