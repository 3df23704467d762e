import { at } from '@paidan/kernel/calendar-kit';
import {
  approved,
  armedFor,
  assigned,
  contacted,
  decide,
  extension,
  given,
  held,
  heldForPerson,
  live,
  MONDAY,
  registered,
  released,
  returnAccepted,
  returned,
  said,
  signed,
  suspended,
  timer,
  withdrawn,
  working,
} from './clocks.kit.js';

describe('the stages', () => {
  it('are a warning, a yellow card at the deadline, a red one a working day later', () => {
    expect(live(working(), '2026-04-01 00:00').lines).toEqual([
      'warned #1 finish 2026-03-09 18:00: officer',
      'yellow #1 finish 2026-03-09 18:00: finish-overdue, 3 recipients',
      'red #1 finish 2026-03-09 18:00: finish-long-overdue, 3 recipients, accountable',
    ]);
  });

  it('of signing and the first contact are a yellow card each, at one instant', () => {
    expect(live(held(), '2026-03-05 00:00').lines).toEqual([
      'yellow #1 sign 2026-03-03 18:00: sign-overdue, 3 recipients',
      'yellow #1 respond 2026-03-03 18:00: respond-overdue, 3 recipients',
    ]);
  });

  it('of a ticket that nobody holds are a warning to the desk, and no card', () => {
    const waiting = given(registered(MONDAY), heldForPerson('2026-03-02 10:01'));
    expect(live(waiting, '2026-04-01 00:00').lines).toEqual(['warned citizen finish 2026-03-09 18:00: ']);
  });

  it('warn of the citizen’s deadline where the unit’s own comes later', () => {
    const late = given(registered(MONDAY), assigned('2026-03-05 09:00'), signed('2026-03-05 09:30'), contacted('2026-03-05 10:00'));
    expect(live(late, '2026-03-11 18:00').lines).toEqual([
      'warned citizen finish 2026-03-09 18:00: officer',
      'warned #1 finish 2026-03-12 18:00: officer',
    ]);
  });

  it('that were missed while nothing ran are not warned of any more', () => {
    const decision = decide(working(), timer(), { now: '2026-03-20 09:00' });
    expect(said(decision)).toEqual([
      'yellow #1 finish 2026-03-09 18:00: finish-overdue, 3 recipients',
      'red #1 finish 2026-03-09 18:00: finish-long-overdue, 3 recipients, accountable',
    ]);
    expect(armedFor(decision)).toBeNull();
  });
});

