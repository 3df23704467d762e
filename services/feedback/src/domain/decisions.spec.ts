import {
  approved,
  DAY,
  decide,
  declined,
  delivered,
  directlyAnswered,
  given,
  linked,
  MASTER,
  noRating,
  notFetched,
  rates,
  refusal,
  registered,
  ROADS,
  said,
  shared,
  signed,
  START,
  TICKET,
  unlinked,
  withdrawn,
} from './follow.kit.js';

const answeredOnce = [registered(), approved(), delivered()] as const;

describe('a ticket', () => {
  it('is followed from whatever is heard of it first, and keeps nothing of any text', () => {
    expect(given(signed())).toMatchObject({ status: 'unregistered', heard: { 'department-handler': [1, 1] }, early: [] });
    const open = given(registered(), signed(1));
    expect(open).toMatchObject({ status: 'open', ticket: { number: '20261123-000001', proof: '0123456789abcdef' } });
    expect(JSON.stringify(given(registered(), approved()))).not.toMatch(/路灯|content|修复/);
  });

  it('registered after its reply is answered all the same', () => {
    const decision = decide(given(approved(), signed(2)), registered());
    expect(decision?.record).toMatchObject({ status: 'answered', answer: { round: 1, unit: ROADS } });
    expect(decision?.timers).toEqual(expect.arrayContaining([{ name: 'not-fetched', at: START + 30 * DAY }]));
    expect(said(decide(given(withdrawn()), registered()))).toEqual(['ticket.closed withdrawn']);
  });

  it('registered again, in another epoch, stays what it is', () => {
    const closed = given(...answeredOnce, rates(5));
    expect(decide(closed, registered({ number: 'another' }))?.record).toEqual(closed);
  });

  it('is over when it is withdrawn or declined, and nothing moves it then', () => {
    for (const [ends, because] of [
      [withdrawn(), 'withdrawn'],
      [declined(), 'declined'],
    ] as const) {
      for (const before of [[registered()], [registered(), approved()], answeredOnce]) {
        const decision = decide(given(...before), ends);
        expect(said(decision)).toEqual([`ticket.closed ${because}`]);
        expect(decision?.timers?.map(({ at }) => at)).toEqual([null, null]);
        expect(decide(decision?.record, approved(2))?.record).toMatchObject({ status: 'closed', because });
        expect(decide(decision?.record, noRating())).toBeUndefined();
      }
    }
  });
});

describe('a member', () => {
  const member = () => given(registered(), linked());

  it('waits for its master’s reply, gets it as its own and is asked to judge it', () => {
    expect(member()).toMatchObject({ status: 'linked', master: { ticketId: MASTER, number: '20261122-000001' } });
    const decision = decide(member(), shared());
    expect(decision?.events).toEqual([
      {
        name: 'reply.shared',
        payload: {
          ...{ round: 1, master: MASTER, masterNumber: '20261122-000001', unit: ROADS, outcome: 'resolved' },
          of: { service: 'department-handler', epoch: 1, sequence: 7 },
        },
      },
    ]);
    expect(decision?.record).toMatchObject({
      status: 'answered',
      answer: { round: 1, unit: ROADS, text: { ticketId: MASTER, sequence: 7 } },
    });
    const judged = decide(given(registered(), linked(), shared(), delivered()), rates(5));
    expect(said(judged)).toEqual(['rating.received', 'ticket.closed satisfied']);
  });

  it('that nobody judges is closed as any reply is that nobody judges, not as answered by the desk', () => {
    expect(said(decide(given(registered(), linked(), shared(), delivered()), noRating()))).toEqual(['ticket.closed no-rating']);
  });

  it('gets no reply of a master that it isn’t under, none before it is linked, and none twice', () => {
    expect(refusal(decide(member(), shared(TICKET)))).toBe('not-linked');
    expect(refusal(decide(given(registered()), shared()))).toBe('not-linked');
    expect(refusal(decide(given(registered(), linked(), shared()), shared()))).toBe('not-linked');
    expect(refusal(decide(given(registered(), linked(), linked(TICKET)), shared(TICKET)))).toBeUndefined();
  });

  it('taken out from under its master waits again, also when the master’s reply had reached the citizen', () => {
    for (const past of [[], [shared()], [shared(), delivered()]]) {
      const follow = given(registered(), linked(), ...past, unlinked());
      expect(follow).toMatchObject({ status: 'open', reopened: 0 });
      const round = past.length === 0 ? 1 : 2;
      expect(decide(follow, approved(1))?.record).toMatchObject({ status: 'answered', answer: { round } });
    }
    const own = given(registered(), approved());
    expect(decide(own, unlinked())?.record).toMatchObject({ status: 'answered' });
  });

  it('whose citizen is not content is reopened, as any', () => {
    expect(said(decide(given(registered(), linked(), shared(), delivered()), rates(1)))).toEqual([
      'rating.received',
      'ticket.reopened unsatisfied',
    ]);
  });
});

