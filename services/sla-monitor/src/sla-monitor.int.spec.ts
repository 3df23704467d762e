import type { EventName, EventPayload, TicketEvent } from '@paidan/contracts';
import { assignment as assignmentOf, nextNumber, registration as registrationOf } from '@paidan/contracts/happenings';
import { openApiFaults } from '@paidan/service-host/testing/openapi-faults';
import { until } from '@paidan/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { at, iso, newId, startClocks, type Clocks } from './sla.kit.js';

const ROADS = 'city-roads';
const WATER = 'city-water';
const OPERATOR = { sub: 'operator-1', roles: ['operator' as const] };
const DISPATCHER = { sub: 'dispatcher-1', roles: ['dispatcher' as const] };
const OFFICER = { sub: 'officer-1', roles: ['officer' as const], unit: ROADS };

// 2026-03-02 is a Monday, no holiday near: five working days end on Monday the 9th.
let city: Clocks;
beforeAll(async () => {
  city = await startClocks('2026-03-02 10:00');
}, 60_000);
afterAll(async () => {
  await city?.stop();
});

const registration = (received: string): EventPayload<'ticket.registered'> =>
  registrationOf({ number: nextNumber(), receivedAt: iso(received) });
const assignment = (number: number, lead = ROADS): EventPayload<'ticket.assigned'> => assignmentOf({ assignment: number, lead });
const about = { assignment: 1, unit: ROADS };
const officer = { ...about, officer: 'officer-1' };
const words = { kind: 'open', text: '已派员查看' } as const;
const reply = { ...about, approver: 'approver-1', round: 1, outcome: 'resolved', reply: words } as const;

/** A ticket of its own, registered and assigned. */
async function assignedTo(lead = ROADS, received = '2026-03-02 10:00'): Promise<string> {
  const ticketId = newId();
  await city.happens(ticketId, 'ticket.registered', registration(received), received);
  await city.happens(ticketId, 'ticket.assigned', assignment(1, lead), received);
  await saidOf(ticketId, 'clock.started');
  return ticketId;
}
async function workedOn(received = '2026-03-02 10:00'): Promise<string> {
  const ticketId = await assignedTo(ROADS, received);
  await city.happens(ticketId, 'assignment.signed', officer, received);
  await city.happens(ticketId, 'citizen.contacted', { ...officer, outcome: 'reached', contactedAt: iso(received) }, received);
  await saidOf(ticketId, 'clock.stopped', 2);
  return ticketId;
}
const saidOf = <N extends EventName>(ticketId: string, name: N, count = 1): Promise<TicketEvent<N>> =>
  until(`${name} (${count}) of ${ticketId}`, () => {
    const found = city.said(ticketId).filter((event) => event.name === name);
    return found.length >= count && (found[count - 1] as unknown as TicketEvent<N>);
  });
const clockOf = async (ticketId: string, who: Parameters<Clocks['asks']>[0] = DISPATCHER) =>
  (await city.asks(who, 'GET', `/v1/tickets/${ticketId}/clock`)) as {
    status: number;
    body: { clocks: { clock: string; assignment?: number; dueAt?: string; awaitsYear?: number; days: object[]; words: object }[] } & Record<
      string,
      unknown
    >;
  };

/** The citizen's clock of a ticket received on Monday at ten. */
const CITIZENS = { clock: 'finish', span: { count: 5, unit: 'WD' }, startedAt: iso('2026-03-02 10:00'), dueAt: iso('2026-03-09 18:00') };

