import { Type } from 'typebox';
import { CARD_COLOURS, CLOCKS, MOVE_REASONS, STOP_REASONS, TIME_UNITS } from '../vocabulary.js';
import { Actor, AssignmentNumber, closed, Count, Instant, maybe, oneOf, Span, UnitCode, Uuid } from './parts.js';

/** A clock is on an assignment, or on the ticket when no assignment is named: the citizen's deadline doesn't restart with a new unit. */
const aboutClock = { clock: oneOf(CLOCKS), assignment: maybe(AssignmentNumber), unit: maybe(UnitCode) };

const Policy = closed({ code: Type.String({ minLength: 1, maxLength: 64 }), version: Count });

/** *Is it late, and who must know?* */
export const ClockStarted = closed({
  ...aboutClock,
  policy: Policy,
  span: Span,
  startedAt: Instant,
  dueAt: Instant,
});

export const ClockStopped = closed({ ...aboutClock, because: oneOf(STOP_REASONS), stoppedAt: Instant });

/** `to` is absent while work is suspended: there is no deadline then. */
export const DeadlineMoved = closed({ ...aboutClock, because: oneOf(MOVE_REASONS), from: maybe(Instant), to: maybe(Instant) });

export const DeadlineWarned = closed({
  ...aboutClock,
  dueAt: Instant,
  left: closed({ count: Type.Integer({ minimum: 0 }), unit: oneOf(TIME_UNITS) }),
});

/** Issued only when the log has been read past `dueAt`; immutable, taken back only by {@link CardWithdrawn}. */
export const CardIssued = closed({
  ...aboutClock,
  unit: UnitCode,
  card: Uuid,
  colour: oneOf(CARD_COLOURS),
  rule: Type.String({ minLength: 1, maxLength: 64 }),
  dueAt: Instant,
  issuedAt: Instant,
});

/** A timely word arrived late, or an appeal was upheld. */
export const CardWithdrawn = closed({
  card: Uuid,
  colour: oneOf(CARD_COLOURS),
  unit: UnitCode,
  by: Actor,
  note: maybe(Type.String({ maxLength: 500 })),
});
