import { setTimeout as delay } from 'node:timers/promises';
import { sendFailure, type LogClient, type TopicMessages } from '../kafka/kafkajs.js';
import type { Log, Metrics } from '../metrics.js';
import type { Database } from '../postgres/database.js';
import type { Queue, QueuedMessage } from './queue.js';

const PAGE = 2_000;
/** Bytes one send holds per partition: well below the broker's limit for a batch of 1 MB. */
const PARTITION_BYTES = 512 * 1024;
/** Ids below the last deleted one that are still looked at: transactions commit out of id order. Later ones are found by the whole look. */
const MARGIN = 5_000;
const WHOLE_EVERY_MS = 10_000;
const POLL_MS = 250;
const LEASE_MS = 10_000;
const BLOCK_TOPIC_MS = 10_000;
/** After a full round the next one waits this long, so that it finds many rows: each round costs a flush of the log and two statements. */
const GATHER_MS = 20;
const GATHER_ABOVE = 40;

/**
 * Empties a queue table into the log: read the oldest rows, publish, delete them. Correct without any lock – two relays at once give only repeats, which
 * consumers discard by (epoch, sequence) – because a row is inserted while its ticket is locked: row order is commit order per ticket.
 * The lease only keeps it to one relay in practice.
 */
export class Relay {
  private running = false;
  private loop: Promise<void> = Promise.resolve();
  private wakeUp: (() => void) | undefined;
  private woken = false;
  private lastDeleted = 0;
  private wholeAt = 0;
  private leaseUntil = 0;
  private failedSince: number | undefined;
  private readonly blocked = new Map<string, number>();
  /** Ids sent, whose rows are being deleted, or were while a page was being read: that page may still show them. */
  private readonly sent = new Set<number>();
  private deleted: number[] = [];
  private deleting: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: { database: Database; client: LogClient; log: Log; metrics: Metrics },
    private readonly queue: Queue,
    private readonly holder: string,
  ) {}

  start(): void {
    this.running = true;
    this.loop = this.run();
  }

  /** There is something to send. Called after commit; costs nothing. */
  wake(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  /** Since when (epoch ms) nothing could be sent; undefined while all is well. */
  get failingSince(): number | undefined {
    return this.failedSince;
  }

  get blockedTopics(): string[] {
    return [...this.blocked.keys()];
  }

  async stop(): Promise<void> {
    this.running = false;
    this.wake();
    await this.loop;
    await this.deleting;
    await this.parts.database
      .query('delete from relay_lease where relay = $1 and holder = $2', [this.queue.name, this.holder])
      .catch(() => undefined); // it runs out by itself
  }

  private async run(): Promise<void> {
    for (let failures = 0; this.running;) {
      try {
        if (!(await this.holdLease())) {
          await delay(500);
          continue;
        }
        this.woken = false;
        const sent = await this.round();
        failures = 0;
        if (sent === 0) await this.rest();
        else if (sent > GATHER_ABOVE) await delay(GATHER_MS);
      } catch (error) {
        this.failedSince ??= Date.now();
        if (failures++ % 20 === 0)
          this.parts.log.warn({ err: error, queue: this.queue.name }, 'relay: the log or the database is out of reach, rows wait');
        await delay(Math.min(100 * 2 ** Math.min(failures, 5), 2_000));
      }
    }
  }

  /** One page: read, publish, delete. @returns how many rows left the queue */
  async round(): Promise<number> {
    const now = Date.now();
    const whole = now - this.wholeAt >= WHOLE_EVERY_MS;
    for (const [topic, until] of this.blocked) if (until <= now) this.blocked.delete(topic);
    // Dead rows in front of the queue are stepped over by id: scanning them costs 50 ms a poll while some long snapshot keeps them.
    const after = whole ? 0 : Math.max(0, this.lastDeleted - MARGIN);
    for (const id of this.deleted) this.sent.delete(id);
    this.deleted = [];
    const rows = await this.queue.read(after, PAGE, [...this.blocked.keys()]);
    if (whole) this.wholeAt = now;
    const page = withinBytes(rows.filter((row) => !this.sent.has(row.id)));
    if (page.length === 0) {
      this.failedSince = undefined;
      return 0;
    }
    const done = await this.send(page);
    this.deleteBehind(done);
    if (this.sent.size >= PAGE) await this.deleting;
    return done.length;
  }

  /** The next page is read and sent while these rows are deleted: the commit's wait for the disk would delay every message behind. */
  private deleteBehind(rows: readonly QueuedMessage[]): void {
    if (rows.length === 0) return;
    for (const row of rows) this.sent.add(row.id);
    this.deleting = this.deleting
      .then(() => this.delete(rows))
      // Still in the table, they are sent again: a repeat, which every reader discards.
      .catch((error: unknown) => this.parts.log.warn({ err: error, queue: this.queue.name }, 'relay: sent rows could not be deleted yet'))
      .finally(() => {
        for (const row of rows) this.deleted.push(row.id);
      });
  }

  private async send(page: readonly QueuedMessage[]): Promise<readonly QueuedMessage[]> {
    const topics = byTopic(page);
    try {
      await this.parts.client.send([...topics.values()].map(toTopicMessages));
      this.failedSince = undefined;
      return page;
    } catch (error) {
      if (topics.size === 1) return await this.sendTopic(page, error);
    }
    // One missing topic fails the whole send, so each is tried alone: repeats of those that went through do no harm.
    const done: QueuedMessage[] = [];
    for (const rows of topics.values()) done.push(...(await this.sendTopic(rows)));
    return done;
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

  private async delete(rows: readonly QueuedMessage[]): Promise<void> {
    await this.parts.database.query(`delete from ${this.queue.name} where id = any($1::bigint[])`, [rows.map((row) => row.id)]);
    for (const row of rows) if (row.id > this.lastDeleted) this.lastDeleted = row.id;
    this.parts.metrics.count('paidan_relayed_total', 'Messages sent to the log', { queue: this.queue.name }, rows.length);
  }

  private async holdLease(): Promise<boolean> {
    const now = Date.now();
    if (now < this.leaseUntil - LEASE_MS * 0.7) return true;
    const { affected } = await this.parts.database.query(
      `insert into relay_lease (relay, holder, until) values ($1, $2, now() + $3 * interval '1 ms')
       on conflict (relay) do update set holder = excluded.holder, until = excluded.until
       where relay_lease.holder = excluded.holder or relay_lease.until < now()`,
      [this.queue.name, this.holder, LEASE_MS],
    );
    this.leaseUntil = affected > 0 ? now + LEASE_MS : 0;
    return affected > 0;
  }

  private async rest(): Promise<void> {
    if (this.woken || !this.running) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeUp = undefined;
  }
}

/** As many rows as fit into one send; once a partition is full, its later rows wait, or they would overtake. */
function withinBytes(rows: readonly QueuedMessage[]): QueuedMessage[] {
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
