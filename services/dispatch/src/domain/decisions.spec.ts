import { eventProblems } from '@paidan/contracts';
import {
  aboutNoise,
  acceptReturn,
  approved,
  assign,
  assigned,
  closed,
  given,
  held,
  HOUR,
  NOW,
  reassign,
  refuseReturn,
  registered,
  released,
  reopened,
  returned,
  REVIEWED,
  under,
  withdrawn,
} from './dispatch.kit.js';
import { indexDirectory } from './routing/directory.js';
import { SMALL_CITY } from './routing/small-city.kit.js';

describe('a registered ticket', () => {
  it('goes to the unit that routing is sure of, with its reasons and a return window', () => {
    const result = given().when(aboutNoise());
    expect(result.ticket).toMatchObject({ status: 'assigned', assignments: 1, holding: { lead: 'urban', assignment: 1 } });
    expect(assigned(result)).toMatchObject({
      assignment: 1,
      lead: 'urban',
      coHandlers: ['environment'],
      matter: '0102',
      by: { kind: 'rule', rule: 'matter' },
      designated: false,
      returnUntil: new Date(NOW + 24 * HOUR).toISOString(),
      directoryVersion: 7,
    });
    expect(assigned(result)?.reasons.map(({ code }) => code)).toContain('matter-words');
  });

  it('is held for a person when routing is not sure', () => {
    const result = given().when(registered());
    expect(result.ticket).toMatchObject({ status: 'held', reason: 'no-candidate', since: NOW, assignments: 0 });
    expect(held(result)).toMatchObject({ reason: 'no-candidate', matter: null, directoryVersion: 7 });
  });

  it('is registered once', () => {
    expect(given(aboutNoise()).when(aboutNoise())).toMatchObject({ concerned: false, events: [] });
  });

  it('is kept from whom it is about, and everything under it', () => {
    const result = given().when(registered({ appealType: 'report', title: '举报公安局乱停车', text: '公安局门前乱停车，乱停车没人管' }));
    expect(result.ticket).toMatchObject({ status: 'held', reason: 'conflict-of-interest', reported: expect.arrayContaining(['police']) });
  });

  it('under seal is routed by its text, and quotes none of it', () => {
    const result = given().when(
      aboutNoise({ confidentiality: 'confidential', place: { address: '桃园街道三号', adminCode: '990102001' } }),
    );
    expect(assigned(result)).toMatchObject({ lead: 'urban', matter: '0102' });
    const out = JSON.stringify([result.events, result.ticket]);
    for (const word of ['施工', '桃园', '990102001', '夜间']) expect(out).not.toContain(word);
    const open = JSON.stringify(given().when(aboutNoise({ place: { adminCode: '990102001' } })).events);
    for (const word of ['夜间施工', '990102001']) expect(open).toContain(word);
  });

  it('whose text can not be opened is an error, not a guess', () => {
    const sealed = aboutNoise({ confidentiality: 'confidential' });
    const noKey = () => {
      throw new Error('no key');
    };
    expect(() => given().when(sealed, { unseal: noKey })).toThrow('no key');
  });

  it('of a newer intake, with members we do not know, is read with care', () => {
    const result = given().when(aboutNoise({ urgency: 'galactic' as never, appealType: 'poem' as never }));
    expect(result.ticket?.appeal).toMatchObject({ urgency: 'normal', appealType: 'other' });
  });
});

