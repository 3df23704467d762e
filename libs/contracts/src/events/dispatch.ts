import { Type } from 'typebox';
import { HOLD_REASONS, LINK_KINDS, RELEASE_REASONS, RETURN_REFUSALS, UNLINK_REASONS, URGENCY } from '../vocabulary.js';
import {
  aboutAssignment,
  Actor,
  AssignmentNumber,
  Candidate,
  closed,
  Count,
  DirectoryVersion,
  Instant,
  MatterCode,
  maybe,
  oneOf,
  Reason,
  RuledOut,
  TicketNumber,
  told,
  UnitCode,
  Uuid,
  Words,
} from './parts.js';

const Confidence = Type.Number({ minimum: 0, maximum: 1 });
const Units = Type.Array(UnitCode, { maxItems: 20 });
const decided = {
  matter: Type.Union([MatterCode, Type.Null()]),
  confidence: Confidence,
  reasons: Type.Array(Reason, { maxItems: 50 }),
  directoryVersion: DirectoryVersion,
  rulesVersion: maybe(told(Count, 'of the set of rules that was asked')),
  urgency: maybe(told(oneOf(URGENCY), 'higher than it was registered with, by a rule')),
};

/** *Who should hold it now?* */
export const TicketAssigned = closed({
  assignment: AssignmentNumber,
  lead: UnitCode,
  coHandlers: Units,
  copies: Units,
  ...decided,
  by: Actor,
  designated: Type.Boolean({ description: '直接指定: may not be returned' }),
  returnUntil: maybe(Instant),
});

export const TicketHeld = closed({
  reason: oneOf(HOLD_REASONS),
  ...decided,
  candidates: Type.Array(Candidate, { maxItems: 20 }),
  ruledOut: Type.Array(RuledOut, { maxItems: 100 }),
});

/** Asked of department-handler, which alone knows whether the holder can still let go. */
export const ReleaseRequested = closed({ ...aboutAssignment, reason: oneOf(RELEASE_REASONS) });

export const ReturnAccepted = closed({ ...aboutAssignment, by: Actor });

export const ReturnRefused = closed({
  ...aboutAssignment,
  by: Actor,
  reason: oneOf(RETURN_REFUSALS),
  note: maybe(Words),
  windowEnded: maybe(told(Instant, 'when the window for returns ended, where that is why')),
});

/** The ticket stays, for reply and follow-up; the work is done under the master. */
export const TicketLinked = closed({ master: Uuid, masterNumber: TicketNumber, link: oneOf(LINK_KINDS), by: Actor });

/** It goes its own way again: where to, the assignment or the hold that follows says. The citizen's deadline is the one it always was. */
export const TicketUnlinked = closed({
  master: Uuid,
  masterNumber: TicketNumber,
  reason: oneOf(UNLINK_REASONS),
  by: Actor,
  note: maybe(Words),
});

/** 直接答复: answered by the desk. */
export const TicketAnswered = closed({ answer: Words, matter: Type.Union([MatterCode, Type.Null()]), by: Actor });
