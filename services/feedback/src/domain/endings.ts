import type { CloseReason } from '@paidan/contracts';
import type { Decision, NewEvent } from '@paidan/runtime';
import type { Refusal } from './commands.js';
import { NO_RATING, NOT_FETCHED, type Closed, type Follow, type Registered } from './ticket.js';

const DISARMED = [NO_RATING, NOT_FETCHED].map((name) => ({ name, at: null }));

/**
 * The ticket is over.
 * @param given the events that led to it
 */
export function close(
  follow: Registered,
  because: CloseReason,
  { now }: { readonly now: number },
  given: readonly NewEvent[] = [],
): Decision<Follow> {
  const { heard, ticket, reopened, ratings, answer } = follow;
  const delivery = 'delivery' in follow ? follow.delivery : undefined;
  const stars = ratings.find(({ round }) => round === answer?.round)?.stars;
  const record: Closed = {
    status: 'closed',
    heard,
    ticket,
    reopened,
    ratings,
    because,
    at: now,
    ...(answer === undefined ? {} : { answer }),
    ...(delivery === undefined ? {} : { delivery }),
  };
  const payload = {
    because,
    closedAt: new Date(now).toISOString(),
    ...(answer === undefined ? {} : { round: answer.round }),
    ...(answer?.unit === undefined ? {} : { unit: answer.unit }),
    ...(answer?.outcome === undefined ? {} : { outcome: answer.outcome }),
    ...(stars === undefined ? {} : { stars }),
  };
  return { record, events: [...given, { name: 'ticket.closed', payload }], timers: DISARMED };
}

/** Nothing changes; the state of the ticket as the citizen may see it goes along. */
export function refused(follow: Follow | undefined, reason: Refusal, detail: Readonly<Record<string, unknown>> = {}): Decision<Follow> {
  const record = follow ?? ({ status: 'unregistered', heard: {}, early: [] } as const);
  const round = 'answer' in record ? record.answer?.round : undefined;
  const state = { status: record.status, ...(round === undefined ? {} : { round }) };
  return { record, outcome: { accepted: false, reason, detail: { state, ...detail } } };
}
