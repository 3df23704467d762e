import type { CloseReason, LinkKind } from '@paidan/contracts';
import type { Outcome } from '@paidan/runtime';
import { refusal } from './orders.js';
import type { Status, Ticket, Under } from './ticket.js';

/** A ticket that another is to come under, as far as that needs to know it. */
export interface Master {
  readonly ticketId: string;
  readonly number: string;
  readonly status: Status;
  readonly isOpen: boolean;
  /** Why it is closed. */
  readonly because?: CloseReason;
  readonly citizen?: string;
  /** Of one that is under a master itself, or will be as soon as its holder lets it go, or was closed with that one's answer. */
  readonly master?: string;
}

/** With all that is above each of them. */
export type Masters = ReadonlyMap<string, Master>;

export const masterOf = (ticketId: string, ticket: Ticket): Master => {
  const above = aboveOf(ticket);
  return {
    ticketId,
    number: ticket.number,
    status: ticket.status,
    isOpen: ticket.appeal.confidentiality === 'open',
    ...(ticket.status === 'closed' ? { because: ticket.because } : {}),
    ...(ticket.citizen === undefined ? {} : { citizen: ticket.citizen }),
    ...(above === undefined ? {} : { master: above }),
  };
};

function aboveOf(ticket: Ticket): string | undefined {
  if (ticket.status === 'linked') return ticket.under.master;
  const last = ticket.decisions.at(-1);
  if (ticket.status === 'closed' && last?.did === 'linked' && answers(ticket)) return last.master;
  return ticket.status === 'releasing' && 'master' in ticket.target ? ticket.target.master : undefined;
}

/** Closed for these, a ticket has no answer that its members could be given. */
export const WITHOUT_ANSWER: readonly CloseReason[] = ['withdrawn', 'declined', 'linked'];

/** Whether it can still be answered, or has been. */
export const answers = ({ status, because }: Pick<Master, 'status' | 'because'>): boolean =>
  status !== 'withdrawn' && !(status === 'closed' && because !== undefined && WITHOUT_ANSWER.includes(because));

/** Whoever is above it and under nobody. The members of one that has come under a master are a moment behind. */
function topOf(named: string, masters: Masters): Master | undefined {
  let top = masters.get(named);
  for (let steps = 0; top?.master !== undefined && steps < masters.size; steps++) top = masters.get(top.master);
  return top?.master === undefined ? top : undefined;
}

/**
 * Under which master a ticket comes that a person says is the same matter as another: under that, or where that is a member, under its master, so that a
 * master is never a member, and nobody comes under what is on its way to come under it. The members of a ticket that comes under a master go along, afterwards.
 */
export function underFor(
  ticketId: string,
  ticket: Ticket,
  named: string,
  masters: Masters,
  subject: string,
): { readonly under: Under } | { readonly against: Outcome } {
  if (named === ticketId) return { against: refusal('own-master', ticket, { master: named }) };
  const master = topOf(named, masters);
  if (master === undefined) return { against: refusal('unknown-master', ticket, { master: named }) };
  if (master.ticketId === ticketId) return { against: refusal('own-member', ticket, { master: named }) };
  // A link in the clear between an open ticket and a sealed one says what is under the seal; and the answer to a report is the reporter's alone.
  if (!master.isOpen || ticket.appeal.confidentiality !== 'open')
    return { against: refusal('not-to-be-linked', ticket, { master: named }) };
  if (!answers(master)) return { against: refusal('master-ended', ticket, { master: named }) };
  const { ticketId: id, number: masterNumber } = master;
  return { under: { master: id, masterNumber, link: linkOf(ticket, master), by: { kind: 'person', subject } } };
}

const linkOf = ({ citizen }: Ticket, master: Master): LinkKind =>
  citizen !== undefined && citizen === master.citizen ? 'same-citizen' : 'same-matter';
