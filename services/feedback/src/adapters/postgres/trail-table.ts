import type { Database } from '@paidan/runtime';
import type { Follow, Registered } from '../../domain/ticket.js';

/** A row of the trail: an event of any service as it came. */
export interface TrailRow {
  readonly service: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly type: string;
  readonly at: string;
  readonly payload: string;
}

export interface OpenGap {
  readonly id: string;
  readonly ticketId: string;
  readonly service: string;
  readonly epoch: number;
  readonly first: number;
  readonly last: number;
  readonly foundAt: Date;
}

/** What lies in the trail of one ticket from one service: its newest number, and how many of them there are. */
export interface HeardOf {
  readonly epoch: number;
  readonly sequence: number;
  readonly count: number;
}

export interface HeardTicket {
  readonly ticketId: string;
  readonly parked: boolean;
  readonly heard: Readonly<Record<string, HeardOf>>;
}

/** Reads for people. They lock nothing: what they show may be a moment old, and a command on it is checked anew. */
export class TrailTable {
  constructor(private readonly database: Database) {}

  async follow(ticketId: string): Promise<Follow | undefined> {
    const { rows } = await this.database.query<{ record: Follow | null }>('select record from ticket where ticket_id = $1', [ticketId]);
    return rows[0]?.record ?? undefined;
  }

  /** The ticket under a human number; should intake ever have given one twice, the newest. */
  async byNumber(number: string): Promise<{ readonly ticketId: string; readonly follow: Registered } | undefined> {
    // It has a number from its registration on.
    const { rows } = await this.database.query<{ ticket_id: string; record: Registered }>(
      'select ticket_id, record from ticket where number = $1 order by ticket_id desc limit 1',
      [number],
    );
    return rows[0] && { ticketId: rows[0].ticket_id, follow: rows[0].record };
  }

  async trail(ticketId: string): Promise<TrailRow[]> {
    const { rows } = await this.database.query<TrailRow>(
      'select service, epoch, sequence, type, at, payload from trail where ticket_id = $1 order by heard',
      [ticketId],
    );
    return rows;
  }

  async event(ticketId: string, place: Pick<TrailRow, 'service' | 'epoch' | 'sequence'>): Promise<TrailRow | undefined> {
    const { rows } = await this.database.query<TrailRow>(
      `select service, epoch, sequence, type, at, payload from trail
       where ticket_id = $1 and service = $2 and epoch = $3 and sequence = $4`,
      [ticketId, place.service, place.epoch, place.sequence],
    );
    return rows[0];
  }

  /** Tickets in order of their ids with what was heard of them; out of the trail itself, so that a hole in it shows as well. */
  async heard(after: string | undefined, limit: number): Promise<HeardTicket[]> {
    const { rows } = await this.database.query<{ ticket_id: string; parked: boolean; heard: HeardTicket['heard'] | null }>(
      `select k.ticket_id, k.parked, h.heard from ticket k
       left join lateral (
         select jsonb_object_agg(s.service, jsonb_build_object('epoch', s.epoch, 'sequence', s.sequence, 'count', s.count)) as heard
         from (
           select service, max(epoch) as epoch, (array_agg(sequence order by epoch desc, sequence desc))[1] as sequence,
             count(distinct sequence) as count
           from trail t where t.ticket_id = k.ticket_id group by service
         ) s
       ) h on true
       where $1::uuid is null or k.ticket_id > $1::uuid order by k.ticket_id limit $2`,
      [after ?? null, limit],
    );
    return rows.map(({ ticket_id: ticketId, parked, heard }) => ({ ticketId, parked, heard: heard ?? {} }));
  }

  async openGaps(limit: number): Promise<OpenGap[]> {
    const { rows } = await this.database.query<Omit<OpenGap, 'ticketId' | 'foundAt'> & { ticket_id: string; found_at: Date }>(
      `select id, ticket_id, service, epoch, first, last, found_at from trail_gap where settled_at is null order by id limit $1`,
      [limit],
    );
    return rows.map(({ ticket_id: ticketId, found_at: foundAt, ...gap }) => ({ ...gap, ticketId, foundAt }));
  }

  async gapCounts(): Promise<{ readonly found: number; readonly open: number }> {
    const { rows } = await this.database.query<{ found: string; open: string }>(
      'select count(*) as found, count(*) filter (where settled_at is null) as open from trail_gap',
    );
    return { found: Number(rows[0]?.found ?? 0), open: Number(rows[0]?.open ?? 0) };
  }

  /** @returns whether the gap was there and open */
  async settleGap(id: string, by: string, note: string, now: number): Promise<boolean> {
    const { affected } = await this.database.query(
      'update trail_gap set settled_at = $2, settled_by = $3, note = $4 where id = $1 and settled_at is null',
      [id, new Date(now), by, note],
    );
    return affected > 0;
  }

  async names(keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (keys.length === 0) return new Map();
    const { rows } = await this.database.query<{ key: string; name: string }>(
      'select key, name from directory_name where key = any($1::text[])',
      [keys],
    );
    return new Map(rows.map(({ key, name }) => [key, name]));
  }
}
