import { openWords } from '@paidan/contracts';
import {
  aboutNoise,
  acceptReturn,
  approved,
  assign,
  assigned,
  claim,
  given,
  held,
  HOUR,
  KEYS,
  NOW,
  reassign,
  registered,
  released,
  releaseRefused,
  returned,
  REVIEWED,
  TICKET,
  unclaim,
  under,
  undo,
  withdrawn,
} from './dispatch.kit.js';
import { indexDirectory } from './routing/directory.js';
import { SMALL_CITY } from './routing/small-city.kit.js';

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
  const back = [aboutNoise(), returned(1, 'urban', 'duplicate')] as const;

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
      assignment: 2,
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

describe('a claim', () => {
  const mine = [registered(), claim()] as const;

  it('keeps a waiting ticket for one dispatcher; an order ends it', () => {
    const result = given(registered()).when(claim());
    expect(result).toMatchObject({
      events: [],
      outcome: {
        accepted: true,
        answer: { status: 'held', decisionVersion: 1, claim: { by: 'dispatcher-1', until: new Date(NOW + 600_000).toISOString() } },
      },
    });
    expect(given(...mine).when(assign({ unit: 'urban' })).ticket).not.toHaveProperty('claim');
    expect(given(...mine).when(unclaim()).ticket).not.toHaveProperty('claim');
  });

  it.each([
    ['an order', assign({ unit: 'urban', who: 'dispatcher-2' })],
    ['another claim', claim({ who: 'dispatcher-2' })],
    ['letting it go', unclaim({ who: 'dispatcher-2' })],
  ])('keeps off %s of another, with who has it', (_what, order) => {
    expect(given(...mine).when(order).outcome).toMatchObject({
      accepted: false,
      reason: 'claimed',
      detail: { state: { claim: { by: 'dispatcher-1' } } },
    });
  });

  it('ends by itself, and a supervisor may step in', () => {
    const other = claim({ who: 'dispatcher-2' });
    expect(given(...mine).whenAt(NOW + 600_000, other).outcome).toMatchObject({ accepted: true });
    expect(given(...mine).when(assign({ unit: 'urban', role: 'supervisor' })).outcome).toMatchObject({ accepted: true });
  });

  it('names the decision that was shown, and a return may be claimed as well', () => {
    expect(given(registered()).when(claim({ decisionVersion: 0 })).outcome).toMatchObject({ reason: 'stale-decision' });
    expect(given(aboutNoise()).when(claim()).outcome).toMatchObject({ reason: 'wrong-state' });
    const returns = under(REVIEWED).given(aboutNoise(), returned(1, 'urban'), claim());
    expect(returns.when(acceptReturn({ who: 'dispatcher-2' })).outcome).toMatchObject({ reason: 'claimed' });
    expect(returns.when(acceptReturn()).outcome).toMatchObject({ accepted: true });
  });
});

describe('an assignment that is undone', () => {
  const slip = [registered(), assign({ unit: 'urban' })] as const;

  it('is asked back from the unit; then the ticket waits again', () => {
    const result = given(...slip).when(undo());
    expect(result.events).toEqual([{ name: 'release.requested', payload: { assignment: 1, unit: 'urban', reason: 'reassigned' } }]);
    expect(result.outcome).toMatchObject({ accepted: true, answer: { status: 'releasing' } });
    expect(held(given(...slip, undo()).when(released(1, 'urban')))).toMatchObject({ reason: 'asked-by-person' });
    expect(given(...slip, undo()).when(returned(1, 'urban')).ticket).toMatchObject({ status: 'held', returnedBy: ['urban'] });
  });

  it('stays when the unit has answered already', () => {
    const result = given(...slip, undo()).when(releaseRefused(1, 'urban'));
    expect(result.ticket).toMatchObject({
      status: 'assigned',
      decisions: [{}, {}, {}, { did: 'request-dropped', because: 'reply-approved' }],
    });
  });

  it.each([
    ['another dispatcher', undo({ who: 'dispatcher-2' }), NOW, 'not-yours'],
    ['the same after a minute', undo(), NOW + 60_001, 'too-late'],
    ['whoever looks at another assignment', undo({ assignment: 2 }), NOW, 'stale-assignment'],
  ])('is not for %s', (_who, order, at, reason) => {
    expect(given(...slip).whenAt(at, order).outcome).toMatchObject({ accepted: false, reason });
  });

  it('may be undone by a supervisor, but not what a rule decided', () => {
    expect(given(...slip).when(undo({ role: 'supervisor' })).outcome).toMatchObject({ accepted: true });
    expect(given(aboutNoise()).when(undo()).outcome).toMatchObject({ accepted: false, reason: 'not-yours' });
  });
});
