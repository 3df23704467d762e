import type { Database } from '../postgres/database.js';
import { RuntimeError } from '../errors.js';
import type { Queryable } from '../postgres/transaction.js';
import type { LogClient } from './kafkajs.js';

/** Where this service stands in the log. Kept in its own schema, moved in the transaction that handles the records. */
export class Positions {
  constructor(
    private readonly database: Database,
    private readonly log: LogClient,
  ) {}

  /**
   * The position of a partition, made at the log's start if there is none, and held against the log as it is now.
   * @param reader the consumer group that moves it, and tells Kafka of that
   * @throws RuntimeError `cluster-changed`, `partition-count-changed`, `position-lost` – never a silent jump
   */
  async load(topic: string, partition: number, reader: string): Promise<number> {
    const [{ clusterId, partitions }, offsets] = await Promise.all([this.log.describe(topic), this.log.offsets(topic)]);
    const range = offsets.find((entry) => entry.partition === partition);
    if (range === undefined) throw new RuntimeError('topic-missing', `${topic}/${partition} is not in the log`);
    await this.database.query(
      `insert into log_position as p (topic, partition, next_offset, cluster_id, partitions, reader) values ($1, $2, $3, $4, $5, $6)
       on conflict (topic, partition) do update set reader = excluded.reader where p.reader is distinct from excluded.reader`,
      [topic, partition, range.low, clusterId, partitions, reader],
    );
    const { rows } = await this.database.query<{ next_offset: string; cluster_id: string; partitions: number }>(
      'select next_offset, cluster_id, partitions from log_position where topic = $1 and partition = $2',
      [topic, partition],
    );
    const kept = rows[0];
    if (kept === undefined) throw new RuntimeError('database-unavailable', `no position for ${topic}/${partition}`);
    const next = Number(kept.next_offset);
    const facts = { topic, partition, position: next, logStart: range.low, logEnd: range.high };
    if (kept.cluster_id !== clusterId)
      throw new RuntimeError('cluster-changed', `${topic}/${partition}: the position was kept under another Kafka cluster`, {
        ...facts,
        keptCluster: kept.cluster_id,
        cluster: clusterId,
      });
    if (kept.partitions !== partitions)
      throw new RuntimeError(
        'partition-count-changed',
        `${topic} has ${partitions} partitions, positions were kept for ${kept.partitions}`,
        facts,
      );
    if (next < range.low || next > range.high)
      throw new RuntimeError(
        'position-lost',
        `${topic}/${partition}: position ${next} is outside the log (${range.low} to ${range.high})`,
        facts,
      );
    return next;
  }
}

/** Offset of the next record by partition of a topic, as the schema has it now. */
export async function reachedIn(database: Queryable, topic: string): Promise<ReadonlyMap<number, number>> {
  const { rows } = await database.query<{ partition: number; next_offset: string }>(
    'select partition, next_offset from log_position where topic = $1',
    [topic],
  );
  return new Map(rows.map((row) => [row.partition, Number(row.next_offset)]));
}
