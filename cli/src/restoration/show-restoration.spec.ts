import type { Restored } from './answers.js';
import { showRestoration } from './show-restoration.js';

const restored: Restored = {
  epoch: 3,
  begunAt: '2026-11-22T01:00:00.000Z',
  endedAt: '2026-11-22T01:00:07.000Z',
  told: true,
  emptied: false,
  wantsHistory: false,
  recalled: 120,
  unfolded: 0,
  saidAnew: 4,
  noticesNotRepeated: 9,
  commandsPassedOver: 2,
  goneUnread: 3,
  lost: [],
};
const tickets = Array.from({ length: 12 }, (_, i) => `20261122-${String(i + 1).padStart(6, '0')}`);

it('a restoration that is over tells what the log gave back, and names the tickets of what it could not', () => {
  const lost = [
    { what: 'contact-data', count: 700, tickets },
    { what: 'external-ids', count: 1, tickets: ['20261122-000004'] },
  ];
  const [head = '', row = '', ...rest] = showRestoration([{ service: 'intake', answer: { ...restored, lost } }]).split('\n');
  expect(head.split(/ {2,}/)).toEqual([
    'service',
    'epoch',
    'begun',
    'ended',
    'known by',
    'begun from',
    'own words folded',
    'not folded',
    'said anew',
    'notices not repeated',
    'commands passed over',
    'gone from the log unread',
  ]);
  expect(row.split(/ {2,}/)).toEqual([
    'intake',
    '3',
    '2026-11-22 09:00:00',
    '2026-11-22 09:00:07',
    'being told',
    'a back-up',
    '120',
    '0',
    '4',
    '9',
    '2',
    '3',
  ]);
  expect(rest).toEqual([
    '',
    `intake: lost contact-data of 700 tickets: ${tickets.slice(0, 10).join(', ')} and 690 more`,
    'intake: lost external-ids of 1 ticket: 20261122-000004',
  ]);
});

it('one that is under way says so, and what could not be folded where to look', () => {
  const { endedAt: _endedAt, ...underWay } = restored;
  const shown = showRestoration([
    { service: 'dispatch', answer: { ...underWay, told: false, emptied: true } },
    { service: 'feedback', answer: { ...restored, unfolded: 2 } },
  ]).split('\n');
  expect(shown[1]).toMatch(/^dispatch +3 +2026-11-22 09:00:00 +under way +positions +nothing /);
  expect(shown.slice(3)).toEqual([
    '',
    'dispatch: takes nothing until its own words of the log are folded; what is lost is known then',
    'feedback: own words could not be folded: paidan parked list shows the tickets that wait for them',
    'nothing is lost that can be named',
  ]);
});

it('where nothing was ever restored it says that', () => {
  expect(showRestoration([])).toBe('nothing was ever restored from a back-up');
});
