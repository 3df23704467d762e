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
  /** Of one that is under a master itself. */
  readonly master?: string;
}

export type Masters = ReadonlyMap<string, Master>;

/** Closed for these, a ticket has no answer that its members could be given. */
export const WITHOUT_ANSWER: readonly CloseReason[] = ['withdrawn', 'declined', 'linked'];

/** Whether it can still be answered, or has been. */
export const answers = ({ status, because }: Pick<Master, 'status' | 'because'>): boolean =>
  status !== 'withdrawn' && !(status === 'closed' && because !== undefined && WITHOUT_ANSWER.includes(because));

/**
 * Under which master a ticket comes that a person says is the same matter as another: under that, or where that is a member, under its master, so that a
 * master is never a member. The members of a ticket that comes under a master go along, afterwards.
 */
export function underFor(
  ticketId: string,
  ticket: Ticket,
  named: string,
  masters: Masters,
  subject: string,
): { readonly under: Under } | { readonly against: Outcome } {
  const found = masters.get(named);
  const master = found?.master === undefined ? found : masters.get(found.master);
  if (master === undefined || master.master !== undefined) return { against: refusal('unknown-master', ticket, { master: named }) };
  if (master.ticketId === ticketId) return { against: refusal('own-master', ticket, { master: named }) };
  // A link in the clear between an open ticket and a sealed one says what is under the seal; and the answer to a report is the reporter's alone.
  if (!master.isOpen || ticket.appeal.confidentiality !== 'open')
    return { against: refusal('not-to-be-linked', ticket, { master: named }) };
  if (!answers(master)) return { against: refusal('master-ended', ticket, { master: named }) };
  const { ticketId: id, number: masterNumber } = master;
  return { under: { master: id, masterNumber, link: linkOf(ticket, master), by: { kind: 'person', subject } } };
}

const linkOf = ({ citizen }: Ticket, master: Master): LinkKind =>
  citizen !== undefined && citizen === master.citizen ? 'same-citizen' : 'same-matter';