describe('a return', () => {
  it('is accepted, and the ticket goes to another unit', () => {
    const result = given(aboutNoise()).when(returned(1, 'urban'));
    expect(result.names).toEqual(['return.accepted', 'ticket.assigned']);
    expect(assigned(result)).toMatchObject({ assignment: 2, lead: 'environment', by: { kind: 'rule' } });
    expect(assigned(result)?.coHandlers).not.toContain('urban');
    expect(result.ticket).toMatchObject({ status: 'assigned', returnedBy: ['urban'], holding: { lead: 'environment' } });
  });

  it('that leaves nobody holds it', () => {
    const result = given(registered({ title: '停水了', text: '停水三天，停水' })).when(returned(1, 'water'));
    expect(result.names).toEqual(['return.accepted', 'ticket.held']);
    expect(held(result)?.ruledOut).toContainEqual({ unit: 'water', reason: 'returned-before' });
  });

  it('at the limit holds it for a person', () => {
    const result = given(aboutNoise(), returned(1, 'urban')).when(returned(2, 'environment'));
    expect(held(result)).toMatchObject({ reason: 'returned-too-often' });
    expect(result.ticket).toMatchObject({ returnedBy: ['urban', 'environment'] });
  });

  it.each(['lawful-route', 'insufficient-information', 'duplicate', 'needs-several-units'] as const)('for %s is for a person', (reason) => {
    const result = given(aboutNoise()).when(returned(1, 'urban', reason));
    expect(held(result)).toMatchObject({ reason: 'asked-by-person', candidates: [{ unit: 'environment' }] });
  });

  it('of what a person assigned is for a person again', () => {
    expect(held(given(registered(), assign({ unit: 'urban' })).when(returned(1, 'urban')))).toMatchObject({ reason: 'asked-by-person' });
  });

  it('of a designated assignment is refused', () => {
    const result = given(registered(), assign({ unit: 'urban', designated: true })).when(returned(1, 'urban'));
    expect(result.events).toMatchObject([{ name: 'return.refused', payload: { assignment: 1, unit: 'urban', reason: 'designated' } }]);
    expect(result.ticket).toMatchObject({ status: 'assigned', returnedBy: [], holding: { lead: 'urban' } });
  });

  it('after its window is refused, by the time it was said and not by ours', () => {
    const late = given(aboutNoise()).when(returned(1, 'urban', 'not-our-duty', NOW + 25 * HOUR));
    expect(late.events).toMatchObject([
      { name: 'return.refused', payload: { reason: 'window-passed', windowEnded: new Date(NOW + 24 * HOUR).toISOString() } },
    ]);
    expect(given(aboutNoise()).when(returned(1, 'urban', 'not-our-duty', NOW + 24 * HOUR)).names[0]).toBe('return.accepted');
  });

  it.each([
    ['of an old assignment', returned(1, 'urban')],
    ['of an assignment to come', returned(3, 'environment')],
    ['by another unit than the lead', returned(2, 'urban')],
  ])('%s is no concern', (_what, word) => {
    expect(given(aboutNoise(), returned(1, 'urban')).when(word)).toMatchObject({ concerned: false });
  });

  it('of a ticket whose text was erased is for a person', () => {
    expect(held(given(aboutNoise()).when(returned(1, 'urban'), { contents: new Map() }))).toMatchObject({
      reason: 'no-candidate',
      candidates: [],
    });
  });
});

