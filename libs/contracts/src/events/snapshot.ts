import { Type } from 'typebox';
import { CARD_COLOURS, CLOCKS } from '../vocabulary.js';
import { AssignmentReturned, ReplyApproved } from './department-handler.js';
import { TicketAnswered, TicketAssigned, TicketHeld, TicketLinked } from './dispatch.js';
import { RatingReceived, ReplyDelivered, TicketClosed } from './feedback.js';
import { TicketDeclined, TicketRegistered, TicketSupplemented, TicketWithdrawn } from './intake.js';
import { AssignmentNumber, closed, Instant, maybe, Round, Subject, told, UnitCode, Uuid } from './parts.js';

/*
 * `ticket.snapshot`: what one service would have to say about a ticket to somebody who heard nothing before, at its current sequence.
 * `republish` sends it to a service that is newer than the log, or older. The newest decision is carried as its own event's payload,
 * so that a consumer folds it with the code it has.
 */

const intake = closed({
  of: Type.Literal('intake'),
  registered: TicketRegistered,
  supplements: Type.Array(TicketSupplemented, { maxItems: 5, description: 'the newest that fit: an event stays below 256 KB' }),
  withdrawn: maybe(TicketWithdrawn),
  declined: maybe(TicketDeclined),
});

const dispatch = closed({
  of: Type.Literal('dispatch'),
  assigned: maybe(told(TicketAssigned, 'the newest assignment, if there ever was one')),
  held: maybe(told(TicketHeld, 'present while the ticket waits for a person')),
  returned: Type.Array(UnitCode, { maxItems: 50, description: 'units that have returned it and may not get it back' }),
  linked: maybe(TicketLinked),
  answered: maybe(TicketAnswered),
});

const departmentHandler = closed({
  of: Type.Literal('department-handler'),
  assignment: AssignmentNumber,
  unit: UnitCode,
  signed: Type.Boolean(),
  officer: maybe(Subject),
  ended: Type.Boolean({ description: 'returned or released' }),
  suspended: Type.Boolean(),
  round: maybe(Round),
  returned: maybe(AssignmentReturned),
  approved: maybe(ReplyApproved),
});

const slaMonitor = closed({
  of: Type.Literal('sla-monitor'),
  clocks: Type.Array(
    closed({
      clock: Type.Enum([...CLOCKS]),
      assignment: maybe(AssignmentNumber),
      unit: maybe(UnitCode),
      startedAt: Instant,
      dueAt: maybe(Instant),
      awaitsYear: maybe(told(Type.Integer(), 'year whose calendar is not published')),
    }),
    { maxItems: 50, description: 'clocks that run or are suspended' },
  ),
  cards: Type.Array(
    closed({
      card: Uuid,
      colour: Type.Enum([...CARD_COLOURS]),
      clock: Type.Enum([...CLOCKS]),
      assignment: maybe(AssignmentNumber),
      unit: UnitCode,
      dueAt: Instant,
      issuedAt: Instant,
      accountability: Type.Boolean(),
    }),
    { maxItems: 50, description: 'those that stand' },
  ),
});

const feedback = closed({
  of: Type.Literal('feedback'),
  delivered: maybe(told(ReplyDelivered, 'the newest delivery')),
  rated: maybe(told(RatingReceived, 'the newest rating')),
  reopened: Type.Integer({ minimum: 0, description: 'how often' }),
  closed: maybe(TicketClosed),
});

export const TicketSnapshot = Type.Union([intake, dispatch, departmentHandler, slaMonitor, feedback]);
