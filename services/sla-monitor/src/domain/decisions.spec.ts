import { at, calendarOf, FILES } from './calendar.kit.js';
import {
  answered,
  approved,
  armedFor,
  assigned,
  clockOf,
  closed,
  contacted,
  decide,
  declined,
  extension,
  given,
  goesOn,
  heldForPerson,
  linked,
  live,
  recomputed,
  registered,
  released,
  reopened,
  returnAccepted,
  returned,
  returnRefused,
  said,
  signed,
  submitted,
  suspended,
  timer,
  WATER,
  withdrawn,
} from './clocks.kit.js';
import type { TicketClocks } from './ticket-clocks.js';

// 2026-03-02 is a Monday, no holiday near: five working days end on Monday the 9th.
const MONDAY = '2026-03-02 10:00';
const held = () => given(registered(MONDAY), assigned('2026-03-02 10:05'));
const working = () => given(registered(MONDAY), assigned('2026-03-02 10:05'), signed('2026-03-02 11:00'), contacted('2026-03-02 15:00'));

describe('a ticket accepted and assigned', () => {
  it('starts its four clocks with one event; the citizen’s has run since the receipt', () => {
    const first = decide(undefined, registered(MONDAY));
    expect(said(first)).toEqual([]);
    expect(clockOf(first?.record as never, 'finish')?.dueAt).toBe(at('2026-03-09 18:00'));
    const second = decide(first?.record, assigned('2026-03-02 10:05'));
    expect(said(second)).toEqual([
      'started #1: sign 2026-03-03 18:00, respond 2026-03-03 18:00, finish 2026-03-09 18:00; citizen: finish 2026-03-09 18:00',
    ]);
    expect(second?.events?.[0]?.payload).toMatchObject({ citizens: { startedAt: new Date(at(MONDAY)).toISOString() } });
    expect([armedFor(first), armedFor(second)]).toEqual(['2026-03-06 18:00', '2026-03-03 18:00']);
  });

  it('has the limits of its kind: 15 working days for a report, minutes when it is critical', () => {
    const report = given(registered(MONDAY, { appealType: 'report' }));
    expect(said(decide(report, heldForPerson('2026-03-02 10:05')))).toEqual(['started citizen: finish 2026-03-23 18:00']);
    const critical = given(registered(MONDAY, { urgency: 'critical' }));
    expect(said(decide(critical, assigned('2026-03-02 10:05')))).toEqual([
      'started #1: sign 2026-03-02 10:35, respond 2026-03-02 10:35, finish 2026-03-03 10:05; citizen: finish 2026-03-03 10:00',
    ]);
  });

  it('of a kind that only a newer intake knows runs under the ordinary limits', () => {
    const ticket = given(registered(MONDAY, { appealType: 'petition' as never, urgency: 'whenever' as never }));
    expect(ticket.policy.code).toBe('ordinary');
  });

  it('registered or assigned again, in another epoch, changes nothing', () => {
    expect(decide(held(), registered(MONDAY))).toBeUndefined();
    expect(decide(held(), assigned('2026-03-02 10:06'))).toBeUndefined();
  });
});

