import fc from 'fast-check';
import { RELEASE_REFUSALS, RETURN_REASONS } from '@paidan/contracts';
import {
  aboutNoise,
  approved,
  assign,
  closed,
  facts,
  given,
  HOUR,
  NOW,
  reassign,
  registered,
  released,
  releaseRefused,
  reopened,
  returned,
  step,
  TICKET,
  withdrawn,
  type Next,
  type Result,
  type Said,
} from './dispatch.kit.js';
import { indexDirectory, withSubordinates } from './routing/directory.js';
import { SMALL_CITY } from './routing/small-city.kit.js';
import { decisionVersion, STATUSES, TRANSITIONS, TRIGGERS, type Status, type Ticket, type Trigger } from './ticket.js';

/** How a ticket gets into each status, and the messages about its current assignment from there. */
const PASTS: Readonly<Record<'new' | Status, readonly (readonly Next[])[]>> = {
  new: [[]],
  held: [[registered()]],
  assigned: [[aboutNoise()], [registered(), assign({ unit: 'urban', designated: true })]],
  releasing: [[aboutNoise(), reassign({ unit: 'housing' })]],
  answered: [
    [aboutNoise(), approved(1, 'urban')],
    [registered(), assign({ unit: 'housing' }), approved(1, 'housing')],
  ],
  withdrawn: [
    [aboutNoise(), withdrawn()],
    [registered(), withdrawn()],
  ],
  closed: [
    [aboutNoise(), approved(1, 'urban'), closed()],
    [registered(), closed('linked')],
  ],
};
const MESSAGES: Readonly<Record<Trigger, readonly Next[]>> = {
  'ticket.registered': [registered(), aboutNoise()],
  'ticket.withdrawn': [withdrawn()],
  'assignment.returned': [returned(1, 'urban'), returned(1, 'urban', 'duplicate')],
  'assignment.released': [released(1, 'urban')],
  'release.refused': [releaseRefused(1, 'urban'), releaseRefused(1, 'urban', 'already-ended')],
  'reply.approved': [approved(1, 'urban')],
  'ticket.reopened': [reopened()],
  'ticket.closed': [closed()],
  assign: [assign({ unit: 'urban' })],
  reassign: [reassign({ unit: 'housing' })],
};
const from = ['new', ...STATUSES] as const;
/** The unit that a person asked for may be closed when the time has come. */
const units = SMALL_CITY.units.map((one) => (one.code === 'housing' ? { ...one, active: false } : one));
const directories = [SMALL_CITY, { ...SMALL_CITY, units }].map(indexDirectory);

describe('the table of a ticket’s life', () => {
  it('names no unknown status and reaches every one', () => {
    const reached = new Set<string>();
    for (const row of Object.values(TRANSITIONS))
      for (const [trigger, targets] of Object.entries(row)) {
        expect(TRIGGERS).toContain(trigger);
        expect(targets.length).toBeGreaterThan(0);
        for (const target of targets) reached.add(target);
      }
    expect([...reached].sort()).toEqual([...STATUSES].sort());
    expect(Object.keys(TRANSITIONS).sort()).toEqual([...from].sort());
  });

  it.each(from.flatMap((status) => TRIGGERS.map((trigger) => [status, trigger] as const)))('is what happens: %s, %s', (status, trigger) => {
    const allowed = TRANSITIONS[status][trigger];
    const seen = new Set<string>();
    for (const past of PASTS[status])
      for (const [message, directory] of MESSAGES[trigger].flatMap((one) => directories.map((under) => [one, under] as const))) {
        const { ticket, outcome, concerned } = given(...past).when(message, { directory });
        if (outcome?.accepted === false && allowed !== undefined) continue;
        if (allowed === undefined) {
          expect(concerned && outcome?.accepted !== false).toBe(false);
          expect(ticket?.status ?? 'new').toBe(status);
        } else {
          seen.add(ticket?.status ?? 'new');
        }
      }
    expect([...seen].sort()).toEqual([...(allowed ?? [])].sort());
  });
});

const UNITS = ['urban', 'environment', 'housing', 'police', 'traffic-police', 'old-bureau', 'nowhere'];
const unit = fc.constantFrom(...UNITS);
/** Mostly about the present assignment and its holder; else late, early, or by another. */
const about = fc.record({ off: fc.constantFrom(0, 0, 0, 0, -1, 1), other: fc.oneof(fc.constant(undefined), fc.constant(undefined), unit) });
const on =
  ({ off, other }: { off: number; other: string | undefined }, word: (assignment: number, holder: string) => Said): Next =>
  (ticket) => {
    const holder = ticket !== undefined && 'holding' in ticket ? ticket.holding.lead : 'urban';
    return word(Math.max(1, (ticket?.assignments ?? 1) + off), other ?? holder);
  };
