import type { Books } from '../books/books.js';
import { checkCards } from './cards.js';
import { checkCommands } from './commands.js';
import { checkEffects } from './effects.js';
import type { Finding } from './finding.js';
import { checkLostLog } from './lost-log.js';
import { checkMembers } from './members.js';
import { checkOrder } from './order.js';
import { checkRemains } from './remains.js';
import { checkSequences } from './sequences.js';
import { checkSubmissions } from './submissions.js';
import { checkTold } from './told.js';

/** Holds the books against each other. */
export function judge(books: Books): Finding[] {
  return [
    ...checkSubmissions(books),
    ...checkSequences(books),
    ...checkLostLog(books),
    ...checkEffects(books),
    ...checkOrder(books),
    ...checkMembers(books),
    ...checkCommands(books),
    ...checkTold(books),
    ...checkCards(books),
    ...checkRemains(books),
  ];
}
