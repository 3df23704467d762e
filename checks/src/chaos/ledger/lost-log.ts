import type { Books } from '../books/books.js';
import { type Finding, finding } from './finding.js';
import { checkNumbers } from './sequences.js';

/**
 * Where Kafka was lost: everything that a service had said in it stands in the new one, the same to the byte, and whoever knows the new one alone hears each
 * service's words of a ticket from the first to the last, in their order.
 */
export function checkLostLog({ lostLog }: Pick<Books, 'lostLog'>): readonly Finding[] {
  if (lostLog === undefined) return [];
  const { said, again, stories } = lostLog;
  const differing = [...said].flatMap(([key, word]) => {
    const where = `${word.what} of ${word.topic}, at ${word.offset} of the lost log`;
    const repeated = again.get(key);
    if (repeated === undefined) return [finding('not-said-again', undefined, where)];
    return repeated.digest === word.digest ? [] : [finding('said-otherwise', undefined, `${where}, at ${repeated.offset} of the new one`)];
  });
  const disordered = [...stories].flatMap(([ticketId, story]) =>
    checkNumbers(ticketId, story).map(({ rule, evidence }) => finding(rule, ticketId, `in the new log alone: ${evidence}`)),
  );
  return [...differing, ...disordered];
}
