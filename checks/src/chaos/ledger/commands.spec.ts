import type { Books, Logged } from '../books/books.js';
import { ACCEPTED } from '../load/witness.js';
import { checkCommands } from './commands.js';
import { ANSWERED, cleanBooks, type Draft, FORGIVEN, UNIT, Writing } from './history.kit.js';

const found = (books: Draft) => checkCommands(books as unknown as Books).map(({ rule, ticketId }) => [rule, ticketId]);
const byPerson = { kind: 'person', subject: 'd-1' } as const;
const about = { assignment: 1, unit: UNIT };

/** Books in which a person was accepted to have ordered this about a ticket. */
function ordering(...names: readonly ('link' | 'unlink' | 'reassign')[]): Draft {
  const books = cleanBooks();
  for (const [index, name] of names.entries()) {
    const commandId = `c-${name}-${index}`;
    books.commands.push({ commandId, service: 'dispatch', name, ticketId: FORGIVEN, answers: [ACCEPTED] });
    books.schemas.dispatch.commands.set(commandId, { ticketId: FORGIVEN, answer: ACCEPTED });
  }
  return books;
}

/** Says more of the ticket, numbered after all that was said. */
function saying(books: Draft, tell: (writing: Writing) => void): Draft {
  const writing = new Writing();
  tell(writing);
  const more = (writing.stories.get(FORGIVEN) ?? []).map((event) => ({ ...event, sequence: event.sequence + 100 }));
  (books.stories.get(FORGIVEN) as unknown as Logged[]).push(...(more as Logged[]));
  return books;
}

const link = ({ say }: Writing, by: object = byPerson): void =>
  void say(FORGIVEN, 'ticket.linked', '04 10:00', { master: ANSWERED, by } as never);
const unlink = ({ say }: Writing, by: object = byPerson): void =>
  void say(FORGIVEN, 'ticket.unlinked', '05 10:00', { master: ANSWERED, by } as never);
const ask = ({ say }: Writing, reason: 'linked' | 'reassigned' = 'linked'): void =>
  void say(FORGIVEN, 'release.requested', '04 09:00', { ...about, reason });

describe('orders about members', () => {
  it('have one effect each, whether the holder had to be asked or not', () => {
    expect(found(saying(ordering('link', 'unlink'), (writing) => (link(writing), unlink(writing))))).toEqual([]);
    expect(found(saying(ordering('link'), (writing) => (ask(writing), link(writing))))).toEqual([]);
    expect(found(saying(ordering('link'), (writing) => ask(writing)))).toEqual([]);
    const refused = { ...about, because: 'already-ended' } as const;
    const twice = saying(ordering('link', 'link'), (writing) => {
      ask(writing);
      writing.say(FORGIVEN, 'release.refused', '04 09:30', refused);
      link(writing);
    });
    expect(found(twice)).toEqual([]);
  });

  it('are not what a rule does', () => {
    const rule = { kind: 'rule', rule: 'same-citizen' };
    expect(found(saying(ordering(), (writing) => (link(writing, rule), unlink(writing, rule))))).toEqual([]);
  });

  it('without an effect are found, and effects without an order', () => {
    expect(found(ordering('link'))).toEqual([['command-effects', FORGIVEN]]);
    expect(found(ordering('unlink'))).toEqual([['command-effects', FORGIVEN]]);
    expect(found(saying(ordering(), (writing) => link(writing)))).toEqual([['command-effects', FORGIVEN]]);
    expect(found(saying(ordering(), (writing) => unlink(writing)))).toEqual([['command-effects', FORGIVEN]]);
    expect(found(saying(ordering('link'), (writing) => ask(writing, 'reassigned')))).toHaveLength(2);
  });
});
