import type { Words } from '@paidan/contracts';
import {
  approve,
  assigned,
  closed,
  confidential,
  CONTENT,
  decide,
  giveBack,
  given,
  HOUR,
  registered,
  releaseRequested,
  reply,
  returnAccepted,
  returnRefused,
  ROADS,
  said,
  sign,
  START,
  STREET,
  suspend,
  TICKET,
  told,
  WATER,
  windowPassed,
  withdrawn,
} from './work-item.kit.js';

describe('a registered ticket', () => {
  it('waits, says nothing, and keeps nothing of the text', () => {
    const decision = decide(undefined, registered());
    expect(decision?.record).toMatchObject({ status: 'awaiting', ticket: { number: '20261123-000001' } });
    expect(JSON.stringify(decision)).not.toContain('路灯');
    expect([said(decision), told(decision)]).toEqual([[], []]);
  });

  it('registered again, in another epoch, changes nothing', () => {
    expect(decide(given(registered()), registered())).toBeUndefined();
  });

  it('with words that a newer intake knows is read as the kind that does least harm', () => {
    const item = given(registered({ confidentiality: 'top-secret' as never, appealType: 'petition' as never }));
    expect(item).toMatchObject({ ticket: { confidentiality: 'confidential', appealType: 'other' } });
  });
});

describe('an assignment', () => {
  it('is offered to the lead, with the text, and for information to co-handlers and copies that have a system', () => {
    const decision = decide(given(registered()), assigned(1, { coHandlers: [WATER], copies: [STREET] }));
    expect(told(decision)).toEqual([`${ROADS} assignment.offered`, `${WATER} assignment.offered`]);
    expect(decision?.notices?.map(({ payload }) => payload)).toMatchObject([
      { role: 'lead', unit: ROADS, content: CONTENT, assignment: 1, returnUntil: '2026-11-24T01:00:00.000Z' },
      { role: 'co-handler', unit: WATER, lead: ROADS },
    ]);
    expect(decision?.timers).toEqual([{ name: 'return-window', at: START + 24 * HOUR }]);
    expect(said(decision)).toEqual([]);
  });

  it('that dispatch found more urgent is offered as that, and stays so', () => {
    const urgent = decide(given(registered()), assigned(1, { urgency: 'critical' }));
    expect(urgent?.notices?.[0]?.payload).toMatchObject({ urgency: 'critical' });
    expect(decide(urgent?.record, assigned(2))?.record).toMatchObject({ ticket: { urgency: 'critical' } });
  });

  it('of a confidential ticket says where the text is, never the text', () => {
    const [offer] = decide(given(confidential()), assigned())?.notices ?? [];
    expect(offer?.payload).toMatchObject({ content: { kind: 'fetch', path: `/v1/work-items/${TICKET}` } });
  });

  it('whose text is not at hand is fetched, too', () => {
    const [offer] = decide(given(registered()), assigned(), { content: () => undefined })?.notices ?? [];
    expect(offer?.payload).toMatchObject({ content: { kind: 'fetch' } });
  });

  it('to a unit without a system, or that the directory does not know, is told to nobody', () => {
    for (const lead of [STREET, 'nowhere']) {
      const decision = decide(given(registered()), assigned(1, { lead }));
      expect(decision?.record).toMatchObject({ status: 'offered', holding: { unit: lead } });
      expect(told(decision)).toEqual([]);
    }
  });

  it('with an old number is recognised and ignored', () => {
    const item = given(registered(), assigned(2));
    expect(decide(item, assigned(1, { lead: WATER }))).toBeUndefined();
    expect(decide(item, assigned(2, { lead: WATER }))).toBeUndefined();
  });

  it('that comes while another unit has the ticket takes it from that unit', () => {
    const decision = decide(given(registered(), assigned(1), sign()), assigned(2, { lead: WATER }));
    expect(told(decision)).toEqual([`${ROADS} assignment.withdrawn`, `${WATER} assignment.offered`]);
    expect(decision?.record).toMatchObject({ status: 'offered', holding: { assignment: 2, unit: WATER } });
  });

  it('after an approved reply opens the work again, and rounds go on counting', () => {
    const done = given(registered(), assigned(1), sign(), reply(), approve());
    const again = [assigned(2), sign({ assignment: 2 }), reply({ assignment: 2 })].reduce(
      (item, message) => decide(item, message)?.record ?? item,
      done,
    );
    expect(again).toMatchObject({ status: 'replied', reply: { round: 2 }, holding: { assignment: 2 } });
  });

  it('heard before the registration waits for it', () => {
    const early = given(assigned(1), releaseRequested(1), assigned(2, { lead: WATER }));
    expect(early).toMatchObject({ status: 'unregistered' });
    const decision = decide(early, registered());
    expect(decision?.record).toMatchObject({ status: 'offered', holding: { assignment: 2, unit: WATER } });
    expect(said(decision)).toEqual(['assignment.released']);
    expect(told(decision)).toEqual([`${ROADS} assignment.offered`, `${ROADS} assignment.withdrawn`, `${WATER} assignment.offered`]);
  });
});