describe('a return that a dispatcher looks at', () => {
  const reviewed = under(REVIEWED);
  const waiting = [aboutNoise(), returned(1, 'urban')] as const;

  it('waits with what the unit says, and nothing is said yet', () => {
    const result = reviewed.given(aboutNoise()).when(returned(1, 'urban'));
    expect(result).toMatchObject({
      events: [],
      ticket: {
        status: 'returned',
        holding: { lead: 'urban', assignment: 1 },
        objection: { because: 'not-our-duty', officer: 'officer-1', at: NOW + HOUR, grounds: { kind: 'open', text: '不属我局' } },
      },
    });
    expect(result.ticket?.decisions).toHaveLength(1);
    expect(reviewed.given(...waiting).when(returned(1, 'urban'))).toMatchObject({ concerned: false });
  });

  it('accepted goes to the next in line, by the person', () => {
    const result = reviewed.given(...waiting).when(acceptReturn());
    expect(result.names).toEqual(['return.accepted', 'ticket.assigned']);
    expect(result.events[0]?.payload).toEqual({ assignment: 1, unit: 'urban', by: { kind: 'person', subject: 'dispatcher-1' } });
    expect(assigned(result)).toMatchObject({ assignment: 2, lead: 'environment' });
    expect(result.outcome).toMatchObject({ accepted: true, answer: { status: 'assigned', lead: 'environment', decisionVersion: 3 } });
    expect(result.ticket).toMatchObject({
      returnedBy: ['urban'],
      decisions: [{}, { did: 'return-accepted', objection: { because: 'not-our-duty' } }, {}],
    });
  });

  it('refused stays with the unit, which is told why', () => {
    const result = reviewed.given(...waiting).when(refuseReturn({ note: '属你局职责' }));
    expect(result.events).toEqual([
      {
        name: 'return.refused',
        payload: {
          assignment: 1,
          unit: 'urban',
          by: { kind: 'person', subject: 'dispatcher-1' },
          reason: 'is-their-duty',
          note: { kind: 'open', text: '属你局职责' },
        },
      },
    ]);
    expect(result.ticket).toMatchObject({ status: 'assigned', returnedBy: [], holding: { lead: 'urban' } });
  });

  it('is seen by the rules alone where no choice is left: designated, or too late', () => {
    const designated = reviewed.given(registered(), assign({ unit: 'urban', designated: true })).when(returned(1, 'urban'));
    expect(designated.events).toMatchObject([{ payload: { reason: 'designated', by: { kind: 'rule' } } }]);
    const late = reviewed.given(aboutNoise()).when(returned(1, 'urban', 'not-our-duty', NOW + 25 * HOUR));
    expect(late.events).toMatchObject([{ payload: { reason: 'window-passed', by: { kind: 'rule' } } }]);
  });

  it.each([
    ['an old decision', acceptReturn({ decisionVersion: 7 }), 'stale-decision'],
    ['another assignment', refuseReturn({ assignment: 2 }), 'stale-assignment'],
    ['an order to assign', assign({ unit: 'housing' }), 'wrong-state'],
    ['an order to take it back', reassign({ unit: 'housing' }), 'wrong-state'],
  ])('takes no word on %s', (_what, order, reason) => {
    expect(reviewed.given(...waiting).when(order).outcome).toMatchObject({
      accepted: false,
      reason,
      detail: { state: { status: 'returned' } },
    });
  });

  it('is no longer asked for when the ticket is over', () => {
    expect(reviewed.given(...waiting).when(withdrawn()).events).toMatchObject([
      { name: 'release.requested', payload: { reason: 'withdrawn' } },
    ]);
    expect(reviewed.given(...waiting).when(closed()).ticket).toMatchObject({ status: 'closed' });
    expect(reviewed.given(...waiting).when(approved(1, 'urban')).ticket).toMatchObject({ status: 'answered' });
  });

  it('under seal keeps what is written about it under seal', () => {
    const sealed = aboutNoise({ confidentiality: 'confidential' });
    const result = reviewed.given(sealed, returned(1, 'urban')).when(refuseReturn({ note: '属你局职责' }));
    expect(JSON.stringify([result.events, result.ticket])).not.toContain('属你局');
    expect(result.events).toMatchObject([{ payload: { note: { kind: 'sealed' } } }]);
  });
});

