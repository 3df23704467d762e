import { setTimeout as delay } from 'node:timers/promises';
import { KEPT_DAYS, KEPT_DAYS_AHEAD } from '../outbox/kept.js';
import type { Command } from '../reactor/decision.js';
import type { Reactor } from '../reactor/reactor.js';
import type { RuntimeParts } from '../reactor/service.js';

const PAGE = 500;
const POLL_MS = 1_000;
/** A timer may commit after the scan has passed its instant; transactions are ended after 30 s, so this is twice what can happen. Real time. */
const MARGIN_MS = 60_000;
const MAINTAIN_EVERY_MS = 3_600_000;
const DAYS_AHEAD = 45;
/** A day's partition is dropped whole when it is this many days old: every timer in it has fired, was disarmed, or waits in its parked ticket's row. */
const DAYS_KEPT = 7;

interface Due {
  ticket_id: string;
  name: string;
  version: number;
  due_at: Date;
}

/** A timer row counts only while its ticket's row still arms that version and the ticket isn't parked. */
const ARMED = `join ticket k on k.ticket_id = t.ticket_id and not k.parked and (k.timers -> t.name ->> 'version')::integer = t.version`;

/**
 * Fires timers: a range scan from each shard's kept position, less a margin. Firing twice is harmless, since a fired timer is no longer armed in its
 * ticket's row; the shard's row, locked with SKIP LOCKED, keeps replicas from doing the same work.
 */
export class TimerLoop<R, F, C extends Command> {
  private running = false;
  private loop: Promise<void> = Promise.resolve();
  private maintainedAt = 0;
  private readonly stopping = new AbortController();

  constructor(
    private readonly reactor: Reactor<R, F, C>,
    private readonly parts: RuntimeParts,
    /** Whether a restored schema is still told what it has done; no timer fires then. */
    private readonly isRestoring: () => boolean = () => false,
  ) {}

  start(): void {
    this.running = true;
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.running = false;
    this.stopping.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    for (let failures = 0; this.running;) {
      try {
        await this.maintain();
        if (!this.isRestoring()) for (const shard of await this.dueShards()) if (this.running) await this.drain(shard);
        failures = 0;
      } catch (error) {
        if (failures++ % 20 === 0) this.parts.log.warn({ err: error }, 'timers: trying again');
      }
      await delay(POLL_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  /**
   * Shards that have an armed timer due. EXISTS stops at the first, so a herd of many thousands costs no more to notice than one. The bounds stand in the
   * statement as literals: with parameters each look planned all of the table's days (17 ms instead of 0.3).
   */
  async dueShards(): Promise<number[]> {
    const now = this.now();
    const { rows: shards } = await this.parts.database.query<{ shard: number; since: Date | null }>(
      `select shard, nullif(position, '-infinity') as since from timer_shard`,
    );
    const since = shards.some((shard) => shard.since === null)
      ? undefined
      : Math.min(...shards.map((shard) => shard.since?.getTime() ?? 0));
    const { rows } = await this.parts.database.query<{ shard: number }>(
      `select s.shard from timer_shard s where exists (select 1 from timer t ${ARMED} where t.shard = s.shard and ${this.between(since, now)})`,
    );
    const due = rows.map((row) => row.shard);
    await this.moveOn(
      shards.filter(({ shard, since: from }) => !due.includes(shard) && (from === null || now.getTime() - from.getTime() > MARGIN_MS)),
      now,
    );
    return due;
  }

  /** Shards with nothing due follow the clock now and then, or the stretch that each look covers would grow with the days. */
  private async moveOn(shards: readonly { readonly shard: number }[], now: Date): Promise<void> {
    if (shards.length === 0) return;
    await this.parts.database.query('update timer_shard set position = greatest(position, $2) where shard = any($1::smallint[])', [
      shards.map(({ shard }) => shard),
      now,
    ]);
  }

  /** From a margin before `since` (epoch ms; undefined = from the beginning) until `until`, as literals that the planner can prune days by. */
  private between(since: number | undefined, until: Date): string {
    const from = since === undefined ? '-infinity' : new Date(since - this.margin()).toISOString();
    return `t.due_at > '${from}'::timestamptz and t.due_at <= '${until.toISOString()}'::timestamptz`;
  }

  /** Fires everything due in one shard, a page to a transaction, keyset after keyset: a herd on one instant is read once, not once per page. */
  async drain(shard: number): Promise<number> {
    let fired = 0;
    for (let after: Due | undefined; this.running || fired === 0;) {
      const now = this.now();
      const due = await this.page(shard, now, after);
      if (due.length > 0)
        await this.reactor.timers(
          due.map((timer) => ({ ticketId: timer.ticket_id, name: timer.name, version: timer.version })),
          async (tx) => {
            // Another replica in this shard: wait for it rather than fold the same tickets beside it; what it fired is stale for us then.
            await tx.query('select position from timer_shard where shard = $1 for update', [shard]);
            tx.send('update timer_shard set position = greatest(position, $2) where shard = $1', [shard, due.at(-1)?.due_at]);
          },
        );
      else await this.parts.database.query('update timer_shard set position = greatest(position, $2) where shard = $1', [shard, now]);
      fired += due.length;
      this.parts.metrics.count('paidan_timers_fired_total', 'Timers that came due and were decided', {}, due.length);
      if (due.length < PAGE) break;
      after = due.at(-1);
    }
    return fired;
  }

  private async page(shard: number, now: Date, after: Due | undefined): Promise<Due[]> {
    const { database } = this.parts;
    const { rows: positions } = await database.query<{ since: Date | null }>(
      `select nullif(position, '-infinity') as since from timer_shard where shard = $1`,
      [shard],
    );
    const { rows } = await database.query<Due>(
      `select t.due_at, t.ticket_id, t.name, t.version from timer t ${ARMED}
       where t.shard = $1 and ${this.between(positions[0]?.since?.getTime(), now)}
         and ($2::timestamptz is null or (t.due_at, t.ticket_id, t.name, t.version) > ($2::timestamptz, $3::uuid, $4::text, $5::integer))
       order by t.due_at, t.ticket_id, t.name, t.version limit ${PAGE}`,
      [shard, after?.due_at ?? null, after?.ticket_id ?? null, after?.name ?? null, after?.version ?? null],
    );
    return rows;
  }

  /** Days ahead are made before any transaction needs them; old days are dropped whole. */
  private async maintain(): Promise<void> {
    if (Date.now() - this.maintainedAt < MAINTAIN_EVERY_MS) return;
    const { database, clock } = this.parts;
    const today = new Date(clock.now());
    await database.query('select ensure_timer_day(($1::date + n)::date) from generate_series(-1, $2::integer) n', [today, DAYS_AHEAD]);
    await database.query(
      `select drop_timer_days_before((least($1::timestamptz, (select min(position) from timer_shard where position > '-infinity')) - $2 * interval '1 day')::date)`,
      [today, DAYS_KEPT],
    );
    await database.query('select ensure_kept_days($1)', [KEPT_DAYS_AHEAD]);
    await database.query(`select drop_kept_days_before((now() at time zone 'UTC')::date - $1::integer)`, [KEPT_DAYS]);
    await database.query(`delete from command where at < now() - interval '30 days'`);
    this.maintainedAt = Date.now();
  }

  private now(): Date {
    return new Date(this.parts.clock.now());
  }

  /** In clock time: an accelerated clock covers more of it in the same real minute. */
  private margin(): number {
    return MARGIN_MS * this.parts.clock.factor;
  }
}
