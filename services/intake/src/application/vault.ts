import {
  openContent,
  seal,
  SEAL_IV_BYTES,
  type Confidentiality,
  type ContactV1,
  type Content,
  type ContentKeys,
  type OpenContent,
  type SubmissionV1,
} from '@paidan/contracts';
import { freshRandom } from '@paidan/runtime';
import type { ContactKeys, Sealed } from '@paidan/service-host';
import { createHmac } from 'node:crypto';
import { canonicalText, queryCode } from '../domain/submission.js';

/** All that intake does with keys. Nothing that goes in comes out in clear but for {@link Vault.openContact} and {@link Vault.openContent}. */
export class Vault {
  private readonly proofKey: Buffer;

  constructor(
    private readonly content: ContentKeys,
    private readonly contact: ContactKeys,
  ) {
    // A key of its own, so that whoever must check query codes (feedback) can be given this one, with which none can be made.
    this.proofKey = hmac(contact.queryCodeKey, 'query-code-proof');
  }

  /** Tells another body under the same external id; keyed, because a phone number can be found by trying. */
  digestOf(submission: SubmissionV1): Buffer {
    return hmac(this.contact.digestKey, canonicalText(submission) ?? '');
  }

  /** Knows a channel's external id again without telling it. */
  idDigestOf(channel: string, externalId: string): string {
    return hmac(this.contact.digestKey, `external-id ${channel}/${externalId}`).toString('base64url');
  }

  /**
   * The same for the same person, for who must know that and not who it is. Keyed: the phone numbers of a country are tried in an hour.
   * @param identity of `identityOf`
   */
  citizenDigestOf(identity: string): string {
    return hmac(this.contact.digestKey, `citizen ${identity}`).toString('base64url');
  }

  /** The same for the same ticket at any time, and so stored nowhere. */
  queryCodeOf(ticketId: string): string {
    return queryCode(hmac(this.contact.queryCodeKey, ticketId));
  }

  /** What travels in events in place of the query code. */
  proofOf(ticketId: string, code: string): string {
    return hmac(this.proofKey, `${ticketId} ${code}`).toString('base64url');
  }

  /** Title, text and place as they may be kept and published. */
  contentOf(open: OpenContent, confidentiality: Confidentiality, ticketId: string): Content {
    return confidentiality === 'open' ? { kind: 'open', ...open } : seal(open, ticketId, this.content, freshRandom(SEAL_IV_BYTES));
  }

  openContent(content: Content, ticketId: string): OpenContent {
    return openContent(content, ticketId, this.content);
  }

  sealContact(contact: ContactV1, ticketId: string): Sealed {
    return this.contact.sealer.seal(contact, ticketId);
  }

  /** @throws PaidanError `seal-key-unknown`, `seal-broken` */
  openContact(sealed: Sealed, ticketId: string): ContactV1 {
    return this.contact.sealer.unseal(sealed, ticketId) as ContactV1;
  }

  /** A message of the log that could not be taken: there may be contact data anywhere in it. */
  sealMessage(message: object, place: string): Sealed {
    return this.contact.sealer.seal(message, place);
  }
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
