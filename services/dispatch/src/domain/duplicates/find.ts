import { agreement, type Fingerprint } from './fingerprint.js';
import { likenessOf, type Likeness } from './likeness.js';

/** A ticket as it is looked for and found. */
export interface Asked {
  readonly ticketId: string;
  readonly fingerprint: Fingerprint;
  /** Significant digits of the admin code, 990102 or 990102003; absent where it isn't known. */
  readonly area?: string | undefined;
  /** Epoch ms at which it was received. */
  readonly at: number;
  /** Who says it, by an opaque key; absent where nobody knows. */
  readonly person?: string | undefined;
}

/** An earlier ticket that says the same. */
export interface Duplicate extends Likeness {
  readonly ticketId: string;
  readonly at: number;
  /** As far as known, and then it contradicts nobody's. */
  readonly area?: string | undefined;
  /** The same person said it. */
  readonly own?: boolean;
}

export interface DuplicatePolicy {
  /** How far back is looked. */
  readonly withinMs: number;
  /** No more than so many of each ticket, the most alike first, and as many of the same person's. */
  readonly most: number;
}

/** What isn't known contradicts nothing; a district and a street of it are no contradiction. */
export const areasAgree = (a: string | undefined, b: string | undefined): boolean =>
  a === undefined || b === undefined || a.startsWith(b) || b.startsWith(a);

/** The most alike first; of those as much alike the earliest, which is likeliest to be worked on. What many have sent doesn't hide the person's own. */
export function mostAlike<D extends Duplicate>(found: readonly D[], { most }: DuplicatePolicy): readonly D[] {
  const all = found.toSorted((a, b) => b.jaccard - a.jaccard || a.at - b.at || (a.ticketId < b.ticketId ? -1 : 1));
  const own = all.slice(most).filter((one) => one.own === true);
  return [...all.slice(0, most), ...own.slice(0, most)];
}

/**
 * Rows that one band may bring, the oldest of the window first. A band that thousands share is boilerplate, and a text that thousands sent is found by any of
 * them; who shares more than that one band with the ticket comes by another.
 */
export const MOST_OF_A_BAND = 24;

/**
 * Those among tickets that come together: none of them is in the table when the others are looked for. Of two, the one received earlier is the earlier;
 * of one instant, the one given first. The same tickets are compared that the table would give.
 */
export function duplicatesAmong(asked: readonly Asked[], policy: DuplicatePolicy): ReadonlyMap<string, readonly Duplicate[]> {
  const inOrder = asked.toSorted((a, b) => a.at - b.at);
  const byBand = new Map<string, number[]>();
  const found = new Map<string, readonly Duplicate[]>();
  inOrder.forEach((ticket, n) => {
    const met = new Set<number>();
    const places = ticket.fingerprint.bands.map((key, band) => `${band}:${key}`);
    if (ticket.person !== undefined) places.push(`of ${ticket.person}`);
    for (const place of places) {
      const before = byBand.get(place);
      if (before === undefined) byBand.set(place, [n]);
      else {
        for (const earlier of before) met.add(earlier);
        if (before.length < MOST_OF_A_BAND) before.push(n);
      }
    }
    const alike = [...met].flatMap((earlier) => duplicateOf(ticket, inOrder[earlier] as Asked, policy) ?? []);
    if (alike.length > 0) found.set(ticket.ticketId, mostAlike(alike, policy));
  });
  return found;
}

function duplicateOf(ticket: Asked, earlier: Asked, { withinMs }: DuplicatePolicy): Duplicate | undefined {
  if (ticket.ticketId === earlier.ticketId || ticket.at - earlier.at >= withinMs || !areasAgree(ticket.area, earlier.area))
    return undefined;
  const likeness = likenessOf(agreement(ticket.fingerprint, earlier.fingerprint), ticket.fingerprint.grams, earlier.fingerprint.grams);
  if (likeness === undefined) return undefined;
  return {
    ...likeness,
    ticketId: earlier.ticketId,
    at: earlier.at,
    ...(earlier.area === undefined ? {} : { area: earlier.area }),
    ...(ticket.person !== undefined && ticket.person === earlier.person ? { own: true } : {}),
  };
}
