import type { TicketEvent } from '@paidan/contracts';
import type { Entry } from '../city/notebook.js';
import { percentile } from '../../percentile.js';

/** What is known of one ticket when the play is over. Times are epoch milliseconds. */
export interface Course {
  readonly entry: Entry;
  readonly story: readonly TicketEvent[];
  /** When the unit had the offer of an assignment in its hands. */
  readonly offeredAt: (assignment: number) => number | undefined;
}

/** A part of a ticket's way. A later service that adds a part adds a line here, and nothing else. */
export interface StageRule {
  readonly id: string;
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

const offeredToSigned = ({ story, offeredAt }: Course): readonly number[] =>
  story.flatMap((event) => {
    const offered = event.name === 'assignment.signed' ? offeredAt(event.payload.assignment) : undefined;
    return offered === undefined ? [] : [at(event) - offered];
  });

export const STAGES: readonly StageRule[] = [
  { id: 'handedInToAccepted', en: 'handed in → accepted', zh: '来件→受理', measure: handedInToAccepted },
  {
    id: 'acceptedToAssigned',
    en: 'accepted → assigned by rule',
    zh: '受理→按规则派单',
    measure: between('ticket.registered', ['ticket.assigned'], ['ticket.held']),
  },
  { id: 'heldToAssigned', en: 'held → assigned by a person', zh: '待派→人工派单', measure: between('ticket.held', ['ticket.assigned']) },
  { id: 'assignedToOffered', en: 'assigned → offered', zh: '派单→送达单位', measure: assignedToOffered },
  { id: 'offeredToSigned', en: 'offered → signed', zh: '送达→签收', measure: offeredToSigned },
  {
    id: 'returnedToDecided',
    en: 'returned → routed again',
    zh: '退单→重新派单',
    measure: between('assignment.returned', ['ticket.assigned', 'ticket.held']),
  },
  {
    id: 'signedToReplied',
    en: 'signed → replied',
    zh: '签收→答复',
    measure: between('assignment.signed', ['reply.submitted'], ['assignment.returned']),
  },
  {
    id: 'repliedToApproved',
    en: 'replied → approved',
    zh: '答复→审核通过',
    measure: between('reply.submitted', ['reply.approved'], ['reply.sent-back']),
  },
  { id: 'acceptedToApproved', en: 'accepted → approved', zh: '受理→审核通过', measure: between('ticket.registered', ['reply.approved']) },
];

export interface StageTimes {
  readonly count: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
}

/** @returns by the stage's id, those that nobody went through left out */
export function timesOf(courses: readonly Course[], stages: readonly StageRule[] = STAGES): Readonly<Record<string, StageTimes>> {
  return Object.fromEntries(
    stages.flatMap(({ id, measure }) => {
      // Clocks of one machine, read to the millisecond by different processes: a step of half a millisecond can come out as minus one.
      const times = courses.flatMap(measure).map((time) => Math.max(0, time));
      return times.length === 0 ? [] : [[id, { count: times.length, p50: percentile(times, 50), p95: percentile(times, 95) }]];
    }),
  );
}
