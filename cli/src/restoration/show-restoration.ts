import { table } from '@paidan/local';
import type { Answers } from '../system/ask-all.js';
import { cityTime } from '../time.js';
import type { Loss, Restored } from './answers.js';

/** Tickets of a loss that are named; `--json` names all that the service does. */
const NAMED = 10;

/** The services that were restored one under another, and under them what is lost, ticket by ticket. */
export function showRestoration(found: Answers<Restored>['found']): string {
  if (found.length === 0) return 'nothing was ever restored from a back-up';
  const losses = found.flatMap(({ service, answer: { lost } }) => lost.map((loss) => `${service}: ${lossOf(loss)}`));
  const notes = found.flatMap(({ service, answer }) => notesOf(answer).map((note) => `${service}: ${note}`));
  return [
    table(found.map(({ service, answer }) => rowOf(service, answer))),
    '',
    ...notes,
    ...(losses.length === 0 ? ['nothing is lost that can be named'] : losses),
  ].join('\n');
}

const rowOf = (service: string, { epoch, begunAt, endedAt, told, emptied, ...counts }: Restored) => ({
  service,
  epoch: String(epoch),
  begun: cityTime(begunAt),
  ended: endedAt === undefined ? 'under way' : cityTime(endedAt),
  'known by': told ? 'being told' : 'positions',
  'begun from': emptied ? 'nothing' : 'a back-up',
  'own words folded': String(counts.recalled),
  'not folded': String(counts.unfolded),
  'said anew': String(counts.saidAnew),
  'notices not repeated': String(counts.noticesNotRepeated),
  'commands passed over': String(counts.commandsPassedOver),
  'gone from the log unread': String(counts.goneUnread),
});

const notesOf = ({ endedAt, unfolded }: Restored): string[] => [
  ...(endedAt === undefined ? ['takes nothing until its own words of the log are folded; what is lost is known then'] : []),
  ...(unfolded > 0 ? ['own words could not be folded: paidan parked list shows the tickets that wait for them'] : []),
];

function lossOf({ what, count, tickets }: Loss): string {
  const [named, more] = [tickets.slice(0, NAMED), count - Math.min(tickets.length, NAMED)];
  return `lost ${what} of ${count} ${count === 1 ? 'ticket' : 'tickets'}: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
