import { back, Desk, NOISE, order } from './desk.kit.js';

const desk = Desk.ofFile();

describe('a returned ticket', () => {
  it('stands in the queue of returns with the unit’s grounds; refused, it stays where it is', async () => {
    const ticketId = await desk.register(NOISE);
    const { lead } = await desk.bench.heard('ticket.assigned', ticketId);
    await desk.bench.happens(ticketId, 'assignment.returned', back(1, lead));
    const waiting = await desk.waitingReturn(ticketId);
    expect(waiting).toMatchObject({
      assignment: 1,
      unit: lead,
      decisionVersion: 1,
      title: '夜间施工噪声扰民',
      matter: '0702',
      objection: { because: 'not-our-duty', officer: 'officer-1', grounds: '不属我局职责' },
      explanation: { zh: expect.stringContaining('申请退单：非本单位职责') },
    });
    const metrics = await desk.metrics();
    expect(metrics).toMatch(/paidan_returned_tickets\{[^}]*\} 1$/m);
    const routing = await desk.bench.call('GET', `/v1/tickets/${ticketId}/routing`, ['operator']);
    expect(routing.body).toMatchObject({ status: 'returned', objection: { because: 'not-our-duty' } });
    expect(JSON.stringify(routing.body)).not.toContain('不属我局职责');

    expect(await desk.judge({ ...waiting, assignment: 2 }, 'refusal', { reason: 'is-their-duty' })).toMatchObject({
      status: 409,
      body: { code: 'stale-assignment', state: { status: 'returned' } },
    });
    expect(await desk.judge(waiting, 'refusal', { reason: 'moon' })).toMatchObject({ status: 422, body: { code: 'validation-failed' } });
    expect(await desk.judge(waiting, 'refusal', { reason: 'is-their-duty', note: '属你局职责' })).toMatchObject({
      status: 200,
      body: { status: 'assigned', lead },
    });
    expect(await desk.bench.heard('return.refused', ticketId)).toMatchObject({ reason: 'is-their-duty', note: { text: '属你局职责' } });
    expect(await desk.judge(waiting, 'acceptance')).toMatchObject({ status: 409, body: { code: 'stale-decision' } });
  });

  it('for the second time is for a supervisor, who sees all positions and whose word is final; the pairs of units are counted', async () => {
    const ticketId = await desk.register(NOISE);
    const units: string[] = [];
    for (const assignment of [1, 2]) {
      const { lead } = await desk.bench.heard('ticket.assigned', ticketId, assignment);
      units.push(lead);
      await desk.bench.happens(ticketId, 'assignment.returned', back(assignment, lead));
      await desk.accept(await desk.waitingReturn(ticketId));
    }
    expect(await desk.bench.heard('ticket.held', ticketId)).toMatchObject({ reason: 'returned-too-often' });
    const { body } = await desk.bench.call('GET', `/v1/tickets/${ticketId}/routing`, ['supervisor']);
    const positions = (body['decisions'] as { did: string; unit?: string; objection?: object }[]).filter(
      ({ did }) => did === 'return-accepted',
    );
    expect(positions.map(({ unit, objection }) => [unit, objection])).toEqual(
      units.map((unit) => [unit, expect.objectContaining({ because: 'not-our-duty', grounds: '不属我局职责' })]),
    );

    const version = Number(body['decisionVersion']);
    const path = `/v1/tickets/${ticketId}/assignment`;
    expect(await desk.bench.call('POST', path, ['dispatcher'], order('city-education', version))).toMatchObject({
      status: 403,
      body: { code: 'for-supervisor' },
    });
    expect(await desk.bench.call('POST', path, ['supervisor'], order('city-education', version))).toMatchObject({ status: 200 });
    expect(await desk.bench.heard('ticket.assigned', ticketId, 3)).toMatchObject({ lead: 'city-education', designated: true });
    await desk.bench.happens(ticketId, 'assignment.returned', back(3, 'city-education'));
    expect(await desk.bench.heard('return.refused', ticketId)).toMatchObject({ reason: 'designated', by: { kind: 'rule' } });

    const pairs = await desk.bench.call('GET', '/v1/returns/pairs', ['operator']);
    const [first, second] = units;
    expect(pairs.body['pairs']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ from: first, to: second, returnedAgain: 1, fromName: expect.stringContaining('示例市') }),
        expect.objectContaining({ from: second, to: 'city-education', handedOver: 1, returnedAgain: 0, rate: 0 }),
      ]),
    );
    expect(await desk.bench.call('GET', '/v1/returns/pairs?days=0', ['operator'])).toMatchObject({ status: 400 });
  });
});