const order = fc.record({
  unit,
  coHandlers: fc.uniqueArray(unit, { maxLength: 2 }),
  copies: fc.uniqueArray(unit, { maxLength: 2 }),
  designated: fc.boolean(),
  role: fc.constantFrom('dispatcher', 'supervisor'),
});
const reasons = fc.constantFrom('not-our-duty', 'not-our-duty', ...RETURN_REASONS);
const word = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Next>(withdrawn()) },
  { weight: 3, arbitrary: about.map((a) => on(a, approved)) },
  { weight: 3, arbitrary: fc.constant<Next>(reopened()) },
  { weight: 1, arbitrary: fc.constant<Next>(closed()) },
  {
    weight: 8,
    arbitrary: fc
      .tuple(about, reasons, fc.boolean())
      .map(([a, why, late]) => on(a, (n, who) => returned(n, who, why, NOW + (late ? 25 : 1) * HOUR))),
  },
  { weight: 5, arbitrary: about.map((a) => on(a, released)) },
  {
    weight: 3,
    arbitrary: fc.tuple(about, fc.constantFrom(...RELEASE_REFUSALS)).map(([a, why]) => on(a, (n, who) => releaseRefused(n, who, why))),
  },
  { weight: 10, arbitrary: order.map((o) => assign(o)) },
  { weight: 8, arbitrary: order.map((o) => reassign(o)) },
  { weight: 1, arbitrary: fc.constant<Next>(aboutNoise()) },
);
const beginning = fc.constantFrom(
  aboutNoise(),
  registered(),
  registered({ appealType: 'report', title: '举报公安局乱停车', text: '公安局门前乱停车' }),
  registered({ appealType: 'complaint', confidentiality: 'anonymous', title: '投诉公安局，夜间施工', text: '夜间施工 夜间施工' }),
);

describe('in whatever order words come', () => {
  const base = facts();
  const contentOf = (first: ReturnType<typeof aboutNoise>) =>
    first.kind === 'event' && first.event.name === 'ticket.registered' ? new Map([[TICKET, first.event.payload.content]]) : new Map();

  it('nothing throws, numbers only rise, and no excluded unit is given the ticket', () => {
    let decided = 0;
    fc.assert(
      fc.property(beginning, fc.array(word, { minLength: 15, maxLength: 30 }), (first, words) => {
        const under = { ...base, contents: contentOf(first) };
        let ticket: Ticket | undefined;
        for (const message of [first, ...words]) {
          const before = ticket;
          const result = step(ticket, message, under);
          check(before, result);
          decided += result.events.length;
          ticket = result.ticket;
        }
      }),
      { numRuns: 600, seed: 20261122 },
    );
    // The words must not all have been stale.
    expect(decided).toBeGreaterThan(1_500);
  });

  function check(before: Ticket | undefined, { ticket, events, outcome }: Result): void {
    if (ticket === undefined) throw new Error('no ticket');
    const version = decisionVersion(ticket);
    expect(version).toBeGreaterThanOrEqual(before === undefined ? 1 : decisionVersion(before));
    expect(ticket.assignments).toBeGreaterThanOrEqual(before?.assignments ?? 0);
    if (before?.status === 'closed' || before?.status === 'withdrawn') expect([ticket, events]).toEqual([before, []]);
    if (outcome?.accepted === true) expect(version).toBeGreaterThan(before === undefined ? 0 : decisionVersion(before));

    const reported = new Set(ticket.reported.flatMap((code) => withSubordinates(base.directory, code)));
    for (const event of events) {
      if (event.name !== 'ticket.assigned') continue;
      const { assignment, lead, coHandlers, copies, designated, by } = event.payload;
      expect(assignment).toBe((before?.assignments ?? 0) + 1);
      expect(base.directory.units.get(lead)?.active).toBe(true);
      if (before?.status === 'answered')
        expect([designated, by, lead]).toEqual([true, { kind: 'rule', rule: 'redo' }, before.holding.lead]);
      // By rule nobody gets it back who returned it – but for the redo of what it answered after all.
      if (ticket.returnedBy.includes(lead)) expect([designated, by.kind === 'person' || by.rule === 'redo']).toEqual([true, true]);
      if (ticket.appeal.appealType === 'report' || ticket.appeal.confidentiality !== 'open') expect(reported.has(lead)).toBe(false);
      for (const other of [...coHandlers, ...copies])
        expect(reported.has(other) || other === lead || !UNITS.includes(other) || other === 'nowhere').toBe(false);
    }
  }
});
