import {
  approve,
  assigned,
  clockStarted,
  confidential,
  contact,
  decide,
  decideExtension,
  giveBack,
  given,
  HOUR,
  LONG,
  progress,
  registered,
  releaseRequested,
  reply,
  requestExtension,
  resume,
  ROADS,
  said,
  sendBack,
  sign,
  START,
  STREET,
  suspend,
  suspensionEnds,
  told,
  WATER,
} from './work-item.kit.js';

const refusal = (decision: ReturnType<typeof decide>) => (decision?.outcome?.accepted === false ? decision.outcome.reason : 'not refused');
const signed = () => given(registered(), assigned(), clockStarted(), sign());
const DAY = 24 * HOUR;

describe('suspended work', () => {
  it('is said with its grounds, and goes on by itself at the end that was named', () => {
    const until = START + 30 * DAY;
    const decision = decide(signed(), suspend(undefined, until));
    expect(decision).toMatchObject({
      record: { status: 'suspended', suspended: { reason: 'season', by: 'officer-1', until } },
      events: [
        {
          name: 'work.suspended',
          payload: { reason: 'season', grounds: { kind: 'open', text: '待回暖后施工' }, until: new Date(until).toISOString() },
        },
      ],
      timers: [{ name: 'suspension', at: until }],
      outcome: { answer: { state: { status: 'suspended', until: new Date(until).toISOString() } } },
    });
    expect(JSON.stringify(decision?.record)).not.toContain('回暖');
    const resumed = decide(decision?.record, suspensionEnds(until), { now: until });
    expect(resumed).toMatchObject({ record: { status: 'signed', since: until }, events: [{ name: 'work.resumed' }] });
    expect(resumed?.events?.[0]?.payload).toEqual({ assignment: 1, unit: ROADS });
    expect(resumed?.record).not.toHaveProperty('suspended');
  });

  it('without an end waits for the unit', () => {
    const item = given(registered(), assigned(), sign(), suspend());
    expect(decide(item, resume())).toMatchObject({
      record: { status: 'signed' },
      events: [{ name: 'work.resumed', payload: { officer: 'officer-1' } }],
      timers: [{ name: 'suspension', at: null }],
    });
    expect(decide(signed(), suspend())?.timers).toEqual([{ name: 'suspension', at: null }]);
  });

  it('takes notes and contacts, and no reply, return or second suspension', () => {
    const item = given(registered(), assigned(), sign(), suspend());
    expect([progress(), contact()].map((command) => refusal(decide(item, command)))).toEqual(Array(2).fill('not refused'));
    for (const command of [sign(), giveBack(), reply(), approve(), sendBack(), suspend(), requestExtension()])
      expect(refusal(decide(item, command))).toBe('wrong-state');
    expect(refusal(decide(signed(), resume()))).toBe('wrong-state');
  });

  it('ends within a year, and not in the past', () => {
    const until = (at: number) => refusal(decide(signed(), suspend(undefined, at)));
    expect([START + 1, START + 366 * DAY].map(until)).toEqual(Array(2).fill('not refused'));
    expect([START - 1, START, START + 366 * DAY + 1].map(until)).toEqual(Array(3).fill('time-not-possible'));
  });

  it('can be taken from the unit; its timer is disarmed then', () => {
    const item = given(registered(), assigned(), sign(), suspend(undefined, START + HOUR));
    expect(decide(item, releaseRequested())).toMatchObject({
      record: { status: 'released' },
      timers: [{ name: 'return-window' }, { name: 'suspension', at: null }],
    });
    const next = decide(item, assigned(2, { lead: WATER }));
    expect(next?.timers).toContainEqual({ name: 'suspension', at: null });
    expect(next?.timers?.at(-1)).toEqual({ name: 'return-window', at: START + DAY });
    expect(decide(next?.record, suspensionEnds(START + HOUR))).toBeUndefined();
  });

  it('of a confidential ticket is spoken of under seal', () => {
    const item = given(confidential(), assigned(), sign());
    expect(decide(item, suspend())?.events).toMatchObject([{ payload: { grounds: { kind: 'sealed' } } }]);
  });
});

describe('the first extension of an assignment', () => {
  it('up to five working days is granted by rule, and the unit told', () => {
    const decision = decide(signed(), requestExtension(undefined, { count: 5, unit: 'WD' }));
    expect(decision?.events).toMatchObject([
      { name: 'extension.requested', payload: { extension: 1, span: { count: 5, unit: 'WD' }, officer: 'officer-1' } },
      { name: 'extension.granted', payload: { extension: 1, by: { kind: 'rule', rule: 'first-extension' } } },
    ]);
    expect(decision?.notices).toMatchObject([{ payload: { type: 'extension.decided', granted: true, span: { count: 5, unit: 'WD' } } }]);
    expect(decision?.outcome).toMatchObject({ answer: { state: { status: 'signed', extension: { number: 1, waiting: false } } } });
  });

  it.each([
    ['longer', { count: 6, unit: 'WD' } as const, 5],
    ['counted otherwise', { count: 3, unit: 'CD' } as const, 5],
    ['where the city wants a person for each', { count: 1, unit: 'WD' } as const, 0],
  ])('%s waits for a person', (_what, span, extensionByRule) => {
    const decision = decide(signed(), requestExtension(undefined, span), { policy: { extensionByRule } });
    expect(said(decision)).toEqual(['extension.requested']);
    expect(decision).toMatchObject({
      record: { holding: { extensions: { asked: 1, waiting: { span, by: 'officer-1', at: START } } } },
      outcome: { answer: { state: { extension: { number: 1, waiting: true } } } },
    });
    expect(told(decision)).toEqual([]);
  });

  it('is told to nobody’s topic where the unit has none', () => {
    const item = given(registered(), assigned(1, { lead: STREET }), sign({ unit: STREET }));
    expect(told(decide(item, requestExtension({ unit: STREET })))).toEqual([]);
  });
});

