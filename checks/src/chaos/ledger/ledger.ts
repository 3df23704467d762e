import type { Books } from '../books/books.js';
import { checkCards } from './cards.js';
import { checkCommands } from './commands.js';
import { checkEffects } from './effects.js';
import type { Finding } from './finding.js';
import { checkOrder } from './order.js';
import { checkRemains } from './remains.js';
import { checkSequences } from './sequences.js';
import { checkSubmissions } from './submissions.js';
import { checkTold } from './told.js';

export interface Verdict {
  readonly findings: readonly Finding[];
  /** Clocks that ended late and got no card, because the monitor heard of the end before it had looked. */
  readonly lateWithoutCard: number;
}

/** Holds the books against each other. */
export function judge(books: Books): Verdict {
  const cards = checkCards(books);
  const findings = [
    ...checkSubmissions(books),
    ...checkSequences(books),
    ...checkEffects(books),
    ...checkOrder(books),
    ...checkCommands(books),
    ...checkTold(books),
    ...cards.findings,
    ...checkRemains(books),
  ];
  return { findings, lateWithoutCard: cards.lateWithoutCard };
}
