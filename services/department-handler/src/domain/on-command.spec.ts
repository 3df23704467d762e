import {
  approve,
  assigned,
  confidential,
  contact,
  decide,
  giveBack,
  given,
  HOUR,
  progress,
  registered,
  releaseRequested,
  reply,
  returnRefused,
  ROADS,
  said,
  sendBack,
  sign,
  START,
  STREET,
  WATER,
} from './work-item.kit.js';

const refusal = (decision: ReturnType<typeof decide>) => (decision?.outcome?.accepted === false ? decision.outcome.reason : 'not refused');

const offered = () => given(registered(), assigned());
const signed = () => given(registered(), assigned(), sign());
const replied = () => given(registered(), assigned(), sign(), reply());
const approved = () => given(registered(), assigned(), sign(), reply(), approve());

describe('an accepted command', () => {
  it('answers with number, assignment and the state it led to', () => {
    expect(decide(offered(), sign())?.outcome).toEqual({
      accepted: true,
      answer: {
        number: '20261123-000001',
        assignment: 1,
        state: { status: 'signed', assignment: 1, holder: ROADS, officer: 'officer-1' },
      },
    });
    expect(decide(signed(), reply())?.outcome).toMatchObject({ answer: { state: { status: 'replied', round: 1 } } });
  });

  it('says what happened', () => {
    expect(said(decide(offered(), sign()))).toEqual(['assignment.signed']);
    expect(said(decide(signed(), progress()))).toEqual(['work.progressed']);
    expect(decide(offered(), giveBack())?.events).toMatchObject([
      {
        name: 'assignment.returned',
        payload: { reason: 'not-our-duty', grounds: { kind: 'open', text: '该路段由市政管理' }, officer: 'officer-1' },
      },
    ]);
    expect(decide(signed(), reply())?.events).toMatchObject([
      { name: 'reply.submitted', payload: { round: 1, outcome: 'resolved', officer: 'officer-1' } },
    ]);
    expect(decide(replied(), approve())?.events).toMatchObject([
      { name: 'reply.approved', payload: { round: 1, outcome: 'resolved', approver: 'approver-1', reply: { kind: 'open' } } },
    ]);
    expect(decide(replied(), sendBack())?.events).toMatchObject([
      { name: 'reply.sent-back', payload: { round: 1, approver: 'approver-1' } },
    ]);
  });

  it('keeps no text in the record', () => {
    for (const item of [
      given(registered(), assigned(), giveBack()),
      replied(),
      approved(),
      given(registered(), assigned(), sign(), progress()),
    ]) {
      expect(JSON.stringify(item)).not.toMatch(/修复|市政|查看|text of/);
    }
  });

  it('about a confidential ticket speaks under seal', () => {
    const item = given(confidential(), assigned(), sign());
    expect(decide(item, progress())?.events).toMatchObject([{ payload: { note: { kind: 'sealed' } } }]);
    expect(decide(item, giveBack())?.events).toMatchObject([{ payload: { grounds: { kind: 'sealed' } } }]);
    const answered = decide(item, reply());
    expect(answered?.events).toMatchObject([{ payload: { reply: { kind: 'sealed' } } }]);
    // In one batch with its reply, whose text is still as the unit wrote it.
    expect(decide(answered?.record, approve())?.events).toMatchObject([{ payload: { reply: { kind: 'sealed' } } }]);
    expect(decide(answered?.record, sendBack())?.events).toMatchObject([{ payload: { reason: { kind: 'sealed' } } }]);
  });
});