describe('an approved reply', () => {
  it('waits for the citizen, and names where its text lies', () => {
    const decision = decide(given(registered()), approved(2, {}, 7));
    expect(decision?.record).toMatchObject({
      status: 'answered',
      answer: { round: 2, at: START, assignment: 1, outcome: 'resolved', text: { service: 'department-handler', epoch: 1, sequence: 7 } },
    });
    expect(said(decision)).toEqual([]);
  });

  it('gives way to a newer one that comes before it arrived', () => {
    const newer = given(registered(), approved(1), approved(2, { unit: 'other' }));
    expect(newer).toMatchObject({ status: 'answered', answer: { round: 2, unit: 'other' } });
    expect(refusal(decide(newer, delivered(1)))).toBe('not-waiting');
    expect(said(decide(newer, delivered(2)))).toEqual(['reply.delivered']);
  });

  it('that is delivered can be rated for so many days, then the ticket closes', () => {
    const decision = decide(given(registered(), approved()), delivered(), { now: START + DAY });
    expect(decision?.events).toEqual([
      {
        name: 'reply.delivered',
        payload: { round: 1, assignment: 1, channel: 'phone-1', way: 'pushed', deliveredAt: '2026-11-24T01:00:00.000Z', attempts: 1 },
      },
    ]);
    expect(decision?.timers).toEqual([
      { name: 'not-fetched', at: null },
      { name: 'no-rating', at: START + 8 * DAY },
    ]);
    expect(refusal(decide(decision?.record, delivered(1, 'fetched')))).toBe('not-waiting');
    const over = decide(decision?.record, noRating(), { now: START + 8 * DAY });
    expect(over?.events).toEqual([
      {
        name: 'ticket.closed',
        payload: { because: 'no-rating', closedAt: '2026-12-01T01:00:00.000Z', round: 1, unit: ROADS, outcome: 'resolved' },
      },
    ]);
  });

  it('that nobody fetches closes the ticket later, or as soon as one that nobody wanted', () => {
    expect(said(decide(given(registered(), approved()), notFetched()))).toEqual(['ticket.closed no-rating']);
    expect(decide(given(registered({ replyWanted: false })), approved())?.timers).toContainEqual({
      name: 'not-fetched',
      at: START + 7 * DAY,
    });
  });

  it('with an outcome that a newer department-handler knows is an explanation', () => {
    expect(given(registered(), approved(1, { outcome: 'magic' as never }))).toMatchObject({ answer: { outcome: 'explained' } });
  });
});

describe('a direct answer of the desk', () => {
  it('is delivered and rated like a reply, and closes as what it is', () => {
    const answered = given(registered(), directlyAnswered());
    expect(answered).toMatchObject({ status: 'answered', answer: { round: 1, text: { service: 'dispatch' } } });
    const arrived = given(registered(), directlyAnswered(), delivered());
    expect(said(decide(arrived, noRating()))).toEqual(['ticket.closed answered']);
    expect(decide(arrived, rates(1))?.events?.at(-1)).toEqual({
      name: 'ticket.reopened',
      payload: { because: 'unsatisfied', reopening: 1, round: 1 },
    });
  });

  it('makes the rounds of the holder go on behind it', () => {
    expect(given(registered(), directlyAnswered(), delivered(), rates(1), approved(1))).toMatchObject({
      status: 'answered',
      answer: { round: 2 },
    });
  });
});

