import { calendarOf, FILES } from '@paidan/kernel/calendar-kit';
import {
  approved,
  armedFor,
  assigned,
  contacted,
  decide,
  given,
  heldForPerson,
  live,
  recomputed,
  registered,
  reopened,
  said,
  signed,
  timer,
  working,
} from './clocks.kit.js';

describe('an unpublished year', () => {
  const START = '2026-12-28 10:00';
  const year2027 = { year: 2027, papers: ['notice'], days: [{ name: '元旦', date: '2027-01-01', isOffDay: true }] };
  const later = calendarOf([...FILES, year2027]);
  const waiting = () => given(registered(START), assigned('2026-12-28 10:05'), signed('2026-12-28 11:00'), contacted('2026-12-28 12:00'));

  it('is awaited: no deadline, no card, a look each day', () => {
    const decision = decide(undefined, registered(START));
    expect(said(decide(decision?.record, heldForPerson('2026-12-28 10:01')))).toEqual(['started citizen: finish awaits 2027']);
    expect(said(decide(decision?.record, assigned('2026-12-28 10:05')))).toEqual([
      'started #1: sign 2026-12-29 18:00, respond 2026-12-29 18:00, finish awaits 2027; citizen: finish awaits 2027',
    ]);
    expect(armedFor(decision)).toBe('2026-12-29 10:00');
    const days = decide(waiting(), timer(), { now: '2027-02-01 10:00' });
    expect(said(days)).toEqual([]);
    expect(armedFor(days)).toBe('2027-02-02 10:00');
  });

  it('that is loaded gives the deadlines, by a command or by the next look', () => {
    const moved = [
      'moved citizen finish: calendar-loaded, none to 2027-01-05 18:00',
      'moved #1 finish: calendar-loaded, none to 2027-01-05 18:00',
    ];
    const byCommand = decide(waiting(), recomputed(), { now: '2026-12-29 09:00', calendar: later });
    expect([said(byCommand), armedFor(byCommand), byCommand?.outcome]).toEqual([
      moved,
      '2027-01-04 18:00',
      { accepted: true, answer: { events: 2 } },
    ]);
    expect(said(decide(waiting(), timer(), { now: '2026-12-29 10:00', calendar: later }))).toEqual(moved);
    expect(said(decide(byCommand?.record, recomputed(), { now: '2026-12-29 09:01', calendar: later }))).toEqual([]);
  });

  it('judges a word of this year at once, one of its own only when it is loaded', () => {
    expect(said(decide(waiting(), approved('2026-12-31 23:59')))).toEqual(['stopped citizen: finish met', 'stopped #1: finish met']);
    const unjudged = decide(waiting(), approved('2027-01-05 18:01'), { now: '2027-01-05 18:01' });
    expect([said(unjudged), unjudged?.record.status]).toEqual([[], 'answered']);
    expect(said(decide(unjudged?.record, recomputed(), { now: '2027-01-20 09:00', calendar: later }))).toEqual([
      'stopped citizen: finish missed',
      'stopped #1: finish missed',
    ]);
  });

  it('judges an answer that did not hold as well: by its instant, before the citizen’s second clock began', () => {
    const unjudged = decide(waiting(), approved('2027-01-05 17:59'), { now: '2027-01-05 17:59' });
    const again = decide(unjudged?.record, reopened('2027-01-06 09:00'), { now: '2027-01-06 09:00' });
    const loaded = decide(again?.record, recomputed(), { now: '2027-01-20 09:00', calendar: later });
    expect(said(loaded)).toEqual([
      'started citizen: finish awaits 2027',
      'stopped citizen: finish met',
      'stopped #1: finish met',
      'moved citizen finish: calendar-loaded, none to 2027-01-13 18:00',
    ]);
    const instants = loaded?.events?.flatMap<object>(({ payload }) => ('clocks' in payload ? payload.clocks : [])) ?? [];
    expect(instants[0]).toMatchObject({ startedAt: '2027-01-06T01:00:00.000Z' });
    expect(instants[1]).toMatchObject({ stoppedAt: '2027-01-05T09:59:00.000Z' });
  });

  it('holds back a red card that would fall into it, and only that', () => {
    const tight = given(
      registered('2026-12-24 10:00'),
      assigned('2026-12-24 10:05'),
      signed('2026-12-24 11:00'),
      contacted('2026-12-24 12:00'),
    );
    const { lines, ticket } = live(tight, '2026-12-31 18:00');
    expect(lines).toEqual([
      'warned #1 finish 2026-12-31 18:00: officer',
      'yellow #1 finish 2026-12-31 18:00: finish-overdue, 3 recipients',
    ]);
    expect(live(ticket, '2027-01-10 00:00', later).lines).toEqual([
      'red #1 finish 2026-12-31 18:00: finish-long-overdue, 3 recipients, accountable',
    ]);
  });

  it('corrected after a card was issued takes the card back', () => {
    const carded = live(working(), '2026-03-09 18:00').ticket;
    const [year2026] = FILES.slice(-1);
    const days = [...(year2026?.days ?? []), { name: '临时放假', date: '2026-03-09', isOffDay: true }];
    const corrected = calendarOf([...FILES.slice(0, 2), { year: 2026, papers: ['notice'], days }]);
    expect(said(decide(carded, recomputed(), { now: '2026-03-09 20:00', calendar: corrected }))).toEqual([
      'moved citizen finish: calendar-loaded, 2026-03-09 18:00 to 2026-03-10 18:00',
      'moved #1 finish: calendar-loaded, 2026-03-09 18:00 to 2026-03-10 18:00',
      'withdrawn yellow: calendar-corrected',
    ]);
  });
});
