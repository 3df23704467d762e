import type { Gathered, Routing, Standing, Trail } from './answers.js';
import { showStory } from './show-story.js';
import { tellStory } from './tell-story.js';

const ticketId = '019aa000-0000-7000-8000-000000000001';
const at = (second: number): string => `2026-11-22T01:00:${String(second).padStart(2, '0')}.000Z`;
const both = (text: string) => ({ en: text, zh: `〔${text}〕` });
const entry = (second: number, service: string, sequence: number, event: string): Trail['entries'][number] => ({
  at: at(second),
  service,
  sequence,
  event,
  ...both(`${event} told`),
});
const decision = (version: number, did: string, second: number, ...why: string[]): Routing['decisions'][number] => ({
  version,
  did,
  at: at(second),
  explanation: { en: [`${did} ${version}`, ...why], zh: [`〔${did}〕`, ...why] },
});
const standing = (change: Partial<Standing> = {}): Standing => ({
  epoch: 1,
  sequence: 1,
  parked: false,
  waiting: 0,
  unsentEvents: 0,
  unsentNotices: 0,
  setAside: 0,
  discarded: [],
  ...change,
});
const nothing: Gathered = { ticketId, standings: {}, waiting: {}, missing: [] };
const trail = (...entries: Trail['entries'][number][]): Trail => ({ ticketId, number: '20261122-000001', status: 'open', entries });

describe('what happened', () => {
  const past = (entries: Trail['entries'][number][], decisions: Routing['decisions'][number][]) =>
    tellStory({ ...nothing, trail: trail(...entries), routing: { status: 'assigned', decisionVersion: 1, decisions } }, 'en').past.map(
      ({ text, more }) => [text, ...more],
    );

  it('has the reasons of each decision at the event that told it, in their order', () => {
    expect(
      past(
        [
          entry(1, 'intake', 1, 'ticket.registered'),
          entry(2, 'dispatch', 1, 'ticket.assigned'),
          entry(5, 'dispatch', 2, 'ticket.assigned'),
        ],
        [decision(1, 'assigned', 2, 'its words'), decision(2, 'assigned', 5, 'the dispatcher')],
      ),
    ).toEqual([['ticket.registered told'], ['ticket.assigned told', 'its words'], ['ticket.assigned told', 'the dispatcher']]);
  });

  it('has the decisions of which feedback has not heard, where they belong in time', () => {
    const later = entry(9, 'sla-monitor', 1, 'clock.started');
    expect(past([entry(2, 'dispatch', 1, 'ticket.held'), later], [decision(1, 'held', 2, 'a'), decision(2, 'assigned', 4, 'b')])).toEqual([
      ['ticket.held told', 'a'],
      ['assigned 2', 'b'],
      ['clock.started told'],
    ]);
  });
});

describe('what waits', () => {
  const waits = (found: Partial<Gathered>, lang: 'en' | 'zh' = 'en') =>
    tellStory({ ...nothing, ...found }, lang).waits.map(({ service, text }) => `${service}: ${text}`);
  const record = { record: '7', topic: 'paidan.tickets', partition: 3, offset: 12, type: 'paidan.ticket.held.v1' };
  const error = { code: 'TypeError', message: 'x is undefined' };

  it('is what is parked, unsent, set aside, thrown away, or not yet heard by feedback', () => {
    const discarded = [{ ...record, error, reason: 'a lost version', by: 'li', at: at(5), handled: true }];
    const found: Partial<Gathered> = {
      trail: trail(entry(1, 'dispatch', 2, 'ticket.held')),
      standings: {
        intake: standing({ sequence: 0 }),
        dispatch: standing({ sequence: 3, unsentEvents: 1 }),
        'department-handler': standing({ sequence: 0, unsentNotices: 2, setAside: 1, discarded }),
      },
    };
    expect(waits(found)).toEqual([
      'dispatch: 1 of its events not sent yet',
      'dispatch: said 3 events, feedback has heard up to 2',
      'department-handler: 2 of its messages to units and channels not sent yet',
      'department-handler: 1 could not be sent',
      'department-handler: discarded: paidan.ticket.held.v1, paidan.tickets/3@12, 2026-11-22 09:00:05, li, a lost version (TypeError)',
    ]);
    expect(waits(found, 'zh')[1]).toBe('dispatch: 已说到第 3 个事件，回访服务听到第 2 个');
  });

  it('names the record that stands before the others, and why it does', () => {
    const records = [
      { ...record, parkedAt: at(9), error },
      { ...record, record: '8', parkedAt: at(9) },
    ];
    expect(waits({ standings: { dispatch: standing() }, waiting: { dispatch: { ticketId, count: 2, records } } })).toEqual([
      'dispatch: 2 parked: paidan.ticket.held.v1, paidan.tickets/3@12, since 2026-11-22 09:00:09, TypeError: x is undefined',
    ]);
  });
});

it('what lies ahead is what the clocks have not done yet, in time order', () => {
  const clock = (name: string, ...stages: { stage: string; at?: string; state: string }[]) => ({
    clock: name,
    words: { en: `${name}, assignment 1: until tomorrow`, zh: `${name}时限：明日` },
    stages,
  });
  const clocks = {
    status: 'running',
    clocks: [
      clock('finishing', { stage: 'warning', at: at(3), state: 'done' }, { stage: 'red', at: at(9), state: 'ahead' }),
      clock('signing', { stage: 'yellow', at: at(4), state: 'ahead' }, { stage: 'red', state: 'ahead' }),
    ],
  };
  const ahead = (lang: 'en' | 'zh') => tellStory({ ...nothing, clocks }, lang).ahead.map(({ text }) => text);
  expect(ahead('en')).toEqual(['yellow card: signing, assignment 1', 'red card: finishing, assignment 1']);
  expect(ahead('zh')).toEqual(['黄牌：signing时限', '红牌：finishing时限']);
});

it('a ticket of which little is known is told as little', () => {
  expect(showStory(tellStory({ ...nothing, standings: { dispatch: standing({ sequence: 0 }) } }, 'en'), 'en').split('\n')).toEqual([
    `Ticket ${ticketId}`,
    '  intake says nothing of it',
    '',
    '  nothing is known of what happened',
    '',
    'Waits',
    '  nothing of it waits anywhere',
  ]);
});
