import { setTimeout as delay } from 'node:timers/promises';
import type { KnownCluster } from '../kafka/known-cluster.js';
import { sendFailure, type LogClient, type TopicMessages } from '../kafka/kafkajs.js';
import type { Log, Metrics } from '../metrics.js';
import type { Database } from '../postgres/database.js';
import type { Queue, QueuedMessage } from './queue.js';

const PAGE = 2_000;
/**
 * A page that came full is followed by one of twice as many rows, up to here. A send flushes each topic's log once, whatever its rows: 20,000 notices to a
 * hundred units are drained at the pace of the disk, and that is the number of pages.
 */
const LARGEST_PAGE = 16_000;
/** Bytes one send holds per partition: well below the broker's limit for a batch of 1 MB. */
const PARTITION_BYTES = 512 * 1024;
/** Ids below the last deleted one that are still looked at: transactions commit out of id order. Later ones are found by the whole look. */
const MARGIN = 5_000;
const WHOLE_EVERY_MS = 10_000;
/** How often the table is looked at unasked: for rows that another process committed and left. */
const POLL_MS = 1_000;
const LEASE_MS = 10_000;
const BLOCK_TOPIC_MS = 10_000;
/** How long a topic goes by the table after a row that belongs to no ticket: whoever holds the lease has looked by then. */
const BY_TABLE_MS = 2 * POLL_MS;
/** Rows handed over that may wait in memory; what is more is found in the table. */
const HANDED = 5_000;
/** Tickets of which is remembered how far they have been sent. */
const REMEMBERED = 20_000;
/** Sent rows are deleted together: at 50 events a second each of them would cost a commit of its own. */
const DELETE_AFTER_MS = 200;
const DELETE_AT_ONCE = 500;
/** After a full round the next one waits this long, so that it finds many rows: each round costs a flush of the log and two statements. */
const GATHER_MS = 20;
const GATHER_ABOVE = 40;

/**
 * Empties a queue table into the log: publish the oldest rows, then delete them. Correct without any lock – two relays at once give only repeats, which
 * consumers discard by (epoch, sequence) – because a row is inserted while its ticket is locked: row order is commit order per ticket.
 * The lease only keeps it to one relay in practice.
 *
 * What this process has just committed is handed over and sent without being read back, where nothing of that ticket can be waiting before it: the first
 * that it says, or what follows the last that was sent here. That saves a round trip and some 5 ms on the way; the table remains what counts.
 * What belongs to no ticket (the refusal of a command that can't be read) has no such number: it goes by the table, and what is said after it on its topic
 * may not overtake it.
 */
export class Relay {
  private running = false;
  private loop: Promise<void> = Promise.resolve();
  private wakeUp: (() => void) | undefined;
  private woken = false;
  private pageSize = PAGE;
  private lastDeleted = 0;
  private wholeAt = 0;
  private leaseUntil = 0;
  private failedSince: number | undefined;
  private readonly blocked = new Map<string, number>();
  /** Topics on which everything goes by the table, in its order, until then (epoch ms). */
  private readonly byTable = new Map<string, number>();
  /** Ids sent, whose rows are not deleted yet, or were while a page was being read: that page may still show them. */
  private readonly sent = new Set<number>();
  private deleted: number[] = [];
  private toDelete: number[] = [];
  private deleting: Promise<void> = Promise.resolve();
  private deleteTimer: NodeJS.Timeout | undefined;
  private handed: QueuedMessage[] = [];
  private lookWanted = true;
  private lookedAt = 0;
  /** Up to which number all of a ticket has been sent, of the tickets that were last sent of. */
  private readonly lastSent = new Map<string, number>();
  /** How often the log had been held when what {@link lastSent} is about was sent. */
  private holds: number | undefined;
  private failure: unknown;

  constructor(
    private readonly parts: { database: Database; client: LogClient; cluster: KnownCluster; log: Log; metrics: Metrics },
    private readonly queue: Queue,
    private readonly holder: string,
  ) {}

  start(): void {
    this.running = true;
    this.loop = this.run();
  }

  /** There is something to send in the table. Called after commit; costs nothing. */
  wake(): void {
    this.lookWanted = true;
    this.stir();
  }

