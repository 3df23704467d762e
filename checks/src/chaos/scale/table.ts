import { columns } from '../columns.js';
import type { Step } from './measure.js';

const HEAD = [
  'replicas',
  'partitions',
  'process',
  'moving',
  'pause',
  'slowest',
  '| then accepted/s',
  'assigned/s',
  'pause',
  'slowest',
] as const;

/** The steps for people: each change first, and what followed. */
export function scaleTable(steps: readonly Step[]): readonly string[] {
  return [
    '  dispatch scaled. process: its start or end, moving: of partitions then; pause: longest between two assignments, slowest: from registration to decision',
    ...columns([HEAD, ...steps.map(rowOf)]),
  ];
}

const rowOf = ({ replicas, partitions, change, steady }: Step): readonly string[] => [
  String(replicas),
  Object.values(partitions).join('+'),
  ...(change === undefined ? ['–', '–', '–', '–'] : [change.process, change.moving, change.pause, change.wait].map(seconds)),
  steady.accepted.toFixed(1),
  steady.assigned.toFixed(1),
  seconds(steady.pause),
  seconds(steady.wait),
];

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;