describe('the citizen’s clock that nobody was told of', () => {
  const STARTED = 'started citizen: finish 2026-03-09 18:00';
  const fresh = () => given(registered(MONDAY));

  it('is told at once when the ticket is held for a person, and once', () => {
    const waiting = decide(fresh(), heldForPerson('2026-03-02 10:01'));
    expect([said(waiting), armedFor(waiting), waiting?.record.status]).toEqual([[STARTED], undefined, 'unassigned']);
    expect(decide(waiting?.record, heldForPerson('2026-03-02 10:02'))).toBeUndefined();
    expect(said(decide(waiting?.record, assigned('2026-03-02 12:00')))).toEqual([
      'started #1: sign 2026-03-03 18:00, respond 2026-03-03 18:00, finish 2026-03-09 18:00',
    ]);
  });

  it.each([
    ['taken back', withdrawn('2026-03-02 10:30'), 'moot'],
    ['declined', declined('2026-03-02 10:30'), 'moot'],
    ['linked', linked('2026-03-02 10:30'), 'moot'],
    ['closed', closed('2026-03-02 10:30'), 'moot'],
    ['answered', answered('2026-03-02 10:30'), 'met'],
  ])('is told before it stops, the ticket being %s', (_, word, verdict) => {
    expect(said(decide(fresh(), word))).toEqual([STARTED, `stopped citizen: finish ${verdict}`]);
  });

  it('is told before a warning of it, a deadline that moves, and anything else that looks at it', () => {
    expect(said(decide(fresh(), timer(), { now: '2026-03-06 18:00' }))).toEqual([STARTED, 'warned citizen finish 2026-03-09 18:00: ']);
    expect(said(decide(fresh(), timer(), { now: '2026-03-02 11:00' }))).toEqual([STARTED]);
    const [year2026] = FILES.slice(-1);
    const days = [...(year2026?.days ?? []), { name: '临时放假', date: '2026-03-09', isOffDay: true }];
    const corrected = calendarOf([...FILES.slice(0, 2), { year: 2026, papers: ['notice'], days }]);
    const moved = decide(fresh(), recomputed(), { now: '2026-03-02 11:00', calendar: corrected });
    expect(said(moved)).toEqual([STARTED, 'moved citizen finish: calendar-loaded, 2026-03-09 18:00 to 2026-03-10 18:00']);
    expect(moved?.outcome).toEqual({ accepted: true, answer: { events: 2 } });
  });

  it('stays untold by what changes nothing', () => {
    for (const message of [signed, contacted, returned, released, suspended, goesOn, approved])
      expect(decide(fresh(), message('2026-03-02 10:30', 1))).toBeUndefined();
    expect(decide(fresh(), reopened('2026-03-02 10:30'))).toBeUndefined();
  });

  it('is in the record of an older release as told', () => {
    const { clocks, ...rest } = fresh();
    const older = { ...rest, clocks: clocks.map(({ unsaid: _, ...clock }) => clock) };
    expect(said(decide(older, assigned('2026-03-02 10:05')))).toEqual([
      'started #1: sign 2026-03-03 18:00, respond 2026-03-03 18:00, finish 2026-03-09 18:00',
    ]);
  });
});

describe('what stops a clock', () => {
  it('is signing, the first contact and an approved reply, each judged by its own time', () => {
    const ticket = held();
    expect(said(decide(ticket, signed('2026-03-03 18:00')))).toEqual(['stopped #1: sign met']);
    expect(said(decide(ticket, contacted('2026-03-03 18:01')))).toContain('stopped #1: respond missed');
    expect(said(decide(ticket, submitted('2026-03-02 12:00')))).toEqual(['stopped #1: respond met']);
    const done = decide(working(), approved('2026-03-09 18:00'), { now: '2026-03-09 18:00' });
    expect(said(done)).toEqual(['stopped citizen: finish met', 'stopped #1: finish met']);
    expect(done?.record.status).toBe('answered');
    expect(armedFor(done)).toBeNull();
  });

  it('a reply stops whatever of the assignment still runs', () => {
    expect(said(decide(held(), approved('2026-03-10 09:00')))).toEqual([
      'yellow #1 sign 2026-03-03 18:00: sign-overdue, 3 recipients',
      'yellow #1 respond 2026-03-03 18:00: respond-overdue, 3 recipients',
      'yellow #1 finish 2026-03-09 18:00: finish-overdue, 3 recipients',
      'stopped citizen: finish missed',
      'stopped #1: sign missed, respond missed, finish missed',
    ]);
  });

  it('happens once: the second contact says nothing', () => {
    const again = decide(working(), contacted('2026-03-04 10:00'));
    expect([said(again), armedFor(again)]).toEqual([[], undefined]);
  });

  it('of an assignment that is over is not spoken of', () => {
    const second = given(
      registered(MONDAY),
      assigned('2026-03-02 10:05'),
      released('2026-03-02 12:00'),
      assigned('2026-03-02 12:01', 2, WATER),
    );
    for (const message of [signed, contacted, returned, released, suspended, goesOn, approved])
      expect(decide(second, message('2026-03-02 13:00', 1))).toBeUndefined();
  });

  it('the desk’s own answer stops the citizen’s', () => {
    const held1 = given(registered(MONDAY), heldForPerson('2026-03-02 10:01'));
    expect(said(decide(held1, answered('2026-03-02 10:30')))).toEqual(['stopped citizen: finish met']);
    expect(said(decide(held(), answered('2026-03-02 10:30')))).toEqual([
      'stopped citizen: finish met',
      'stopped #1: sign moot, respond moot, finish moot',
    ]);
  });

  it('withdrawn, declined, linked or closed, nothing is left to be done', () => {
    for (const end of [withdrawn, declined, linked, closed]) {
      const decision = decide(working(), end('2026-03-04 10:00'));
      expect(said(decision)).toEqual(['stopped citizen: finish moot', 'stopped #1: finish moot']);
      expect(decision?.record.status).toBe('over');
      expect(decide(decision?.record, signed('2026-03-05 10:00'))).toBeUndefined();
    }
  });
});