  /** These rows have just been committed, in this order. */
  hand(rows: readonly QueuedMessage[]): void {
    for (const { turn, topic } of rows) if (turn === undefined) this.byTable.set(topic, Date.now() + BY_TABLE_MS);
    if (this.failedSince !== undefined || this.handed.length + rows.length > HANDED) this.lookWanted = true;
    else this.handed.push(...rows);
    this.stir();
  }

  /** Since when (epoch ms) nothing could be sent; undefined while all is well. */
  get failingSince(): number | undefined {
    return this.failedSince;
  }

  /** What the last attempt failed of; means something while {@link failingSince} is set. */
  get lastFailure(): unknown {
    return this.failure;
  }

  get blockedTopics(): string[] {
    return [...this.blocked.keys()];
  }

  async stop(): Promise<void> {
    this.running = false;
    this.stir();
    await this.loop;
    await this.deleteNow();
    await this.parts.database
      .query('delete from relay_lease where relay = $1 and holder = $2', [this.queue.name, this.holder])
      .catch(() => undefined); // it runs out by itself
  }

  private async run(): Promise<void> {
    for (let failures = 0; this.running;) {
      try {
        this.woken = false;
        const sent = (await this.sendHanded()) + (await this.lookNowAndThen());
        failures = 0;
        if (sent === 0) await this.rest();
        else if (sent > GATHER_ABOVE) await delay(GATHER_MS);
      } catch (error) {
        this.handed = []; // they stand in the table
        this.lookWanted = true;
        this.failedSince ??= Date.now();
        this.failure = error;
        // Whatever it was: what answers next may be another Kafka.
        this.parts.cluster.doubt();
        if (failures++ % 20 === 0)
          this.parts.log.warn({ err: error, queue: this.queue.name }, 'relay: the log or the database is out of reach, rows wait');
        await delay(Math.min(100 * 2 ** Math.min(failures, 5), 2_000));
      }
    }
  }

  /** @returns how many of the rows handed over left the queue */
  private async sendHanded(): Promise<number> {
    if (this.handed.length === 0) return 0;
    await this.beSure();
    // A look at the table may have found some of them.
    const waiting = this.handed.filter(({ id }) => !this.sent.has(id));
    const page = waiting.slice(0, PAGE);
    const next = this.inTurn(page);
    const rows = withinBytes(next);
    const taken = new Set(rows);
    const late = new Set(next.filter((row) => !taken.has(row)));
    this.handed = [...late, ...waiting.slice(PAGE)];
    const sent = rows.length === 0 ? 0 : await this.publish(rows);
    if (next.length < page.length || sent < rows.length) this.lookWanted = true;
    return sent;
  }

  /** Those before which nothing of their ticket can be waiting, in this process or another; the rest goes by the table, in its order. */
  private inTurn(rows: readonly QueuedMessage[]): QueuedMessage[] {
    const now = Date.now();
    for (const [topic, until] of this.byTable) if (until <= now) this.byTable.delete(topic);
    const reached = new Map<string, number>();
    return rows.filter(({ turn, topic }) => {
      if (turn === undefined) return false;
      const last = reached.get(turn.of) ?? this.lastSent.get(turn.of) ?? 0;
      const isNext = turn.number === last + 1 && !this.blocked.has(topic) && !this.byTable.has(topic);
      // Once one of a ticket waits, all that follow it do.
      reached.set(turn.of, isNext ? turn.number : Number.NaN);
      return isNext;
    });
  }

  /** The table, when there is a reason to look or the time has come – if this relay is the one that looks. */
  private async lookNowAndThen(): Promise<number> {
    if (!this.lookWanted && Date.now() - this.lookedAt < POLL_MS) return 0;
    this.lookedAt = Date.now();
    this.lookWanted = false;
    if (!(await this.holdLease())) return 0; // its holder looks as often as this
    const sent = await this.look();
    if (sent > 0) this.lookWanted = true;
    return sent;
  }

