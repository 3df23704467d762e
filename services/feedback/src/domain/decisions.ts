import { CONFIDENTIALITY, OUTCOMES, type TicketEvent } from '@paidan/contracts';
import { knownOr } from '@paidan/kernel';
import type { Context, Decide, Decision } from '@paidan/runtime';
import type { Deliver, FeedbackCommand, Share } from './commands.js';
import { close, refused } from './endings.js';
import type { Facts } from './facts.js';
import { marked } from './marks.js';
import { onRating } from './on-rating.js';
import { HEARD, NO_RATING, NOT_FETCHED, type Answer, type Answered, type Follow, type HeardEvent, type Registered } from './ticket.js';

type Done = Decision<Follow>;
type In<N extends HeardEvent['name']> = Extract<HeardEvent, { readonly name: N }>;

const heard: ReadonlySet<string> = new Set(HEARD);
const isHeard = (event: TicketEvent): event is HeardEvent => heard.has(event.name);

/** *Is the citizen answered, and is it over?* */
export const decideFeedback: Decide<Follow, Facts, FeedbackCommand> = (follow, message, context) => {
  switch (message.kind) {
    case 'event': {
      const { event } = message;
      const before: Follow = follow ?? { status: 'unregistered', heard: {}, early: [] };
      const noted: Follow = { ...before, heard: marked(before.heard, event) };
      // Whatever it is, it has been heard: that is what the next number is held against.
      return (isHeard(event) ? onEvent(noted, event, context) : undefined) ?? { record: noted };
    }
    case 'command':
      return onCommand(follow, message.command, context);
    case 'timer':
      return onTimer(follow, message.timer.name, context);
    default:
      return message satisfies never;
  }
};

function onEvent(follow: Follow, event: HeardEvent, context: Context<Facts>): Done | undefined {
  if (event.name === 'ticket.registered') return register(follow, event, context);
  if (follow.status === 'unregistered') return { record: { ...follow, early: [...follow.early, event] } };
  if (follow.status === 'closed') return undefined;
  switch (event.name) {
    case 'ticket.withdrawn':
      return close(follow, 'withdrawn', context);
    case 'ticket.declined':
      return close(follow, 'declined', context);
    case 'ticket.linked':
      return linked(follow, event);
    case 'ticket.unlinked':
      return unlinked(follow);
    case 'ticket.answered':
      return answer(follow, { ...answeredBy(event), round: nextRound(follow) }, context);
    case 'reply.approved': {
      const { assignment, unit, outcome, round } = event.payload;
      // Rounds of the holder go on counting through all assignments; only a direct answer in between makes ours run ahead.
      const about = { round: Math.max(round, nextRound(follow)), assignment, unit, outcome: knownOr(OUTCOMES, outcome, 'explained') };
      return answer(follow, { ...answeredBy(event), ...about }, context);
    }
    default:
      return event satisfies never;
  }
}

function register(follow: Follow, { payload }: In<'ticket.registered'>, context: Context<Facts>): Done | undefined {
  if (follow.status !== 'unregistered') return undefined;
  const { number, channel, replyWanted, queryCodeHmac: proof } = payload;
  // A word that a newer intake knows is read as the one that does least harm.
  const confidentiality = knownOr(CONFIDENTIALITY, payload.confidentiality, 'confidential');
  const ticket = { number, channel, confidentiality, replyWanted, proof };
  const start: Done = { record: { status: 'open', heard: follow.heard, ticket, reopened: 0, ratings: [] } };
  return follow.early.reduce((before, event) => {
    const next = onEvent(before.record, event, context);
    if (next === undefined) return before;
    const [events, timers] = [
      [...(before.events ?? []), ...(next.events ?? [])],
      [...(before.timers ?? []), ...(next.timers ?? [])],
    ];
    return { record: next.record, events, timers };
  }, start);
}

const DISARMED = [NO_RATING, NOT_FETCHED].map((name) => ({ name, at: null }));

/** Nobody works on it under its own number any more; it waits for its master's reply. What has been answered goes on. */
function linked(follow: Registered, { payload }: In<'ticket.linked'>): Done | undefined {
  if (follow.status !== 'open' && follow.status !== 'linked') return undefined;
  const { heard: marks, ticket, reopened, ratings, answer: before } = follow;
  const master = { ticketId: payload.master, number: payload.masterNumber };
  return {
    record: { status: 'linked', heard: marks, ticket, reopened, ratings, master, ...(before === undefined ? {} : { answer: before }) },
  };
}

