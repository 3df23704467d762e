import { isUuid } from '@paidan/kernel';
import type { Follow, Registered } from '../domain/ticket.js';
import { feedbackError } from '../errors.js';
import { asNumber } from './query-proof.js';
import { namesFrom, namesIn, readEvent, tellTrail, type KeptEvent, type TrailTold } from './tell-trail.js';

export interface TrailShelf {
  follow(ticketId: string): Promise<Follow | undefined>;
  byNumber(number: string): Promise<{ readonly ticketId: string; readonly follow: Follow } | undefined>;
  trail(ticketId: string): Promise<readonly KeptEvent[]>;
  names(keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Who asks: the desk and its supervisors see every trail, a unit's officers those of tickets that the unit has held. */
export type Reader = { readonly all: true } | { readonly all: false; readonly unit: string };

export interface TicketTrail extends TrailTold {
  readonly ticketId: string;
  /** Absent while the registration hasn't been heard. */
  readonly ticket?: Registered['ticket'];
  readonly status: Follow['status'];
}

/** Shows the whole trail of a ticket, in words. */
export class TrailDesk {
  constructor(private readonly shelf: TrailShelf) {}

  /**
   * @param idOrNumber a ticket id, or the human number
   * @throws PaidanError `unknown-ticket`, `not-your-ticket`
   */
  async trailOf(idOrNumber: string, reader: Reader): Promise<TicketTrail> {
    const { ticketId, follow } = (await this.find(idOrNumber)) ?? {};
    if (ticketId === undefined || follow === undefined) throw feedbackError('unknown-ticket', 'there is no such ticket');
    const rows = await this.shelf.trail(ticketId);
    const events = rows.flatMap((row) => readEvent(ticketId, row) ?? []);
    const held = events.flatMap((event) => {
      if (event.name === 'ticket.assigned') return [event.payload.lead];
      return event.name === 'assignment.delegated' ? [event.payload.to] : [];
    });
    if (!reader.all && !held.includes(reader.unit)) throw feedbackError('not-your-ticket', 'the unit has never held this ticket');
    const names = namesFrom(await this.shelf.names(namesIn(events)));
    return {
      ticketId,
      ...(follow.status === 'unregistered' ? {} : { ticket: follow.ticket }),
      status: follow.status,
      ...tellTrail(ticketId, rows, names),
    };
  }

  private async find(idOrNumber: string): Promise<{ ticketId: string; follow: Follow } | undefined> {
    if (!isUuid(idOrNumber)) return this.shelf.byNumber(asNumber(idOrNumber));
    const follow = await this.shelf.follow(idOrNumber);
    return follow && { ticketId: idOrNumber, follow };
  }
}