describe('a ticket accepted and assigned', () => {
  it('starts its four clocks with one event, once however often it is sent', async () => {
    const ticketId = await assignedTo();
    await city.happens(ticketId, 'assignment.signed', officer);
    await saidOf(ticketId, 'clock.stopped');
    expect(city.said(ticketId).map(({ name, sequence }) => [name, sequence])).toEqual([
      ['clock.started', 1],
      ['clock.stopped', 2],
    ]);
    await city.happens(ticketId, 'ticket.withdrawn', { reason: 'by-mistake', withdrawnAt: iso('2026-03-02 11:00') });
    const [started] = city.said(ticketId) as TicketEvent<'clock.started'>[];
    expect(started?.payload).toMatchObject({
      assignment: 1,
      unit: ROADS,
      policy: { code: 'help-normal', version: 1 },
      clocks: [
        { clock: 'sign', dueAt: iso('2026-03-03 18:00') },
        { clock: 'respond', dueAt: iso('2026-03-03 18:00') },
        { clock: 'finish', dueAt: iso('2026-03-09 18:00') },
      ],
    });
    expect(started?.payload.citizens).toEqual(CITIZENS);
  });

  it('shows the citizen’s clock from its registration on, and says that it runs when it is held for a person', async () => {
    const ticketId = newId();
    await city.happens(ticketId, 'ticket.registered', registration('2026-03-02 10:00'), '2026-03-02 10:00');
    const seen = await until('its clock', async () => {
      const shown = await clockOf(ticketId);
      return shown.status === 200 && shown;
    });
    expect(seen.body).toMatchObject({ status: 'unassigned', clocks: [{ clock: 'finish', dueAt: iso('2026-03-09 18:00') }] });
    expect(JSON.stringify(seen.body)).not.toContain('unsaid');
    expect(city.said(ticketId)).toEqual([]);
    const grounds = { matter: null, confidence: 0, reasons: [], directoryVersion: 1 };
    await city.happens(ticketId, 'ticket.held', { reason: 'tie', ...grounds, candidates: [], ruledOut: [] }, '2026-03-02 10:01');
    expect((await saidOf(ticketId, 'clock.started')).payload).toEqual({ policy: { code: 'help-normal', version: 1 }, clocks: [CITIZENS] });
    await city.happens(ticketId, 'ticket.assigned', assignment(1), '2026-03-02 11:00');
    const { payload } = await saidOf(ticketId, 'clock.started', 2);
    expect([payload.assignment, payload.citizens]).toEqual([1, undefined]);
    await city.happens(ticketId, 'ticket.withdrawn', { reason: 'by-mistake', withdrawnAt: iso('2026-03-02 11:01') });
  });
});

