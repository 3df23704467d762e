import { Type } from 'typebox';
import { CONTACT_OUTCOMES, OUTCOMES, RELEASE_REFUSALS, RETURN_REASONS, SUSPENSION_REASONS } from '../vocabulary.js';
import { aboutAssignment, Actor, closed, Count, Instant, maybe, oneOf, Round, Span, Subject, UnitCode, Words, told } from './parts.js';

const officer = { officer: Subject };

/** *What did the holder do?* Without an officer: the return window passed unused, and the unit holds it by that. */
export const AssignmentSigned = closed({ ...aboutAssignment, officer: maybe(Subject) });

export const AssignmentReturned = closed({
  ...aboutAssignment,
  ...officer,
  reason: oneOf(RETURN_REASONS),
  grounds: Words,
  legalBasis: maybe(Type.String({ minLength: 1, maxLength: 300, description: 'law or duty list cited; no text of the ticket' })),
});

export const AssignmentReleased = closed({ ...aboutAssignment });

export const ReleaseRefused = closed({ ...aboutAssignment, because: oneOf(RELEASE_REFUSALS) });

export const AssignmentDelegated = closed({ ...aboutAssignment, ...officer, to: UnitCode, due: maybe(Instant) });

export const CitizenContacted = closed({ ...aboutAssignment, ...officer, outcome: oneOf(CONTACT_OUTCOMES), contactedAt: Instant });

export const WorkProgressed = closed({ ...aboutAssignment, ...officer, note: Words });

export const WorkSuspended = closed({
  ...aboutAssignment,
  ...officer,
  reason: oneOf(SUSPENSION_REASONS),
  grounds: Words,
  until: maybe(told(Instant, 'resumes by itself then')),
  approvedBy: maybe(Subject),
});

/** Without an officer: the time given at suspension came. */
export const WorkResumed = closed({ ...aboutAssignment, officer: maybe(Subject) });

const extension = { extension: told(Count, 'number of the extension within the assignment') };

export const ExtensionRequested = closed({ ...aboutAssignment, ...extension, ...officer, span: Span, grounds: Words });

export const ExtensionGranted = closed({ ...aboutAssignment, ...extension, span: Span, by: Actor, note: maybe(Words) });

export const ExtensionRefused = closed({ ...aboutAssignment, ...extension, by: Actor, reason: Words });

const reply = { round: Round, outcome: oneOf(OUTCOMES), reply: Words };

export const ReplySubmitted = closed({ ...aboutAssignment, ...officer, ...reply });

/** Carries the text again, as approved: who delivers it needs no other event. */
export const ReplyApproved = closed({ ...aboutAssignment, approver: Subject, ...reply });

export const ReplySentBack = closed({ ...aboutAssignment, approver: Subject, round: Round, reason: Words });
