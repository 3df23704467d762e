import { storiesOf } from './evidence.js';
import { UNIT, Writing } from './ledger/history.kit.js';

const idOf = (last: number): string => `019cb000-0000-7000-8000-00000000000${last}`;

it('tells the tickets that were found, each once, the first three, word by word as the log has them', () => {
  const writing = new Writing();
  for (const last of [1, 2, 3, 4, 5]) writing.say(idOf(last), 'ticket.registered', '02 10:00', { number: `n-${last}` });
  writing.say(idOf(4), 'ticket.assigned', '02 10:01', { assignment: 1, lead: UNIT });
  const found = [{}, ...[4, 4, 2, 5, 3].map((last) => ({ ticketId: idOf(last) }))];
  const told = storiesOf(found, writing.stories);
  expect(told.map(({ ticketId }) => ticketId)).toEqual([4, 2, 5].map(idOf));
  expect(told[0]?.lines).toEqual([
    expect.stringMatching(/^ticket\.registered \(intake\/.*"number":"n-4"/),
    expect.stringMatching(/^ticket\.assigned \(dispatch\/.*"assignment":1/),
  ]);
});

it('tells nothing of what has no ticket or no story', () => {
  expect(storiesOf([{}, { ticketId: idOf(1) }], new Map())).toEqual([{ ticketId: idOf(1), lines: [] }]);
});
