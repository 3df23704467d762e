import type { TicketEvent } from '@paidan/contracts';
import { replyFor } from '../city/department-conduct.js';
import type { Entry } from '../city/notebook.js';
import type { BrokenRow } from '../input/read-messages.js';
import { type Course, type StageTimes, timesOf } from './stages.js';

/** What a play leaves behind. */
export interface Played {
  readonly seed: number;
  readonly broken: readonly BrokenRow[];
  readonly entries: readonly Entry[];
  readonly courses: readonly Course[];
  readonly commands: { readonly accepted: number; readonly refused: ReadonlyMap<string, number>; readonly repeated: number };
  readonly repeatedEvents: number;
  readonly confidentialReadings: number;
  readonly seconds: number;
  readonly interrupted: boolean;
  readonly complaints: readonly string[];
}

interface AtRow {
  readonly row: number;
  readonly line: number;
}

/** The table; `--json` prints it as it is. Counts are of tickets unless they say otherwise. */
export interface Summary {
  readonly rows: number;
  readonly broken: number;
  readonly refused: number;
  /** Not handed in or not answered when the play was ended early. */
  readonly unanswered: number;
  readonly accepted: number;
  readonly acceptedOverHttp: number;
  readonly acceptedOverKafka: number;
  readonly assigned: number;
  /** Assigned by rules alone. */
  readonly byRule: number;
  /** Assigned by a person at least once. */
  readonly byPerson: number;
  /** Returned at least once; `returns` counts each. */
  readonly returned: number;
  readonly returns: number;
  /** Assigned again after a return. */
  readonly routedAgain: number;
  readonly replied: number;
  readonly sentBack: number;
  readonly approved: number;
  /** Accepted, and without an approved reply at the end: by the log of tickets alone. */
  readonly lost: number;
  /** Numbers that a service left out in what it said of a ticket. */
  readonly missingEvents: number;
  /** Events that came a second time, which is harmless. */
  readonly repeatedEvents: number;
  /** Approved replies that are not what the department wrote; those under seal are not looked at. */
  readonly wrongReplies: number;
  readonly commandsAccepted: number;
  readonly commandsRepeated: number;
  readonly commandsRefused: Readonly<Record<string, number>>;
  readonly confidentialReadings: number;
  readonly seconds: number;
  readonly interrupted: boolean;
  readonly stages: Readonly<Record<string, StageTimes>>;
  readonly refusals: readonly (AtRow & { readonly reason: string; readonly detail: string })[];
  readonly brokenRows: readonly BrokenRow[];
  readonly lostTickets: readonly (AtRow & { readonly ticketId: string; readonly lastHeard: string })[];
  readonly complaints: readonly string[];
}

/** So many are named one by one; the counts are of all. */
const NAMED = 100;

export function summarise(played: Played): Summary {
  const { seed, broken, entries, courses, commands, repeatedEvents, confidentialReadings, seconds, interrupted } = played;
  const refusals = entries.flatMap(({ appeal: { message }, outcome }) =>
    outcome?.kind === 'refused' ? [{ row: message.row, line: message.line, reason: outcome.reason, detail: outcome.detail }] : [],
  );
  const overHttp = courses.filter(({ entry }) => entry.appeal.way === 'http').length;
  const said = (name: TicketEvent['name']) => courses.filter(({ story }) => story.some((event) => event.name === name));
  const [assigned, returned, approved] = [said('ticket.assigned'), said('assignment.returned'), said('reply.approved')];
  const byPerson = assigned.filter(({ story }) => story.some(isByPerson)).length;
  const lost = courses.filter((course) => !approved.includes(course));
  return {
    rows: entries.length + broken.length,
    broken: broken.length,
    refused: refusals.length,
    unanswered: entries.filter(({ outcome }) => outcome === undefined).length,
    accepted: courses.length,
    acceptedOverHttp: overHttp,
    acceptedOverKafka: courses.length - overHttp,
    assigned: assigned.length,
    byRule: assigned.length - byPerson,
    byPerson,
    returned: returned.length,
    returns: sum(returned.map(({ story }) => story.filter(({ name }) => name === 'assignment.returned').length)),
    routedAgain: returned.filter(isRoutedAgain).length,
    replied: said('reply.submitted').length,
    sentBack: said('reply.sent-back').length,
    approved: approved.length,
    lost: lost.length,
    missingEvents: sum(courses.map(({ story }) => missingIn(story))),
    repeatedEvents,
    wrongReplies: approved.filter((course) => hasWrongReply(course, seed)).length,
    commandsAccepted: commands.accepted,
    commandsRepeated: commands.repeated,
    commandsRefused: Object.fromEntries(commands.refused),
    confidentialReadings,
    seconds: Math.round(seconds * 10) / 10,
    interrupted,
    stages: timesOf(courses),
    refusals: refusals.slice(0, NAMED),
    brokenRows: broken.slice(0, NAMED),
    lostTickets: lost.slice(0, NAMED).map(({ entry, story }) => ({
      row: entry.appeal.message.row,
      line: entry.appeal.message.line,
      ticketId: entry.outcome?.kind === 'accepted' ? entry.outcome.ticketId : '',
      lastHeard: story.at(-1)?.name ?? 'nothing',
    })),
    complaints: played.complaints.slice(0, NAMED),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const isByPerson = (event: TicketEvent): boolean => event.name === 'ticket.assigned' && event.payload.by.kind === 'person';

const isRoutedAgain = ({ story }: Course): boolean => {
  const returned = story.findIndex(({ name }) => name === 'assignment.returned');
  return story.slice(returned).some(({ name }) => name === 'ticket.assigned');
};

/** Each service numbers what it says about a ticket from 1 on, so what was left out shows. */
function missingIn(story: readonly TicketEvent[]): number {
  const highest = new Map<string, number>();
  for (const { service, epoch, sequence } of story) {
    const key = `${service}/${epoch}`;
    highest.set(key, Math.max(highest.get(key) ?? 0, sequence));
  }
  return sum([...highest.values()]) - story.length;
}

function hasWrongReply({ entry, story }: Course, seed: number): boolean {
  const approved = story.findLast((event) => event.name === 'reply.approved');
  if (approved?.name !== 'reply.approved' || approved.payload.reply.kind !== 'open') return false;
  const { row, reply } = entry.appeal.message;
  return approved.payload.reply.text !== replyFor(seed, row, reply).text;
}
