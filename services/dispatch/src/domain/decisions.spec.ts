import { eventProblems, openWords, type EventPayload } from '@paidan/contracts';
import {
  aboutNoise,
  approved,
  assign,
  closed,
  given,
  HOUR,
  KEYS,
  NOW,
  reassign,
  registered,
  released,
  releaseRefused,
  reopened,
  returned,
  TICKET,
  withdrawn,
  type Result,
} from './dispatch.kit.js';
import { indexDirectory } from './routing/directory.js';
import { SMALL_CITY } from './routing/small-city.kit.js';

const assigned = ({ events }: Result): EventPayload<'ticket.assigned'> | undefined =>
  events.flatMap((event) => (event.name === 'ticket.assigned' ? [event.payload] : []))[0];
const held = ({ events }: Result): EventPayload<'ticket.held'> | undefined =>
  events.flatMap((event) => (event.name === 'ticket.held' ? [event.payload] : []))[0];

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
    expect(late.events).toMatchObject([{ name: 'return.refused', payload: { reason: 'window-passed' } }]);
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

describe('a dispatcher', () => {
  it('assigns a held ticket', () => {
    const result = given(registered()).when(
      assign({ unit: 'urban', coHandlers: ['housing'], copies: ['east', 'housing'], matter: '0101' }),
    );
    expect(result.outcome).toEqual({ accepted: true, answer: { status: 'assigned', decisionVersion: 2, assignment: 1, lead: 'urban' } });
    expect(assigned(result)).toMatchObject({
      lead: 'urban',
      coHandlers: ['housing'],
      copies: ['east'],
      matter: '0101',
      confidence: 1,
      by: { kind: 'person', subject: 'dispatcher-1' },
      reasons: [{ code: 'by-person', note: '由其办理为宜' }],
      returnUntil: new Date(NOW + 24 * HOUR).toISOString(),
    });
  });

  it('designates: there is no return window then', () => {
    const result = given(registered()).when(assign({ unit: 'urban', designated: true }));
    expect(assigned(result)).toMatchObject({ designated: true });
    expect(assigned(result)).not.toHaveProperty('returnUntil');
  });

  it('writes an opinion that stays under the seal of the ticket', () => {
    const result = given(registered({ confidentiality: 'anonymous' })).when(assign({ unit: 'urban', reason: '举报人称王某夜间施工' }));
    expect(JSON.stringify([result.events, result.ticket])).not.toContain('王某');
    const [, taken] = result.ticket?.decisions ?? [];
    const opinion = taken?.did === 'assigned' ? taken.opinion : undefined;
    expect(opinion?.kind).toBe('sealed');
    expect(opinion && openWords(opinion, TICKET, KEYS)).toEqual({ text: '举报人称王某夜间施工' });
  });

  it.each([
    ['on a decision that is no longer the newest', assign({ unit: 'urban', decisionVersion: 0 }), 'stale-decision'],
    ['to a unit that is not in the directory', assign({ unit: 'nowhere' }), 'unknown-unit'],
    ['to a closed unit', assign({ unit: 'old-bureau' }), 'unit-inactive'],
    ['with a closed co-handler', assign({ unit: 'urban', coHandlers: ['old-bureau'] }), 'unit-inactive'],
    ['under a matter that is not in the catalogue', assign({ unit: 'urban', matter: '9999' }), 'unknown-matter'],
    ['by reassigning what nobody holds', reassign({ unit: 'urban' }), 'wrong-state'],
  ])('is refused %s', (_what, order, reason) => {
    const result = given(registered()).when(order);
    expect(result.outcome).toMatchObject({ accepted: false, reason, detail: { state: { status: 'held', decisionVersion: 1 } } });
    expect(result.events).toEqual([]);
  });

  it('is refused on a ticket that dispatch does not know', () => {
    expect(given().when(assign({ unit: 'urban' })).outcome).toMatchObject({ accepted: false, reason: 'unknown-ticket' });
  });

  it.each([
    ['answered', approved(1, 'urban')],
    ['withdrawn', withdrawn()],
  ] as const)('is refused once it is %s', (status, word) => {
    for (const order of [assign({ unit: 'housing' }), reassign({ unit: 'housing' })])
      expect(given(aboutNoise(), word).when(order).outcome).toMatchObject({
        accepted: false,
        reason: 'wrong-state',
        detail: { state: { status } },
      });
  });
});

describe('who returned it', () => {
  const back = [aboutNoise(), returned(1, 'urban'), returned(2, 'environment')] as const;

  it('gets it back from no dispatcher, designated or not', () => {
    for (const designated of [false, true])
      expect(given(...back).when(assign({ unit: 'urban', designated })).outcome).toMatchObject({
        reason: 'unit-excluded',
        detail: { unit: 'urban', because: 'returned-before' },
      });
  });

  it('gets it back from a supervisor who designates, and only so', () => {
    expect(given(...back).when(assign({ unit: 'urban', role: 'supervisor' })).outcome).toMatchObject({ reason: 'unit-excluded' });
    expect(assigned(given(...back).when(assign({ unit: 'urban', role: 'supervisor', designated: true })))).toMatchObject({
      assignment: 3,
      lead: 'urban',
      designated: true,
    });
  });

  it('may work along', () => {
    expect(given(...back).when(assign({ unit: 'housing', coHandlers: ['urban'] })).outcome).toMatchObject({ accepted: true });
  });
});

