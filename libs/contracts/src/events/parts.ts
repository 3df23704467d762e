import { Type, type Static, type TProperties, type TSchema } from 'typebox';
import {
  ADMIN_CODE,
  CHANNEL_ID,
  COORDINATE_SYSTEMS,
  DECISION_REASONS,
  MAILBOX_CODE,
  MATTER_CODE,
  TIME_UNITS,
  UNIT_CODE,
  RULED_OUT_REASONS,
} from '../vocabulary.js';

/*
 * Building blocks of every message schema. Objects are closed and strings bounded here, for the producer's sake;
 * consumers validate with a relaxed copy (see validators.ts).
 */

/** An object that the producer may not add to by accident. */
export const closed = <const P extends TProperties>(properties: P, description?: string) =>
  Type.Object(properties, { additionalProperties: false, ...(description === undefined ? {} : { description }) });

export const maybe = <S extends TSchema>(schema: S) => Type.Optional(schema);

export const oneOf = <const L extends readonly string[]>(list: L, description?: string) =>
  Type.Enum([...list] as L[number][], description === undefined ? {} : { description });

/** The same schema with words of its own. */
export const told = <S extends TSchema>(schema: S, description: string): S => ({ ...schema, description });

export const Uuid = Type.String({ format: 'uuid' });
/** ISO 8601 in UTC with `Z`. */
export const Instant = Type.String({ format: 'date-time', description: 'ISO 8601, UTC' });
export const ChannelId = Type.String({ pattern: CHANNEL_ID.source, description: 'registered channel id' });
export const UnitCode = Type.String({ pattern: UNIT_CODE.source, description: 'unit code of the directory' });
export const MailboxCode = Type.String({ pattern: MAILBOX_CODE.source, description: 'code of a mailbox' });
export const MatterCode = Type.String({ pattern: MATTER_CODE.source, description: 'matter code of the catalogue' });
export const TicketNumber = Type.String({ minLength: 1, maxLength: 40, description: 'human number, like 20261122-000123' });
/** The subject of a staff member's token; never a name. */
export const Subject = Type.String({ minLength: 1, maxLength: 128, description: 'token subject of a member of staff' });
export const Count = Type.Integer({ minimum: 1 });
export const DirectoryVersion = Type.Integer({ minimum: 0, description: 'version of the directory that the decision was taken under' });
export const AssignmentNumber = Type.Integer({ minimum: 1, description: 'number of the assignment within the ticket' });
export const Round = Type.Integer({ minimum: 1, description: 'number of the reply within the ticket' });
const ShortText = Type.String({ maxLength: 500 });

export const Place = closed({
  address: maybe(Type.String({ maxLength: 300 })),
  adminCode: maybe(Type.String({ pattern: ADMIN_CODE.source, description: 'GB/T 2260, 6, 9 or 12 digits' })),
  coordinates: maybe(
    closed({
      lon: Type.Number({ minimum: -180, maximum: 180 }),
      lat: Type.Number({ minimum: -90, maximum: 90 }),
      system: oneOf(COORDINATE_SYSTEMS),
    }),
  ),
});
export type Place = Static<typeof Place>;

const Sealed = closed(
  {
    kind: Type.Literal('sealed'),
    keyId: Type.String({ minLength: 1, maxLength: 64, description: 'which content key; only the five services hold it' }),
    sealed: Type.String({ description: 'base64url of iv (12) | tag (16) | AES-256-GCM ciphertext of the JSON that `open` would carry' }),
  },
  'text of a confidential or anonymous ticket',
);

/** Title, text and place of an appeal: in the clear, or sealed with the content key. */
export const Content = Type.Union([
  closed({
    kind: Type.Literal('open'),
    title: Type.String({ minLength: 1, maxLength: 120 }),
    text: Type.String({ minLength: 1, maxLength: 20_000 }),
    place: maybe(Place),
  }),
  Sealed,
]);
export type Content = Static<typeof Content>;
/** What is under the seal of a {@link Content}. */
export type OpenContent = Omit<Extract<Content, { kind: 'open' }>, 'kind'>;

/** Any other free text about a ticket: whoever replies to a confidential report or returns it may quote it, so it is sealed alike. */
export const Words = Type.Union([
  closed({ kind: Type.Literal('open'), text: Type.String({ minLength: 1, maxLength: 20_000 }), place: maybe(Place) }),
  Sealed,
]);
export type Words = Static<typeof Words>;
/** What is under the seal of {@link Words}. */
export type OpenWords = Omit<Extract<Words, { kind: 'open' }>, 'kind'>;

/** Who decided: a rule by its name, or a person. */
export const Actor = Type.Union([
  closed({ kind: Type.Literal('rule'), rule: Type.String({ minLength: 1, maxLength: 64 }) }),
  closed({ kind: Type.Literal('person'), subject: Subject }),
]);
export type Actor = Static<typeof Actor>;

/** One thing that speaks for a decision. `words` stay empty on a sealed ticket: they are quotations. `title` is that of the rule or the system. */
export const Reason = closed({
  code: oneOf(DECISION_REASONS),
  unit: maybe(UnitCode),
  matter: maybe(MatterCode),
  adminCode: maybe(Type.String({ maxLength: 12 })),
  words: maybe(Type.Array(Type.String({ maxLength: 60 }), { maxItems: 20 })),
  score: maybe(Type.Number()),
  note: maybe(ShortText),
  rule: maybe(Type.String({ pattern: UNIT_CODE.source, description: 'id within the set of rules that was asked' })),
  title: maybe(closed({ zh: ShortText, en: ShortText })),
});
export type Reason = Static<typeof Reason>;

export const Candidate = closed({ unit: UnitCode, score: Type.Number(), reasons: maybe(Type.Array(Reason, { maxItems: 20 })) });
export type Candidate = Static<typeof Candidate>;

export const RuledOut = closed({ unit: UnitCode, reason: oneOf(RULED_OUT_REASONS) });
export type RuledOut = Static<typeof RuledOut>;

/** A length of time as rules give it: 3 WD, 24 H24. */
export const Span = closed({ count: Type.Integer({ minimum: 1 }), unit: oneOf(TIME_UNITS) });
export type Span = Static<typeof Span>;

/** Facts that head every event about an assignment, so that a late word about an old one is recognised. */
export const aboutAssignment = { assignment: AssignmentNumber, unit: UnitCode };