describe('the log that is behind', () => {
  const due = () => live(working(), '2026-03-06 18:00').ticket;

  it('keeps a card waiting until it has been read past the instant', () => {
    const early = decide(due(), timer(), { now: '2026-03-09 18:00', readThrough: '2026-03-09 17:59' });
    expect(said(early)).toEqual([]);
    expect((early?.record as { next: number }).next).toBe(at('2026-03-09 18:00') + 5_000);
    const unknown = decide(due(), timer(), { now: '2026-03-09 18:00', readThrough: '1970-01-01 08:00' });
    expect((unknown?.record as { next: number }).next).toBe(at('2026-03-09 18:00') + 1_000);
    expect(said(decide(early?.record, timer(), { now: '2026-03-09 18:01', readThrough: '2026-03-09 18:00' }))).toHaveLength(1);
  });

  it('that brings a timely word after the card has it withdrawn, and the clock was met', () => {
    const carded = live(working(), '2026-03-10 18:00').ticket;
    expect(said(decide(carded, approved('2026-03-09 17:30'), { now: '2026-03-10 18:05' }))).toEqual([
      'stopped citizen: finish met',
      'stopped #1: finish met',
      'withdrawn yellow: timely-word-arrived-late',
      'withdrawn red: timely-word-arrived-late',
    ]);
    // Said between the two: the yellow card was right.
    expect(said(decide(carded, approved('2026-03-10 09:00'), { now: '2026-03-10 18:05' }))).toEqual([
      'stopped citizen: finish missed',
      'stopped #1: finish missed',
      'withdrawn red: timely-word-arrived-late',
    ]);
    expect(said(decide(carded, approved('2026-03-10 18:01')))).not.toContain('withdrawn red: timely-word-arrived-late');
  });

  it.each([
    ['an extension', extension('2026-03-09 09:00'), '2026-03-12 18:00'],
    ['a suspension', suspended('2026-03-09 09:00'), undefined],
    ['a release', released('2026-03-09 09:00'), undefined],
  ])('that brings %s after the card, too', (_, word, next) => {
    const carded = live(working(), '2026-03-09 18:00').ticket;
    const decision = decide(carded, word, { now: '2026-03-09 18:05' });
    expect(said(decision)).toContain('withdrawn yellow: timely-word-arrived-late');
    const later = live(decision?.record as never, '2026-03-12 18:00').lines.filter((line) => line.startsWith('yellow'));
    expect(later).toEqual(next === undefined ? [] : [`yellow #1 finish ${next}: finish-overdue, 3 recipients`]);
  });

  it('an extension granted after the deadline lets the card stand, and gives no second yellow one', () => {
    const carded = live(working(), '2026-03-09 18:00').ticket;
    const late = decide(carded, extension('2026-03-10 09:00'), { now: '2026-03-10 09:00' });
    expect(said(late).filter((line) => line.startsWith('withdrawn'))).toEqual([]);
    expect(live(late?.record as never, '2026-04-01 00:00').lines).toEqual([
      'red #1 finish 2026-03-12 18:00: finish-long-overdue, 3 recipients, accountable',
    ]);
  });
});

describe('a late word heard before the timer looked', () => {
  const cards = (lines: readonly string[]): string[] => lines.filter((line) => /^(yellow|red) /.test(line));

  it.each([
    ['signing', held, signed, '2026-03-05 10:00'],
    [
      'the first contact',
      () => given(registered(MONDAY), assigned('2026-03-02 10:05'), signed('2026-03-02 11:00')),
      contacted,
      '2026-03-05 10:00',
    ],
    ['an approved reply', working, approved, '2026-03-10 18:01'],
    ['a release', working, released, '2026-03-12 09:00'],
    ['an extension', working, extension, '2026-03-10 09:00'],
    ['a suspension', working, suspended, '2026-03-10 09:00'],
    ['the citizen’s withdrawal', working, withdrawn, '2026-03-10 09:00'],
  ])('brings the cards that a monitor who was there had issued: %s', (_, before, word, when) => {
    const there = live(before(), when);
    const away = said(decide(before(), word(when), { now: '2026-03-20 10:00' }));
    expect(cards(away)).toEqual(cards(there.lines));
    expect(cards(away)).not.toEqual([]);
    // And the rest of what it says is what that one says.
    expect(away.filter((line) => !cards([line]).length)).toEqual(said(decide(there.ticket, word(when), { now: '2026-03-20 10:00' })));
  });

  it('said at the very instant is in time', () => {
    expect(said(decide(working(), approved('2026-03-09 18:00'), { now: '2026-03-20 10:00' }))).toEqual([
      'stopped citizen: finish met',
      'stopped #1: finish met',
    ]);
  });

  it('brings none while a return is undecided, and none for the future of a clock that is ahead', () => {
    const back = given(registered(MONDAY), assigned('2026-03-02 10:05'), returned('2026-03-03 10:00'));
    expect(said(decide(back, returnAccepted('2026-03-20 18:00')))).toEqual(['stopped #1: respond moot, finish moot']);
    const ahead = said(decide(working(), approved('2026-03-09 18:01'), { now: '2026-03-09 17:59' }));
    expect(ahead).toEqual(['stopped citizen: finish missed', 'stopped #1: finish missed']);
  });
});
