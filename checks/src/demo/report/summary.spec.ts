import { appealOf } from '../../cast/channels/appeal.js';
import {
  approved,
  assigned,
  carded,
  citizensClockStarted,
  clocksStarted,
  closed,
  courseOf,
  delivered,
  finished,
  held,
  rated,
  registered,
  reopened,
  replied,
  returned,
  signed,
} from './course.kit.js';
import { percentile } from '../../percentile.js';
import { STAGES, timesOf } from './stages.js';
import { MUST_BE_NONE, type Played, summarise } from './summary.js';
import { columns, renderTable } from './table.js';

const straight = courseOf(
  1,
  (say) => {
    registered(say, 0);
    assigned(say, 10, 1);
    signed(say, 50, 1);
    replied(say, 90, 1, '已修复');
    approved(say, 100, 1, '已修复');
    delivered(say, 110, 1);
    closed(say, 400, 'no-rating');
  },
  { reply: '已修复', offeredAt: { 1: 30 } },
);

const returnedOnce = courseOf(
  2,
  (say) => {
    registered(say, 0);
    assigned(say, 20, 1);
    returned(say, 60, 1);
    held(say, 62);
    assigned(say, 162, 2, 'person');
    signed(say, 200, 2);
    replied(say, 210, 2, '已修复');
    approved(say, 300, 2, '已修复');
    delivered(say, 340, 1, 'fetched');
    rated(say, 500, 1, 5);
    closed(say, 500);
  },
  { reply: '已修复', offeredAt: { 1: 40, 2: 180 } },
);

/** Late, with both cards, and done again. */
const troubled = courseOf(
  4,
  (say) => {
    registered(say, 0);
    assigned(say, 10, 1);
    clocksStarted(say, 25, 1);
    carded(say, 40, 1, 'yellow');
    carded(say, 45, 1, 'red');
    approved(say, 50, 1, '已修复');
    finished(say, 52, 1, 'missed');
    delivered(say, 60, 1);
    rated(say, 70, 1, 4, { resolved: false });
    reopened(say, 70);
    assigned(say, 90, 2);
    clocksStarted(say, 95, 2);
    approved(say, 100, 2, '已修复');
    finished(say, 101, 2, 'met');
    delivered(say, 120, 2);
    rated(say, 200, 2, 5);
    closed(say, 200);
  },
  { reply: '已修复' },
);

const stuck = courseOf(3, (say) => {
  registered(say, 0);
  held(say, 5);
});

/** A person had decided before the citizen's clock was said to run. */
const overtaken = courseOf(5, (say) => {
  registered(say, 0);
  held(say, 5);
  assigned(say, 10, 1, 'person');
  citizensClockStarted(say, 12);
  clocksStarted(say, 30, 1, { citizens: false });
});

const played = (more: Partial<Played>): Played => {
  const courses = more.courses ?? [straight, returnedOnce];
  return {
    seed: 1,
    factor: 1,
    days: 0,
    pushed: new Map(),
    callbacks: { wrong: 0, failedAtFirst: 0 },
    lookedUp: 0,
    checked: { gaps: 0, differences: 0 },
    broken: [],
    entries: courses.map(({ entry }) => entry),
    courses,
    commands: { accepted: 7, refused: new Map(), repeated: 0 },
    repeatedEvents: 0,
    confidentialReadings: 0,
    seconds: 2.04,
    interrupted: false,
    complaints: [],
    ...more,
  };
};

describe('percentiles', () => {
  it.each([
    [50, 5],
    [95, 10],
    [100, 10],
    [10, 1],
    [0, 1],
  ])('the %d th of one to ten is %d, a value that occurred', (rank, value) => {
    expect(percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], rank)).toBe(value);
  });
  it('of nothing there is none', () => expect(() => percentile([], 50)).toThrow(RangeError));
});

describe('time per stage', () => {
  it('is taken from one word to the next', () => {
    const times = timesOf([straight, returnedOnce]);
    expect(times['handedInToAccepted']).toMatchObject({ count: 2, p50: 15, p95: 15 });
    expect(times['acceptedToAssigned']).toMatchObject({ count: 2, p50: 10, p95: 20 });
    expect(times['assignedToOffered']).toMatchObject({ count: 3, p50: 20, p95: 20 });
    expect(times['offeredToSigned']).toMatchObject({ count: 2, p50: 20, p95: 20 });
    expect(times['returnedToDecided']).toMatchObject({ count: 1, p50: 2, p95: 2 });
    expect(times['heldToAssigned']).toMatchObject({ count: 1, p50: 100, p95: 100 });
    expect(times['acceptedToApproved']).toMatchObject({ count: 2, p50: 100, p95: 300 });
    expect(times['approvedToPushed']).toMatchObject({ count: 1, p50: 10, p95: 10 });
    expect(times['deliveredToRated']).toMatchObject({ count: 1, p50: 160, p95: 160 });
    expect(times['acceptedToClosed']).toMatchObject({ count: 2, p50: 400, p95: 500 });
    expect(timesOf([overtaken])).toMatchObject({ assignedToClocked: { count: 1, p50: 20 } });
    expect(timesOf([troubled])).toMatchObject({ assignedToClocked: { p50: 5, p95: 15 }, reopenedToAssigned: { p50: 20 } });
  });
  it('is real where services take it, and the city’s where people do', () => {
    const times = timesOf([returnedOnce], 20);
    expect(times['acceptedToAssigned']).toEqual({ by: 'machine', count: 1, p50: 1, p95: 1 });
    expect(times['acceptedToClosed']).toEqual({ by: 'people', count: 1, p50: 500, p95: 500 });
  });
  it('leaves out what nobody went through', () => expect(timesOf([straight])).not.toHaveProperty('heldToAssigned'));
  it('has a name in both languages for each', () => {
    for (const { en, zh } of STAGES) expect([en, zh]).toEqual([expect.stringMatching(/→/), expect.stringMatching(/→/)]);
    expect(new Set(STAGES.map(({ id }) => id)).size).toBe(STAGES.length);
  });
});

