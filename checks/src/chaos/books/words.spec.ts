import type { Stored } from './read-topics.js';
import { Words } from './words.js';

const stored = (topic: string, id: string, text: string, more: Partial<Stored> = {}): Stored => ({
  ...{ topic, partition: 0, offset: 3, key: null, value: Buffer.from(text) },
  headers: { ce_id: Buffer.from(id), ce_source: Buffer.from('/paidan/dispatch'), ce_type: Buffer.from('t') },
  ...more,
});

it('takes what services say by topic, service and id, once, and leaves strangers’ words to them', () => {
  const { words, take } = new Words();
  take(stored('paidan.tickets', '1', 'a'));
  take(stored('paidan.tickets', '1', 'a', { offset: 8 }));
  take(stored('paidan.directory', '1', 'a'));
  take(stored('paidan.assignments.city-parks', '1', 'b'));
  take(stored('paidan.commands.city-parks', '2', 'c'));
  take(stored('paidan.submissions.web-portal', '3', 'd'));
  expect([...words.keys()]).toEqual([
    'paidan.tickets /paidan/dispatch 1',
    'paidan.directory /paidan/dispatch 1',
    'paidan.assignments.city-parks /paidan/dispatch 1',
  ]);
  const [ticket, directory, offer] = [...words.values()];
  expect(ticket).toMatchObject({ what: 't 1', topic: 'paidan.tickets', offset: 3 });
  expect(directory?.digest).toBe(ticket?.digest);
  expect(offer?.digest).not.toBe(ticket?.digest);
});