describe('an extension is refused', () => {
  it('after the deadline, where it is known, not at its last moment', () => {
    const due = START + 105 * HOUR;
    expect(refusal(decide(signed(), requestExtension(), { now: due }))).toBe('not refused');
    expect(refusal(decide(signed(), requestExtension(), { now: due + 1 }))).toBe('deadline-passed');
    const unknown = given(registered(), assigned(), sign());
    expect(refusal(decide(unknown, requestExtension(), { now: due + 1 }))).toBe('not refused');
  });

  it('while another waits, and where there is no work to be done', () => {
    const waiting = given(registered(), assigned(), sign(), requestExtension(undefined, LONG));
    expect(refusal(decide(waiting, requestExtension()))).toBe('extension-waiting');
    for (const item of [given(registered(), assigned()), given(registered(), assigned(), sign(), reply())])
      expect(refusal(decide(item, requestExtension()))).toBe('wrong-state');
  });
});

describe('a dispatcher', () => {
  const waiting = () => given(registered(), assigned(), sign(), requestExtension(undefined, LONG));

  it('grants it, and the unit is told with the reason', () => {
    const decision = decide(waiting(), decideExtension(true));
    expect(decision).toMatchObject({
      record: { status: 'signed', holding: { extensions: { asked: 1 } } },
      events: [
        { name: 'extension.granted', payload: { unit: ROADS, extension: 1, span: LONG, by: { kind: 'person', subject: 'dispatcher-1' } } },
      ],
      notices: [{ payload: { type: 'extension.decided', granted: true, note: '情况属实' } }],
      outcome: { answer: { state: { extension: { number: 1, waiting: false } } } },
    });
    expect(JSON.stringify(decision?.record)).not.toContain('waiting');
    expect(JSON.stringify(decision?.record)).not.toContain('情况属实');
  });

  it('refuses it, and the unit may ask again, which a person decides again', () => {
    const decision = decide(waiting(), decideExtension(false));
    expect(decision).toMatchObject({
      events: [{ name: 'extension.refused', payload: { extension: 1, reason: { kind: 'open', text: '情况属实' } } }],
      notices: [{ payload: { granted: false } }],
    });
    const again = decide(decision?.record, requestExtension());
    expect(said(again)).toEqual(['extension.requested']);
    expect(again?.events).toMatchObject([{ payload: { extension: 2 } }]);
  });

  it('may still decide when work was suspended or a reply waits, not when it is over', () => {
    for (const next of [suspend(), reply()]) {
      const item = decide(waiting(), next)?.record;
      expect(refusal(decide(item, decideExtension(true)))).toBe('not refused');
    }
    const over = given(registered(), assigned(), sign(), requestExtension(undefined, LONG), reply(), approve());
    expect(refusal(decide(over, decideExtension(true)))).toBe('wrong-state');
  });

  it('is shown the state when the request is not the one that waits', () => {
    expect(decide(waiting(), decideExtension(true, { extension: 2 }))?.outcome).toMatchObject({
      reason: 'stale-extension',
      detail: { state: { holder: ROADS, extension: { number: 1, waiting: true } } },
    });
    expect(refusal(decide(signed(), decideExtension(true)))).toBe('stale-extension');
    expect(refusal(decide(waiting(), decideExtension(true, { assignment: 2 })))).toBe('stale-assignment');
    expect(refusal(decide(given(registered()), decideExtension(true)))).toBe('wrong-state');
    expect(refusal(decide(undefined, decideExtension(true)))).toBe('unknown-ticket');
  });

  it('writes about a confidential ticket under seal, and nothing of it reaches the topic', () => {
    const item = given(confidential(), assigned(), sign(), requestExtension(undefined, LONG));
    const decision = decide(item, decideExtension(false));
    expect(decision?.events).toMatchObject([{ payload: { reason: { kind: 'sealed' } } }]);
    expect(decision?.notices?.[0]?.payload).not.toHaveProperty('note');
  });

  it('has nothing to decide on a new assignment, whose first extension is its first again', () => {
    const item = given(
      registered(),
      assigned(),
      sign(),
      requestExtension(undefined, LONG),
      releaseRequested(),
      assigned(2),
      sign({ assignment: 2 }),
    );
    expect(refusal(decide(item, decideExtension(true, { assignment: 2 })))).toBe('stale-extension');
    expect(said(decide(item, requestExtension({ assignment: 2 })))).toEqual(['extension.requested', 'extension.granted']);
  });
});