describe('a ticket that changes hands', () => {
  it('keeps the citizen’s deadline; the next unit has its own', () => {
    const given2 = decide(held(), released('2026-03-03 09:00'));
    expect(said(given2)).toEqual(['stopped #1: sign moot, respond moot, finish moot']);
    const next = decide(given2?.record, assigned('2026-03-04 09:01', 2, WATER));
    expect(said(next)).toEqual(['started #2: sign 2026-03-05 18:00, respond 2026-03-05 18:00, finish 2026-03-11 18:00']);
    expect(clockOf(next?.record as never, 'finish')?.dueAt).toBe(at('2026-03-09 18:00'));
  });

  it('without a word of the first unit ends its clocks all the same', () => {
    expect(said(decide(held(), assigned('2026-03-02 12:00', 2, WATER)))[0]).toBe('stopped #1: sign moot, respond moot, finish moot');
  });

  it('returned, it is answered for, and no card comes before dispatch has decided', () => {
    const back = decide(held(), returned('2026-03-03 10:00'));
    expect(said(back)).toEqual(['stopped #1: sign met']);
    expect(back?.record.status).toBe('returned');
    const waiting = live(back?.record as never, '2026-03-20 18:00');
    // Nobody of the unit is told; the citizen's own deadline is near whoever is right.
    expect(waiting.lines).toEqual(['warned citizen finish 2026-03-09 18:00: officer']);
    expect(said(decide(waiting.ticket, returnAccepted('2026-03-20 18:00')))).toEqual(['stopped #1: respond moot, finish moot']);
  });

  it('returned without reason, it was on time all along, and what is overdue is overdue at once', () => {
    const back = given(registered(MONDAY), assigned('2026-03-02 10:05'), returned('2026-03-03 10:00'));
    const kept = decide(back, returnRefused('2026-03-05 10:00'));
    expect(kept?.record.status).toBe('assigned');
    expect(said(kept)).toEqual([]);
    expect(armedFor(kept)).toBe('2026-03-03 18:00');
    expect(said(decide(kept?.record, timer(), { now: '2026-03-05 10:00' }))).toEqual([
      'yellow #1 respond 2026-03-03 18:00: respond-overdue, 3 recipients',
    ]);
  });

  it('answered and reopened, the citizen waits once more, and the unit too', () => {
    const done = given(registered(MONDAY), assigned('2026-03-02 10:05'), approved('2026-03-04 10:00'));
    const again = decide(done, reopened('2026-03-10 10:00'));
    expect(said(again)).toEqual([]);
    expect(clockOf(again?.record as never, 'finish')?.dueAt).toBe(at('2026-03-17 18:00'));
    expect(said(decide(again?.record, assigned('2026-03-10 10:01', 2)))).toEqual([
      'started #2: sign 2026-03-11 18:00, respond 2026-03-11 18:00, finish 2026-03-17 18:00; citizen: finish 2026-03-17 18:00',
    ]);
    expect(said(decide(again?.record, heldForPerson('2026-03-10 10:01')))).toEqual(['started citizen: finish 2026-03-17 18:00']);
    expect(decide(held(), reopened('2026-03-10 10:00'))).toBeUndefined();
  });
});