describe('a command is refused', () => {
  it('about a ticket nobody has heard of', () => {
    expect(refusal(decide(undefined, sign()))).toBe('unknown-ticket');
    expect(refusal(decide(given(assigned()), sign()))).toBe('unknown-ticket');
  });

  it('to a unit that does not have the ticket, which learns nothing of its state', () => {
    for (const item of [
      given(registered()),
      offered(),
      approved(),
      given(registered(), assigned(1, { coHandlers: [WATER], copies: [WATER] })),
    ]) {
      expect(decide(item, sign({ unit: WATER }))?.outcome).toEqual({ accepted: false, reason: 'not-yours' });
    }
  });

  it('about an old assignment, with the current one', () => {
    const item = given(registered(), assigned(1), releaseRequested(1), assigned(2));
    expect(decide(item, sign({ assignment: 1 }))?.outcome).toEqual({
      accepted: false,
      reason: 'stale-assignment',
      detail: { state: { status: 'offered', assignment: 2, holder: ROADS } },
    });
  });

  it('in a state that does not allow it', () => {
    expect([progress(), reply(), approve(), sendBack()].map((command) => refusal(decide(offered(), command)))).toEqual(
      Array(4).fill('wrong-state'),
    );
    expect([sign(), approve(), sendBack()].map((command) => refusal(decide(signed(), command)))).toEqual(Array(3).fill('wrong-state'));
    expect([sign(), giveBack(), reply()].map((command) => refusal(decide(replied(), command)))).toEqual(Array(3).fill('wrong-state'));
    expect([sign(), giveBack(), progress(), reply(), approve(), sendBack()].map((command) => refusal(decide(approved(), command)))).toEqual(
      Array(6).fill('wrong-state'),
    );
    expect(refusal(decide(given(registered(), assigned(), releaseRequested()), sign()))).toBe('wrong-state');
  });

  it('when another reply is meant than the one that waits', () => {
    const second = given(registered(), assigned(), sign(), reply(), sendBack(), reply());
    expect(refusal(decide(second, approve(1)))).toBe('stale-round');
    expect(refusal(decide(second, sendBack(1)))).toBe('stale-round');
    expect(refusal(decide(second, approve(2)))).toBe('not refused');
  });

  it('leaving nothing behind', () => {
    const item = offered();
    expect(decide(item, approve())).toEqual({ record: item, outcome: expect.objectContaining({ accepted: false }) });
  });
});

describe('a contact with the citizen', () => {
  it('is said, reached or not, and leaves the work where it is', () => {
    const decision = decide(signed(), contact(), { now: START + HOUR });
    expect(decision?.events).toEqual([
      {
        name: 'citizen.contacted',
        payload: {
          assignment: 1,
          unit: ROADS,
          officer: 'officer-1',
          outcome: 'no-answer',
          contactedAt: new Date(START + HOUR).toISOString(),
        },
      },
    ]);
    expect(decision?.record).toMatchObject({ status: 'signed', since: START, holding: { contacted: true } });
    expect(refusal(decide(replied(), contact()))).toBe('not refused');
    expect([offered(), approved()].map((item) => refusal(decide(item, contact())))).toEqual(Array(2).fill('wrong-state'));
  });

  it('was when the unit says, between receipt and now, with room for a clock that is ahead', () => {
    const at = (contactedAt: number) => refusal(decide(signed(), contact(undefined, contactedAt), { now: START + HOUR }));
    expect([START, START + HOUR, START + HOUR + 300_000].map(at)).toEqual(Array(3).fill('not refused'));
    expect([START - 1, START + HOUR + 300_001].map(at)).toEqual(Array(2).fill('time-not-possible'));
  });
});

describe('a return is refused', () => {
  it('to the unit that was designated', () => {
    expect(refusal(decide(given(registered(), assigned(1, { designated: true })), giveBack()))).toBe('designated');
  });

  it('after the window, not at its last moment', () => {
    const end = START + 24 * HOUR;
    expect(refusal(decide(offered(), giveBack(), { now: end }))).toBe('not refused');
    expect(decide(offered(), giveBack(), { now: end + 1 })?.outcome).toMatchObject({
      ...{ accepted: false, reason: 'return-window-passed' },
      detail: { state: { status: 'offered' }, windowEnded: new Date(end).toISOString() },
    });
    expect(refusal(decide(signed(), giveBack(), { now: end + 1 }))).toBe('return-window-passed');
  });

  it('a second time, while the first is considered and once it was refused', () => {
    const returned = given(registered(), assigned(), giveBack());
    expect(refusal(decide(returned, giveBack()))).toBe('already-returned');
    expect(refusal(decide(decide(returned, returnRefused())?.record, giveBack()))).toBe('already-returned');
  });
});

describe('an approval', () => {
  it('by the officer who wrote the reply is refused', () => {
    expect(refusal(decide(replied(), approve(1, { by: 'officer-1' })))).toBe('same-officer');
  });

  it('by a unit whose system names no officer is the unit’s own say', () => {
    const own = { by: ROADS };
    expect(refusal(decide(given(registered(), assigned(), sign(own), reply(own)), approve(1, own)))).toBe('not refused');
  });

  it('carries the text of the reply, and can’t go without', () => {
    const item = replied();
    const commandId = item.status === 'replied' ? item.reply.commandId : '';
    expect(decide(item, approve())?.events).toMatchObject([{ payload: { reply: { kind: 'open', text: `text of ${commandId}` } } }]);
    expect(() => decide(item, approve(), { replyWords: () => undefined })).toThrow('the text of reply 1 is not there');
  });
});

describe('a unit without a system of its own', () => {
  it('works in the same way', () => {
    const item = given(registered(), assigned(1, { lead: STREET }));
    expect(decide(item, sign({ unit: STREET }))?.outcome).toMatchObject({ accepted: true, answer: { state: { holder: STREET } } });
  });
});