describe('lateness', () => {
  it('is warned of, has a yellow card, a red one with an entry, and a timely word that comes late takes them back', async () => {
    const ticketId = await workedOn();
    city.clock.set(at('2026-03-06 18:00'));
    expect((await saidOf(ticketId, 'deadline.warned')).payload).toEqual({
      clock: 'finish',
      ...about,
      dueAt: iso('2026-03-09 18:00'),
      left: { count: 1, unit: 'WD' },
      recipients: ['officer'],
    });
    city.clock.set(at('2026-03-09 18:00'));
    const yellow = await saidOf(ticketId, 'card.issued');
    expect(yellow.payload).toMatchObject({
      colour: 'yellow',
      rule: 'finish-overdue',
      dueAt: iso('2026-03-09 18:00'),
      recipients: ['officer', 'section-head', 'unit-head'],
      accountability: false,
    });
    city.clock.set(at('2026-03-10 18:00'));
    const red = await saidOf(ticketId, 'card.issued', 2);
    expect(red.payload).toMatchObject({ colour: 'red', accountability: true });
    const entries = () => city.asks(OFFICER, 'GET', '/v1/accountability?month=2026-03');
    expect((await entries()).body).toEqual({
      items: [expect.objectContaining({ card: red.payload.card, ticketId, unit: ROADS, assignment: 1, rule: 'finish-long-overdue' })],
    });
    expect((await city.asks(OFFICER, 'GET', '/v1/accountability?month=2026-04')).body).toEqual({ items: [] });
    expect(await city.asks(OFFICER, 'GET', `/v1/accountability?unit=${WATER}`)).toMatchObject({ status: 403 });
    expect(await city.asks(OPERATOR, 'GET', '/v1/accountability?month=2026-13')).toMatchObject({ status: 400 });

    await city.happens(ticketId, 'reply.approved', reply, '2026-03-09 17:59');
    await saidOf(ticketId, 'card.withdrawn', 2);
    expect(city.said(ticketId).slice(-4)).toMatchObject([
      { name: 'clock.stopped', payload: { clocks: [{ clock: 'finish', because: 'met' }] } },
      { name: 'clock.stopped', payload: { assignment: 1, clocks: [{ clock: 'finish', because: 'met' }] } },
      { name: 'card.withdrawn', payload: { colour: 'yellow', card: yellow.payload.card, by: { rule: 'timely-word-arrived-late' } } },
      { name: 'card.withdrawn', payload: { colour: 'red', card: red.payload.card } },
    ]);
    expect((await entries()).body).toMatchObject({ items: [{ withdrawnBy: 'timely-word-arrived-late' }] });
  });

  it('is not judged before the log has been read past it', async () => {
    city.clock.set(at('2026-03-12 10:00'));
    const ticketId = await workedOn('2026-03-12 10:00');
    // What the consumer stands at is not the log's end: as if it were far behind.
    const stand = await city.rows<{ topic: string; partition: number; next_offset: string }>(
      'select * from log_position order by partition',
    );
    const [first] = stand;
    await city.rows('update log_position set next_offset = next_offset - 1 where topic = $1 and partition = $2', [
      first?.topic,
      first?.partition,
    ]);
    try {
      city.clock.set(at('2026-03-19 18:00'));
      await sleep(3_000);
      expect(city.said(ticketId).filter(({ name }) => name === 'card.issued')).toEqual([]);
    } finally {
      await city.rows('update log_position set next_offset = $3 where topic = $1 and partition = $2', [
        first?.topic,
        first?.partition,
        first?.next_offset,
      ]);
    }
    expect((await saidOf(ticketId, 'card.issued')).payload).toMatchObject({ colour: 'yellow' });
  });

  it('ends with a suspension, an extension, and the work', async () => {
    city.clock.set(at('2026-03-23 10:00'));
    const ticketId = await workedOn('2026-03-23 10:00');
    const extension = { ...about, extension: 1, span: { count: 3, unit: 'WD' }, by: { kind: 'rule', rule: 'first-extension' } } as const;
    await city.happens(ticketId, 'work.suspended', { ...officer, reason: 'season', grounds: words }, '2026-03-24 10:00');
    await city.happens(ticketId, 'work.resumed', officer, '2026-03-26 10:00');
    await city.happens(ticketId, 'extension.granted', extension, '2026-03-26 11:00');
    await saidOf(ticketId, 'deadline.moved', 6);
    const moves = city
      .said(ticketId)
      .flatMap((event) => (event.name === 'deadline.moved' && event.payload.assignment === 1 ? [event.payload] : []));
    expect(moves).toEqual([
      { clock: 'finish', ...about, because: 'suspended', from: iso('2026-03-30 18:00') },
      { clock: 'finish', ...about, because: 'resumed', to: iso('2026-04-02 18:00') },
      // 清明: the 4th to the 6th of April.
      { clock: 'finish', ...about, because: 'extended', from: iso('2026-04-02 18:00'), to: iso('2026-04-08 18:00') },
    ]);
    await city.happens(ticketId, 'reply.approved', reply, '2026-04-08 17:00');
    await saidOf(ticketId, 'clock.stopped', 4);
    expect(city.said(ticketId).at(-1)).toMatchObject({ payload: { clocks: [{ because: 'met' }] } });
    const { body } = await clockOf(ticketId);
    const finish = body.clocks.find(({ clock, assignment: number }) => clock === 'finish' && number === 1);
    expect(finish).toMatchObject({
      extensions: [{ count: 3, unit: 'WD' }],
      pauses: [{ from: iso('2026-03-24 10:00'), to: iso('2026-03-26 10:00') }],
      stopped: { because: 'met', at: iso('2026-04-08 17:00') },
      stages: [
        { stage: 'warning', state: 'spared' },
        { stage: 'yellow', state: 'spared', at: iso('2026-04-08 18:00') },
        { stage: 'red', state: 'spared' },
      ],
      words: {
        en: 'finishing, assignment 1: 5 working days from 2026-03-23 10:00; due 2026-04-08 18:00; stopped 2026-04-08 17:00, in time',
        zh: '办结时限（派单 1）：自 2026-03-23 10:00 起 5个工作日；到期 2026-04-08 18:00；2026-04-08 17:00 结束，按时',
      },
    });
    const days = (finish?.days ?? []) as { words: { en: string; zh: string } }[];
    expect(days.map((day) => day.words.en)).toEqual([
      '2026-03-23 Mon: working day, not counted: the day of the start',
      '2026-03-24 Tue: work suspended, not counted',
      '2026-03-25 Wed: work suspended, not counted',
      '2026-03-26 Thu: work suspended, not counted',
      '2026-03-27 Fri: working day, counted: 1 of 5 working days',
      '2026-03-28 Sat: weekend, not counted',
      '2026-03-29 Sun: weekend, not counted',
      '2026-03-30 Mon: working day, counted: 2 of 5 working days',
      '2026-03-31 Tue: working day, counted: 3 of 5 working days',
      '2026-04-01 Wed: working day, counted: 4 of 5 working days',
      '2026-04-02 Thu: working day, counted: 5 of 5 working days; the deadline',
      '2026-04-03 Fri: working day, counted: 1 of 3 working days',
      '2026-04-04 Sat: holiday (清明节), not counted',
      '2026-04-05 Sun: holiday (清明节), not counted',
      '2026-04-06 Mon: holiday (清明节), not counted',
      '2026-04-07 Tue: working day, counted: 2 of 3 working days',
      '2026-04-08 Wed: working day, counted: 3 of 3 working days; the deadline',
    ]);
    expect(days[12]?.words.zh).toBe('2026-04-04 周六：法定节假日（清明节），不计入');
  });
});

