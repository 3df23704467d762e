import type { Column } from '@paidan/runtime';
import type { Follow } from '../../domain/ticket.js';

/** What a ticket is found by, and told apart by in the operators' own queries. */
export const columns: readonly Column<Follow>[] = [
  { name: 'number', type: 'text', value: (follow) => (follow.status === 'unregistered' ? null : follow.ticket.number) },
  { name: 'status', type: 'text', value: (follow) => follow.status },
  { name: 'master', type: 'uuid', value: (follow) => (follow.status === 'linked' ? follow.master.ticketId : null) },
];
