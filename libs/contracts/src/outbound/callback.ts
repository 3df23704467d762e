import { Type, type Static } from 'typebox';
import { OUTCOMES } from '../vocabulary.js';
import { closed, Instant, maybe, oneOf, Round, TicketNumber, told, UnitCode, Uuid } from '../events/parts.js';

/*
 * What is posted to a channel's call-back URL, in the form of Standard Webhooks (standardwebhooks.com): the headers `webhook-id` (the same at each
 * repetition: whoever has seen it answers 2xx and does nothing), `webhook-timestamp` and `webhook-signature`, and this body. Any 2xx is taken for
 * received; everything else, a redirect too, is tried again.
 */

export const REPLY_CALLBACK = 'paidan.reply.v1';

/** 答复: the approved reply to a ticket of the channel, in the clear – the channel is the citizen's own. */
export const ReplyCallback = closed({
  type: Type.Literal(REPLY_CALLBACK),
  timestamp: told(Instant, 'when the reply was approved'),
  data: closed({
    ticketId: Uuid,
    number: TicketNumber,
    round: told(Round, 'to be named when the citizen rates this reply'),
    outcome: maybe(oneOf(OUTCOMES)),
    text: Type.String({ minLength: 1, maxLength: 20_000, description: 'the reply' }),
    unit: maybe(closed({ code: UnitCode, name: Type.String({ minLength: 1, maxLength: 100 }) }, 'who answers; absent when it is the desk')),
  }),
});
export type ReplyCallback = Static<typeof ReplyCallback>;

/** `webhook-id`: stable for one reply to one ticket, whatever the number of attempts. */
export const callbackId = (ticketId: string, round: number): string => `${ticketId}.${round}`;
