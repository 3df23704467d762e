import { Type } from 'typebox';
import { ChannelId, closed, Instant, maybe, oneOf, TicketNumber, Uuid } from '../events/parts.js';
import { SUBMISSION_REFUSALS } from '../vocabulary.js';
import { FieldProblem, Position } from './assignments.js';

/** What becomes of a submission over Kafka, on `paidan.receipts.<channel>`, keyed by external id. The same submission again gets the same answer. */
export const SubmissionAccepted = closed({
  type: Type.Literal('submission.accepted'),
  channel: ChannelId,
  externalId: Type.String(),
  ticketId: Uuid,
  number: TicketNumber,
  queryCode: Type.String({ description: "the citizen's secret for asking after the ticket; pass it on, don't keep it" }),
  acceptedAt: Instant,
});

export const SubmissionRefused = closed({
  type: Type.Literal('submission.refused'),
  channel: ChannelId,
  externalId: maybe(Type.String()),
  reason: oneOf(SUBMISSION_REFUSALS),
  detail: Type.String(),
  detailZh: maybe(Type.String()),
  errors: Type.Array(FieldProblem, { maxItems: 100 }),
  position: maybe(Position),
});
