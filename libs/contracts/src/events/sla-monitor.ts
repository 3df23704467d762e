import { Type } from 'typebox';
import { CARD_COLOURS, CLOCKS, MOVE_REASONS, RECIPIENT_ROLES, STOP_REASONS, TIME_UNITS } from '../vocabulary.js';
import { Actor, AssignmentNumber, closed, Count, Instant, maybe, oneOf, Span, told, UnitCode, Uuid } from './parts.js';

/** A clock is on an assignment, or on the ticket when no assignment is named: the citizen's deadline doesn't restart with a new unit. */
const about = { assignment: maybe(AssignmentNumber), unit: maybe(UnitCode) };
const aboutClock = { clock: oneOf(CLOCKS), ...about };

const Policy = closed({ code: Type.String({ minLength: 1, maxLength: 64 }), version: Count });
const AwaitsYear = Type.Integer({
  minimum: 2000,
  maximum: 2999,
  description: 'year whose calendar is not published: no deadline until it is',
});
const Recipients = Type.Array(oneOf(RECIPIENT_ROLES), { maxItems: RECIPIENT_ROLES.length, description: 'roles within the unit' });

const Started = closed({ clock: oneOf(CLOCKS), span: Span, startedAt: Instant, dueAt: maybe(Instant), awaitsYear: maybe(AwaitsYear) });

/**
 * *Is it late, and who must know?* All clocks that start together are one event: each event costs four consumers. The citizen's own, which has run since
 * the receipt, is in `citizens` of its ticket's assignment; if anything else is to be said of the ticket first, it is an event of its own, on no assignment.
 */
export const ClockStarted = closed({
  ...about,
  policy: Policy,
  clocks: Type.Array(Started, {
    minItems: 1,
    maxItems: CLOCKS.length,
    description: 'each with `dueAt`, or with the year it waits for; those of the assignment, or the citizen’s where none is named',
  }),
  citizens: maybe(told(Started, 'the citizen’s own clock, beside those of the assignment, unless it was said to run before')),
});

/**
 * A clock that stopped in a year whose calendar isn't published is said to have stopped when it is, and in time or not. If the ticket was reopened
 * meanwhile, a second clock of the citizen's runs beside it: `stoppedAt` lies before that began.
 */
export const ClockStopped = closed({
  ...about,
  clocks: Type.Array(closed({ clock: oneOf(CLOCKS), because: oneOf(STOP_REASONS), stoppedAt: Instant }), {
    minItems: 1,
    maxItems: CLOCKS.length,
  }),
});

/** `to` is absent while work is suspended and while the calendar of the year is not published: there is no deadline then. */
export const DeadlineMoved = closed({
  ...aboutClock,
  because: oneOf(MOVE_REASONS),
  from: maybe(Instant),
  to: maybe(Instant),
  awaitsYear: maybe(AwaitsYear),
});

export const DeadlineWarned = closed({
  ...aboutClock,
  dueAt: Instant,
  left: closed({ count: Type.Integer({ minimum: 0 }), unit: oneOf(TIME_UNITS) }),
  recipients: Recipients,
});

/** Issued only when the log has been read past `dueAt`; immutable, taken back only by {@link CardWithdrawn}. */
export const CardIssued = closed({
  ...aboutClock,
  unit: UnitCode,
  card: Uuid,
  colour: oneOf(CARD_COLOURS),
  rule: Type.String({ minLength: 1, maxLength: 64 }),
  dueAt: told(Instant, 'the deadline that passed'),
  issuedAt: Instant,
  recipients: Recipients,
  accountability: Type.Boolean({ description: 'the unit answers for it: an entry in the list of those' }),
});

/** A timely word arrived late, or an appeal was upheld. */
export const CardWithdrawn = closed({
  card: Uuid,
  colour: oneOf(CARD_COLOURS),
  unit: UnitCode,
  assignment: maybe(AssignmentNumber),
  by: Actor,
  note: maybe(Type.String({ maxLength: 500 })),
});
