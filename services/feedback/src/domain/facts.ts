import type { Words } from '@paidan/contracts';

/** What decisions need beside the record. */
export interface Facts {
  /** Milliseconds after delivery in which a rating is taken. */
  readonly ratingWindow: number;
  /** Milliseconds for which an undelivered reply is kept open. */
  readonly pickUpWindow: number;
  /** Seals a text about a ticket that is not open. */
  readonly seal: (text: string, ticketId: string) => Words;
}