describe('who may look', () => {
  it('is the desk, and the officer whose unit has or had it', async () => {
    // Of today: where the instant of the warning is past, the timer may come before the assignment and say the citizen's clock alone.
    city.clock.set(at('2026-04-13 10:00'));
    const ticketId = await assignedTo(WATER, '2026-04-13 10:00');
    expect(await clockOf(ticketId, OFFICER)).toMatchObject({ status: 403, body: { code: 'not-your-ticket' } });
    expect(await clockOf(ticketId, { roles: ['officer'] })).toMatchObject({ status: 403, body: { code: 'no-unit' } });
    expect(await clockOf(newId())).toMatchObject({ status: 404, body: { code: 'unknown-ticket' } });
    await city.happens(ticketId, 'assignment.released', { assignment: 1, unit: WATER }, '2026-04-13 11:00');
    await city.happens(ticketId, 'ticket.assigned', assignment(2), '2026-04-13 11:01');
    await saidOf(ticketId, 'clock.started', 2);
    const seen = await clockOf(ticketId, OFFICER);
    expect(seen).toMatchObject({ status: 200, body: { holder: ROADS, status: 'assigned', parked: false } });
    expect(seen.body.clocks.map(({ assignment: number }) => number ?? 'citizen')).toEqual(['citizen', 2, 2, 2]);
    expect((await clockOf(ticketId)).body.clocks).toHaveLength(7);
  });
});

describe('a calendar', () => {
  const days = [
    { name: '元旦', date: '2027-01-01', isOffDay: true },
    { name: '元旦', date: '2027-01-02', isOffDay: true },
    { name: '元旦', date: '2027-01-03', isOffDay: true },
  ];
  const file2027 = { $schema: 'https://example.org/schema.json', year: 2027, papers: ['https://www.gov.cn/notice'], days };

  it('that contradicts itself is refused, day by day, and nothing of it is taken', async () => {
    const wrong = [
      { name: '元旦', date: '2027-01-02', isOffDay: false },
      { name: '元旦', date: '2026-06-01', isOffDay: true },
      { name: '元旦', date: '2027-01-05', isOffDay: false },
    ];
    const refused = await city.asks(OPERATOR, 'PUT', '/v1/calendars/2027', { ...file2027, days: [...days, ...wrong] });
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: 'calendar-invalid',
        titleZh: '年度工作日历有误',
        errors: [
          { pointer: '/days/3/date', code: 'off-and-worked', date: '2027-01-02', detailZh: '2027-01-02 既是放假日又是调休上班日' },
          { pointer: '/days/4/date', code: 'outside-year', date: '2026-06-01' },
          { pointer: '/days/5/date', code: 'worked-anyway', date: '2027-01-05' },
        ],
      },
    });
    for (const bad of [
      { ...file2027, year: 2026 },
      { ...file2027, papers: [] },
      { ...file2027, papers: [], days: [] },
    ])
      expect(await city.asks(OPERATOR, 'PUT', '/v1/calendars/2027', bad)).toMatchObject({
        status: 422,
        body: { code: 'calendar-invalid' },
      });
    expect(await city.asks(OPERATOR, 'PUT', '/v1/calendars/2027', { ...file2027, extra: 1 })).toMatchObject({
      body: { code: 'validation-failed' },
    });
    expect(await city.asks(OFFICER, 'PUT', '/v1/calendars/2027', file2027)).toMatchObject({ status: 403 });
    expect(await city.asks(OPERATOR, 'GET', '/v1/calendars/2027')).toMatchObject({ status: 404, body: { code: 'calendar-unpublished' } });
    expect(await city.asks(OFFICER, 'GET', '/v1/calendars/2026')).toMatchObject({ status: 200, body: { workingDays: 248 } });
    expect(await city.rows('select from calendar_year')).toEqual([]);
  });

  it('that contradicts itself among the files keeps the service from starting, and says which day', async () => {
    const bad = {
      ...file2027,
      year: 2028,
      days: [...days, { name: '元旦', date: '2028-01-01', isOffDay: false }, { name: '元旦', date: '2028-01-01', isOffDay: true }],
    };
    expect(await city.startsWith('2028.json', bad)).toMatchObject({
      code: 'calendar-files-invalid',
      message: expect.stringContaining('2028.json: /days/4/date: 2028-01-01 is both a holiday and a make-up day'),
    });
  });

  it('that is not published is awaited, and gives its deadlines when it is loaded; corrected, it moves them', async () => {
    city.clock.set(at('2026-12-30 10:00'));
    const ticketId = await assignedTo(ROADS, '2026-12-30 10:00');
    expect(city.said(ticketId)).toMatchObject([
      {
        payload: {
          clocks: [{ dueAt: iso('2026-12-31 18:00') }, { dueAt: iso('2026-12-31 18:00') }, { clock: 'finish', awaitsYear: 2027 }],
          citizens: { clock: 'finish', awaitsYear: 2027 },
        },
      },
    ]);
    const waiting = await clockOf(ticketId);
    expect(waiting.body.clocks[0]).toMatchObject({
      awaitsYear: 2027,
      days: [{ date: '2026-12-30' }],
      words: {
        en: expect.stringContaining('the calendar of 2027 is not published'),
        zh: expect.stringContaining('2027 年工作日历尚未公布'),
      },
    });
    expect(await city.asks(OPERATOR, 'PUT', '/v1/calendars/2027', file2027)).toMatchObject({
      status: 200,
      body: { year: 2027, loadedBy: 'operator-1', loadedAt: expect.stringMatching(/^2026-12-30T02:0/) },
    });
    await saidOf(ticketId, 'deadline.moved', 2);
    expect(city.said(ticketId).slice(1)).toMatchObject([
      { name: 'deadline.moved', payload: { because: 'calendar-loaded', to: iso('2027-01-07 18:00') } },
      { name: 'deadline.moved', payload: { assignment: 1, because: 'calendar-loaded', to: iso('2027-01-07 18:00') } },
    ]);
    // The same once more is no news; another one is.
    await city.asks(OPERATOR, 'PUT', '/v1/calendars/2027', file2027);
    const corrected = {
      ...file2027,
      days: [...days, { name: '元旦', date: '2027-01-04', isOffDay: true }, { name: '元旦', date: '2027-01-09', isOffDay: false }],
    };
    expect(await city.asks(OPERATOR, 'PUT', '/v1/calendars/2027', corrected)).toMatchObject({ status: 200 });
    expect((await saidOf(ticketId, 'deadline.moved', 4)).payload).toMatchObject({
      from: iso('2027-01-07 18:00'),
      to: iso('2027-01-08 18:00'),
    });
    await until('the end of the sweep', async () => (await city.rows('select from calendar_year where swept')).length === 1);
    expect(city.said(ticketId)).toHaveLength(5);
  });
});