describe('the return window', () => {
  it('that passes unused signs for the unit, without an officer', () => {
    const decision = decide(given(registered(), assigned()), windowPassed(), { now: START + 24 * HOUR });
    expect(decision).toMatchObject({
      record: { status: 'signed' },
      events: [{ name: 'assignment.signed', payload: { assignment: 1, unit: ROADS } }],
    });
  });

  it('concerns nobody once the unit has said something', () => {
    for (const item of [given(registered(), assigned(), sign()), given(registered(), assigned(), giveBack())]) {
      expect(decide(item, windowPassed())).toBeUndefined();
    }
  });

  it('is disarmed by signing and returning', () => {
    for (const message of [sign(), giveBack()]) {
      expect(decide(given(registered(), assigned()), message)?.timers).toEqual([{ name: 'return-window', at: null }]);
    }
  });
});

describe('a requested release', () => {
  const held = [given(registered(), assigned()), given(registered(), assigned(), sign()), given(registered(), assigned(), sign(), reply())];

  it('is granted while the work goes on, and the unit told', () => {
    for (const item of held) {
      const decision = decide(item, releaseRequested());
      expect(decision).toMatchObject({
        record: { status: 'released', because: 'reassigned' },
        events: [{ name: 'assignment.released', payload: { assignment: 1, unit: ROADS } }],
        notices: [{ payload: { type: 'assignment.withdrawn', because: 'reassigned' } }],
      });
    }
  });

  it('is refused when a reply has just been approved', () => {
    const decision = decide(given(registered(), assigned(), sign(), reply(), approve()), releaseRequested());
    expect(decision).toMatchObject({
      record: { status: 'approved' },
      events: [{ name: 'release.refused', payload: { because: 'reply-approved' } }],
    });
  });

  it('for a number that is not the current one is refused as ended', () => {
    for (const item of [given(registered()), given(registered(), assigned(2)), given(registered(), withdrawn())]) {
      expect(decide(item, releaseRequested(1))).toMatchObject({
        record: item,
        events: [{ name: 'release.refused', payload: { because: 'already-ended' } }],
      });
    }
  });

  it('of what is nobody’s any more is answered as released, without telling the unit again', () => {
    for (const ending of [releaseRequested(), withdrawn()]) {
      const decision = decide(given(registered(), assigned(), ending), releaseRequested());
      expect([said(decision), told(decision)]).toEqual([['assignment.released'], []]);
    }
  });
});

