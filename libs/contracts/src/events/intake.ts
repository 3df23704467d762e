import { Type } from 'typebox';
import { APPEAL_TYPES, CHANNELS, CONFIDENTIALITY, DECLINE_REASONS, LAWFUL_ROUTES, URGENCY, WITHDRAW_REASONS } from '../vocabulary.js';
import {
  Actor,
  ChannelId,
  closed,
  Content,
  Count,
  Instant,
  MailboxCode,
  maybe,
  oneOf,
  TicketNumber,
  UnitCode,
  Words,
  told,
} from './parts.js';

const Digest = Type.String({ minLength: 16, maxLength: 64 });

/** *Is this a ticket, and whose is it?* No contact data here or in any other event: intake alone keeps it. */
export const TicketRegistered = closed({
  number: TicketNumber,
  channel: ChannelId,
  channelKind: oneOf(CHANNELS),
  appealType: oneOf(APPEAL_TYPES),
  urgency: oneOf(URGENCY),
  confidentiality: oneOf(CONFIDENTIALITY),
  publishConsent: Type.Boolean({ description: 'the citizen agrees to publication; separate consent by 个保法 §25' }),
  replyWanted: Type.Boolean(),
  hasContact: Type.Boolean(),
  receivedAt: Instant,
  occurredAt: maybe(Instant),
  addressee: maybe(told(UnitCode, 'unit that the citizen or the upstream platform named')),
  mailbox: maybe(told(MailboxCode, '领导信箱 that it was written to')),
  queryCodeHmac: Type.String({
    minLength: 16,
    maxLength: 128,
    description: 'keyed digest of the query code; the code itself is in no event',
  }),
  content: Content,
  handedIn: maybe(
    told(
      closed({ id: Digest, body: Digest }),
      'keyed digests of the channel’s external id and of the whole submission: by these intake knows it again after its schema was restored; nobody else has the key',
    ),
  ),
  citizen: maybe(
    told(
      Digest,
      'keyed digest of the phone, else of the mail address, else of the account on the channel: the same for the same person, and nothing else can be told from it; intake alone has the key. Absent where none was given, and on an anonymous ticket',
    ),
  ),
});

export const TicketSupplemented = closed({
  supplement: told(Count, 'number of the supplement within the ticket'),
  suppliedAt: Instant,
  words: Words,
});

export const TicketWithdrawn = closed({
  reason: oneOf(WITHDRAW_REASONS),
  withdrawnAt: Instant,
});

/** 不予受理: never without saying where the matter goes by law. */
export const TicketDeclined = closed({
  reason: oneOf(DECLINE_REASONS),
  lawfulRoute: oneOf(LAWFUL_ROUTES),
  advice: Type.String({ minLength: 1, maxLength: 1000, description: 'what the citizen is told' }),
  by: Actor,
});
