import { APPEAL_TYPES, type TicketEvent } from '@paidan/contracts';
import { knownOr } from '@paidan/kernel';
import type { Ticket } from '../ticket.js';
import type { Asked } from './find.js';
import { agreement } from './fingerprint.js';
import { AGREEING_CLOSELY } from './likeness.js';
import type { Earlier, Found } from './same.js';

export type Registration = Extract<TicketEvent, { name: 'ticket.registered' }>;

/** A ticket that is registered in the work at hand, and new. */
export interface Arrival {
  readonly asked: Asked;
  readonly event: Registration;
}

type Finds = ReadonlyMap<string, readonly Found[]>;

/**
 * What is known of an earlier ticket of the same batch is known once that is decided: so the earlier are decided first, as they will be, whatever the order in
 * which they lie in the log. One that is withdrawn a moment later lets its members go like any master.
 * @param found of each ticket; of an arrival no more than that it is alike
 * @param decided the ticket that a registration makes, with these finds
 * @returns the finds, with what is compared word by word before anything is linked
 */
export function withArrivals(arrivals: readonly Arrival[], found: Finds, decided: (event: Registration, found: Finds) => Ticket): Finds {
  const arriving = new Map(arrivals.map((arrival) => [arrival.event.ticketId, arrival]));
  const whole = new Map(found);
  const tickets = new Map<string, Ticket | undefined>();
  const ticketOf = ({ event }: Arrival): Ticket | undefined => {
    if (!tickets.has(event.ticketId))
      tickets.set(
        event.ticketId,
        attempted(() => decided(event, whole)),
      );
    return tickets.get(event.ticketId);
  };
  // As they find each other: of two, the one received earlier is the earlier.
  for (const { asked, event } of arrivals.toSorted((a, b) => a.asked.at - b.asked.at)) {
    const some = whole.get(event.ticketId) ?? [];
    const known = some.map((one) => {
      const other = one.earlier === undefined ? arriving.get(one.ticketId) : undefined;
      if (other === undefined || agreement(asked.fingerprint, other.asked.fingerprint) < AGREEING_CLOSELY) return one;
      const earlier = earlierOf(other, ticketOf(other), whole.get(one.ticketId) ?? []);
      return earlier === undefined ? one : { ...one, earlier };
    });
    if (some.length > 0) whole.set(event.ticketId, known);
  }
  return whole;
}

/** What can't be decided is parked, and nobody's master; the others must not wait for it. */
const attempted = (decide: () => Ticket): Ticket | undefined => {
  try {
    return decide();
  } catch {
    return undefined;
  }
};

function earlierOf({ event }: Arrival, ticket: Ticket | undefined, itsOwn: readonly Found[]): Earlier | undefined {
  const { content, appealType, citizen } = event.payload;
  const master = ticket && masterOf(event.ticketId, ticket, itsOwn);
  if (master === undefined || content.kind !== 'open') return undefined;
  return { said: content, appealType: knownOr(APPEAL_TYPES, appealType, 'other'), ...(citizen === undefined ? {} : { citizen }), master };
}

/** The ticket itself, or what it was found to be once more. */
function masterOf(ticketId: string, ticket: Ticket, found: readonly Found[]): Earlier['master'] | undefined {
  const { number, status, appeal } = ticket;
  if (ticket.status !== 'linked') return { ticketId, number, status, urgency: appeal.urgency };
  return found.flatMap(({ earlier }) => (earlier?.master.ticketId === ticket.under.master ? [earlier.master] : []))[0];
}
