import type { TicketEvent } from '@paidan/contracts';
import type { Entry } from '../../cast/city/notebook.js';
import { percentile } from '../../percentile.js';

/** What is known of one ticket when the play is over. Times are epoch milliseconds of the city's time. */
export interface Course {
  readonly entry: Entry;
  readonly story: readonly TicketEvent[];
  /** When the unit had the offer of an assignment in its hands. */
  readonly offeredAt: (assignment: number) => number | undefined;
}

/** Who takes the time: services, measured in real time, or people, who live in the city's. */
export type By = 'machine' | 'people';

/** A part of a ticket's way. A later service that adds a part adds a line here, and nothing else. */
export interface StageRule {
  readonly id: string;
  readonly by: By;
  readonly en: string;
  readonly zh: string;
  readonly measure: (course: Course) => readonly number[];
}

const at = ({ time }: TicketEvent): number => Date.parse(time);

/** From each event of the one kind to the next of the other, before anything that `unless` names. */
const between =
  (from: TicketEvent['name'], to: readonly TicketEvent['name'][], unless: readonly TicketEvent['name'][] = []) =>
  ({ story }: Course): readonly number[] =>
    story.flatMap((event, index) => {
      if (event.name !== from) return [];
      const next = story.slice(index + 1).find(({ name }) => to.includes(name) || unless.includes(name));
      return next !== undefined && to.includes(next.name) ? [at(next) - at(event)] : [];
    });

const handedInToAccepted = ({ entry: { handedInAt, outcome } }: Course): readonly number[] =>
  handedInAt !== undefined && outcome?.kind === 'accepted' ? [outcome.at - handedInAt] : [];

const assignedToOffered = ({ story, offeredAt }: Course): readonly number[] =>
  story.flatMap((event) => {
    const offered = event.name === 'ticket.assigned' ? offeredAt(event.payload.assignment) : undefined;
    return offered === undefined ? [] : [offered - at(event)];
  });

/** To the clocks of that assignment: the citizen's of a ticket that was held may be said to run meanwhile. */
const assignedToClocked = ({ story }: Course): readonly number[] =>
  story.flatMap((event, index) => {
    if (event.name !== 'ticket.assigned') return [];
    const { assignment } = event.payload;
    const clocked = story.slice(index + 1).find((later) => later.name === 'clock.started' && later.payload.assignment === assignment);
    return clocked === undefined ? [] : [at(clocked) - at(event)];
  });

const offeredToSigned = ({ story, offeredAt }: Course): readonly number[] =>
  story.flatMap((event) => {
    const offered = event.name === 'assignment.signed' ? offeredAt(event.payload.assignment) : undefined;
    return offered === undefined ? [] : [at(event) - offered];
  });

/** From a reply's approval to its delivery, where it was delivered so. */
const approvedToPushed = ({ story }: Course): readonly number[] =>
  story.flatMap((event, index) => {
    if (event.name !== 'reply.approved') return [];
    const delivered = story.slice(index + 1).find(({ name }) => name === 'reply.delivered' || name === 'reply.approved');
    return delivered?.name === 'reply.delivered' && delivered.payload.way === 'pushed' ? [at(delivered) - at(event)] : [];
  });

const rule = (id: string, by: By, en: string, zh: string, measure: StageRule['measure']): StageRule => ({ id, by, en, zh, measure });

export const STAGES: readonly StageRule[] = [
  rule('handedInToAccepted', 'machine', 'handed in → accepted', '来件→受理', handedInToAccepted),
  rule(
    'acceptedToAssigned',
    'machine',
    'accepted → assigned by rule',
    '受理→按规则派单',
    between('ticket.registered', ['ticket.assigned'], ['ticket.held']),
  ),
  rule('assignedToOffered', 'machine', 'assigned → offered', '派单→送达单位', assignedToOffered),
  rule('assignedToClocked', 'machine', 'assigned → clocks run', '派单→计时开始', assignedToClocked),
  rule(
    'returnedToDecided',
    'machine',
    'returned → routed again',
    '退单→重新派单',
    between('assignment.returned', ['ticket.assigned', 'ticket.held']),
  ),
  rule('approvedToPushed', 'machine', 'approved → pushed to the channel', '审核通过→推送', approvedToPushed),
  rule(
    'reopenedToAssigned',
    'machine',
    'reopened → assigned again',
    '重办→派单',
    between('ticket.reopened', ['ticket.assigned', 'ticket.held']),
  ),
  rule('heldToAssigned', 'people', 'held → assigned by a person', '待派→人工派单', between('ticket.held', ['ticket.assigned'])),
  rule('offeredToSigned', 'people', 'offered → signed', '送达→签收', offeredToSigned),
  rule(
    'signedToReplied',
    'people',
    'signed → replied',
    '签收→答复',
    between('assignment.signed', ['reply.submitted'], ['assignment.returned']),
  ),
  rule(
    'repliedToApproved',
    'people',
    'replied → approved',
    '答复→审核通过',
    between('reply.submitted', ['reply.approved'], ['reply.sent-back']),
  ),
  rule('deliveredToRated', 'people', 'delivered → rated', '送达→评价', between('reply.delivered', ['rating.received'])),
  rule('acceptedToApproved', 'people', 'accepted → approved', '受理→审核通过', between('ticket.registered', ['reply.approved'])),
  rule('acceptedToClosed', 'people', 'accepted → closed', '受理→办结', between('ticket.registered', ['ticket.closed'])),
];

export interface StageTimes {
  readonly by: By;
  readonly count: number;
  /** Milliseconds: real ones of the machine's stages, the city's of the people's. */
  readonly p50: number;
  readonly p95: number;
}

/** @returns by the stage's id, those that nobody went through left out */
export function timesOf(
  courses: readonly Course[],
  factor = 1,
  stages: readonly StageRule[] = STAGES,
): Readonly<Record<string, StageTimes>> {
  return Object.fromEntries(
    stages.flatMap(({ id, by, measure }) => {
      // Clocks of one machine, read to the millisecond by different processes: a step of half a millisecond can come out as minus one.
      const times = courses.flatMap(measure).map((time) => Math.round(Math.max(0, time) / (by === 'machine' ? factor : 1)));
      return times.length === 0 ? [] : [[id, { by, count: times.length, p50: percentile(times, 50), p95: percentile(times, 95) }]];
    }),
  );
}