describe('a parked ticket', () => {
  it('takes no command, and flows again when it is replayed', async () => {
    const ticketId = await assignedTo(ROADS, '2027-01-04 10:00');
    const recompute = () => city.asks(OPERATOR, 'POST', `/v1/tickets/${ticketId}/clock/recomputation`, { commandId: newId() });
    expect(await recompute()).toMatchObject({ status: 200, body: { ticketId, events: 0 } });
    expect(await city.asks(DISPATCHER, 'POST', `/v1/tickets/${ticketId}/clock/recomputation`, { commandId: newId() })).toMatchObject({
      status: 403,
    });
    await city.happens(ticketId, 'assignment.signed', { assignment: 'one' } as never);
    await until('the parked ticket', async () => (await city.rows('select from parked where ticket_id = $1', [ticketId])).length === 1);
    expect(await recompute()).toMatchObject({ status: 409, body: { code: 'ticket-parked', titleZh: '工单处理暂停，等待排除故障' } });
    expect((await clockOf(ticketId)).body).toMatchObject({ parked: true });
    await city.rows('delete from parked where ticket_id = $1', [ticketId]);
    expect(await city.asks(OPERATOR, 'POST', `/v1/operations/parked/${ticketId}/replay`)).toMatchObject({ body: { remaining: 0 } });
    expect(await recompute()).toMatchObject({ status: 200 });
    const unknown = await city.asks(OPERATOR, 'POST', `/v1/tickets/${newId()}/clock/recomputation`, { commandId: newId() });
    expect(unknown).toMatchObject({ status: 404, body: { code: 'unknown-ticket' } });
  });
});

describe('the API', () => {
  it('is described, each way with its shapes', async () => {
    const document = (await (await fetch(`${city.service.url}/openapi.json`)).json()) as { paths: object; components: { schemas: object } };
    expect(openApiFaults(document)).toEqual([]);
    expect(
      Object.keys(document.paths)
        .filter((path) => !path.includes('operations'))
        .sort(),
    ).toEqual(['/v1/accountability', '/v1/calendars/{year}', '/v1/tickets/{ticketId}/clock', '/v1/tickets/{ticketId}/clock/recomputation']);
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining([
        'TicketClockView',
        'ClockShown',
        'DayShown',
        'HolidayFile',
        'CalendarView',
        'AccountabilityPage',
        'RecomputeClock',
      ]),
    );
  });
});
