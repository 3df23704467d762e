import { ANSWERED, cleanBooks, type Draft } from './history.kit.js';
import { judged, rulesOf, swap, type Story } from './spoil.kit.js';

describe('a log that was lost', () => {
  const said = 'paidan.tickets /paidan/intake 1';
  const word = { what: 'paidan.ticket.registered.v1 1', topic: 'paidan.tickets', offset: 4, digest: 'd' };
  /** The new log has all that the lost one had, and is spoilt. */
  const lost = (spoil: (lostLog: NonNullable<Draft['lostLog']>) => void = () => undefined): Draft => {
    const books = cleanBooks();
    const stories = new Map([...books.stories].map(([ticketId, story]) => [ticketId, [...story]]));
    // Kept apart from the whole stories, whose order is that of the lost log; each service says its own again.
    for (const story of stories.values()) story.sort((a, b) => a.service.localeCompare(b.service) || a.sequence - b.sequence);
    const lostLog = { said: new Map([[said, word]]), again: new Map([[said, { ...word, offset: 9 }]]), stories, ends: new Map() };
    spoil(lostLog as NonNullable<Draft['lostLog']>);
    return Object.assign(books, { lostLog });
  };

  it('and is whole again violates nothing, in whatever order the services say it', () => {
    expect(judged(lost())).toEqual([]);
    expect(rulesOf(lost(({ again }) => again.set('paidan.directory /paidan/dispatch 2', { ...word, offset: 10 })))).toEqual([]);
  });

  it('of which something is not said again, or otherwise', () => {
    expect(judged(lost(({ again }) => again.clear()))).toEqual([
      { rule: 'not-said-again', evidence: 'paidan.ticket.registered.v1 1 of paidan.tickets, at 4 of the lost log' },
    ]);
    expect(rulesOf(lost(({ again }) => again.set(said, { ...word, digest: 'e' })))).toEqual(['said-otherwise']);
  });

  it('whose new one lacks a number that both together have, or has it late', () => {
    const changed = (change: (story: Story) => void): Draft => lost(({ stories }) => change(stories.get(ANSWERED) as unknown as Story));
    expect(rulesOf(changed((story) => story.splice(0, 1)))).toEqual(['sequence-gap']);
    expect(rulesOf(changed((story) => swap(story, 'reply.delivered', 'rating.received')))).toEqual(['sequence-order']);
  });
});
