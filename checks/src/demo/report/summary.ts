import type { TicketEvent } from '@paidan/contracts';
import type { PushedReply } from '../../cast/channels/callback-server.js';
import { replyFor } from '../../cast/departments/department-conduct.js';
import type { Entry } from '../../cast/city/notebook.js';
import type { BrokenRow } from '../input/read-messages.js';
import type { Checked } from './look-back.js';
import { judged, type Judgement } from './judgement.js';
import { type Course, type StageTimes, timesOf } from './stages.js';

/** What a play leaves behind. */
export interface Played {
  readonly seed: number;
  readonly factor: number;
  /** Days of the city's time from the first message on. */
  readonly days: number;
  readonly broken: readonly BrokenRow[];
  readonly entries: readonly Entry[];
  readonly courses: readonly Course[];
  readonly commands: { readonly accepted: number; readonly refused: ReadonlyMap<string, number>; readonly repeated: number };
  /** What the channels' systems were told, by the message's id. */
  readonly pushed: ReadonlyMap<string, PushedReply>;
  readonly callbacks: { readonly wrong: number; readonly failedAtFirst: number };
  /** Replies that citizens asked for and got. */
  readonly lookedUp: number;
  /** Undefined when it could not be checked. */
  readonly checked: Checked | undefined;
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
export interface Summary extends Judgement {
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
  /** Accepted, and not closed at the end: by the log of tickets alone. */
  readonly lost: number;
  /** Numbers that a service left out in what it said of a ticket. */
  readonly missingEvents: number;
  /** Numbers that feedback has missed in the trail it keeps; null when it could not be asked. */
  readonly trailGaps: number | null;
  /** Tickets of which feedback has not heard all that a service has said; null when they could not be asked. */
  readonly auditDifferences: number | null;
  /** Events that came a second time, which is harmless. */
  readonly repeatedEvents: number;
  /** Replies that are not what the department wrote: as approved, where they are in the open, and as a channel was told them. */
  readonly wrongReplies: number;
  /** Call-backs that were not signed as they should, or not for anybody. */
  readonly wrongCallbacks: number;
  /** Replies that found the channel's system failing at first. */
  readonly callbacksFailedAtFirst: number;
  readonly lookedUp: number;
  readonly commandsAccepted: number;
  readonly commandsRepeated: number;
  readonly commandsRefused: Readonly<Record<string, number>>;
  readonly confidentialReadings: number;
  readonly seconds: number;
  readonly factor: number;
  readonly days: number;
  readonly interrupted: boolean;
  readonly stages: Readonly<Record<string, StageTimes>>;
  readonly refusals: readonly (AtRow & { readonly reason: string; readonly detail: string })[];
  readonly brokenRows: readonly BrokenRow[];
  readonly lostTickets: readonly (AtRow & { readonly ticketId: string; readonly lastHeard: string })[];
  readonly complaints: readonly string[];
}

/** Of these there must be none; what could not be counted is not none. */
export const MUST_BE_NONE = [
  'unanswered',
  'lost',
  'missingEvents',
  'trailGaps',
  'auditDifferences',
  'wrongReplies',
  'wrongCallbacks',
] as const satisfies readonly (keyof Summary)[];

/** So many are named one by one; the counts are of all. */
const NAMED = 100;

export function summarise(played: Played): Summary {
  const { seed, factor, broken, entries, courses, commands, repeatedEvents, confidentialReadings, seconds, interrupted } = played;
  const refusals = entries.flatMap(({ appeal: { message }, outcome }) =>
    outcome?.kind === 'refused' ? [{ row: message.row, line: message.line, reason: outcome.reason, detail: outcome.detail }] : [],
  );
  const overHttp = courses.filter(({ entry }) => entry.appeal.way === 'http').length;
  const said = (name: TicketEvent['name']) => courses.filter(({ story }) => story.some((event) => event.name === name));
  const [assigned, returned, approved] = [said('ticket.assigned'), said('assignment.returned'), said('reply.approved')];
  const byPerson = assigned.filter(({ story }) => story.some(isByPerson)).length;
  const closed = new Set(said('ticket.closed'));
  const lost = courses.filter((course) => !closed.has(course));
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
    ...judged(courses),
    lost: lost.length,
    missingEvents: sum(courses.map(({ story }) => missingIn(story))),
    repeatedEvents,
    trailGaps: played.checked?.gaps ?? null,
    auditDifferences: played.checked?.differences ?? null,
    wrongReplies: approved.filter((course) => hasWrongReply(course, seed)).length + wrongPushes(played),
    wrongCallbacks: played.callbacks.wrong,
    callbacksFailedAtFirst: played.callbacks.failedAtFirst,
    lookedUp: played.lookedUp,
    commandsAccepted: commands.accepted,
    commandsRepeated: commands.repeated,
    commandsRefused: Object.fromEntries(commands.refused),
    confidentialReadings,
    seconds: Math.round(seconds * 10) / 10,
    factor,
    days: Math.round(played.days * 10) / 10,
    interrupted,
    stages: timesOf(courses, factor),
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

function wrongPushes({ seed, pushed, courses }: Played): number {
  const rows = new Map(
    courses.map(({ entry }) => [entry.outcome?.kind === 'accepted' ? entry.outcome.ticketId : '', entry.appeal.message]),
  );
  return [...pushed.values()].filter(({ ticketId, text }) => {
    const message = rows.get(ticketId);
    return message !== undefined && text !== replyFor(seed, message.row, message.reply).text;
  }).length;
}
