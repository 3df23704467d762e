import { at, calendarOf, FILES } from '@paidan/kernel/calendar-kit';
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
  held,
  heldForPerson,
  linked,
  live,
  MONDAY,
  recomputed,
  registered,
  released,
  reopened,
  returnAccepted,
  returned,
  returnRefused,
  said,
  shared,
  signed,
  submitted,
  suspended,
  timer,
  unlinked,
  WATER,
  withdrawn,
  working,
} from './clocks.kit.js';
import type { TicketClocks } from './ticket-clocks.js';

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

  it('withdrawn, declined or closed, nothing is left to be done', () => {
    for (const end of [withdrawn, declined, closed]) {
      const decision = decide(working(), end('2026-03-04 10:00'));
      expect(said(decision)).toEqual(['stopped citizen: finish moot', 'stopped #1: finish moot']);
      expect(decision?.record.status).toBe('over');
      expect(decide(decision?.record, signed('2026-03-05 10:00'))).toBeUndefined();
    }
  });
});

describe('a ticket under a master', () => {
  const DUE = '2026-03-09 18:00';
  const OTHER = '0193a3c2-5c00-7000-8000-000000000002';

  it('ends the clocks of who held it; the citizen’s runs on, and the master’s reply stops it', () => {
    const under = decide(working(), linked('2026-03-04 10:00'));
    expect([said(under), under?.record.status]).toEqual([['stopped #1: finish moot'], 'unassigned']);
    expect(live(under?.record as never, '2026-03-09 12:00').lines).toEqual([`warned citizen finish ${DUE}: `]);
    expect(said(decide(under?.record, shared('2026-03-09 10:00')))).toEqual(['stopped citizen: finish met']);
    expect(said(decide(under?.record, shared('2026-03-10 10:00'))).at(-1)).toEqual('stopped citizen: finish missed');
  });

  it('that nobody held says from when the citizen waits', () => {
    const under = decide(given(registered(MONDAY)), linked('2026-03-02 10:01'));
    expect(said(under)).toEqual([`started citizen: finish ${DUE}`]);
    expect(decide(under?.record, linked('2026-03-02 10:02'))).toBeUndefined();
  });

  it('taken out again has the deadline that it had from the first, also after a reply that was none to it', () => {
    for (const past of [[], [shared('2026-03-04 11:00')]]) {
      const out = given(registered(MONDAY), linked('2026-03-02 10:05'), ...past, unlinked('2026-03-05 10:00'));
      const next = decide(out, assigned('2026-03-05 10:00'));
      expect(clockOf(next?.record as never, 'finish')?.dueAt).toBe(at(DUE));
      expect(clockOf(next?.record as never, 'finish')?.stopped).toBeUndefined();
      expect(next?.record.status).toBe('assigned');
    }
  });

  it('taken out before feedback has heard of it is not answered by the reply that its master gets meanwhile', () => {
    const out = given(registered(MONDAY), linked('2026-03-02 10:05'), unlinked('2026-03-05 10:00'));
    const next = decide(out, assigned('2026-03-05 10:00'))?.record as TicketClocks;
    for (const ticket of [out, next, given(registered(MONDAY), linked('2026-03-02 10:05', OTHER))])
      expect(decide(ticket, shared('2026-03-05 10:01'))).toBeUndefined();
    expect(said(decide(next, signed('2026-03-05 11:00')))).toEqual(['stopped #1: sign met']);
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