describe('coordination, after the second return', () => {
  const often = [aboutNoise(), returned(1, 'urban'), returned(2, 'environment')] as const;

  it('shows the positions of all units', () => {
    const { ticket } = given(aboutNoise(), returned(1, 'urban')).when(returned(2, 'environment', 'not-our-area'));
    expect(ticket?.decisions.flatMap((taken) => (taken.did === 'return-accepted' ? [[taken.unit, taken.objection.because]] : []))).toEqual([
      ['urban', 'not-our-duty'],
      ['environment', 'not-our-area'],
    ]);
  });

  it('is for a supervisor, whose word is final', () => {
    expect(given(...often).when(assign({ unit: 'housing' })).outcome).toMatchObject({ accepted: false, reason: 'for-supervisor' });
    const result = given(...often).when(assign({ unit: 'urban', role: 'supervisor' }));
    expect(assigned(result)).toMatchObject({ assignment: 3, lead: 'urban', designated: true });
    expect(assigned(result)).not.toHaveProperty('returnUntil');
    expect(given(...often, assign({ unit: 'urban', role: 'supervisor' })).when(returned(3, 'urban')).events).toMatchObject([
      { name: 'return.refused', payload: { reason: 'designated' } },
    ]);
  });
});

describe('the end', () => {
  it('comes with an approved reply of the present holder', () => {
    expect(given(aboutNoise()).when(approved(1, 'urban'))).toMatchObject({ ticket: { status: 'answered' }, events: [] });
    expect(given(aboutNoise(), returned(1, 'urban')).when(approved(1, 'urban'))).toMatchObject({ concerned: false });
  });

  it('comes with a withdrawal: the holder is asked to let go', () => {
    const result = given(aboutNoise()).when(withdrawn());
    expect(result.events).toEqual([{ name: 'release.requested', payload: { assignment: 1, unit: 'urban', reason: 'withdrawn' } }]);
    expect(given(aboutNoise(), withdrawn()).when(released(1, 'urban'))).toMatchObject({
      concerned: false,
      ticket: { status: 'withdrawn' },
    });
  });

  it('comes quietly to a held ticket, and to one whose holder has been asked already', () => {
    expect(given(registered()).when(withdrawn())).toMatchObject({ ticket: { status: 'withdrawn' }, events: [] });
    expect(given(aboutNoise(), reassign({ unit: 'housing' })).when(withdrawn())).toMatchObject({
      ticket: { status: 'withdrawn' },
      events: [],
    });
  });

  it('does not undo an answer', () => {
    expect(given(aboutNoise(), approved(1, 'urban')).when(withdrawn())).toMatchObject({ concerned: false, ticket: { status: 'answered' } });
  });

  it('of an assignment nobody asked back leaves it with a person', () => {
    expect(held(given(aboutNoise()).when(released(1, 'urban')))).toMatchObject({ reason: 'asked-by-person' });
  });
});

