import type { Queue, QueuedMessage } from './queue.js';

/** Tickets of which is remembered how far they have been sent. */
const REMEMBERED = 20_000;

/**
 * Which rows may be sent as they are handed over, without a look at the table: those before which nothing of their ticket can be waiting there, the first that
 * is said of it or what follows the last that was sent here. What belongs to no ticket (the refusal of a command that can't be read) has no such number: it
 * goes by the table, and what is said after it on its topic may not overtake it.
 */
export class Turns {
  /** Up to which number all of a ticket has been sent, of the tickets that were last sent of. */
  private readonly lastSent = new Map<string, number>();
  /** Topics on which everything goes by the table, in its order, until then (epoch ms). */
  private readonly byTable = new Map<string, number>();

  /** @param byTableMs how long a topic goes by the table after a row that belongs to no ticket: whoever looks at the table has looked by then */
  constructor(
    private readonly queue: Queue,
    private readonly byTableMs: number,
  ) {}

  /** These rows have just been committed. */
  committed(rows: readonly QueuedMessage[]): void {
    for (const { turn, topic } of rows) if (turn === undefined) this.byTable.set(topic, Date.now() + this.byTableMs);
  }

  /** Those whose turn it is, in this process or another; the rest goes by the table, in its order. */
  of(rows: readonly QueuedMessage[], isBlocked: (topic: string) => boolean): QueuedMessage[] {
    const now = Date.now();
    for (const [topic, until] of this.byTable) if (until <= now) this.byTable.delete(topic);
    const reached = new Map<string, number>();
    return rows.filter(({ turn, topic }) => {
      if (turn === undefined) return false;
      const last = reached.get(turn.of) ?? this.lastSent.get(turn.of) ?? 0;
      const isNext = turn.number === last + 1 && !isBlocked(topic) && !this.byTable.has(topic);
      // Once one of a ticket waits, all that follow it do.
      reached.set(turn.of, isNext ? turn.number : Number.NaN);
      return isNext;
    });
  }

  sent(rows: readonly QueuedMessage[]): void {
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

  /** Nothing is known any more of what was sent. */
  forget(): void {
    this.lastSent.clear();
  }
}
