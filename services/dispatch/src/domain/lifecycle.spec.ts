import {
  aboutNoise,
  acceptReturn,
  approved,
  assign,
  claim,
  closed,
  follow,
  foundEarlier,
  link,
  onceMore,
  POLICY,
  reassign,
  refuseReturn,
  registered,
  released,
  releaseRefused,
  reopened,
  returned,
  REVIEWED,
  unclaim,
  under,
  undo,
  unlink,
  withdrawn,
  type Next,
} from './dispatch.kit.js';
import { indexDirectory } from './routing/directory.js';
import { SMALL_CITY } from './routing/small-city.kit.js';
import { STATUSES, TRANSITIONS, TRIGGERS, type Status, type Trigger } from './ticket.js';

/** How a ticket gets into each status, and the messages about its current assignment from there. */
const PASTS: Readonly<Record<'new' | Status, readonly (readonly Next[])[]>> = {
  new: [[]],
  held: [[registered()]],
  assigned: [[aboutNoise()], [registered(), assign({ unit: 'urban', designated: true })]],
  returned: [
    [aboutNoise(), returned(1, 'urban')],
    [aboutNoise(), returned(1, 'urban', 'duplicate')],
  ],
  releasing: [
    [aboutNoise(), reassign({ unit: 'housing' })],
    [aboutNoise(), link()],
  ],
  linked: [
    [registered(), link()],
    [aboutNoise(), link(), released(1, 'urban')],
  ],
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
  'ticket.registered': [registered(), aboutNoise(), onceMore()],
  'ticket.withdrawn': [withdrawn()],
  'assignment.returned': [returned(1, 'urban'), returned(1, 'urban', 'duplicate')],
  'assignment.released': [released(1, 'urban')],
  'release.refused': [releaseRefused(1, 'urban'), releaseRefused(1, 'urban', 'already-ended')],
  'reply.approved': [approved(1, 'urban')],
  'ticket.reopened': [reopened()],
  'ticket.closed': [closed()],
  assign: [assign({ unit: 'urban' })],
  reassign: [reassign({ unit: 'housing' })],
  'accept-return': [acceptReturn()],
  'refuse-return': [refuseReturn()],
  claim: [claim()],
  unclaim: [unclaim()],
  undo: [undo({ role: 'supervisor' })],
  link: [link()],
  follow: [follow('019aa8c5-6400-7a11-8c00-00000000000b')],
  unlink: [unlink()],
};
const from = ['new', ...STATUSES] as const;
/** The unit that a person asked for may be closed when the time has come. */
const units = SMALL_CITY.units.map((one) => (one.code === 'housing' ? { ...one, active: false } : one));
const circumstances = [SMALL_CITY, { ...SMALL_CITY, units }]
  .map((data) => indexDirectory(data))
  .flatMap((directory) => [
    { directory, policy: POLICY },
    { directory, policy: POLICY, found: foundEarlier() },
    { directory, ...REVIEWED },
  ]);

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
      for (const [message, more] of MESSAGES[trigger].flatMap((one) => circumstances.map((more) => [one, more] as const))) {
        const { ticket, outcome, concerned } = under(REVIEWED)
          .given(...past)
          .when(message, more);
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