/** It goes its own way, and is answered for itself: the master's reply was no answer to it. */
function unlinked(follow: Registered): Done | undefined {
  const shared = (follow.status === 'answered' || follow.status === 'delivered') && follow.answer.text.ticketId !== undefined;
  if (follow.status !== 'linked' && !shared) return undefined;
  const { heard: marks, ticket, reopened, ratings, answer: before } = follow;
  const record: Follow = { status: 'open', heard: marks, ticket, reopened, ratings, ...(before === undefined ? {} : { answer: before }) };
  return { record, timers: DISARMED };
}

const nextRound = (follow: Registered): number => (follow.answer?.round ?? 0) + 1;

const answeredBy = ({ time, service, epoch, sequence }: In<'ticket.answered' | 'reply.approved'>): Pick<Answer, 'at' | 'text'> => ({
  at: Date.parse(time),
  text: { service, epoch, sequence },
});

/** An answer waits for the citizen; one that was there before and had not arrived gives way to it. */
function answer({ heard: marks, ticket, reopened, ratings }: Registered, given: Answer, { now, facts }: Context<Facts>): Done {
  const record: Answered = { status: 'answered', heard: marks, ticket, reopened, ratings, answer: given };
  const keptFor = ticket.replyWanted ? facts.pickUpWindow : facts.ratingWindow;
  return {
    record,
    timers: [
      { name: NO_RATING, at: null },
      { name: NOT_FETCHED, at: now + keptFor },
    ],
  };
}

function onCommand(follow: Follow | undefined, command: FeedbackCommand, context: Context<Facts>): Done {
  if (follow === undefined || follow.status === 'unregistered') return refused(follow, 'unknown-ticket');
  switch (command.name) {
    case 'deliver':
      return deliver(follow, command, context);
    case 'rate':
      return onRating(follow, command, context);
    case 'share':
      return share(follow, command, context);
    default:
      return command satisfies never;
  }
}

function deliver(follow: Registered, { payload }: Deliver, { now, facts }: Context<Facts>): Done {
  const { round, way, attempts } = payload;
  // Arrived by two ways, overtaken by another answer, or over: nothing is to be said of it any more.
  if (follow.status !== 'answered' || follow.answer.round !== round) return refused(follow, 'not-waiting');
  const { assignment } = follow.answer;
  return {
    record: { ...follow, status: 'delivered', delivery: { way, at: now } },
    events: [
      {
        name: 'reply.delivered',
        payload: {
          ...{ round, channel: follow.ticket.channel, way, deliveredAt: new Date(now).toISOString(), attempts },
          ...(assignment === undefined ? {} : { assignment }),
        },
      },
    ],
    timers: [
      { name: NOT_FETCHED, at: null },
      { name: NO_RATING, at: now + facts.ratingWindow },
    ],
    outcome: { accepted: true },
  };
}

/** 按主单答复: the member gets what its master was answered, through its own channel, and judges it for itself. */
function share(follow: Registered, { payload }: Share, context: Context<Facts>): Done {
  const { master: masterId, of, unit, outcome } = payload;
  if (follow.status !== 'linked' || follow.master.ticketId !== masterId) return refused(follow, 'not-linked');
  const round = nextRound(follow);
  const by = { ...(unit === undefined ? {} : { unit }), ...(outcome === undefined ? {} : { outcome }) };
  const said = { round, master: masterId, masterNumber: follow.master.number, of: { ...of }, ...by };
  return {
    ...answer(follow, { round, at: context.now, text: { ticketId: masterId, ...of }, ...by }, context),
    events: [{ name: 'reply.shared', payload: said }],
    outcome: { accepted: true },
  };
}

/** Without a rating in time the ticket is over; what the desk answered itself is over as that. */
function onTimer(follow: Follow | undefined, name: string, context: Context<Facts>): Done | undefined {
  const waited = (follow?.status === 'delivered' && name === NO_RATING) || (follow?.status === 'answered' && name === NOT_FETCHED);
  if (!waited) return undefined;
  const { assignment, text } = follow.answer;
  return close(follow, assignment === undefined && text.ticketId === undefined ? 'answered' : 'no-rating', context);
}
