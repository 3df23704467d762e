import { dayOf } from '@paidan/kernel';
import { until } from '@paidan/testing';
import { lostTargets } from './adapters/postgres/lost-targets.js';
import { back, Desk, NOISE, order } from './desk.kit.js';
import { newTicket } from './dispatch.kit.js';
import { UNTOLD } from './domain/recall.js';

const desk = Desk.ofFile();

describe('a registered ticket on the log', () => {
  it('is assigned on the log, the same event twice once; returned, it goes to another unit', async () => {
    const ticketId = newTicket();
    const today = dayOf(Date.now());
    await desk.bench.happens(ticketId, 'ticket.registered', NOISE);
    await desk.bench.repeat();
    const first = await desk.bench.heard('ticket.assigned', ticketId);
    expect(first).toMatchObject({ assignment: 1, by: { kind: 'rule' }, matter: '0702', directoryVersion: 1, designated: false });
    // A working day, counted from the day after: in the evening that is less than a day and a night.
    expect(dayOf(Date.parse(first.returnUntil ?? ''))).toBeGreaterThan(today);

    await desk.bench.happens(ticketId, 'assignment.returned', back(1, first.lead));
    await desk.accept(await desk.waitingReturn(ticketId));
    expect(await desk.bench.heard('return.accepted', ticketId)).toMatchObject({ assignment: 1, unit: first.lead, by: { kind: 'person' } });
    const second = await desk.bench.heard('ticket.assigned', ticketId, 2);
    expect(second).toMatchObject({ assignment: 2 });
    expect([second.lead, ...second.coHandlers]).not.toContain(first.lead);
    expect(desk.bench.said.filter((said) => said.ticketId === ticketId).map(({ name, sequence }) => [name, sequence])).toEqual([
      ['ticket.assigned', 1],
      ['return.accepted', 2],
      ['ticket.assigned', 3],
    ]);

    const { status, body } = await desk.bench.call('GET', `/v1/tickets/${ticketId}/routing`, ['dispatcher']);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'assigned',
      decisionVersion: 3,
      lead: second.lead,
      returnedBy: [first.lead],
      decisions: [
        { did: 'assigned' },
        { did: 'return-accepted' },
        { did: 'assigned', ruledOut: [{ unit: first.lead, reason: 'returned-before' }] },
      ],
    });
    const [decision] = body['decisions'] as { explanation: { zh: string[]; en: string[] } }[];
    expect(decision?.explanation.zh.join('')).toContain('第1次派单（按规则）');
    expect(decision?.explanation.en.join('')).toContain('“夜间施工”');
  });

  it('keeps the text in its own row, under its seal, and out of the record', async () => {
    const ticketId = newTicket();
    const content = desk.bench.sealed(ticketId, { title: '举报工地夜间施工', text: '夜间施工，施工噪声' });
    await desk.bench.happens(ticketId, 'ticket.registered', { ...NOISE, appealType: 'report', confidentiality: 'confidential', content });
    expect(JSON.stringify(await desk.bench.heard('ticket.assigned', ticketId))).not.toContain('施工');
    const { rows } = await desk.bench.runtime.database.query<{ record: object; content: string }>(
      'select record, content from ticket join ticket_text using (ticket_id) where ticket_id = $1',
      [ticketId],
    );
    expect(JSON.stringify(rows[0]?.record)).not.toContain('施工');
    expect(JSON.parse(rows[0]?.content ?? '')).toEqual(content);
    await expect(desk.bench.runtime.database.query(`update ticket_text set content = ''`)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('a reassignment', () => {
  it('asks the holder and waits for its answer', async () => {
    const ticketId = await desk.register(NOISE);
    const { lead } = await desk.bench.heard('ticket.assigned', ticketId);
    const path = `/v1/tickets/${ticketId}/reassignment`;
    expect(await desk.bench.call('POST', path, ['dispatcher'], order('city-housing', 1, { assignment: 1 }))).toMatchObject({
      status: 202,
      body: { status: 'releasing', target: 'city-housing' },
    });
    expect(await desk.bench.heard('release.requested', ticketId)).toEqual({ assignment: 1, unit: lead, reason: 'reassigned' });
    await desk.bench.happens(ticketId, 'assignment.released', { assignment: 1, unit: lead });
    expect(await desk.bench.heard('ticket.assigned', ticketId, 2)).toMatchObject({ assignment: 2, lead: 'city-housing' });
  });
});

describe('what a restoration lost', () => {
  it('is who was to hold a ticket whose holder has not let go: counted and named', async () => {
    const lost = async () => lostTargets(desk.bench.runtime.database);
    expect(await lost()).toEqual([]);
    const ticketId = await desk.register(NOISE);
    await desk.bench.heard('ticket.assigned', ticketId);
    await desk.bench.call('POST', `/v1/tickets/${ticketId}/reassignment`, ['dispatcher'], order('city-housing', 1, { assignment: 1 }));
    await desk.bench.runtime.database.query(
      `update ticket set record = jsonb_set(record::jsonb, '{target,lead}', $2::jsonb)::json where ticket_id = $1`,
      [ticketId, JSON.stringify(UNTOLD)],
    );
    expect(await lost()).toEqual([{ what: 'reassignment-targets', count: 1, tickets: [NOISE.number] }]);
  });
});

describe('why a ticket is where it is', () => {
  it('is shown to operators without what dispatchers wrote', async () => {
    const ticketId = await desk.register();
    await desk.bench.heard('ticket.held', ticketId);
    await desk.bench.call('POST', `/v1/tickets/${ticketId}/assignment`, ['dispatcher'], order('city-housing', 1));
    const again = order('city-water', 2, { assignment: 1, reason: '改由其办理' });
    expect((await desk.bench.call('POST', `/v1/tickets/${ticketId}/reassignment`, ['dispatcher'], again)).status).toBe(202);
    const read = async (role: 'dispatcher' | 'operator' | 'officer') => desk.bench.call('GET', `/v1/tickets/${ticketId}/routing`, [role]);
    const decisions = [{ did: 'held' }, { did: 'assigned', lead: 'city-housing' }, { did: 'release-requested' }];
    const toDispatcher = await read('dispatcher');
    expect(toDispatcher.body).toMatchObject({
      decisions: [decisions[0], { ...decisions[1], opinion: '由其办理为宜' }, { ...decisions[2], target: { opinion: '改由其办理' } }],
    });
    const toOperator = await read('operator');
    expect(toOperator).toMatchObject({ status: 200, body: { decisions } });
    expect(JSON.stringify(toOperator.body)).not.toMatch(/opinion|办理为宜|改由其/);
    expect((await read('officer')).status).toBe(403);
  });
});

describe('an answered ticket', () => {
  it('that is reopened goes back to the unit that answered; closed, it takes no order', async () => {
    const ticketId = await desk.register(NOISE);
    const { lead: unit, coHandlers } = await desk.bench.heard('ticket.assigned', ticketId);
    const approval = { unit, approver: 'approver-1', outcome: 'resolved', reply: { kind: 'open', text: '已处理' } } as const;
    await desk.bench.happens(ticketId, 'reply.approved', { ...approval, assignment: 1, round: 1 });
    await desk.bench.happens(ticketId, 'ticket.reopened', { because: 'unsatisfied', reopening: 1, round: 1, unit });
    const redo = await desk.bench.heard('ticket.assigned', ticketId, 2);
    expect(redo).toMatchObject({ assignment: 2, lead: unit, coHandlers, designated: true, by: { kind: 'rule', rule: 'redo' } });

    await desk.bench.happens(ticketId, 'reply.approved', { ...approval, assignment: 2, round: 2 });
    await desk.bench.happens(ticketId, 'ticket.closed', { because: 'second-rating', closedAt: new Date().toISOString() });
    const why = await until('closed', async () => {
      const { body } = await desk.bench.call('GET', `/v1/tickets/${ticketId}/routing`, ['dispatcher']);
      return body['status'] === 'closed' ? body : undefined;
    });
    expect(why).toMatchObject({
      decisionVersion: 2,
      closed: { because: 'second-rating', explanation: { zh: '已办结：二次评价为终', en: 'Closed: the second rating is final.' } },
      decisions: [
        { did: 'assigned' },
        { did: 'assigned', explanation: { zh: expect.arrayContaining([expect.stringContaining('重办（不满意）')]) } },
      ],
    });
    const late = order('city-housing', 2, { assignment: 2 });
    expect(await desk.bench.call('POST', `/v1/tickets/${ticketId}/reassignment`, ['dispatcher'], late)).toMatchObject({
      status: 409,
      body: { code: 'wrong-state', state: { status: 'closed', because: 'second-rating' } },
    });
  });
});
