import type { LogClient } from '../kafka/kafkajs.js';
import type { Queryable } from '../postgres/transaction.js';

export interface HandledPlace {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the next record. */
  readonly offset: number;
}

interface PositionRow {
  readonly topic: string;
  readonly partition: number;
  readonly next_offset: string;
  readonly cluster_id: string;
  readonly reader: string | null;
}

/**
 * How far this service had got, by what its consumer groups told Kafka, where that is further than its schema knows: something is told only once Postgres has
 * it, so the schema is older than what was done. An operator who moved a group's offsets forward looks the same: then there is nothing to recall, and a new
 * epoch is all that comes of it, but for a unit's commands: those before the moved offset are passed over.
 */
export async function handledBefore(database: Queryable, client: LogClient): Promise<readonly HandledPlace[]> {
  const positions = () => database.query<PositionRow>('select topic, partition, next_offset, cluster_id, reader from log_position');
  const readers = new Map<string, Set<string>>();
  for (const { reader, topic } of (await positions()).rows)
    if (reader !== null) readers.set(reader, (readers.get(reader) ?? new Set()).add(topic));
  if (readers.size === 0) return [];
  const cluster = await client.clusterId();
  const there = await client.topics();
  const told: HandledPlace[] = [];
  // One after the other: the client mixes up the answers where it is asked for several topics at once. A unit that is gone has no topic, and still a position:
  // to ask about it would fail the rest.
  for (const [reader, topics] of readers) {
    const present = there.filter((topic) => topics.has(topic));
    told.push(...(await client.told(reader, present)));
  }
  // Read after Kafka was asked: another replica moves them meanwhile, and what is told is never ahead.
  const kept = new Map((await positions()).rows.map((row) => [`${row.topic}/${row.partition}`, row]));
  const further = told.filter(({ topic, partition, offset }) => {
    const position = kept.get(`${topic}/${partition}`);
    return position?.cluster_id === cluster && offset > Number(position.next_offset);
  });
  if (further.length === 0) return [];
  // Of a topic that was made anew Kafka may still remember what it was told of the old one.
  const ends = new Map<string, number>();
  for (const topic of new Set(further.map((place) => place.topic)))
    for (const { partition, high } of await client.offsets(topic)) ends.set(`${topic}/${partition}`, high);
  return further.filter(({ topic, partition, offset }) => offset <= (ends.get(`${topic}/${partition}`) ?? -1));
}
