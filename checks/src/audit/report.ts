import type { Difference, Look } from './compare.js';

/** Of more than this the rest is a number. */
const SHOWN = 50;

const padded = (cells: readonly string[], widths: readonly number[]): string =>
  cells
    .map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
    .join('  ')
    .trimEnd();

/** What the audit found, for people. */
export const reportOf = ({ tickets, events }: Look, differences: readonly Difference[]): string => {
  const counted = Object.entries(events).map(([service, count]) => `${service} ${count}`);
  const total = Object.values(events).reduce((sum, count) => sum + count, 0);
  const summary = `${tickets} tickets, ${total} events (${counted.join(', ')})`;
  if (differences.length === 0) return `${summary}: feedback has them all.`;
  const head = ['ticket', 'service', 'said', 'heard', 'kept', ''];
  const rows = differences
    .slice(0, SHOWN)
    .map(({ ticketId, service, said, heard, kept, parked }) => [
      ticketId,
      service,
      ...[said, heard, kept].map(String),
      parked ? 'parked' : '',
    ]);
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const more = differences.length > SHOWN ? [`… and ${differences.length - SHOWN} more`] : [];
  return [
    `${summary}: ${differences.length} differ from what feedback has.`,
    '',
    ...[head, ...rows].map((row) => padded(row, widths)),
    ...more,
  ].join('\n');
};
