import { sendFailure, type LogClient, type TopicMessages } from '../kafka/kafkajs.js';
import type { Log, Metrics } from '../metrics.js';
import type { Database } from '../postgres/database.js';
import type { Queue, QueuedMessage } from './queue.js';

/** Bytes one send holds per partition: well below the broker's limit for a batch of 1 MB. */
const PARTITION_BYTES = 512 * 1024;
const BLOCK_TOPIC_MS = 10_000;

/**
 * Gets rows of a queue into the log: all at once, else each topic by itself. A topic that is missing waits and the others flow; a row that no broker takes is
 * taken out of the queue.
 */
export class Sending {
  private readonly blocked = new Map<string, number>();

  constructor(
    private readonly parts: { database: Database; client: LogClient; log: Log; metrics: Metrics },
    private readonly queue: Queue,
  ) {}

  get blockedTopics(): string[] {
    return [...this.blocked.keys()];
  }

  isBlocked(topic: string): boolean {
    return this.blocked.has(topic);
  }

  /** Topics that have waited long enough are tried again. */
  unblock(): void {
    const now = Date.now();
    for (const [topic, until] of this.blocked) if (until <= now) this.blocked.delete(topic);
  }

  /**
   * @returns the rows that are in the log now, and whether they all went at once
   * @throws what the log failed of, when it is out of reach
   */
  async send(page: readonly QueuedMessage[]): Promise<{ readonly done: readonly QueuedMessage[]; readonly atOnce: boolean }> {
    const topics = byTopic(page);
    try {
      await this.parts.client.send([...topics.values()].map(toTopicMessages));
      return { done: page, atOnce: true };
    } catch (error) {
      if (topics.size === 1) return { done: await this.sendTopic(page, error), atOnce: false };
    }
    // One missing topic fails the whole send, so each is tried alone: repeats of those that went through do no harm.
    const done: QueuedMessage[] = [];
    for (const rows of topics.values()) done.push(...(await this.sendTopic(rows)));
    return { done, atOnce: false };
  }

  private async sendTopic(rows: readonly QueuedMessage[], failure?: unknown): Promise<readonly QueuedMessage[]> {
    const topic = rows[0]?.topic ?? '';
    try {
      if (failure !== undefined) throw failure;
      await this.parts.client.send([toTopicMessages(rows)]);
      return rows;
    } catch (error) {
      switch (sendFailure(error)) {
        case 'missing-topic':
          this.blocked.set(topic, Date.now() + BLOCK_TOPIC_MS);
          this.parts.log.error(
            { topic, rows: rows.length },
            'relay: the topic is missing or closed to us; its messages wait, the others flow',
          );
          return [];
        case 'too-large':
          return rows.length > 1 ? await this.sendSingly(rows) : await this.setAside(rows, error);
        case 'unavailable':
          throw error;
      }
    }
  }

  private async sendSingly(rows: readonly QueuedMessage[]): Promise<QueuedMessage[]> {
    const done: QueuedMessage[] = [];
    const held = new Set<string>();
    for (const row of rows) {
      if (held.has(row.heldKey)) continue;
      const sent = await this.sendTopic([row]);
      if (sent.length === 0) held.add(row.heldKey);
      else done.push(row);
    }
    return done;
  }

  private async setAside(rows: readonly QueuedMessage[], error: unknown): Promise<readonly QueuedMessage[]> {
    const reason = error instanceof Error ? error.message : String(error);
    for (const row of rows) {
      await this.parts.database.transaction(async (tx) => {
        await tx.query(
          'insert into set_aside (queue, id, held_key, content, reason) values ($1, $2, $3, $4::jsonb, $5) on conflict do nothing',
          [this.queue.name, row.id, row.heldKey, JSON.stringify(row), reason.slice(0, 500)],
        );
        await tx.query(`delete from ${this.queue.name} where id = $1`, [row.id]);
      });
      this.parts.metrics.count('paidan_set_aside_total', 'Rows that could not be sent and were taken out of the queue', {
        queue: this.queue.name,
      });
      this.parts.log.error(
        { queue: this.queue.name, id: row.id, topic: row.topic, bytes: row.value.length },
        'relay: a row can not be sent; it is set aside',
      );
    }
    return [];
  }
}

/** As many rows as fit into one send; once a partition is full, its later rows wait, or they would overtake. */
export function withinBytes(rows: readonly QueuedMessage[]): QueuedMessage[] {
  const bytes = new Map<string, number>();
  const full = new Set<string>();
  return rows.filter((row) => {
    const lane = `${row.topic}/${row.partition}`;
    if (full.has(lane)) return false;
    const sum = (bytes.get(lane) ?? 0) + row.value.length * 3 + 400; // UTF-8 takes at most three bytes per UTF-16 unit
    if (sum > PARTITION_BYTES && bytes.has(lane)) {
      full.add(lane);
      return false;
    }
    bytes.set(lane, sum);
    return true;
  });
}

function byTopic(rows: readonly QueuedMessage[]): Map<string, QueuedMessage[]> {
  const topics = new Map<string, QueuedMessage[]>();
  for (const row of rows) {
    const list = topics.get(row.topic);
    if (list) list.push(row);
    else topics.set(row.topic, [row]);
  }
  return topics;
}

function toTopicMessages(rows: readonly QueuedMessage[]): TopicMessages {
  return {
    topic: rows[0]?.topic ?? '',
    messages: rows.map(({ key, value, headers, partition }) => ({ key, value, headers, partition })),
  };
}
