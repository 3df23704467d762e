import type { EventPayload, ReopenReason } from '@paidan/contracts';
import type { Context, Decision, NewEvent } from '@paidan/runtime';
import type { Rate, Refusal } from './commands.js';
import { close, refused } from './endings.js';
import type { Facts } from './facts.js';
import { NO_RATING, type Delivered, type Follow, type Open, type Rating, type Registered } from './ticket.js';

/** What the citizen is told of a rating that was taken. */
export interface RatingAnswer {
  readonly round: number;
  readonly rating: number;
  readonly led: Rating['led'];
}
const answerOf = ({ round, number, led }: Rating): RatingAnswer => ({ round, rating: number, led });

/** With two stars and fewer (不满意, 非常不满意 of 国办发〔2019〕51号) nobody is satisfied, whatever else is ticked. */
const UNSATISFIED_STARS = 2;

/** 评价: one per round, on a reply that has arrived. The first that is not content sends the ticket round once more; the second is final. */
export function onRating(follow: Registered, { payload, ticketId }: Rate, context: Context<Facts>): Decision<Follow> {
  const earlier = follow.ratings.find(({ round }) => round === payload.round);
  if (earlier !== undefined) {
    // A citizen who presses twice is told the same twice; a refusal writes nothing.
    const same = earlier.fingerprint === payload.fingerprint;
    return same ? refused(follow, 'repeated', { answer: answerOf(earlier) }) : refused(follow, 'already-rated');
  }
  const wrong = refusalOf(follow, payload.round);
  if (wrong !== undefined) return refused(follow, wrong);
  if (follow.status !== 'delivered') throw new Error('a rating was let through to a ticket without a delivered reply');
  return take(follow, payload, ticketId, context);
}

function refusalOf(follow: Registered, round: number): Refusal | undefined {
  const last = follow.answer?.round ?? 0;
  switch (follow.status) {
    case 'closed':
      return 'closed';
    case 'open':
    case 'linked':
      return round > last ? 'not-answered-yet' : 'unknown-round';
    case 'answered':
      return round === last ? 'not-answered-yet' : 'unknown-round';
    case 'delivered':
      return round === last ? undefined : 'unknown-round';
    default:
      return follow satisfies never;
  }
}

const complaintOf = ({ stars, resolved, satisfied }: Rate['payload']): ReopenReason | undefined => {
  if (resolved === false) return 'unresolved';
  return satisfied === false || stars <= UNSATISFIED_STARS ? 'unsatisfied' : undefined;
};

function take(follow: Delivered, judgement: Rate['payload'], ticketId: string, context: Context<Facts>): Decision<Follow> {
  const { round, stars, fingerprint } = judgement;
  const number = follow.ratings.length + 1;
  const received: NewEvent = { name: 'rating.received', payload: receivedOf(follow, judgement, number, ticketId, context.facts) };
  const rated = (led: Rating['led']): Rating => ({ round, number, stars, fingerprint, led });
  const closing = (because: 'satisfied' | 'second-rating'): Decision<Follow> => {
    const rating = rated(because);
    const over = close({ ...follow, ratings: [...follow.ratings, rating] }, because, context, [received]);
    return { ...over, outcome: { accepted: true, answer: { ...answerOf(rating) } } };
  };

  const complaint = complaintOf(judgement);
  if (complaint === undefined) return closing('satisfied');
  if (follow.reopened > 0) return closing('second-rating');
  const rating = rated('reopened');
  const { heard, ticket, answer } = follow;
  const record: Open = { status: 'open', heard, ticket, reopened: 1, ratings: [...follow.ratings, rating], answer };
  const payload = { because: complaint, reopening: 1, round, ...(answer.unit === undefined ? {} : { unit: answer.unit }) };
  return {
    record,
    events: [received, { name: 'ticket.reopened', payload }],
    timers: [{ name: NO_RATING, at: null }],
    outcome: { accepted: true, answer: { ...answerOf(rating) } },
  };
}

function receivedOf(
  { ticket }: Delivered,
  { round, stars, resolved, satisfied, onTime, comment }: Rate['payload'],
  rating: number,
  ticketId: string,
  { seal }: Facts,
): EventPayload<'rating.received'> {
  const words = (text: string) => (ticket.confidentiality === 'open' ? ({ kind: 'open', text } as const) : seal(text, ticketId));
  return {
    round,
    rating,
    stars,
    channel: ticket.channel,
    ...(resolved === undefined ? {} : { resolved }),
    ...(satisfied === undefined ? {} : { satisfied }),
    ...(onTime === undefined ? {} : { onTime }),
    ...(comment === undefined ? {} : { comment: words(comment) }),
  };
}
