import type { AppealType, ChannelKind, Confidentiality, OpenContent, SubmissionV1 } from '@paidan/contracts';
import type { Facts } from './ticket.js';

/** A registered adapter: 来源渠道. */
export interface Channel {
  readonly id: string;
  readonly kind: ChannelKind;
}

/** 举报 is confidential unless the citizen says otherwise; all else is open. After this it is only ever tightened. */
export const confidentialityOf = (appealType: AppealType, asked: Confidentiality | undefined): Confidentiality =>
  asked ?? (appealType === 'report' ? 'confidential' : 'open');

/** Whether anything is in it: forms send empty objects, too. */
const saysSomething = (value: object | undefined): boolean =>
  value !== undefined && Object.values(value).some((member) => member !== undefined);

/** What is registered of a submission, defaults filled in; its number is given later, inside the transaction. */
export const factsOf = (submission: SubmissionV1, channel: Channel, receivedAt: number): Omit<Facts, 'number'> => ({
  channel: channel.id,
  channelKind: channel.kind,
  appealType: submission.appealType,
  urgency: submission.urgency ?? 'normal',
  confidentiality: confidentialityOf(submission.appealType, submission.confidentiality),
  publishConsent: submission.publishConsent ?? false,
  replyWanted: submission.replyWanted ?? true,
  hasContact: saysSomething(submission.contact),
  receivedAt: new Date(receivedAt).toISOString(),
  // The event's instants are in UTC; the citizen's offset is of no use to anybody downstream.
  ...(submission.occurredAt === undefined ? {} : { occurredAt: new Date(submission.occurredAt).toISOString() }),
  ...(submission.addressee === undefined ? {} : { addressee: submission.addressee }),
  ...(submission.mailbox === undefined ? {} : { mailbox: submission.mailbox }),
});

/** Shorter ones are a desk's or a switchboard's, behind which anybody may sit: 12345. */
const OWN_PHONE_DIGITS = 7;

/** 0086 and +86 before a number, and blanks, hyphens and brackets in it, are one number's spellings. */
const phoneOf = (phone: string): string => phone.replace(/[^\d+]/g, '').replace(/^(?:\+|00)86/, '');

/**
 * What of the contact data says who it is: the phone, else the mail address, both the same on every channel, else the account, which is one on its own channel
 * alone. Undefined without any, and of an anonymous appeal: who wants to be nobody is not recognised.
 */
export const identityOf = (
  { contact }: Pick<SubmissionV1, 'contact'>,
  confidentiality: Confidentiality,
  channel: string,
): string | undefined => {
  if (contact === undefined || confidentiality === 'anonymous') return undefined;
  const { email, accountId } = contact;
  const phone = phoneOf(contact.phone ?? '');
  if (phone.length >= OWN_PHONE_DIGITS) return `phone ${phone}`;
  if (email !== undefined) return `mail ${email.trim().toLowerCase()}`;
  return accountId === undefined ? undefined : `account ${channel}/${accountId}`;
};

/** What the citizen wrote. Members that were sent empty are undefined in the instance, and closed schemas know no such value. */
export const contentOf = ({ title, text, place }: SubmissionV1): OpenContent => {
  if (place === undefined || !saysSomething(place)) return { title, text };
  const { address, adminCode, coordinates } = place;
  return {
    title,
    text,
    place: {
      ...(address === undefined ? {} : { address }),
      ...(adminCode === undefined ? {} : { adminCode }),
      ...(coordinates === undefined ? {} : { coordinates: { lon: coordinates.lon, lat: coordinates.lat, system: coordinates.system } }),
    },
  };
};

/**
 * One text for all spellings of the same body: members in order of their names, absent ones and empty objects left out. Undefined when nothing
 * is left. Walks the value itself and not a list of members, so that a member added to the shape can't be forgotten here: two bodies that differ
 * in it alone would pass for the same.
 */
export const canonicalText = (value: unknown): string | undefined => {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item) ?? 'null').join(',')}]`;
  const members: string[] = [];
  for (const name of Object.keys(value).sort()) {
    const text = canonicalText((value as Record<string, unknown>)[name]);
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`);
  }
  return members.length === 0 ? undefined : `{${members.join(',')}}`;
};

/** No 0 and O, no 1, I and L, no U and V taken for each other: a query code is read out on the phone and typed from a text message. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;
const CODES = BigInt(ALPHABET.length) ** BigInt(LENGTH);

/**
 * 查询码 out of a keyed digest: eight characters, 6.6 × 10¹¹ codes.
 * @param digest at least 8 bytes; of their 2⁶⁴ values some codes get one in 28 million more than others, which helps nobody guess.
 */
export const queryCode = (digest: Uint8Array): string => {
  let rest = new DataView(digest.buffer, digest.byteOffset, digest.byteLength).getBigUint64(0) % CODES;
  let code = '';
  for (let i = 0; i < LENGTH; i += 1) {
    code += ALPHABET[Number(rest % BigInt(ALPHABET.length))];
    rest /= BigInt(ALPHABET.length);
  }
  return code;
};