describe('suspended work', () => {
  it('leaves no deadline, and has a later one when it goes on', () => {
    const stopped = decide(working(), suspended('2026-03-04 10:00'));
    expect(said(stopped)).toEqual([
      'moved citizen finish: suspended, 2026-03-09 18:00 to none',
      'moved #1 finish: suspended, 2026-03-09 18:00 to none',
    ]);
    expect(armedFor(stopped)).toBeNull();
    const on = decide(stopped?.record, goesOn('2026-03-11 10:00'));
    expect(said(on)).toEqual([
      'moved citizen finish: resumed, none to 2026-03-17 18:00',
      'moved #1 finish: resumed, none to 2026-03-17 18:00',
    ]);
    expect(armedFor(on)).toBe('2026-03-16 18:00');
  });

  it('given back goes on for the citizen', () => {
    const stopped = given(registered(MONDAY), assigned('2026-03-02 10:05'), signed('2026-03-02 11:00'), suspended('2026-03-04 10:00'));
    expect(said(decide(stopped, released('2026-03-06 10:00')))).toEqual([
      'stopped #1: respond moot, finish moot',
      'moved citizen finish: resumed, none to 2026-03-12 18:00',
    ]);
  });

  it('leaves the first contact due', () => {
    const stopped = given(registered(MONDAY), assigned('2026-03-02 10:05'), signed('2026-03-02 11:00'), suspended('2026-03-02 12:00'));
    expect(live(stopped, '2026-04-01 18:00').lines).toEqual(['yellow #1 respond 2026-03-03 18:00: respond-overdue, 3 recipients']);
  });

  it('answered nevertheless, it is in time', () => {
    const stopped = given(registered(MONDAY), assigned('2026-03-02 10:05'), suspended('2026-03-04 10:00'));
    expect(said(decide(stopped, approved('2026-04-04 10:00')))[0]).toBe('stopped citizen: finish met');
  });

  it('is suspended and resumed once each', () => {
    const stopped = decide(working(), suspended('2026-03-04 10:00'))?.record;
    expect(decide(stopped, suspended('2026-03-04 11:00'))).toBeUndefined();
    expect(decide(working(), goesOn('2026-03-04 11:00'))).toBeUndefined();
  });
});

describe('an extension', () => {
  it('moves both deadlines', () => {
    expect(said(decide(working(), extension('2026-03-06 10:00')))).toEqual([
      'moved citizen finish: extended, 2026-03-09 18:00 to 2026-03-12 18:00',
      'moved #1 finish: extended, 2026-03-09 18:00 to 2026-03-12 18:00',
    ]);
  });

  it('after the warning has its own warning', () => {
    const warned = live(working(), '2026-03-06 18:00');
    expect(warned.lines).toEqual(['warned #1 finish 2026-03-09 18:00: officer']);
    const later = decide(warned.ticket, extension('2026-03-09 10:00'))?.record as never;
    expect(live(later, '2026-03-12 17:00').lines).toEqual(['warned #1 finish 2026-03-12 18:00: officer']);
  });
});

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

describe('an unheard-of ticket', () => {
  it('is not recomputed', () => {
    expect(decide(undefined, recomputed(), { now: MONDAY })?.outcome).toEqual({ accepted: false, reason: 'unknown-ticket' });
  });

  it('spoken of before its registration waits for it', () => {
    const early = [assigned('2026-03-02 10:05'), signed('2026-03-02 11:00'), approved('2026-03-03 11:00')].reduce<TicketClocks | undefined>(
      (before, message) => decide(before, message)?.record,
      undefined,
    );
    expect(early?.status).toBe('unregistered');
    const decision = decide(early, registered(MONDAY));
    expect(decision?.record.status).toBe('answered');
    expect(said(decision)).toEqual([
      'started #1: sign 2026-03-03 18:00, respond 2026-03-03 18:00, finish 2026-03-09 18:00; citizen: finish 2026-03-09 18:00',
      'stopped #1: sign met',
      'stopped citizen: finish met',
      'stopped #1: respond met, finish met',
    ]);
  });
});
