import type { Column } from '@paidan/runtime';
import type { WorkItem } from '../../domain/work-item.js';

/** What a unit's list is read by. */
export const columns: readonly Column<WorkItem>[] = [
  { name: 'unit', type: 'text', value: (item) => ('holding' in item ? (item.holding?.unit ?? null) : null) },
  { name: 'status', type: 'text', value: (item) => item.status },
  { name: 'since', type: 'timestamptz', value: (item) => new Date(item.since) },
];
