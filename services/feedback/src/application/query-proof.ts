import { createHmac, timingSafeEqual } from 'node:crypto';

/** A ticket that there is none of: asked about an unknown number we take as long as about a known one. */
const NOBODY = { ticketId: '00000000-0000-0000-0000-000000000000', proof: '' };

/**
 * Checks query codes against the keyed digests that events carry (intake's `Vault.proofOf`). With this key nobody makes a code: that takes intake's own.
 */
export class QueryProof {
  constructor(private readonly key: Buffer) {}

  /** Whether the code is the ticket's; in a time that depends on neither. */
  fits(ticket: { readonly ticketId: string; readonly proof: string } | undefined, code: string): boolean {
    const { ticketId, proof } = ticket ?? NOBODY;
    const expected = Buffer.from(proof, 'base64url');
    const found = createHmac('sha256', this.key)
      .update(`${ticketId} ${asWritten(code)}`)
      .digest();
    // Compared with itself where lengths differ, so that this takes the same time.
    const same = timingSafeEqual(found, expected.length === found.length ? expected : found);
    return same && expected.length === found.length && ticket !== undefined;
  }

  /** A digest under which an address is counted: addresses themselves are kept nowhere. */
  digestOf(text: string): string {
    return createHmac('sha256', this.key).update(`tracking ${text}`).digest('base64url');
  }
}

/** A code as citizens type it: in lower case, with blanks and hyphens, in full width, U for V (there is no U in codes). */
const asWritten = (code: string): string =>
  code
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replaceAll('U', 'V');

/** A number as citizens type it. */
export const asNumber = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\s/g, '')
    .replace(/\p{Pd}/gu, '-');