describe('a return', () => {
  const returned = () => given(registered(), assigned(), giveBack());

  it('accepted by dispatch ends the assignment', () => {
    expect(decide(returned(), returnAccepted())).toMatchObject({
      record: { status: 'released', because: 'return-accepted' },
      notices: [{ payload: { type: 'assignment.withdrawn', because: 'return-accepted' } }],
    });
  });

  it('refused leaves the unit where it was', () => {
    const note: Words = { kind: 'open', text: '请按职责办理'.repeat(300) };
    const decision = decide(returned(), returnRefused(1, note));
    expect(decision).toMatchObject({ record: { status: 'offered', holding: { kept: true } }, timers: [{ at: START + 24 * HOUR }] });
    expect(decision?.notices?.[0]?.payload).toMatchObject({ type: 'assignment.kept', reason: 'is-their-duty' });
    const signed = given(registered(), assigned(), sign(), giveBack());
    expect(decide(signed, returnRefused())?.record).toMatchObject({ status: 'signed', signed: { by: 'officer-1' } });
  });

  it('refused in sealed words is told without them', () => {
    const item = given(confidential(), assigned(), giveBack());
    const sealed: Words = { kind: 'sealed', keyId: 'k1', sealed: 'x' };
    expect(decide(item, returnRefused(1, sealed))?.notices?.[0]?.payload).not.toHaveProperty('note');
  });

  it('of an old assignment is no longer spoken of', () => {
    const item = given(registered(), assigned(1), releaseRequested(1), assigned(2), giveBack({ assignment: 2 }));
    expect(decide(item, returnAccepted(1))).toBeUndefined();
    expect(decide(item, returnRefused(1))).toBeUndefined();
    expect(decide(given(registered(), assigned()), returnAccepted())).toBeUndefined();
  });
});

describe('a withdrawn ticket', () => {
  it('is taken from the unit that has it', () => {
    const decision = decide(given(registered(), assigned(1, { copies: [WATER] })), withdrawn());
    expect(told(decision)).toEqual([`${ROADS} assignment.withdrawn`, `${WATER} assignment.withdrawn`]);
    expect(decision?.record).toMatchObject({ status: 'withdrawn' });
  });

  it('is not offered to anybody any more', () => {
    expect(decide(given(registered(), withdrawn()), assigned())).toBeUndefined();
  });

  it('whose reply is approved stays answered', () => {
    expect(decide(given(registered(), assigned(), sign(), reply(), approve()), withdrawn())).toBeUndefined();
  });
});

describe('a closed ticket', () => {
  it.each([
    ['offered', [assigned(1, { coHandlers: [WATER] })]],
    ['signed', [assigned(1, { coHandlers: [WATER] }), sign()]],
    ['suspended', [assigned(1, { coHandlers: [WATER] }), sign(), suspend(undefined, START + HOUR)]],
    ['replied', [assigned(1, { coHandlers: [WATER] }), sign(), reply()]],
    ['returned', [assigned(1, { coHandlers: [WATER] }), giveBack()]],
  ])('is taken from the unit that has it: %s', (_status, past) => {
    const decision = decide(given(registered(), ...past), closed());
    expect(told(decision)).toEqual([`${ROADS} assignment.withdrawn`, `${WATER} assignment.withdrawn`]);
    expect(decision).toMatchObject({
      record: { status: 'closed', holding: { assignment: 1 } },
      notices: [{ payload: { because: 'closed' } }, {}],
      timers: [
        { name: 'return-window', at: null },
        { name: 'suspension', at: null },
      ],
    });
    expect(said(decision)).toEqual([]);
  });

  it('is not offered to anybody any more, and takes no command', () => {
    expect(decide(given(registered(), closed()), assigned())).toBeUndefined();
    const over = given(registered(), assigned(), closed());
    expect(decide(over, assigned(2))).toBeUndefined();
    expect(decide(over, sign())?.outcome).toMatchObject({ reason: 'wrong-state', detail: { state: { status: 'closed', assignment: 1 } } });
    expect(decide(over, sign({ unit: WATER }))?.outcome).toMatchObject({ reason: 'not-yours' });
    expect(decide(over, releaseRequested())?.events).toMatchObject([{ name: 'assignment.released' }]);
  });

  it('whose reply is approved stays answered, withdrawn or closed before stays so', () => {
    for (const past of [
      [assigned(), sign(), reply(), approve()],
      [assigned(), withdrawn()],
      [assigned(), closed()],
    ])
      expect(decide(given(registered(), ...past), closed())).toBeUndefined();
  });
});
