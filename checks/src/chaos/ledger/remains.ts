import { parseTopic, SERVICES, TICKETS_PARTITIONS, TICKETS_TOPIC, type Service } from '@paidan/contracts';
import type { Books } from '../books/books.js';
import { type Finding, finding } from './finding.js';

const READS_TICKETS: readonly Service[] = ['dispatch', 'department-handler', 'sla-monitor', 'feedback'];
/** Who reads what strangers write. */
const READS: Readonly<Record<string, Service>> = { commands: 'department-handler', submissions: 'intake' };

/** Nothing is left over: no rows in queues and side rooms, no log unread, no timer that should have fired, no record that can't be read, no contact data. */
export function checkRemains({
  schemas,
  ends,
  stoodAt,
  grace,
  unreadable,
  leaks,
  deliveries,
}: Pick<Books, 'schemas' | 'ends' | 'stoodAt' | 'grace' | 'unreadable' | 'leaks' | 'deliveries'>): readonly Finding[] {
  const findings: Finding[] = [];
  for (const service of SERVICES) {
    const { left, rows, positions } = schemas[service];
    for (const [table, count] of Object.entries(left))
      if (count > 0) findings.push(finding('left-behind', undefined, `${service}.${table} has ${count} rows`));
    for (const [ticketId, { parked, timers }] of rows) {
      if (parked) findings.push(finding('left-behind', ticketId, `${service} has parked it`));
      for (const [name, dueAt] of Object.entries(timers))
        if (dueAt + grace < stoodAt)
          findings.push(
            finding('timer-overdue', ticketId, `${service}'s timer ${name} was due at ${iso(dueAt)}, ${iso(stoodAt)} it stood still`),
          );
    }
    for (const [place, position] of positions)
      if (position !== ends.get(place))
        findings.push(
          finding('position-behind', undefined, `${service} stands at ${position} of ${place}, which ends at ${ends.get(place) ?? '?'}`),
        );
  }
  for (const [place, end] of ends)
    for (const service of readersOf(place))
      if (end > 0 && !schemas[service].positions.has(place))
        findings.push(finding('position-behind', undefined, `${service} has never read ${place}, which ends at ${end}`));
  for (const { ticketId, round, state } of deliveries)
    if (state !== 'kept') findings.push(finding('left-behind', ticketId, `the reply of round ${round} is ${state}`));
  for (const { topic, partition, offset, reason } of unreadable)
    findings.push(finding('unreadable', undefined, `${topic}/${partition} at ${offset}: ${reason}`));
  for (const { topic, offset, what } of leaks) findings.push(finding('contact-leaked', undefined, `${topic} at ${offset}: ${what}`));
  return findings;
}

const iso = (at: number): string => new Date(at).toISOString();

function readersOf(place: string): readonly Service[] {
  const topic = place.slice(0, place.lastIndexOf('/'));
  if (topic === TICKETS_TOPIC) return Number(place.slice(topic.length + 1)) < TICKETS_PARTITIONS ? READS_TICKETS : [];
  const reader = READS[parseTopic(topic)?.family ?? ''];
  return reader === undefined ? [] : [reader];
}
