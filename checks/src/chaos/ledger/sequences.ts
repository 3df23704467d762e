import { SERVICES } from '@paidan/contracts';
import type { Books, Logged } from '../books/books.js';
import { type Finding, finding, onceEach, shown } from './finding.js';

/** What each service says of a ticket is numbered 1, 2, 3 … in the log; what comes again is the same to the byte; rows and the trail know all of it. */
export function checkSequences({
  stories,
  schemas,
  trail,
  gaps,
}: Pick<Books, 'stories' | 'schemas' | 'trail' | 'gaps'>): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [ticketId, story] of stories) {
    findings.push(...checkNumbers(ticketId, story), ...checkTrail(ticketId, onceEach(story), trail.get(ticketId) ?? []));
  }
  for (const ticketId of trail.keys())
    if (!stories.has(ticketId))
      findings.push(finding('trail-differs', ticketId, 'feedback has a trail of it, and the log knows nothing of it'));
  for (const { ticketId, what } of gaps) findings.push(finding('trail-gap', ticketId, what));
  for (const service of SERVICES)
    for (const [ticketId, { sequence, handled }] of schemas[service].rows) {
      const story = stories.get(ticketId) ?? [];
      const said = lastOf(story, service);
      if (said !== sequence)
        findings.push(finding('row-differs', ticketId, `${service} counts ${sequence} events of its own, the log has them up to ${said}`));
      for (const [other, [, mark]] of Object.entries(handled))
        if (mark > lastOf(story, other))
          findings.push(
            finding('row-differs', ticketId, `${service} has handled ${other} up to ${mark}, the log ends at ${lastOf(story, other)}`),
          );
    }
  return findings;
}

const lastOf = (story: readonly Logged[], service: string): number =>
  story.reduce((last, event) => (event.service === service ? Math.max(last, event.sequence) : last), 0);

/** Of one ticket's story alone. */
export function checkNumbers(ticketId: string, story: readonly Logged[]): Finding[] {
  const findings: Finding[] = [];
  const numbers = new Map<string, Map<number, Logged>>();
  for (const event of story) {
    const by = `${event.service}/${event.epoch}`;
    const known = numbers.get(by) ?? new Map<number, Logged>();
    numbers.set(by, known);
    const first = known.get(event.sequence);
    if (first === undefined) {
      const highest = Math.max(0, ...known.keys());
      if (event.sequence < highest) findings.push(finding('sequence-order', ticketId, `${shown(event)} came after number ${highest}`));
      known.set(event.sequence, event);
    } else if (first.id !== event.id || first.digest !== event.digest) {
      findings.push(finding('sequence-clash', ticketId, `${shown(first)} and ${shown(event)} bear one number and are not the same`));
    }
  }
  // A service that was restored goes on under a new epoch from the last number that the log has.
  const said = new Map<string, Set<number>>();
  for (const [by, known] of numbers) {
    const [service = ''] = by.split('/');
    const all = said.get(service) ?? new Set<number>();
    said.set(service, all);
    for (const number of known.keys()) {
      if (all.has(number)) findings.push(finding('sequence-clash', ticketId, `${service} gave number ${number} in two epochs`));
      all.add(number);
    }
  }
  for (const [service, known] of said) {
    const last = Math.max(...known);
    const missing = Array.from({ length: last }, (_, index) => index + 1).filter((number) => !known.has(number));
    if (missing.length > 0) findings.push(finding('sequence-gap', ticketId, `${service}: ${missing.join(', ')} of ${last}`));
  }
  return findings;
}

function checkTrail(ticketId: string, story: readonly Logged[], kept: NonNullable<ReturnType<Books['trail']['get']>>): Finding[] {
  const inLog = new Map<string, Logged>(story.map((event) => [`${event.service}/${event.epoch}/${event.sequence}`, event]));
  const inTrail = new Map<string, string | undefined>(
    kept.flatMap(({ service, epoch, sequences, kept: digests }) =>
      sequences.map((sequence, index) => [`${service}/${epoch}/${sequence}`, digests[index]] as const),
    ),
  );
  const missing = [...inLog].filter(([number]) => !inTrail.has(number)).map(([, event]) => shown(event));
  const unheard = [...inTrail.keys()].filter((number) => !inLog.has(number));
  const changed = [...inLog].filter(([number, event]) => inTrail.has(number) && inTrail.get(number) !== event.kept);
  const twice = kept.flatMap(({ sequences }) => sequences).length - inTrail.size;
  return [
    ...(missing.length > 0 ? [finding('trail-differs', ticketId, `not in the trail: ${missing.join(', ')}`)] : []),
    ...(unheard.length > 0 ? [finding('trail-differs', ticketId, `in the trail, and not in the log: ${unheard.join(', ')}`)] : []),
    ...(changed.length > 0
      ? [finding('trail-differs', ticketId, `kept otherwise than said: ${changed.map(([, event]) => shown(event)).join(', ')}`)]
      : []),
    ...(twice > 0 ? [finding('trail-differs', ticketId, `${twice} numbers are in the trail twice`)] : []),
  ];
}
