import type { EventPayload } from '@paidan/contracts';
import {
  approve,
  assigned,
  CARD,
  cardIssued,
  cardWithdrawn,
  citizenClockStarted,
  clockStarted,
  clockStartedWithCitizens,
  deadlineMoved,
  deadlineWarned,
  decide,
  given,
  HOUR,
  registered,
  releaseRequested,
  reply,
  ROADS,
  sign,
  START,
  STREET,
  told,
  WATER,
} from './work-item.kit.js';

const iso = (at: number) => new Date(at).toISOString();
const DUE = START + 105 * HOUR;
const offered = () => given(registered(), assigned(), clockStarted());

describe('the deadlines of an assignment', () => {
  it('reach the unit as one message, and are kept', () => {
    const decision = decide(given(registered(), assigned()), clockStarted());
    expect(decision?.notices).toMatchObject([
      {
        payload: {
          type: 'deadline.set',
          assignment: 1,
          unit: ROADS,
          number: '20261123-000001',
          deadlines: [
            { clock: 'sign', dueAt: iso(START + 9 * HOUR) },
            { clock: 'respond', dueAt: iso(START + 9 * HOUR) },
            { clock: 'finish', dueAt: iso(DUE) },
          ],
        },
      },
    ]);
    expect(decision?.record).toMatchObject({ status: 'offered', holding: { deadlines: { finish: { dueAt: DUE } } } });
  });

  it('that wait for the calendar of a year say for which', () => {
    const clocks: EventPayload<'clock.started'>['clocks'] = [
      { clock: 'finish', span: { count: 5, unit: 'WD' }, startedAt: iso(START), awaitsYear: 2027 },
    ];
    const decision = decide(given(registered(), assigned()), clockStarted(1, ROADS, { clocks }));
    expect(decision?.notices?.[0]?.payload).toMatchObject({ deadlines: [{ clock: 'finish', dueAt: null, awaitsYear: 2027 }] });
    expect(decision?.record).toMatchObject({ holding: { deadlines: { finish: { dueAt: null, awaitsYear: 2027 } } } });
  });

  it('move, or are gone while work is suspended; the others stay', () => {
    const moved = decide(offered(), deadlineMoved(START + 200 * HOUR));
    expect(moved?.notices?.[0]?.payload).toMatchObject({
      type: 'deadline.set',
      because: 'extended',
      deadlines: [{ clock: 'finish', dueAt: iso(START + 200 * HOUR) }],
    });
    expect(moved?.record).toMatchObject({
      holding: { deadlines: { sign: { dueAt: START + 9 * HOUR }, finish: { dueAt: START + 200 * HOUR } } },
    });
    const gone = decide(offered(), deadlineMoved());
    expect(gone?.notices?.[0]?.payload).toMatchObject({ because: 'suspended', deadlines: [{ clock: 'finish', dueAt: null }] });
    expect(gone?.record).toMatchObject({ holding: { deadlines: { finish: { dueAt: null } } } });
  });

  it('that are near are told, and change nothing', () => {
    const item = offered();
    const decision = decide(item, deadlineWarned());
    expect(decision?.record).toBe(item);
    expect(decision?.notices?.[0]?.payload).toMatchObject({
      type: 'deadline.near',
      clock: 'finish',
      dueAt: iso(DUE),
      left: { count: 1, unit: 'WD' },
      recipients: ['officer'],
    });
  });

  it('begin anew with the next assignment', () => {
    const item = given(registered(), assigned(), clockStarted(), sign(), reply(), approve(), assigned(2, { designated: true }));
    expect(item).toMatchObject({ status: 'offered', rounds: 1 });
    expect(JSON.stringify(item)).not.toContain('deadlines');
  });

  it('of the citizen are no unit’s, said alone or with the unit’s', () => {
    expect(decide(offered(), citizenClockStarted())).toBeUndefined();
    const item = given(registered(), assigned());
    const [alone, together] = [decide(item, clockStarted()), decide(item, clockStartedWithCitizens())];
    expect(together?.notices).toHaveLength(1);
    expect(together?.notices?.[0]?.payload).toEqual(alone?.notices?.[0]?.payload);
    expect(together?.record).toEqual(alone?.record);
  });
});

describe('a card', () => {
  it('is shown to the unit with whom it is for, and kept', () => {
    const decision = decide(offered(), cardIssued());
    expect(decision?.notices?.[0]?.payload).toMatchObject({
      type: 'card.shown',
      card: CARD,
      colour: 'yellow',
      recipients: ['officer', 'section-head', 'unit-head'],
      accountability: false,
    });
    expect(decision?.record).toMatchObject({ holding: { cards: [{ card: CARD, colour: 'yellow', clock: 'finish', dueAt: DUE }] } });
  });

  it('that was wrong is taken back, and stays on record as that', () => {
    const decision = decide(decide(offered(), cardIssued())?.record, cardWithdrawn());
    expect(decision?.notices).toMatchObject([{ payload: { type: 'card.taken-back', card: CARD, unit: ROADS } }]);
    expect(decision?.record).toMatchObject({ holding: { cards: [{ card: CARD, withdrawn: true }] } });
  });

  it('about an assignment that is over still reaches the unit that had it, and no other', () => {
    const item = given(registered(), assigned(), releaseRequested(), assigned(2, { lead: WATER }));
    for (const message of [cardIssued(1), clockStarted(1), deadlineMoved(), cardWithdrawn()]) {
      const decision = decide(item, message);
      expect(decision?.record).toBe(item);
      expect(decision?.notices?.map(({ topic }) => topic)).toEqual([`paidan.assignments.${ROADS}`]);
    }
  });

  it('of a unit without a system is kept, and told to nobody', () => {
    const item = given(registered(), assigned(1, { lead: STREET }));
    const decision = decide(item, cardIssued(1, STREET));
    expect(told(decision)).toEqual([]);
    expect(decision?.record).toMatchObject({ holding: { cards: [{ card: CARD }] } });
    expect(decide(item, deadlineWarned(1, STREET))).toBeUndefined();
  });

  it('about a ticket nobody has is no concern of a unit we do not know', () => {
    expect(decide(given(registered()), cardIssued(1, 'nowhere'))).toBeUndefined();
  });
});
