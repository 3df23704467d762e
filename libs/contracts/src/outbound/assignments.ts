import { Type } from 'typebox';
import {
  aboutAssignment,
  AssignmentNumber,
  closed,
  DirectoryVersion,
  Instant,
  MatterCode,
  maybe,
  oneOf,
  Place,
  Reason,
  Span,
  Subject,
  TicketNumber,
  told,
  UnitCode,
  Uuid,
} from '../events/parts.js';
import { DEPARTMENT_COMMANDS } from '../inbound/department-commands.js';
import {
  APPEAL_TYPES,
  CARD_COLOURS,
  CLOCKS,
  COMMAND_REFUSALS,
  CONFIDENTIALITY,
  MOVE_REASONS,
  RELEASE_REASONS,
  RETURN_REFUSALS,
  RECIPIENT_ROLES,
  ROLES,
  TIME_UNITS,
  URGENCY,
} from '../vocabulary.js';

/*
 * What Paidan tells an integrated unit on `paidan.assignments.<unit>`, keyed by ticket id. Every value names its `type`, so that a reader
 * that sees no headers can tell them apart.
 */

/** Content as a unit may see it: of a confidential ticket only where to ask for it, with a token, an officer and a purpose on record. */
const ContentForUnit = Type.Union([
  closed({
    kind: Type.Literal('open'),
    title: Type.String({ minLength: 1, maxLength: 120 }),
    text: Type.String({ minLength: 1, maxLength: 20_000 }),
    place: maybe(Place),
  }),
  closed({
    kind: Type.Literal('fetch'),
    path: Type.String({ description: 'path at department-handler, to GET with a token of the unit' }),
  }),
]);

const SupplementForUnit = Type.Union([
  closed({ kind: Type.Literal('open'), text: Type.String({ minLength: 1, maxLength: 20_000 }), place: maybe(Place) }),
  closed({ kind: Type.Literal('fetch'), path: Type.String() }),
]);

const ticket = { ticketId: Uuid, number: TicketNumber };
const about = { ...ticket, ...aboutAssignment };
const aboutClock = { ...about, clock: oneOf(CLOCKS) };
const Recipients = Type.Array(oneOf(RECIPIENT_ROLES), { maxItems: RECIPIENT_ROLES.length, description: 'whom of the unit it is for' });
const Note = Type.String({ maxLength: 1000, description: 'of an open ticket; of another the officer reads it with the work item' });

export const AssignmentOffered = closed({
  type: Type.Literal('assignment.offered'),
  ...about,
  role: oneOf(ROLES),
  lead: UnitCode,
  coHandlers: Type.Array(UnitCode, { maxItems: 20 }),
  appealType: oneOf(APPEAL_TYPES),
  urgency: oneOf(URGENCY),
  confidentiality: oneOf(CONFIDENTIALITY),
  matter: Type.Union([MatterCode, Type.Null()]),
  content: ContentForUnit,
  receivedAt: Instant,
  designated: Type.Boolean({ description: 'may not be returned' }),
  returnUntil: maybe(Instant),
  reasons: Type.Array(Reason, { maxItems: 50 }),
  directoryVersion: DirectoryVersion,
});

/** The unit holds it no longer; what it says about this assignment from now on is refused. */
export const AssignmentWithdrawn = closed({
  type: Type.Literal('assignment.withdrawn'),
  ...about,
  because: told(oneOf([...RELEASE_REASONS, 'closed']), 'closed: the ticket is over'),
});

/** Its return was refused. */
export const AssignmentKept = closed({
  type: Type.Literal('assignment.kept'),
  ...about,
  reason: oneOf(RETURN_REFUSALS),
  note: maybe(Note),
  windowEnded: maybe(Instant),
});

export const AssignmentSupplemented = closed({
  type: Type.Literal('assignment.supplemented'),
  ...about,
  supplement: Type.Integer({ minimum: 1 }),
  content: SupplementForUnit,
});

/** Where in the log the command stood: the only name of a command that couldn't be read. */
const Position = closed({ partition: Type.Integer({ minimum: 0 }), offset: Type.String({ pattern: '^\\d+$' }) });

const CurrentState = closed({
  status: Type.String({ description: 'status of the assignment' }),
  assignment: maybe(AssignmentNumber),
  holder: maybe(UnitCode),
  round: maybe(Type.Integer({ minimum: 1 })),
  officer: maybe(Subject),
  until: maybe(told(Instant, 'when suspended work goes on by itself')),
  extension: maybe(
    closed(
      { number: Type.Integer({ minimum: 1 }), waiting: Type.Boolean() },
      'the newest that was asked for, and whether it waits for a decision',
    ),
  ),
});

export const CommandAccepted = closed({
  type: Type.Literal('command.accepted'),
  ...about,
  commandId: Uuid,
  command: oneOf(DEPARTMENT_COMMANDS),
  state: CurrentState,
});

export const FieldProblem = closed({
  pointer: Type.String({ description: 'RFC 6901 pointer into the message' }),
  code: Type.String(),
  detail: Type.String(),
  detailZh: maybe(Type.String()),
});

export const CommandRefused = closed({
  type: Type.Literal('command.refused'),
  reason: oneOf(COMMAND_REFUSALS),
  detail: Type.String(),
  detailZh: maybe(Type.String()),
  errors: Type.Array(FieldProblem, { maxItems: 100 }),
  commandId: maybe(Uuid),
  command: maybe(oneOf(DEPARTMENT_COMMANDS)),
  ticketId: maybe(Uuid),
  state: maybe(CurrentState),
  windowEnded: maybe(told(Instant, 'when the window for returns ended, where that is why')),
  position: maybe(Position),
});

/** To whoever asked for more time, by rule or by a person. What the deadline is then, {@link DeadlineSet} says. */
export const ExtensionDecided = closed({
  type: Type.Literal('extension.decided'),
  ...about,
  extension: told(Type.Integer({ minimum: 1 }), 'number of the extension within the assignment'),
  granted: Type.Boolean(),
  span: Span,
  note: maybe(Note),
});

/** All deadlines of the assignment that were set or moved by one event. Those not named are as they were. */
export const DeadlineSet = closed({
  type: Type.Literal('deadline.set'),
  ...about,
  because: maybe(oneOf(MOVE_REASONS)),
  deadlines: Type.Array(
    closed({
      clock: oneOf(CLOCKS),
      dueAt: Type.Union([Instant, Type.Null()], { description: 'null while work is suspended, and while the calendar is not published' }),
      awaitsYear: maybe(Type.Integer({ minimum: 2000, maximum: 2999, description: 'year whose calendar is not published' })),
    }),
    { minItems: 1, maxItems: CLOCKS.length },
  ),
});

export const DeadlineNear = closed({
  type: Type.Literal('deadline.near'),
  ...aboutClock,
  dueAt: Instant,
  left: closed({ count: Type.Integer({ minimum: 0 }), unit: oneOf(TIME_UNITS) }),
  recipients: Recipients,
});

export const CardShown = closed({
  type: Type.Literal('card.shown'),
  ...aboutClock,
  card: Uuid,
  colour: oneOf(CARD_COLOURS),
  rule: Type.String({ minLength: 1, maxLength: 64 }),
  dueAt: Instant,
  issuedAt: Instant,
  recipients: Recipients,
  accountability: Type.Boolean({ description: 'the unit answers for it' }),
});

export const CardTakenBack = closed({
  type: Type.Literal('card.taken-back'),
  ...ticket,
  unit: UnitCode,
  assignment: maybe(AssignmentNumber),
  card: Uuid,
  colour: oneOf(CARD_COLOURS),
});

export { Position };
