import type { Rule } from './finding.js';
import { ANSWERED, cleanBooks, type Draft } from './history.kit.js';
import { rulesOf, eventOf } from './spoil.kit.js';

describe('the ledger of a service that was restored', () => {
  const restored = (): Draft => {
    const books = cleanBooks();
    books.schemas['department-handler'].epoch = 2;
    return books;
  };

  it('lets it have forgotten what it answered, and nobody else', () => {
    const forgets = (books: Draft): Draft => (books.schemas['department-handler'].commands.delete('c-sign'), books);
    expect(rulesOf(forgets(restored()))).toEqual([]);
    expect(rulesOf(forgets(cleanBooks()))).not.toEqual([]);
  });

  it('holds it to its numbers: they go on, and none comes in two epochs', () => {
    const underNewEpoch = (sequence: number): readonly Rule[] => {
      const books = restored();
      const event = eventOf(books, ANSWERED, 'reply.approved');
      Object.assign(event, { epoch: 2, sequence });
      return rulesOf(books);
    };
    const asSaid = eventOf(cleanBooks(), ANSWERED, 'reply.approved').sequence;
    expect(underNewEpoch(asSaid)).not.toContain('sequence-gap');
    expect(underNewEpoch(asSaid)).not.toContain('sequence-clash');
    expect(underNewEpoch(asSaid - 1)).toContain('sequence-clash');
    expect(underNewEpoch(asSaid + 1)).toContain('sequence-gap');
  });
});
