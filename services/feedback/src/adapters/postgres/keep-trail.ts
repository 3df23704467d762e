import { eventType } from '@paidan/contracts';
import type { Change, Log, Tx } from '@paidan/runtime';
import type { FeedbackCommand } from '../../domain/commands.js';
import { gapsIn, type Gap } from '../../domain/marks.js';
import type { Answered, Follow } from '../../domain/ticket.js';
import { asItCame } from '../kafka/decode.js';

type FollowChange = Change<Follow, FeedbackCommand>;

export interface TrailParts {
  readonly now: () => number;
  readonly realTime: () => number;
  readonly log: Log;
  /** Whether replies are pushed to the channel. */
  readonly pushes: (channel: string) => boolean;
}

/** Keeps the trail of a transaction's tickets, notes what is missing in it, and puts replies on their way. */
export const keepTrail =
  ({ now, realTime, log, pushes }: TrailParts) =>
  (tx: Tx, changes: readonly FollowChange[]): void => {
    const at = new Date(now());
    insertTrail(tx, changes, at.toISOString());
    const gaps = changes.flatMap(gapsOf);
    if (gaps.length > 0) {
      insertGaps(tx, gaps, at);
      for (const gap of gaps) log.error(gap, 'trail: numbers of a service are missing');
    }
    settleDeliveries(tx, changes, new Date(realTime()), pushes);
  };

interface Row {
  readonly ticketId: string;
  readonly service: string;
  /** Null for our own, which is our schema's. */
  readonly epoch: number | null;
  readonly sequence: number;
  readonly type: string;
  readonly at: string;
  readonly payload: string;
}

/** One statement for all of it. Nothing is there twice: what was heard before never gets here, and our own numbers are given under the ticket's lock. */
function insertTrail(tx: Tx, changes: readonly FollowChange[], now: string): void {
  const rows: Row[] = [];
  for (const { ticketId, messages, events, recalled } of changes) {
    // What we are told that we said stands where it was said: the story is told again in this order.
    for (let heard = 0; heard <= messages.length; heard += 1) {
      for (const { name, epoch, sequence, time, payload } of recalled.filter(({ after }) => after === heard))
        rows.push({ ticketId, service: 'feedback', epoch, sequence, type: eventType(name), at: time, payload: JSON.stringify(payload) });
      const message = messages[heard];
      if (message?.kind !== 'event') continue;
      const { service, epoch, sequence, time } = message.event;
      rows.push({ ticketId, service, epoch, sequence, at: time, ...asItCame(message.event) });
    }
    for (const { event, sequence } of events) {
      const payload = JSON.stringify(event.payload);
      rows.push({ ticketId, service: 'feedback', epoch: null, sequence, type: eventType(event.name), at: now, payload });
    }
  }
  if (rows.length === 0) return;
  tx.send(
    `insert into trail (ticket_id, service, epoch, sequence, type, at, payload)
     select t, s, coalesce(e, (select epoch from service_epoch)), n, ty, a, p
     from unnest($1::uuid[], $2::text[], $3::integer[], $4::integer[], $5::text[], $6::text[], $7::text[]) as u (t, s, e, n, ty, a, p)
     on conflict do nothing`,
    [
      rows.map((row) => row.ticketId),
      rows.map((row) => row.service),
      rows.map((row) => row.epoch),
      rows.map((row) => row.sequence),
      rows.map((row) => row.type),
      rows.map((row) => row.at),
      rows.map((row) => row.payload),
    ],
  );
}

function gapsOf({ ticketId, before, messages }: FollowChange): (Gap & { readonly ticketId: string })[] {
  const heard = messages.flatMap((message) => (message.kind === 'event' ? [message.event] : []));
  return gapsIn(before?.heard ?? {}, heard).map((gap) => ({ ticketId, ...gap }));
}

function insertGaps(tx: Tx, gaps: readonly (Gap & { readonly ticketId: string })[], at: Date): void {
  tx.send(
    `insert into trail_gap (ticket_id, service, epoch, first, last, found_at)
     select g.*, $6::timestamptz from unnest($1::uuid[], $2::text[], $3::integer[], $4::integer[], $5::integer[]) as g`,
    [
      gaps.map((gap) => gap.ticketId),
      gaps.map((gap) => gap.service),
      gaps.map((gap) => gap.epoch),
      gaps.map((gap) => gap.first),
      gaps.map((gap) => gap.last),
      at,
    ],
  );
}

const waiting = (follow: Follow | undefined): Answered | undefined => (follow?.status === 'answered' ? follow : undefined);

function settleDeliveries(tx: Tx, changes: readonly FollowChange[], realTime: Date, pushes: TrailParts['pushes']): void {
  const over: { ticketId: string; round: number }[] = [];
  const queued: { ticketId: string; round: number; channel: string }[] = [];
  for (const { ticketId, before, after } of changes) {
    const [was, is] = [waiting(before), waiting(after)];
    if (was?.answer.round === is?.answer.round) continue;
    if (was !== undefined) over.push({ ticketId, round: was.answer.round });
    if (is === undefined || !is.ticket.replyWanted || !pushes(is.ticket.channel)) continue;
    queued.push({ ticketId, round: is.answer.round, channel: is.ticket.channel });
  }
  if (over.length > 0)
    tx.send('delete from delivery d using unnest($1::uuid[], $2::integer[]) as o (t, r) where d.ticket_id = o.t and d.round = o.r', [
      over.map(({ ticketId }) => ticketId),
      over.map(({ round }) => round),
    ]);
  if (queued.length === 0) return;
  tx.send(
    `insert into delivery (ticket_id, round, channel, state, queued_at, next_at)
     select t, r, c, 'queued', $4::timestamptz, $4::timestamptz from unnest($1::uuid[], $2::integer[], $3::text[]) as q (t, r, c)
     on conflict do nothing`,
    [queued.map(({ ticketId }) => ticketId), queued.map(({ round }) => round), queued.map(({ channel }) => channel), realTime],
  );
}
