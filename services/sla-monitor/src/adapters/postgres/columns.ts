import type { Column } from '@paidan/runtime';
import { isRunning } from '../../domain/clock.js';
import type { TicketClocks } from '../../domain/ticket-clocks.js';

/** The first year that a ticket waits for. */
const awaitedYear = (ticket: TicketClocks): number | null => {
  if (ticket.status === 'unregistered') return null;
  let first: number | null = null;
  for (const { awaitsYear, stopped } of ticket.clocks)
    if (awaitsYear !== undefined && stopped === undefined && (first === null || awaitsYear < first)) first = awaitsYear;
  return first;
};

/** What a new calendar finds its tickets by. */
export const columns: readonly Column<TicketClocks>[] = [
  { name: 'awaits_year', type: 'smallint', value: awaitedYear },
  { name: 'ticking', type: 'boolean', value: (ticket) => ticket.status !== 'unregistered' && ticket.clocks.some(isRunning) },
];