describe('a redo', () => {
  const inactive = (...codes: string[]) => ({
    directory: indexDirectory({
      ...SMALL_CITY,
      units: SMALL_CITY.units.map((unit) => (codes.includes(unit.code) ? { ...unit, active: false } : unit)),
    }),
  });
  const answered = [aboutNoise(), approved(1, 'urban')] as const;

  it('goes to the unit that answered, which may not return it', () => {
    const result = given(...answered).when(reopened());
    expect(result.names).toEqual(['ticket.assigned']);
    expect(assigned(result)).toMatchObject({
      assignment: 2,
      lead: 'urban',
      coHandlers: ['environment'],
      matter: '0102',
      designated: true,
      by: { kind: 'rule', rule: 'redo' },
      reasons: [{ code: 'reopened', unit: 'urban', note: 'unsatisfied' }],
    });
    expect(assigned(result)).not.toHaveProperty('returnUntil');
    expect(given(...answered, reopened()).when(returned(2, 'urban')).events).toMatchObject([{ payload: { reason: 'designated' } }]);
  });

  it('may be redone, given to another by a person, and closed', () => {
    const redone = [...answered, reopened(), approved(2, 'urban')] as const;
    expect(assigned(given(...redone).when(reopened('unresolved')))).toMatchObject({ assignment: 3, lead: 'urban' });
    expect(given(...answered, reopened()).when(reassign({ unit: 'housing' })).names).toEqual(['release.requested']);
    expect(given(...redone).when(closed('second-rating')).ticket).toMatchObject({ status: 'closed', because: 'second-rating' });
  });

  it('leaves out who no longer works along', () => {
    expect(assigned(given(...answered).when(reopened(), inactive('environment')))).toMatchObject({ lead: 'urban', coHandlers: [] });
  });

  it('is for a person when the unit has been closed, with why', () => {
    const result = given(...answered).when(reopened(), inactive('urban'));
    expect(held(result)).toMatchObject({ reason: 'unit-inactive', matter: '0102', reasons: [{ code: 'reopened', unit: 'urban' }] });
    expect(result.ticket).toMatchObject({ status: 'held' });
  });

  it('of a complaint that a supervisor had sent to the very unit it names is for a person again', () => {
    const complaint = registered({ appealType: 'complaint', title: '投诉公安局乱停车', text: '公安局门前乱停车' });
    const past = [complaint, assign({ unit: 'police', role: 'supervisor', designated: true }), approved(1, 'police')];
    expect(held(given(...past).when(reopened('unsatisfied', 'police')))).toMatchObject({ reason: 'conflict-of-interest' });
  });

  it('for a reason that a newer service knows is a redo all the same', () => {
    expect(assigned(given(...answered).when(reopened('moon' as never)))).toMatchObject({ reasons: [{ note: 'unsatisfied' }] });
  });

  it('of what is not answered is no concern', () => {
    for (const past of [[aboutNoise()], [registered()], [aboutNoise(), withdrawn()], [...answered, closed()]])
      expect(given(...past).when(reopened())).toMatchObject({ concerned: false });
  });
});

describe('a closed ticket', () => {
  it.each([
    ['held', [registered()]],
    ['assigned', [aboutNoise()]],
    ['releasing', [aboutNoise(), reassign({ unit: 'housing' })]],
    ['answered', [aboutNoise(), approved(1, 'urban')]],
  ])('is over, whether it was %s', (_status, past) => {
    expect(given(...past).when(closed('linked'))).toMatchObject({
      ticket: { status: 'closed', because: 'linked', since: NOW },
      events: [],
    });
  });

  it('takes no order and no late word', () => {
    const past = [aboutNoise(), closed()];
    for (const order of [assign({ unit: 'housing' }), reassign({ unit: 'housing' })])
      expect(given(...past).when(order).outcome).toMatchObject({
        accepted: false,
        reason: 'wrong-state',
        detail: { state: { status: 'closed', because: 'satisfied' } },
      });
    for (const word of [returned(1, 'urban'), released(1, 'urban'), approved(1, 'urban'), withdrawn(), closed()])
      expect(given(...past).when(word)).toMatchObject({ concerned: false });
  });
});

describe('everything said', () => {
  it.each([
    ['assigned', given().when(aboutNoise())],
    ['held', given().when(registered({ title: '举报公安局', text: '乱停车 乱停车', appealType: 'report' }))],
    ['returned', given(aboutNoise()).when(returned(1, 'urban'))],
    ['by a person', given(registered()).when(assign({ unit: 'urban', reason: '长'.repeat(1000) }))],
    ['asked back', given(aboutNoise()).when(reassign({ unit: 'housing' }))],
    ['redone', given(aboutNoise(), approved(1, 'urban')).when(reopened())],
    ['refused', given(registered(), assign({ unit: 'urban', designated: true })).when(returned(1, 'urban'))],
    [
      'refused by a person',
      under(REVIEWED)
        .given(aboutNoise(), returned(1, 'urban'))
        .when(refuseReturn({ note: '属你局职责' })),
    ],
    ['accepted by a person', under(REVIEWED).given(aboutNoise(), returned(1, 'urban')).when(acceptReturn())],
  ])('keeps every promise of its schema: %s', (_what, { events }) => {
    expect(events.length).toBeGreaterThan(0);
    for (const { name, payload } of events) expect(eventProblems(name, payload as never)).toEqual([]);
  });
});
