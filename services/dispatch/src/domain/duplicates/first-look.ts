import type { Under } from '../ticket.js';
import type { LIKENESSES } from './likeness.js';
import { sameAs, type Found, type Newcomer } from './same.js';

/** An earlier ticket that a dispatcher may want to look at. */
export interface Alike {
  readonly ticketId: string;
  readonly number: string;
  /** Share of what both say, 0 to 1. */
  readonly score: number;
  readonly because: (typeof LIKENESSES)[number];
}

/** How many are shown: they weigh on every later write of the record. */
const SHOWN = 3;

/** What becomes of the earlier tickets that were found: under one of them, if it is the same beyond doubt; the others are shown to whoever looks. */
export function firstLook(
  newcomer: Newcomer,
  found: readonly Found[],
  mode: 'link' | 'propose',
): { readonly under: Under | undefined; readonly alike: readonly Alike[] } {
  const alike = found.flatMap(({ ticketId, number, jaccard, because }) =>
    number === undefined ? [] : [{ ticketId, number, score: Math.round(jaccard * 100) / 100, because }],
  );
  const sure = found.flatMap(({ earlier }) => {
    const link = mode === 'link' && earlier !== undefined ? sameAs(newcomer, earlier) : undefined;
    return link === undefined || earlier === undefined ? [] : [{ link, master: earlier.master }];
  });
  const best = sure.find(({ link }) => link === 'same-citizen') ?? sure[0];
  const under = best && {
    master: best.master.ticketId,
    masterNumber: best.master.number,
    link: best.link,
    by: { kind: 'rule', rule: best.link } as const,
  };
  return { under, alike: alike.slice(0, SHOWN) };
}
