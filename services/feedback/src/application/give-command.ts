import { RuntimeError, type Actor, type Outcome, type Reactor } from '@paidan/runtime';
import { createHash } from 'node:crypto';
import type { Deliver, FeedbackCommand, Judgement, Refusal, Share } from '../domain/commands.js';
import type { Facts } from '../domain/facts.js';
import type { RatingAnswer } from '../domain/on-rating.js';
import type { Follow, Registered } from '../domain/ticket.js';
import { feedbackError } from '../errors.js';
import type { Proven } from './tracking-desk.js';

export type FollowReactor = Pick<Reactor<Follow, Facts, FeedbackCommand>, 'command' | 'read'>;

const OWN: Actor = { kind: 'system', subject: 'feedback', roles: [] };

/** Ratings and deliveries as commands to the ticket. */
export class Commands {
  constructor(
    private readonly reactor: FollowReactor,
    private readonly newId: () => string,
  ) {}

  /** The reply has arrived. @throws RuntimeError `ticket-parked`, `database-unavailable` */
  deliver(ticketId: string, payload: Deliver['payload']): Promise<Outcome> {
    return this.reactor.command({ name: 'deliver', commandId: this.newId(), ticketId, actor: OWN, payload, oneOff: true });
  }

  /** Its master's reply is the member's. @throws RuntimeError `ticket-parked`, `database-unavailable` */
  share(ticketId: string, payload: Share['payload']): Promise<Outcome> {
    return this.reactor.command({ name: 'share', commandId: this.newId(), ticketId, actor: OWN, payload, oneOff: true });
  }

  /** The citizen has it before the eyes. A parked ticket can't note that now; the next look will. @returns the ticket as it is then */
  async fetched({ ticketId, follow }: Proven, round: number): Promise<Registered> {
    try {
      await this.deliver(ticketId, { round, way: 'fetched', attempts: 1 });
    } catch (error) {
      if (error instanceof RuntimeError && error.code === 'ticket-parked') return follow;
      throw error;
    }
    const now = (await this.reactor.read(ticketId))?.record;
    return now === undefined || now.status === 'unregistered' ? follow : now;
  }

  /**
   * @param by a channel on behalf of its citizen, or the citizen
   * @throws PaidanError with the refusal as its code and the ticket's state
   */
  async rate(ticketId: string, judgement: Judgement, by: Actor): Promise<RatingAnswer> {
    const payload = { ...plain(judgement), fingerprint: fingerprintOf(judgement) };
    const outcome = await this.reactor.command({ name: 'rate', commandId: this.newId(), ticketId, actor: by, payload, oneOff: true });
    if (outcome.accepted) return outcome.answer as unknown as RatingAnswer;
    const { answer, ...detail } = outcome.detail ?? {};
    if (outcome.reason === 'repeated') return answer as RatingAnswer;
    throw refusedRating(outcome.reason as Refusal, detail);
  }
}

/** Members that were left out are not there: the shape's instance has them as undefined. */
const plain = ({ round, stars, resolved, satisfied, onTime, comment }: Judgement): Judgement => ({
  round,
  stars,
  ...(resolved === undefined ? {} : { resolved }),
  ...(satisfied === undefined ? {} : { satisfied }),
  ...(onTime === undefined ? {} : { onTime }),
  ...(comment === undefined ? {} : { comment }),
});

/** Tells a repeated rating from another one, without keeping the comment in the record. */
export const fingerprintOf = ({ round, stars, resolved, satisfied, onTime, comment }: Judgement): string =>
  createHash('sha256')
    .update(JSON.stringify([round, stars, resolved ?? null, satisfied ?? null, onTime ?? null, comment ?? null]))
    .digest('base64url');

const refusedRating = (reason: Refusal, extensions: Readonly<Record<string, unknown>>): Error => {
  switch (reason) {
    case 'unknown-ticket':
      return feedbackError('unknown-ticket', 'there is no such ticket');
    case 'unknown-round':
      return feedbackError('unknown-round', 'there is no reply of this round to rate', { extensions });
    case 'not-answered-yet':
      return feedbackError('not-answered-yet', 'no reply of this round has been delivered yet', { extensions });
    case 'already-rated':
      return feedbackError('already-rated', 'this reply was rated before, and otherwise', { extensions });
    case 'closed':
      return feedbackError('closed', 'the ticket is closed', { extensions });
    case 'not-waiting':
    case 'not-linked':
    case 'repeated':
      throw new Error(`a rating was answered ${reason}`);
    default:
      return reason satisfies never;
  }
};
