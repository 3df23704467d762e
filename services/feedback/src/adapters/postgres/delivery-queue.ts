import type { Database } from '@paidan/runtime';
import type { Claimed, DeliveryQueue, DeliveryState } from '../../application/courier.js';

interface Row {
  ticket_id: string;
  round: number;
  channel: string;
  state: DeliveryState;
  attempts: number;
  queued_at: Date;
}

/** The queue of replies to be pushed. Nothing stays locked while a call-back is called: a claim is a lease, in real time. */
export class DeliveryTable implements DeliveryQueue {
  constructor(
    private readonly database: Database,
    /** While a restored schema doesn't know yet what has arrived, nothing is brought. */
    private readonly isHeld: () => boolean = () => false,
  ) {}

  /**
   * The oldest that are due, of each channel as many as it has room for: a call-back that doesn't answer keeps its own channel's replies waiting, and
   * nobody else's.
   */
  async claim(room: ReadonlyMap<string, number>, most: number, now: number, leaseUntil: number): Promise<Claimed[]> {
    if (this.isHeld()) return [];
    const { rows } = await this.database.query<Row>(
      `with due as (
         select d.ticket_id, d.round from unnest($1::text[], $2::integer[]) as c (channel, room)
         cross join lateral (
           select ticket_id, round, next_at from delivery where channel = c.channel and state <> 'kept' and next_at <= $3
           order by next_at limit c.room for update skip locked
         ) d
         order by d.next_at limit $5
       )
       update delivery d set next_at = $4, attempts = attempts + (state = 'queued')::integer from due
       where d.ticket_id = due.ticket_id and d.round = due.round
       returning d.ticket_id, d.round, d.channel, d.state, d.attempts, d.queued_at`,
      [[...room.keys()], [...room.values()], new Date(now), new Date(leaseUntil), most],
    );
    return rows.map(({ ticket_id, queued_at, ...row }) => ({ ...row, ticketId: ticket_id, queuedAt: queued_at.getTime() }));
  }

  async pushed({ ticketId, round }: Claimed): Promise<void> {
    await this.database.query(`update delivery set state = 'pushed', last_error = null where ticket_id = $1 and round = $2`, [
      ticketId,
      round,
    ]);
  }

  async again({ ticketId, round }: Claimed, nextAt: number, error: string): Promise<void> {
    await this.database.query('update delivery set next_at = $3, last_error = $4 where ticket_id = $1 and round = $2', [
      ticketId,
      round,
      new Date(nextAt),
      error.slice(0, 500),
    ]);
  }

  async keep({ ticketId, round }: Claimed, error: string): Promise<void> {
    await this.database.query(`update delivery set state = 'kept', last_error = $3 where ticket_id = $1 and round = $2`, [
      ticketId,
      round,
      error.slice(0, 500),
    ]);
  }

  async drop({ ticketId, round }: Claimed): Promise<void> {
    await this.database.query('delete from delivery where ticket_id = $1 and round = $2', [ticketId, round]);
  }

  async keepOthers(channels: readonly string[]): Promise<number> {
    const { affected } = await this.database.query(
      `update delivery set state = 'kept', last_error = 'the channel has no call-back any more' where state = 'queued' and channel <> all($1::text[])`,
      [channels],
    );
    return affected;
  }

  /** How many are in which state; for the metrics. */
  async depths(): Promise<readonly { readonly state: string; readonly count: number }[]> {
    const { rows } = await this.database.query<{ state: string; count: string }>(
      'select state, count(*) as count from delivery group by state',
    );
    return rows.map(({ state, count }) => ({ state, count: Number(count) }));
  }
}
