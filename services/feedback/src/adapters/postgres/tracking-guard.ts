import type { Database } from '@paidan/runtime';
import type { Attempt, TrackingGuard } from '../../application/tracking-desk.js';

interface Row {
  key: string;
  wrong: number;
  since: Date;
}

export interface TrackingLimit {
  /** Wrong codes that are answered within a window; the next is refused. */
  readonly wrong: number;
  readonly windowMs: number;
}

/**
 * Counts wrong codes by ticket number and by address, in Postgres, so that neither a restart nor another instance forgets. An attempt is counted before it
 * is looked at and given back if it was right: a hundred at once get no more tries than ten in a row. The window begins with the first wrong code; it is
 * in real time, since it guards the machine.
 */
export class TrackingTable implements TrackingGuard {
  private sweptAt = 0;

  constructor(
    private readonly database: Database,
    private readonly limit: TrackingLimit,
    private readonly realTime: () => number,
  ) {}

  async begin(keys: readonly string[]): Promise<Attempt> {
    const { wrong: most, windowMs } = this.limit;
    const now = this.realTime();
    if (now - this.sweptAt > windowMs) await this.sweep(now);
    const blocked = await this.database.transaction(async (tx) => {
      const { rows } = await tx.query<Row>(
        `insert into tracking_attempt as t (key, since, wrong) select k, $2::timestamptz, 1 from unnest($1::text[]) k order by k
         on conflict (key) do update set wrong = case when t.since <= $3::timestamptz then 1 else t.wrong + 1 end,
           since = case when t.since <= $3::timestamptz then excluded.since else t.since end
         returning key, wrong, since`,
        [[...keys].sort(), new Date(now), new Date(now - windowMs)],
      );
      const over = rows.filter(({ wrong }) => wrong > most).map(({ since }) => since.getTime() + windowMs - now);
      if (over.length === 0) return undefined;
      // A refused attempt counts for nothing: else it would go on being refused as long as it is repeated.
      tx.send('update tracking_attempt set wrong = wrong - 1 where key = any($1::text[])', [keys]);
      return Math.max(...over);
    });
    return blocked === undefined ? { allowed: true } : { allowed: false, retryAfterMs: Math.max(1_000, blocked) };
  }

  async right(keys: readonly string[]): Promise<void> {
    await this.database.query('update tracking_attempt set wrong = greatest(wrong - 1, 0) where key = any($1::text[])', [[...keys].sort()]);
  }

  /** Forgets what is over. */
  private async sweep(now: number): Promise<void> {
    this.sweptAt = now;
    await this.database.query('delete from tracking_attempt where since <= $1', [new Date(now - this.limit.windowMs)]);
  }
}
