import { URGENCY, type Urgency } from '@paidan/contracts';
import type { Column } from '@paidan/runtime';
import type { Ticket } from '../../domain/ticket.js';

/** 特急 above 紧急 above 一般. */
export const urgencyRank = (urgency: Urgency): number => URGENCY.indexOf(urgency);
export const urgencyOfRank = (rank: number): Urgency => URGENCY[rank] ?? 'normal';

const matterOf = (ticket: Ticket): string | null => {
  if (ticket.status === 'held') return ticket.matter;
  return 'holding' in ticket ? ticket.holding.matter : null;
};

/** Since when it waits for a dispatcher. */
const waitingSince = (ticket: Ticket): Date | null => {
  if (ticket.status === 'held') return new Date(ticket.since);
  return ticket.status === 'returned' ? new Date(ticket.objection.at) : null;
};

/** What the review queue is searched by. */
export const ticketColumns: readonly Column<Ticket>[] = [
  { name: 'status', type: 'text', value: (ticket) => ticket.status },
  { name: 'urgency', type: 'smallint', value: (ticket) => urgencyRank(ticket.appeal.urgency) },
  { name: 'held_since', type: 'timestamptz', value: waitingSince },
  { name: 'hold_reason', type: 'text', value: (ticket) => (ticket.status === 'held' ? ticket.reason : null) },
  { name: 'lead', type: 'text', value: (ticket) => ('holding' in ticket ? ticket.holding.lead : null) },
  { name: 'matter', type: 'text', value: matterOf },
  { name: 'master', type: 'uuid', value: (ticket) => (ticket.status === 'linked' ? ticket.under.master : null) },
];
