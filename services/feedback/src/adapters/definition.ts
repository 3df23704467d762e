import { openWords, seal, SEAL_IV_BYTES, type ContentKeys } from '@paidan/contracts';
import { freshRandom, type Clock, type Log, type Runtime, type ServiceDefinition } from '@paidan/runtime';
import { fingerprintOf } from '../application/give-command.js';
import type { FeedbackCommand } from '../domain/commands.js';
import { decideFeedback } from '../domain/decisions.js';
import type { Facts } from '../domain/facts.js';
import { recallFeedback } from '../domain/recall.js';
import type { Follow } from '../domain/ticket.js';
import { decodeFrom, TOPICS, type TopicNames } from './kafka/decode.js';
import { columns } from './postgres/columns.js';
import { keepTrail } from './postgres/keep-trail.js';

export type FeedbackRuntime = Runtime<Follow, Facts, FeedbackCommand>;

/** Injection token of the {@link FeedbackRuntime}. */
export const RUNTIME = Symbol('feedback:runtime');

export interface DefinitionParts {
  readonly keys: ContentKeys;
  readonly clock: Clock;
  readonly realTime: () => number;
  readonly log: Log;
  readonly pushes: (channel: string) => boolean;
  readonly windows: Pick<Facts, 'ratingWindow' | 'pickUpWindow'>;
  readonly topics?: TopicNames;
}

/** What makes the runtime into feedback. */
export const feedbackDefinition = ({
  keys,
  clock,
  realTime,
  log,
  pushes,
  windows,
  topics = TOPICS,
}: DefinitionParts): ServiceDefinition<Follow, Facts, FeedbackCommand> => {
  const facts: Facts = { ...windows, seal: (text, ticketId) => seal({ text }, ticketId, keys, freshRandom(SEAL_IV_BYTES)) };
  return {
    service: 'feedback',
    // Four events of a new ticket come within 200 ms: one or two writes of its row instead of four.
    gather: { quietMs: 150, busyMs: 500 },
    decide: decideFeedback,
    decode: decodeFrom(topics),
    columns,
    facts: () => facts,
    keepsStory: true,
    recall: recallFeedback(({ comment, ...rating }, ticketId) =>
      fingerprintOf({ ...rating, ...(comment === undefined ? {} : { comment: openWords(comment, ticketId, keys).text }) }),
    ),
    write: keepTrail({ now: clock.now, realTime, log, pushes }),
  };
};