  /** One page of the table: read, publish, delete. @returns how many rows left the queue */
  async look(): Promise<number> {
    const now = Date.now();
    const whole = now - this.wholeAt >= WHOLE_EVERY_MS;
    for (const [topic, until] of this.blocked) if (until <= now) this.blocked.delete(topic);
    // Dead rows in front of the queue are stepped over by id: scanning them costs 50 ms a poll while some long snapshot keeps them.
    const after = whole ? 0 : Math.max(0, this.lastDeleted - MARGIN);
    // Rows sent already would be read again with the new ones.
    if (this.toDelete.length > 0) await this.deleteNow();
    for (const id of this.deleted) this.sent.delete(id);
    this.deleted = [];
    const rows = await this.queue.read(after, this.pageSize, [...this.blocked.keys()]);
    this.pageSize = rows.length < this.pageSize ? PAGE : Math.min(2 * this.pageSize, LARGEST_PAGE);
    if (whole) this.wholeAt = now;
    const page = rows.filter((row) => !this.sent.has(row.id));
    if (page.length === 0) this.failedSince = undefined;
    return this.publishAll(page);
  }

  /** In as many sends as its bytes need: what was read once isn't read again. */
  private async publishAll(page: readonly QueuedMessage[]): Promise<number> {
    let sent = 0;
    for (let rest = page; rest.length > 0;) {
      const part = new Set(withinBytes(rest));
      rest = rest.filter((row) => !part.has(row));
      const done = await this.publish([...part]);
      sent += done;
      // Something is held up: the table says what may go past it.
      if (done < part.size) break;
    }
    return sent;
  }

  /**
   * That it is still the log of this schema, and not held. After a hold what was sent before may not be there: what is said again stands in the table, and
   * nothing may overtake it.
   */
  private async beSure(): Promise<void> {
    const holds = await this.parts.cluster.check();
    if (this.holds !== holds) this.lastSent.clear();
    this.holds = holds;
  }

  private async publish(page: readonly QueuedMessage[]): Promise<number> {
    if (page.length > 0) await this.beSure();
    const done = await this.send(page);
    this.remember(done);
    for (const row of done) {
      this.sent.add(row.id);
      this.toDelete.push(row.id);
    }
    if (this.toDelete.length >= DELETE_AT_ONCE) void this.deleteNow();
    else if (this.toDelete.length > 0) this.deleteTimer ??= setTimeout(() => void this.deleteNow(), DELETE_AFTER_MS);
    if (this.sent.size >= 4 * PAGE) await this.deleting;
    return done.length;
  }

  private remember(rows: readonly QueuedMessage[]): void {
    for (const { turn } of rows) {
      if (turn === undefined) continue;
      // Where the table is read with omissions, a sent row says nothing of those before it.
      if (this.queue.skips && turn.number !== (this.lastSent.get(turn.of) ?? 0) + 1) continue;
      this.lastSent.delete(turn.of);
      this.lastSent.set(turn.of, turn.number);
    }
    for (const key of this.lastSent.keys()) {
      if (this.lastSent.size <= REMEMBERED) break;
      this.lastSent.delete(key);
    }
  }

  /** Behind the sending: the commit's wait for the disk would delay every message that follows. */
  private deleteNow(): Promise<void> {
    clearTimeout(this.deleteTimer);
    this.deleteTimer = undefined;
    const ids = this.toDelete;
    this.toDelete = [];
    if (ids.length > 0)
      this.deleting = this.deleting
        .then(() => this.delete(ids))
        // Still in the table, they are sent again: a repeat, which every reader discards.
        .catch((error: unknown) => this.parts.log.warn({ err: error, queue: this.queue.name }, 'relay: sent rows could not be deleted yet'))
        // A page being read at this moment may still show them.
        .finally(() => this.deleted.push(...ids));
    return this.deleting;
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

  private async delete(ids: readonly number[]): Promise<void> {
    await this.parts.database.transaction((tx) => {
      // Lost in a crash, the rows are sent again: not worth a wait for the disk.
      tx.send('set local synchronous_commit = off');
      tx.send(`delete from ${this.queue.name} where id = any($1::bigint[])`, [ids]);
      return Promise.resolve();
    });
    for (const id of ids) if (id > this.lastDeleted) this.lastDeleted = id;
    this.parts.metrics.count('paidan_relayed_total', 'Messages sent to the log', { queue: this.queue.name }, ids.length);
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

  private stir(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  private async rest(): Promise<void> {
    if (this.woken || !this.running) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(10, this.lookedAt + POLL_MS - Date.now()));
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
