import { appealOf } from '../input/appeal.js';
import { approved, assigned, courseOf, held, registered, replied, returned, signed } from './course.kit.js';
import { percentile } from '../../percentile.js';
import { STAGES, timesOf } from './stages.js';
import { type Played, summarise } from './summary.js';
import { columns, renderTable } from './table.js';

const straight = courseOf(
  1,
  (say) => {
    registered(say, 0);
    assigned(say, 10, 1);
    signed(say, 50, 1);
    replied(say, 90, 1, '已修复');
    approved(say, 100, 1, '已修复');
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
  },
  { reply: '已修复', offeredAt: { 1: 40, 2: 180 } },
);

const stuck = courseOf(3, (say) => {
  registered(say, 0);
  held(say, 5);
});

const played = (more: Partial<Played>): Played => {
  const courses = more.courses ?? [straight, returnedOnce];
  return {
    seed: 1,
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
    expect(times['handedInToAccepted']).toEqual({ count: 2, p50: 15, p95: 15 });
    expect(times['acceptedToAssigned']).toEqual({ count: 2, p50: 10, p95: 20 });
    expect(times['assignedToOffered']).toEqual({ count: 3, p50: 20, p95: 20 });
    expect(times['offeredToSigned']).toEqual({ count: 2, p50: 20, p95: 20 });
    expect(times['returnedToDecided']).toEqual({ count: 1, p50: 2, p95: 2 });
    expect(times['heldToAssigned']).toEqual({ count: 1, p50: 100, p95: 100 });
    expect(times['acceptedToApproved']).toEqual({ count: 2, p50: 100, p95: 300 });
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
      lost: 0,
      missingEvents: 0,
      wrongReplies: 0,
    });
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
