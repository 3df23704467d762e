import type { Log, Metrics } from '../metrics.js';
import type { Database } from '../postgres/database.js';
import type { Queue, QueuedMessage } from './queue.js';

/** Sent rows are deleted together: at 50 events a second each of them would cost a commit of its own. */
const DELETE_AFTER_MS = 200;
const DELETE_AT_ONCE = 500;
/** With more sent rows than this in the table nothing is sent before some are gone. */
const MOST = 8_000;

/** The rows of a queue that are in the log, until they are out of the table: deleted behind the sending, which need not wait for the disk. */
export class SentRows {
  /** The greatest id that was deleted. */
  lastDeleted = 0;
  /** Ids sent, whose rows are not deleted yet, or were while a page was being read: that page may still show them. */
  private readonly sent = new Set<number>();
  private deleted: number[] = [];
  private toDelete: number[] = [];
  private deleting: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly parts: { database: Database; log: Log; metrics: Metrics },
    private readonly queue: Queue,
  ) {}

  has({ id }: QueuedMessage): boolean {
    return this.sent.has(id);
  }

  async add(rows: readonly QueuedMessage[]): Promise<void> {
    for (const { id } of rows) {
      this.sent.add(id);
      this.toDelete.push(id);
    }
    if (this.toDelete.length >= DELETE_AT_ONCE) void this.deleteNow();
    else if (this.toDelete.length > 0) this.timer ??= setTimeout(() => void this.deleteNow(), DELETE_AFTER_MS);
    if (this.sent.size >= MOST) await this.deleting;
  }

  /** Before a page is read: rows sent already would be read again with the new ones. */
  async settle(): Promise<void> {
    if (this.toDelete.length > 0) await this.deleteNow();
    for (const id of this.deleted) this.sent.delete(id);
    this.deleted = [];
  }

  deleteNow(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
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
}