describe('whom it is about', () => {
  const report = registered({ appealType: 'report', title: '举报公安局乱停车', text: '公安局门前乱停车' });
  const complaint = registered({ appealType: 'complaint', title: '投诉公安局乱停车', text: '公安局门前乱停车' });

  it.each(['police', 'traffic-police'])('never holds a report: %s', (unit) => {
    for (const order of [{ unit }, { unit, role: 'supervisor', designated: true } as const, { unit: 'urban', coHandlers: [unit] }])
      expect(given(report).when(assign(order)).outcome).toMatchObject({
        reason: 'unit-excluded',
        detail: { because: 'is-reported-party' },
      });
  });

  it('may answer an open complaint when a supervisor designates it', () => {
    expect(given(complaint).when(assign({ unit: 'police', designated: true })).outcome).toMatchObject({ reason: 'unit-excluded' });
    const order = assign({ unit: 'police', role: 'supervisor', designated: true });
    expect(given(complaint).when(order).outcome).toMatchObject({ accepted: true });
    const sealed = registered({
      appealType: 'complaint',
      confidentiality: 'anonymous',
      title: '投诉公安局乱停车',
      text: '公安局门前乱停车',
    });
    expect(given(sealed).when(order).outcome).toMatchObject({ reason: 'unit-excluded' });
  });
});

describe('a reassignment', () => {
  const asked = [aboutNoise(), reassign({ unit: 'housing', reason: '属住建职责' })] as const;

  it('asks the holder first', () => {
    const result = given(aboutNoise()).when(reassign({ unit: 'housing' }));
    expect(result.events).toEqual([{ name: 'release.requested', payload: { assignment: 1, unit: 'urban', reason: 'reassigned' } }]);
    expect(result.outcome).toMatchObject({
      accepted: true,
      answer: { status: 'releasing', lead: 'urban', target: 'housing', decisionVersion: 2 },
    });
  });

  it('is carried out when the holder lets go', () => {
    const result = given(...asked).when(released(1, 'urban'));
    expect(assigned(result)).toMatchObject({
      assignment: 2,
      lead: 'housing',
      matter: '0102',
      by: { kind: 'person' },
      reasons: [{ note: '属住建职责' }],
    });
    expect(result.ticket).toMatchObject({ status: 'assigned', returnedBy: [] });
  });

  it('is carried out when the holder returned it in the same moment', () => {
    const result = given(...asked).when(returned(1, 'urban'));
    expect(result.names).toEqual(['return.accepted', 'ticket.assigned']);
    expect(assigned(result)).toMatchObject({ assignment: 2, lead: 'housing' });
    expect(given(...asked, returned(1, 'urban')).when(released(1, 'urban'))).toMatchObject({ concerned: false });
  });

  it('even takes what was designated', () => {
    const past = [registered(), assign({ unit: 'urban', designated: true }), reassign({ unit: 'housing' })];
    expect(given(...past).when(returned(1, 'urban')).names).toEqual(['return.accepted', 'ticket.assigned']);
  });

  it('is dropped when a reply was approved first, and the person is shown it', () => {
    const result = given(...asked).when(approved(1, 'urban'));
    expect(result.ticket).toMatchObject({
      status: 'answered',
      decisions: [{}, {}, { did: 'request-dropped', unit: 'housing', because: 'reply-approved' }],
    });
    expect(result.events).toEqual([]);
    expect(given(...asked, approved(1, 'urban')).when(releaseRefused(1, 'urban'))).toMatchObject({ concerned: false });
  });

  it('is dropped when the holder refuses', () => {
    const result = given(...asked).when(releaseRefused(1, 'urban'));
    expect(result.ticket).toMatchObject({
      status: 'assigned',
      holding: { lead: 'urban' },
      decisions: [{}, {}, { did: 'request-dropped' }],
    });
  });

  it('whose assignment has ended we know not how leaves it with a person', () => {
    const result = given(...asked).when(releaseRefused(1, 'urban', 'already-ended'));
    expect(held(result)).toMatchObject({ reason: 'asked-by-person', matter: '0102' });
  });

  it('to a unit closed meanwhile is held, and closed co-handlers fall out', () => {
    const closing = (code: string) =>
      indexDirectory({
        ...SMALL_CITY,
        version: 8,
        units: SMALL_CITY.units.map((unit) => (unit.code === code ? { ...unit, active: false } : unit)),
      });
    const past = given(aboutNoise(), reassign({ unit: 'housing', coHandlers: ['police'] }));
    expect(held(past.when(released(1, 'urban'), { directory: closing('housing') }))).toMatchObject({
      reason: 'unit-inactive',
      directoryVersion: 8,
    });
    expect(assigned(past.when(released(1, 'urban'), { directory: closing('police') }))).toMatchObject({ lead: 'housing', coHandlers: [] });
  });

  it('to the holder itself, or on another assignment, is refused', () => {
    expect(given(aboutNoise()).when(reassign({ unit: 'urban' })).outcome).toMatchObject({ reason: 'holds-it-now' });
    expect(given(aboutNoise()).when(reassign({ unit: 'housing', assignment: 2 })).outcome).toMatchObject({ reason: 'stale-assignment' });
    expect(given(...asked).when(reassign({ unit: 'police' })).outcome).toMatchObject({
      reason: 'wrong-state',
      detail: { state: { target: 'housing' } },
    });
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
  ])('keeps every promise of its schema: %s', (_what, { events }) => {
    expect(events.length).toBeGreaterThan(0);
    for (const { name, payload } of events) expect(eventProblems(name, payload as never)).toEqual([]);
  });
});
