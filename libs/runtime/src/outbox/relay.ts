import { setTimeout as delay } from 'node:timers/promises';
import type { KnownCluster } from '../kafka/known-cluster.js';
import type { LogClient } from '../kafka/kafkajs.js';
import type { Log, Metrics } from '../metrics.js';
import type { Database } from '../postgres/database.js';
import type { Queue, QueuedMessage } from './queue.js';
import { Sending, withinBytes } from './sending.js';
import { SentRows } from './sent-rows.js';
import { Turns } from './turns.js';

const PAGE = 2_000;
/**
 * A page that came full is followed by one of twice as many rows, up to here. A send flushes each topic's log once, whatever its rows: 20,000 notices to a
 * hundred units are drained at the pace of the disk, and that is the number of pages.
 */
const LARGEST_PAGE = 16_000;
/** Ids below the last deleted one that are still looked at: transactions commit out of id order. Later ones are found by the whole look. */
const MARGIN = 5_000;
const WHOLE_EVERY_MS = 10_000;
/** How often the table is looked at unasked: for rows that another process committed and left. */
const POLL_MS = 1_000;
const LEASE_MS = 10_000;
/** For {@link Turns}: whoever holds the lease has looked by then. */
const BY_TABLE_MS = 2 * POLL_MS;
/** Rows handed over that may wait in memory; what is more is found in the table. */
const HANDED = 5_000;
/** After a full round the next one waits this long, so that it finds many rows: each round costs a flush of the log and two statements. */
const GATHER_MS = 20;
const GATHER_ABOVE = 40;

/**
 * Empties a queue table into the log: publish the oldest rows, then delete them. Correct without any lock – two relays at once give only repeats, which
 * consumers discard by (epoch, sequence) – because a row is inserted while its ticket is locked: row order is commit order per ticket.
 * The lease only keeps it to one relay in practice.
 *
 * What this process has just committed is handed over and sent without being read back, where its turn has come ({@link Turns}). That saves a round trip and
 * some 5 ms on the way; the table remains what counts.
 */
export class Relay {
  private readonly sending: Sending;
  private readonly sent: SentRows;
  private readonly turns: Turns;
  private running = false;
  private loop: Promise<void> = Promise.resolve();
  private wakeUp: (() => void) | undefined;
  private woken = false;
  private pageSize = PAGE;
  private wholeAt = 0;
  private leaseUntil = 0;
  private failedSince: number | undefined;
  private handed: QueuedMessage[] = [];
  private lookWanted = true;
  private lookedAt = 0;
  /** How often the log had been held when it was last sent to. */
  private holds: number | undefined;
  private failure: unknown;

  constructor(
    private readonly parts: { database: Database; client: LogClient; cluster: KnownCluster; log: Log; metrics: Metrics },
    private readonly queue: Queue,
    private readonly holder: string,
  ) {
    this.sending = new Sending(parts, queue);
    this.sent = new SentRows(parts, queue);
    this.turns = new Turns(queue, BY_TABLE_MS);
  }

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
    this.turns.committed(rows);
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
    return this.sending.blockedTopics;
  }

  async stop(): Promise<void> {
    this.running = false;
    this.stir();
    await this.loop;
    await this.sent.deleteNow();
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
    const waiting = this.handed.filter((row) => !this.sent.has(row));
    const page = waiting.slice(0, PAGE);
    const next = this.turns.of(page, (topic) => this.sending.isBlocked(topic));
    const rows = withinBytes(next);
    const taken = new Set(rows);
    const late = new Set(next.filter((row) => !taken.has(row)));
    this.handed = [...late, ...waiting.slice(PAGE)];
    const sent = rows.length === 0 ? 0 : await this.publish(rows);
    if (next.length < page.length || sent < rows.length) this.lookWanted = true;
    return sent;
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
    this.sending.unblock();
    // Dead rows in front of the queue are stepped over by id: scanning them costs 50 ms a poll while some long snapshot keeps them.
    const after = whole ? 0 : Math.max(0, this.sent.lastDeleted - MARGIN);
    await this.sent.settle();
    const rows = await this.queue.read(after, this.pageSize, this.sending.blockedTopics);
    this.pageSize = rows.length < this.pageSize ? PAGE : Math.min(2 * this.pageSize, LARGEST_PAGE);
    if (whole) this.wholeAt = now;
    const page = rows.filter((row) => !this.sent.has(row));
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
    if (this.holds !== holds) this.turns.forget();
    this.holds = holds;
  }

  private async publish(page: readonly QueuedMessage[]): Promise<number> {
    if (page.length > 0) await this.beSure();
    const { done, atOnce } = await this.sending.send(page);
    if (atOnce) this.failedSince = undefined;
    this.turns.sent(done);
    await this.sent.add(done);
    return done.length;
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
