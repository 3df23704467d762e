import { Type } from 'typebox';
import { CLOSE_REASONS, DELIVERY_WAYS, FOLLOW_UP_WAYS, OUTCOMES, REOPEN_REASONS, SERVICES } from '../vocabulary.js';
import {
  AssignmentNumber,
  ChannelId,
  closed,
  Count,
  Instant,
  maybe,
  oneOf,
  Round,
  Subject,
  TicketNumber,
  UnitCode,
  Uuid,
  Words,
  told,
} from './parts.js';

/** 非常满意 5 … 非常不满意 1. */
export const Stars = Type.Integer({ minimum: 1, maximum: 5 });

/** *Is the citizen answered, and is it over?* A direct answer of the desk has no assignment. */
export const ReplyDelivered = closed({
  round: Round,
  assignment: maybe(AssignmentNumber),
  channel: ChannelId,
  way: oneOf(DELIVERY_WAYS),
  deliveredAt: Instant,
  attempts: Count,
});

/**
 * A ticket that is linked gets its master's reply. The text is not said again: it is that of the master's event `of`, for who keeps the trail, and the call-back
 * or the tracking page shows it.
 */
export const ReplyShared = closed({
  round: told(Round, 'number of the reply within this ticket'),
  master: Uuid,
  masterNumber: TicketNumber,
  of: told(closed({ service: oneOf(SERVICES), epoch: Count, sequence: Count }), 'the event of the master that carries the text'),
  unit: maybe(UnitCode),
  outcome: maybe(oneOf(OUTCOMES)),
});

export const FollowUpCompleted = closed({
  round: Round,
  way: oneOf(FOLLOW_UP_WAYS),
  reached: Type.Boolean({ description: 'the citizen was reached; otherwise the rest is absent' }),
  contacted: maybe(Type.Boolean({ description: 'the unit had been in touch (响应)' })),
  resolved: maybe(Type.Boolean({ description: '解决' })),
  stars: maybe(Stars),
  by: Subject,
});

export const RatingReceived = closed({
  round: Round,
  rating: told(Count, 'number of the rating within the ticket; the second is final'),
  stars: Stars,
  resolved: maybe(Type.Boolean({ description: '解决' })),
  satisfied: maybe(Type.Boolean({ description: '满意' })),
  onTime: maybe(Type.Boolean({ description: '及时' })),
  channel: ChannelId,
  comment: maybe(Words),
});

export const TicketReopened = closed({
  because: oneOf(REOPEN_REASONS),
  reopening: told(Count, 'how often the ticket has been reopened'),
  round: maybe(Round),
  unit: maybe(told(UnitCode, 'unit whose reply did not hold')),
});

export const TicketClosed = closed({
  because: oneOf(CLOSE_REASONS),
  closedAt: Instant,
  round: maybe(Round),
  unit: maybe(UnitCode),
  outcome: maybe(oneOf(OUTCOMES)),
  stars: maybe(Stars),
});
