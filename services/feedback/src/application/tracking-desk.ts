import type { CloseReason, Outcome } from '@paidan/contracts';
import { OUTCOME_WORDS, wordsFor } from '@paidan/contracts';
import type { Registered } from '../domain/ticket.js';
import { feedbackError } from '../errors.js';
import type { Told } from './phrases.js';
import { asNumber, type QueryProof } from './query-proof.js';
import type { Replies } from './replies.js';
import { tellState } from './tell-state.js';
import { namesFrom, namesIn, readEvent, type KeptEvent } from './tell-trail.js';

export type Attempt = { readonly allowed: true } | { readonly allowed: false; readonly retryAfterMs: number };

export interface TrackingGuard {
  /** Counts an attempt under each key, before it is looked at. */
  begin(keys: readonly string[]): Promise<Attempt>;
  /** Gives it back. */
  right(keys: readonly string[]): Promise<void>;
}

export interface TrackingShelf {
  byNumber(number: string): Promise<{ readonly ticketId: string; readonly follow: Registered } | undefined>;
  trail(ticketId: string): Promise<readonly KeptEvent[]>;
  names(keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** A ticket whose citizen has proved to be its own. */
export interface Proven {
  readonly ticketId: string;
  readonly follow: Registered;
}

export interface ReplyToCitizen {
  readonly round: number;
  readonly text: string;
  readonly answeredAt: number;
  readonly unit?: string;
  readonly outcome?: Outcome;
  readonly outcomeWords?: Told;
}

/** What the citizen is shown. */
export interface Progress {
  readonly number: string;
  readonly status: Registered['status'];
  readonly state: Told;
  readonly reply?: ReplyToCitizen;
  /** The reply that may be rated now. */
  readonly mayRate?: number;
  readonly ratings: readonly { readonly round: number; readonly stars: number }[];
  readonly closed?: { readonly because: CloseReason; readonly at: number };
}

export interface DeskParts {
  readonly shelf: TrackingShelf;
  readonly guard: TrackingGuard;
  readonly proof: QueryProof;
  readonly replies: Pick<Replies, 'textOf' | 'unitOf'>;
  /** The reply was shown, and so has reached the citizen. @returns the ticket as it is then */
  readonly fetched: (proven: Proven, round: number) => Promise<Registered>;
}

/** Answers citizens who ask after their tickets by number and query code. */
export class TrackingDesk {
  constructor(private readonly parts: DeskParts) {}

  /**
   * Whether number and code belong together. A number that doesn't exist and a wrong code are one answer, in the same time: else numbers could be found
   * out, and they run on by one.
   * @param address of the caller; counted by its digest
   * @throws PaidanError `unknown-tracking`, `too-many-requests`
   */
  async prove(number: string, code: string, address: string): Promise<Proven> {
    const { guard, shelf, proof } = this.parts;
    const asked = asNumber(number);
    const keys = [`n ${asked}`, `a ${proof.digestOf(address)}`];
    const attempt = await guard.begin(keys);
    if (!attempt.allowed) {
      const retryAfterSeconds = Math.ceil(attempt.retryAfterMs / 1_000);
      throw feedbackError('too-many-requests', `too many wrong query codes; try again in ${Math.ceil(retryAfterSeconds / 60)} min`, {
        extensions: { retryAfterSeconds },
      });
    }
    const found = await shelf.byNumber(asked);
    if (!proof.fits(found && { ticketId: found.ticketId, proof: found.follow.ticket.proof }, code) || found === undefined)
      throw feedbackError('unknown-tracking', 'no ticket has this number and this query code');
    await guard.right(keys);
    return found;
  }

  /** Shows how far a ticket has come. A reply that waited to be picked up is delivered by that – once its text could be shown, not before. */
  async show(proven: Proven): Promise<Progress> {
    const { shelf, fetched } = this.parts;
    const { ticketId } = proven;
    const rows = await shelf.trail(ticketId);
    const events = rows.flatMap((row) => readEvent(ticketId, row) ?? []);
    const names = namesFrom(await shelf.names(namesIn(events)));
    const reply = await this.replyTo(proven);
    const follow = proven.follow.status === 'answered' ? await fetched(proven, proven.follow.answer.round) : proven.follow;
    const { ticket, ratings, status } = follow;
    return {
      number: ticket.number,
      status,
      state: tellState(follow, events, names),
      ...(reply === undefined ? {} : { reply }),
      ...(follow.status === 'delivered' ? { mayRate: follow.answer.round } : {}),
      ratings: ratings.map(({ round, stars }) => ({ round, stars })),
      ...(follow.status === 'closed' ? { closed: { because: follow.because, at: follow.at } } : {}),
    };
  }

  private async replyTo({ ticketId, follow }: Proven): Promise<ReplyToCitizen | undefined> {
    const { answer } = follow;
    if (answer === undefined) return undefined;
    const { replies } = this.parts;
    const [text, unit] = await Promise.all([replies.textOf(ticketId, answer), replies.unitOf(answer)]);
    const { round, at: answeredAt, outcome } = answer;
    return {
      ...{ round, text, answeredAt },
      ...(unit === undefined ? {} : { unit: unit.name }),
      ...(outcome === undefined ? {} : { outcome, outcomeWords: wordsFor(OUTCOME_WORDS, outcome) }),
    };
  }
}
