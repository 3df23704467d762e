import type { Column } from '@paidan/runtime';
import { extensionWaiting, type WorkItem } from '../../domain/work-item.js';

/** What a unit's list is read by, and the desk's list of extensions that wait. */
export const columns: readonly Column<WorkItem>[] = [
  { name: 'unit', type: 'text', value: (item) => ('holding' in item ? (item.holding?.unit ?? null) : null) },
  { name: 'status', type: 'text', value: (item) => item.status },
  { name: 'since', type: 'timestamptz', value: (item) => new Date(item.since) },
  {
    name: 'extension_since',
    type: 'timestamptz',
    value: (item) => {
      const waiting = extensionWaiting(item);
      return waiting === undefined ? null : new Date(waiting.at);
    },
  },
];