describe('a rating', () => {
  it.each([
    [rates(5, { resolved: true, satisfied: true, onTime: false }), 'satisfied'],
    [rates(3), 'satisfied'],
  ])('of a content citizen closes the ticket', (rating, because) => {
    const decision = decide(given(...answeredOnce), rating);
    expect(said(decision)).toEqual(['rating.received', `ticket.closed ${because}`]);
    expect(decision?.outcome).toEqual({ accepted: true, answer: { round: 1, rating: 1, led: because } });
  });

  it('carries what was said, under seal where the ticket is', () => {
    const open = decide(given(...answeredOnce), rates(4, { resolved: true, onTime: false, comment: '谢谢' }));
    expect(open?.events?.[0]?.payload).toEqual({
      ...{ round: 1, rating: 1, stars: 4, resolved: true, onTime: false, channel: 'phone-1', comment: { kind: 'open', text: '谢谢' } },
    });
    const sealed = decide(given(registered({ confidentiality: 'confidential' }), approved(), delivered()), rates(4, { comment: '谢谢' }));
    expect(sealed?.events?.[0]?.payload).toMatchObject({ comment: { kind: 'sealed' } });
    expect(JSON.stringify(sealed?.record)).not.toContain('sealed');
  });

  it.each([
    [rates(2), 'unsatisfied'],
    [rates(5, { satisfied: false }), 'unsatisfied'],
    [rates(1, { satisfied: true }), 'unsatisfied'],
    [rates(5, { resolved: false, satisfied: true }), 'unresolved'],
  ])('of one who is not sends the ticket round once more: %#', (rating, because) => {
    const decision = decide(given(...answeredOnce), rating);
    expect(said(decision)).toEqual(['rating.received', `ticket.reopened ${because}`]);
    expect(decision?.record).toMatchObject({ status: 'open', reopened: 1 });
    expect(decision?.outcome).toMatchObject({ accepted: true, answer: { led: 'reopened' } });
    expect(decision?.timers).toEqual([{ name: 'no-rating', at: null }]);
  });

  it('the second time is final, content or not', () => {
    const redone = given(...answeredOnce, rates(1), approved(2, { assignment: 2 }), delivered(2));
    const unhappy = decide(redone, rates(1, { round: 2 }));
    expect(said(unhappy)).toEqual(['rating.received', 'ticket.closed second-rating']);
    expect(unhappy?.events?.[0]?.payload).toMatchObject({ round: 2, rating: 2 });
    expect(said(decide(redone, rates(4, { round: 2 })))).toEqual(['rating.received', 'ticket.closed satisfied']);
  });

  it('is taken once per round; the very same again gets the same answer and changes nothing', () => {
    const reopened = given(...answeredOnce, rates(1));
    expect(decide(reopened, rates(1))?.outcome).toMatchObject({
      reason: 'repeated',
      detail: { answer: { round: 1, rating: 1, led: 'reopened' } },
    });
    expect(refusal(decide(reopened, rates(5)))).toBe('already-rated');
    const closed = given(...answeredOnce, rates(5));
    expect(refusal(decide(closed, rates(5)))).toBe('repeated');
    expect(refusal(decide(closed, rates(4)))).toBe('already-rated');
  });

  it('is refused for a reply that has not arrived, that does not exist, and for a closed ticket', () => {
    expect(refusal(decide(undefined, rates(5)))).toBe('unknown-ticket');
    expect(refusal(decide(given(signed()), rates(5)))).toBe('unknown-ticket');
    expect(refusal(decide(given(registered()), rates(5)))).toBe('not-answered-yet');
    expect(refusal(decide(given(registered(), approved()), rates(5)))).toBe('not-answered-yet');
    expect(refusal(decide(given(registered(), approved()), rates(5, { round: 2 })))).toBe('unknown-round');
    expect(refusal(decide(given(...answeredOnce), rates(5, { round: 2 })))).toBe('unknown-round');
    expect(refusal(decide(given(...answeredOnce, rates(1)), rates(5, { round: 2 })))).toBe('not-answered-yet');
    expect(decide(given(...answeredOnce, noRating()), rates(5))?.outcome).toMatchObject({
      reason: 'closed',
      detail: { state: { status: 'closed', round: 1 } },
    });
  });
});
