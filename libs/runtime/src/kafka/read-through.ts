import type { Clock } from '../clock.js';
import type { Database } from '../postgres/database.js';
import type { LogClient } from './kafkajs.js';

const LOOK_MS = 500;
/** Nobody has asked for so long: nobody waits for an answer. */
const FORGET_MS = 10_000;

/**
 * Up to when the log has been read: everything that stood in it at that instant has been handled, whichever replica did it. Whoever judges that a word
 * didn't come in time (a card for lateness) must know that it isn't merely unread. Looks only while somebody asks.
 */
export class ReadThrough {
  private through = 0;
  private ahead: { readonly at: number; readonly ends: ReadonlyMap<number, number> } | undefined;
  private askedAt = 0;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: { readonly database: Database; readonly client: LogClient; readonly clock: Clock },
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
    const { client, clock, database } = this.parts;
    if (this.ahead === undefined) {
      const at = clock.now();
      const ends = await client.offsets(this.topic);
      this.ahead = { at, ends: new Map(ends.map(({ partition, high }) => [partition, high])) };
    }
    const { rows } = await database.query<{ partition: number; next_offset: string }>(
      'select partition, next_offset from log_position where topic = $1',
      [this.topic],
    );
    const reached = new Map(rows.map((row) => [row.partition, Number(row.next_offset)]));
    for (const [partition, end] of this.ahead.ends) if ((reached.get(partition) ?? -1) < end) return;
    this.through = this.ahead.at;
    this.ahead = undefined;
  }
}
