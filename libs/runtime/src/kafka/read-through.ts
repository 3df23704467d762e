import type { Clock } from '../clock.js';
import type { Database } from '../postgres/database.js';
import type { KnownCluster } from './known-cluster.js';
import type { LogClient } from './kafkajs.js';
import { reachedIn } from './positions.js';

const LOOK_MS = 500;
/** Nobody has asked for so long: nobody waits for an answer. */
const FORGET_MS = 10_000;

/**
 * Up to when the log has been read: everything that stood in it at that instant has been handled, whichever replica did it. Whoever judges that a word
 * didn't come in time (a card for lateness) must know that it isn't merely unread. Looks only while somebody asks.
 */
export class ReadThrough {
  private through = 0;
  private ahead: { readonly at: number; readonly holds: number; readonly ends: ReadonlyMap<number, number> } | undefined;
  private askedAt = 0;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: {
      readonly database: Database;
      readonly client: LogClient;
      readonly cluster: KnownCluster;
      readonly clock: Clock;
    },
    private readonly topic: string,
  ) {}

  /** Epoch ms of the service's clock; 0 while it isn't known. What it says may be a second old and is never too late. */
  get value(): number {
    this.askedAt = Date.now();
    this.timer ??= setTimeout(this.tick, 0).unref();
    return this.through;
  }

  async stop(): Promise<void> {
    this.askedAt = 0;
    clearTimeout(this.timer);
    await this.looking;
  }

  private readonly tick = (): void => {
    this.looking = this.look()
      .catch(() => undefined) // the log or the database is away: what was true stays true, and gets no newer
      .then(() => {
        const wanted = Date.now() - this.askedAt < FORGET_MS;
        this.timer = wanted ? setTimeout(this.tick, LOOK_MS).unref() : undefined;
      });
  };

  private async look(): Promise<void> {
    const { client, clock, cluster, database } = this.parts;
    const { cluster: found, kept } = await cluster.look();
    // A log that was lost has words that are still to be said again: nothing newer is known, and what was aimed at is no place in the new one.
    if (kept.held_ms !== null || kept.cluster_id !== found || this.ahead?.holds !== kept.holds) this.ahead = undefined;
    if (kept.held_ms !== null || kept.cluster_id !== found) return;
    const reached = await reachedIn(database, this.topic);
    if (this.ahead === undefined) {
      const at = clock.now();
      const ends = await client.offsets(this.topic);
      // Beyond its end: the topic was made anew.
      if (ends.some(({ partition, high }) => (reached.get(partition) ?? 0) > high)) return;
      this.ahead = { at, holds: kept.holds, ends: new Map(ends.map(({ partition, high }) => [partition, high])) };
    }
    for (const [partition, end] of this.ahead.ends) if ((reached.get(partition) ?? -1) < end) return;
    this.through = this.ahead.at;
    this.ahead = undefined;
  }
}