describe('the table', () => {
  it('counts what the log of tickets says', () => {
    expect(summarise(played({}))).toMatchObject({
      rows: 2,
      accepted: 2,
      assigned: 2,
      byRule: 1,
      byPerson: 1,
      returned: 1,
      returns: 1,
      routedAgain: 1,
      replied: 2,
      approved: 2,
      delivered: 2,
      pushed: 1,
      fetched: 1,
      rated: 1,
      satisfied: 1,
      closed: 2,
      closedBecause: { satisfied: 1, 'no-rating': 1 },
      lost: 0,
      missingEvents: 0,
      wrongReplies: 0,
    });
  });

  it('counts clocks, cards and what citizens said of it', () => {
    const summary = summarise(played({ courses: [troubled] }));
    expect(summary).toMatchObject({
      clocksStarted: 8,
      yellowCards: 1,
      redCards: 1,
      cardsWithdrawn: 0,
      finishedInTime: 1,
      finishedLate: 1,
      rated: 2,
      satisfied: 1,
      reopened: 1,
      closed: 1,
    });
    // The citizen's counts once, whether it was said alone or with the assignment's.
    expect(summarise(played({ courses: [overtaken] })).clocksStarted).toBe(4);
    const table = renderTable(summary);
    expect(table).toMatch(/on time +按时办结 +50 % {2}1 of 2 assignments/);
    expect(table).toMatch(/satisfied +满意 +50 %/);
    expect(table).toMatch(/closed +办结 +1 {2}1 satisfied/);
  });

  it('says what must be 0 and is not, or could not be counted', () => {
    const good = summarise(played({}));
    expect(MUST_BE_NONE.map((count) => good[count])).toEqual(MUST_BE_NONE.map(() => 0));
    expect(renderTable(good)).toMatch(/trail gaps +轨迹缺口 +0 {2}numbers missing/);
    const bad = renderTable(summarise(played({ checked: { gaps: 2, differences: 1 }, callbacks: { wrong: 3, failedAtFirst: 0 } })));
    for (const line of [/trail gaps .* 2 {2}MUST BE 0/, /audit differences .* 1 {2}MUST BE 0/, /not signed .* 3 {2}MUST BE 0/])
      expect(bad).toMatch(line);
    expect(renderTable(summarise(played({ checked: undefined })))).toMatch(/audit differences .* \? {2}COULD NOT BE CHECKED/);
  });

  it('sees a reply that a channel was told and nobody wrote', () => {
    const { outcome } = straight.entry;
    const ticketId = outcome?.kind === 'accepted' ? outcome.ticketId : '';
    const pushed = (text: string) => new Map([['a.1', { channel: 'web-wenzheng', ticketId, round: 1, text }]]);
    const courses = [straight];
    expect(summarise(played({ courses, pushed: pushed('已修复') })).wrongReplies).toBe(0);
    expect(summarise(played({ courses, pushed: pushed('别的答复') })).wrongReplies).toBe(1);
  });

  it('calls lost what was accepted and never had its last word', () => {
    const summary = summarise(played({ courses: [straight, stuck] }));
    expect(summary).toMatchObject({ accepted: 2, approved: 1, lost: 1 });
    expect(summary.lostTickets).toMatchObject([{ row: 3, lastHeard: 'ticket.held' }]);
    expect(renderTable(summary)).toMatch(/lost .* 1 {2}MUST BE 0/);
  });

  it('calls lost what was accepted and never heard of', () => {
    const summary = summarise(played({ courses: [courseOf(4, () => undefined)] }));
    expect(summary.lostTickets).toMatchObject([{ row: 4, lastHeard: 'nothing' }]);
  });

  it('sees a number that was left out', () => {
    const story = straight.story.filter(({ name }) => name !== 'reply.submitted');
    expect(summarise(played({ courses: [{ ...straight, story }] })).missingEvents).toBe(1);
  });

  it('sees an approved reply that nobody wrote', () => {
    const other = courseOf(1, (say) => approved(say, 1, 1, '别的答复'), { reply: '已修复' });
    expect(summarise(played({ courses: [other] })).wrongReplies).toBe(1);
  });

  it('names refused and broken rows, and goes on', () => {
    const appeal = appealOf({ row: 5, line: 9, title: '', body: 'x' }, 'abc', ['web-wenzheng']);
    const refused = { appeal, outcome: { kind: 'refused', reason: 'validation-failed', detail: '/title is blank' } } as const;
    const broken = [{ row: 6, line: 10, reason: 'has 1 cells, the heading has 2' }];
    const summary = summarise(played({ entries: [straight.entry, refused], courses: [straight], broken }));
    expect(summary).toMatchObject({ rows: 3, accepted: 1, refused: 1, broken: 1, lost: 0 });
    const table = renderTable(summary);
    expect(table).toContain('row 5 (line 9): validation-failed – /title is blank');
    expect(table).toContain('row 6 (line 10): has 1 cells');
  });

  it('lays Chinese out by the columns it takes', () => {
    expect(columns('受理 accepted →')).toBe(4 + 1 + 8 + 1 + 1);
    const numbers = renderTable(summarise(played({})))
      .split('\n')
      .flatMap((line) => /^ {2}(?:rows|accepted|approved|lost) [^→]*?\d(?= {2}|$)/.exec(line) ?? []);
    expect(numbers).toHaveLength(4);
    expect(new Set(numbers.map(columns)).size).toBe(1);
  });
});
