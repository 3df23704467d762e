import { REPLY_CALLBACK, type OpenWords, type ReplyCallback, type Words } from '@paidan/contracts';
import type { Answer, Follow, TrailPlace } from '../domain/ticket.js';
import { forMember } from './shared-reply.js';
import { readEvent, type KeptEvent } from './tell-trail.js';

export interface ReplyShelf {
  follow(ticketId: string): Promise<Follow | undefined>;
  event(ticketId: string, place: TrailPlace): Promise<KeptEvent | undefined>;
  names(keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Replies for the citizen. Their texts lie in the trail; what is under seal is opened here, for the channel that the appeal came through and no other. */
export class Replies {
  constructor(
    private readonly shelf: ReplyShelf,
    private readonly open: (words: Words, ticketId: string) => OpenWords,
  ) {}

  /**
   * As the citizen reads it; a master's is told as such.
   * @throws Error when the trail has no such reply; PaidanError `content-key-unknown`, `seal-broken`
   */
  async textOf(ticketId: string, { text: place }: Answer): Promise<string> {
    const { ticketId: master } = place;
    if (master === undefined) return this.written(ticketId, place);
    const [text, theirs, own] = await Promise.all([this.written(master, place), this.numberOf(master), this.numberOf(ticketId)]);
    return forMember(text, theirs, own);
  }

  private async numberOf(ticketId: string): Promise<string> {
    const follow = await this.shelf.follow(ticketId);
    if (follow === undefined || follow.status === 'unregistered') throw new Error(`no ticket ${ticketId} is known`);
    return follow.ticket.number;
  }

  private async written(whose: string, place: TrailPlace): Promise<string> {
    const row = await this.shelf.event(whose, place);
    const event = row && readEvent(whose, row);
    switch (event?.name) {
      case 'reply.approved':
        return this.open(event.payload.reply, whose).text;
      case 'ticket.answered':
        return this.open(event.payload.answer, whose).text;
      default:
        throw new Error(`no reply at ${place.service} ${place.epoch}/${place.sequence} in the trail of ${whose}`);
    }
  }

  async unitOf({ unit: code }: Answer): Promise<{ readonly code: string; readonly name: string } | undefined> {
    if (code === undefined) return undefined;
    return { code, name: (await this.shelf.names([`unit:${code}`])).get(`unit:${code}`) ?? code };
  }

  /** The reply as it is posted to a call-back; undefined when it is not waiting any more. */
  async letter(ticketId: string, round: number): Promise<ReplyCallback | undefined> {
    const follow = await this.shelf.follow(ticketId);
    if (follow?.status !== 'answered' || follow.answer.round !== round) return undefined;
    const { answer, ticket } = follow;
    const [text, unit] = await Promise.all([this.textOf(ticketId, answer), this.unitOf(answer)]);
    return {
      type: REPLY_CALLBACK,
      timestamp: new Date(answer.at).toISOString(),
      data: {
        ticketId,
        number: ticket.number,
        round,
        ...(answer.outcome === undefined ? {} : { outcome: answer.outcome }),
        text,
        ...(unit === undefined ? {} : { unit }),
      },
    };
  }
}
