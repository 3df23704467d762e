import { partitionOf, seal, type EventName, type EventPayload } from '@paidan/contracts';
import { assignment as assignmentOf, nextNumber, registration as registrationOf } from '@paidan/contracts/happenings';
import type { Retold } from '@paidan/runtime';
import { openApiFaults } from '@paidan/service-host/testing/openapi-faults';
import { until } from '@paidan/testing';
import { randomBytes } from 'node:crypto';
import { CODE, newId, startFeedback, type Feedback } from './feedback.kit.js';

const ROADS = 'city-roads';
const HOUR = 3_600_000;

let city: Feedback;
beforeAll(async () => {
  city = await startFeedback();
  await city.publishes(1, { [ROADS]: '市道路管理局', 'city-water': '市水务局' });
  await until('the names', async () => (await city.rows('select from directory_name')).length === 2);
}, 60_000);
afterAll(async () => {
  await city?.stop();
});

const registration = (ticketId: string, change: Partial<EventPayload<'ticket.registered'>> = {}): EventPayload<'ticket.registered'> =>
  registrationOf({
    number: nextNumber(),
    channel: 'app',
    channelKind: 'app',
    receivedAt: new Date(city.clock.now()).toISOString(),
    queryCodeHmac: city.proofOf(ticketId),
    ...change,
  });
const assignment = (number = 1, lead = ROADS): EventPayload<'ticket.assigned'> => assignmentOf({ assignment: number, lead });
const approval = (round = 1, change: Partial<EventPayload<'reply.approved'>> = {}): EventPayload<'reply.approved'> => ({
  ...{ assignment: 1, unit: ROADS, approver: 'chief', round, outcome: 'resolved', reply: { kind: 'open', text: '路灯已修复' } },
  ...change,
});

async function registered(change: Partial<EventPayload<'ticket.registered'>> = {}): Promise<{ ticketId: string; number: string }> {
  const ticketId = newId();
  const said = registration(ticketId, change);
  await city.happens(ticketId, 'ticket.registered', said);
  return { ticketId, number: said.number };
}
const statusOf = async (ticketId: string): Promise<string | undefined> =>
  (await city.rows<{ status: string }>('select status from ticket where ticket_id = $1', [ticketId]))[0]?.status;
const becomes = (ticketId: string, status: string) => until(`${ticketId} ${status}`, async () => (await statusOf(ticketId)) === status);
const saidOf = <N extends EventName>(ticketId: string, name: N) =>
  until(`${name} of ${ticketId}`, () => city.said(ticketId).find((event) => event.name === name)?.payload as EventPayload<N> | undefined);
const names = (ticketId: string): string[] => city.said(ticketId).map(({ name }) => name);
const track = (number: string, queryCode = CODE) => city.tries('/v1/tracking', { number, queryCode });
const rate = (number: string, judgement: object) => city.tries('/v1/tracking/ratings', { number, queryCode: CODE, ...judgement });
const trail = (ticket: string, who: Parameters<Feedback['asks']>[0] = { roles: ['supervisor'] }) =>
  city.asks(who, 'GET', `/v1/tickets/${ticket}/trail`);
const eventsOf = async (ticketId: string): Promise<string[]> =>
  ((await trail(ticketId)).body['entries'] as { event: string }[]).map(({ event }) => event);

describe('a reply', () => {
  it('is pushed to the call-back of its channel, signed, and the citizen’s judgement handed on by the adapter closes the ticket', async () => {
    const { ticketId, number } = await registered({ channel: 'web', channelKind: 'web' });
    await city.happens(ticketId, 'reply.approved', approval(1, { reply: { kind: 'open', text: '路灯已于今日修复' } }));
    expect(await saidOf(ticketId, 'reply.delivered')).toMatchObject({
      round: 1,
      assignment: 1,
      channel: 'web',
      way: 'pushed',
      attempts: 1,
    });
    const [post, ...more] = city.adapter.of(ticketId);
    if (post === undefined) throw new Error('nothing was posted');
    expect(more).toEqual([]);
    expect(post.headers['webhook-id']).toBe(`${ticketId}.1`);
    expect(city.adapter.verified(post)).toMatchObject({
      type: 'paidan.reply.v1',
      data: { ticketId, number, round: 1, outcome: 'resolved', text: '路灯已于今日修复', unit: { code: ROADS, name: '市道路管理局' } },
    });
    expect(await city.rows('select from delivery where ticket_id = $1', [ticketId])).toEqual([]);

    const judged = { round: 1, stars: 5, resolved: true, satisfied: true, onTime: true, comment: '很快' };
    const path = `/v1/tickets/${ticketId}/ratings`;
    expect(await city.hands('app', path, judged)).toMatchObject({ status: 404, body: { code: 'unknown-ticket' } });
    const first = await city.hands('web', path, judged);
    expect(first).toMatchObject({
      status: 200,
      body: { number, round: 1, rating: 1, led: 'satisfied', words: { zh: expect.stringContaining('办结') } },
    });
    expect((await city.hands('web', path, judged)).body).toEqual(first.body);
    expect(await city.hands('web', path, { ...judged, stars: 1 })).toMatchObject({ status: 409, body: { code: 'already-rated' } });
    expect(await saidOf(ticketId, 'ticket.closed')).toMatchObject({ because: 'satisfied', unit: ROADS, outcome: 'resolved', stars: 5 });
    expect(names(ticketId)).toEqual(['reply.delivered', 'rating.received', 'ticket.closed']);
  });

  it('whose call-back answers 500 is posted again under the same id, until it is received', async () => {
    let failing = 2;
    city.adapter.answers.next = (response) => response.writeHead((failing -= 1) >= 0 ? 500 : 200).end();
    const { ticketId } = await registered({ channel: 'web', channelKind: 'web' });
    await city.happens(ticketId, 'reply.approved', approval());
    for (const attempt of [1, 2]) {
      // Not while it is on its way: then the next attempt is further off, when its lease runs out.
      await until(`failure ${attempt}`, async () => {
        const [row] = await city.rows<{ attempts: number; next_at: Date; last_error: string | null }>(
          'select attempts, next_at, last_error from delivery where ticket_id = $1',
          [ticketId],
        );
        return row?.attempts === attempt && row.last_error === 'status: answered 500' && row.next_at.getTime() < city.realTime() + 60_000;
      });
      city.realTimePasses(13_000);
    }
    expect(await saidOf(ticketId, 'reply.delivered')).toMatchObject({ attempts: 3 });
    const posts = city.adapter.of(ticketId);
    expect(new Set(posts.map(({ headers, body }) => JSON.stringify([headers['webhook-id'], body]))).size).toBe(1);
    expect(posts).toHaveLength(3);
    expect(await city.metrics()).toMatch(/paidan_delivery_attempts_total\{.*result="status".*\} [1-9]/);
  });

  it('whose call-back redirects is not taken there; the citizen fetches it instead', async () => {
    city.adapter.answers.next = (response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${city.adapter.port}/elsewhere` }).end();
    const { ticketId, number } = await registered({ channel: 'web', channelKind: 'web' });
    await city.happens(ticketId, 'reply.approved', approval());
    await until('a refused redirect', async () => {
      const [row] = await city.rows<{ last_error: string | null }>('select last_error from delivery where ticket_id = $1', [ticketId]);
      return row?.last_error === 'redirect: answered 302: redirects are not followed';
    });
    expect(city.adapter.of(ticketId)).toHaveLength(1);
    city.adapter.answers.next = (response) => response.writeHead(204).end();
    expect(await track(number)).toMatchObject({
      status: 200,
      body: { status: 'delivered', reply: { round: 1, text: '路灯已修复' }, mayRate: 1 },
    });
    expect(await saidOf(ticketId, 'reply.delivered')).toMatchObject({ way: 'fetched' });
    expect(await city.rows('select from delivery where ticket_id = $1', [ticketId])).toEqual([]);
  });

  it('to a confidential ticket travels sealed, and is opened for the citizen alone', async () => {
    const ticketId = newId();
    const sealed = seal({ text: '已依法立案查处' }, ticketId, city.contentKeys, randomBytes(12));
    const said = registration(ticketId, {
      ...{ channel: 'web', channelKind: 'web', appealType: 'report', confidentiality: 'confidential' },
      content: seal({ title: '举报', text: '某店' }, ticketId, city.contentKeys, randomBytes(12)),
    });
    await city.happens(ticketId, 'ticket.registered', said);
    await city.happens(ticketId, 'reply.approved', approval(1, { reply: sealed }));
    await saidOf(ticketId, 'reply.delivered');
    const [post] = city.adapter.of(ticketId);
    expect(post && city.adapter.verified(post)).toMatchObject({ data: { text: '已依法立案查处' } });
    expect((await track(said.number)).body).toMatchObject({ reply: { text: '已依法立案查处' } });
    await rate(said.number, { round: 1, stars: 4, comment: '感谢查处' });
    expect((await saidOf(ticketId, 'rating.received')).comment).toMatchObject({ kind: 'sealed' });
    const stored = JSON.stringify(await city.rows('select payload from trail where ticket_id = $1', [ticketId]));
    for (const secret of ['查处', '某店']) expect(stored).not.toContain(secret);
    expect(JSON.stringify((await trail(ticketId)).body)).toContain('（密封）');
  });
});

describe('a citizen', () => {
  it('follows the ticket by number and query code, fetches the reply, has it redone once, and the second judgement is final', async () => {
    const { ticketId, number } = await registered();
    await city.happens(ticketId, 'ticket.assigned', assignment());
    await city.happens(ticketId, 'assignment.signed', { assignment: 1, unit: ROADS, officer: 'li' });
    await becomes(ticketId, 'open');
    const working = await until('the signature', async () => {
      const { body } = await track(number);
      return JSON.stringify(body).includes('办理中') && body;
    });
    expect(working).toEqual({
      number,
      status: 'open',
      state: { zh: '市道路管理局办理中', en: '市道路管理局 is working on it' },
      ratings: [],
    });
    expect(await rate(number, { round: 1, stars: 5 })).toMatchObject({
      status: 409,
      body: { code: 'not-answered-yet', state: { status: 'open' } },
    });

    await city.happens(ticketId, 'reply.approved', approval());
    await becomes(ticketId, 'answered');
    expect(await rate(number, { round: 1, stars: 5 })).toMatchObject({ status: 409, body: { code: 'not-answered-yet' } });
    expect(names(ticketId)).toEqual([]);
    expect((await track(number, ' 7kqx-3uht')).body).toMatchObject({
      ...{ status: 'delivered', mayRate: 1, reply: { text: '路灯已修复', unit: '市道路管理局', outcomeWords: { zh: '已解决' } } },
    });
    expect(await saidOf(ticketId, 'reply.delivered')).toMatchObject({ way: 'fetched', channel: 'app' });
    expect(await rate(number, { round: 2, stars: 5 })).toMatchObject({ status: 404, body: { code: 'unknown-round', state: { round: 1 } } });

    expect(await rate(number, { round: 1, stars: 4, resolved: false, comment: '又坏了' })).toMatchObject({
      status: 200,
      body: { led: 'reopened' },
    });
    expect(await saidOf(ticketId, 'ticket.reopened')).toEqual({ because: 'unresolved', reopening: 1, round: 1, unit: ROADS });
    expect(await rate(number, { round: 1, stars: 5 })).toMatchObject({ status: 409, body: { code: 'already-rated' } });

    await city.happens(ticketId, 'ticket.assigned', assignment(2));
    await city.happens(ticketId, 'reply.approved', approval(2, { assignment: 2, reply: { kind: 'open', text: '已更换灯杆' } }));
    await becomes(ticketId, 'answered');
    expect((await track(number)).body).toMatchObject({ mayRate: 2, reply: { text: '已更换灯杆' }, ratings: [{ round: 1, stars: 4 }] });
    expect(await rate(number, { round: 2, stars: 1 })).toMatchObject({ status: 200, body: { led: 'second-rating', rating: 2 } });
    expect(await rate(number, { round: 3, stars: 5 })).toMatchObject({ status: 409, body: { code: 'closed' } });
    expect((await track(number)).body).toMatchObject({
      status: 'closed',
      closed: { because: 'second-rating' },
      state: { zh: '已办结：二次评价为终' },
    });
    expect(await saidOf(ticketId, 'ticket.closed')).toMatchObject({ because: 'second-rating', round: 2, stars: 1 });
  });

  it('who says nothing within the week has the ticket closed', async () => {
    const { ticketId, number } = await registered();
    await city.happens(ticketId, 'reply.approved', approval());
    await becomes(ticketId, 'answered');
    await track(number);
    city.clock.advance(7 * 24 * HOUR - 1);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await statusOf(ticketId)).toBe('delivered');
    city.clock.advance(1);
    expect(await saidOf(ticketId, 'ticket.closed')).toMatchObject({ because: 'no-rating', round: 1, outcome: 'resolved' });
    expect(await rate(number, { round: 1, stars: 5 })).toMatchObject({ status: 409, body: { code: 'closed' } });
  });

  it('who takes the ticket back has it closed, and a reply that comes all the same is in the trail alone', async () => {
    const { ticketId } = await registered({ channel: 'web' });
    await city.happens(ticketId, 'ticket.withdrawn', { reason: 'resolved-itself', withdrawnAt: new Date(city.clock.now()).toISOString() });
    expect(await saidOf(ticketId, 'ticket.closed')).toMatchObject({ because: 'withdrawn' });
    await city.happens(ticketId, 'reply.approved', approval());
    await until('the reply in the trail', async () => ((await trail(ticketId)).body['entries'] as unknown[]).length === 4);
    expect(names(ticketId)).toEqual(['ticket.closed']);
    expect(city.adapter.of(ticketId)).toEqual([]);
  });

  it('with a wrong code learns nothing, and after ten of them waits', async () => {
    const { ticketId, number } = await registered();
    await becomes(ticketId, 'open');
    const unknown = await track('20991231-999999');
    const wrong = await track(number, 'AAAAAAAA');
    expect(wrong).toMatchObject({ status: 404, body: { code: 'unknown-tracking' } });
    const { requestId: _a, ...one } = unknown.body;
    const { requestId: _b, ...other } = wrong.body;
    expect(one).toEqual(other);

    // Two were wrong; eighteen at once get no more tries than in a row.
    const many = await Promise.all(Array.from({ length: 18 }, (_, i) => track(number, `BBBBBB${String(i).padStart(2, '2')}`)));
    const counts = (status: number) => many.filter((answer) => answer.status === status).length;
    expect([counts(404), counts(429)]).toEqual([8, 10]);
    const blocked = await track(number);
    expect(blocked).toMatchObject({ status: 429, body: { code: 'too-many-requests', titleZh: expect.stringContaining('频繁') } });
    expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(800);
    expect(Number(blocked.headers.get('retry-after'))).toBeLessThanOrEqual(900);
    expect(JSON.stringify(await city.rows('select * from tracking_attempt'))).not.toMatch(/127\.0\.0\.1|BBBB/);
    city.realTimePasses(15 * 60_000);
    expect(await track(number)).toMatchObject({ status: 200 });
    expect(await city.tries('/v1/tracking', { number })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/queryCode' }] } });
  });
});

describe('the trail', () => {
  it('tells everything in two languages, by id or number, to the desk and to units that held the ticket', async () => {
    const { ticketId, number } = await registered();
    await city.happens(ticketId, 'ticket.assigned', assignment(1, 'city-water'));
    const returned = { assignment: 1, unit: 'city-water', officer: 'wang', reason: 'not-our-area' } as const;
    await city.happens(ticketId, 'assignment.returned', { ...returned, grounds: { kind: 'open', text: '不在我辖区' } });
    await city.happens(ticketId, 'ticket.assigned', assignment(2));
    // Of a service that is newer than we are.
    await city.happens(ticketId, 'work.progressed', { ...returned, note: { kind: 'open', text: '新' } } as never, {
      type: 'paidan.work.progressed.v9',
    });
    await city.happens(ticketId, 'reply.approved', approval(1, { assignment: 2 }));
    await becomes(ticketId, 'answered');
    await track(number);
    await rate(number, { round: 1, stars: 5, satisfied: true });
    const { body } = await trail(number);
    expect(body).toMatchObject({ ticketId, number, status: 'closed' });
    expect(
      (body['entries'] as { service: string; sequence: number; zh: string }[]).map(
        ({ service, sequence, zh }) => `${service} ${sequence} ${zh}`,
      ),
    ).toEqual([
      `intake 1 移动应用受理，工单编号 ${number}`,
      'dispatch 1 派单至市水务局（事项“0203”、按规则 matter）',
      'department-handler 1 市水务局退单：非本辖区，“不在我辖区”',
      'dispatch 2 派单至市道路管理局（事项“0203”、按规则 matter）',
      'department-handler 2 办理过程',
      'department-handler 3 市道路管理局第 1 次答复审核通过：已解决',
      'feedback 1 第 1 次答复送达：诉求人查询取得',
      'feedback 2 诉求人评价第 1 次答复：5 星、满意',
      'feedback 3 办结：满意',
    ]);
    expect((body['line'] as { en: string }).en).toMatch(
      /received by app · dispatched to 市水务局 · returned: not its jurisdiction · dispatched to 市道路管理局 · answered by 市道路管理局 · follow-up: satisfied · closed$/,
    );
    expect((await trail(ticketId, { roles: ['officer'], unit: 'city-water' })).status).toBe(200);
    expect(await trail(ticketId, { roles: ['officer'], unit: 'city-parks' })).toMatchObject({
      status: 403,
      body: { code: 'not-your-ticket' },
    });
    expect(await trail(ticketId, { roles: ['officer'] })).toMatchObject({ status: 403, body: { code: 'no-unit' } });
    expect(await trail('20991231-000001')).toMatchObject({ status: 404, body: { code: 'unknown-ticket' } });
    expect((await city.tries(`/v1/tickets/${ticketId}/ratings`, {})).status).toBe(401);
  });

  it('with a number missing says so: a row, a metric, a degraded health, until a person has settled it', async () => {
    const { ticketId } = await registered();
    await city.happens(ticketId, 'ticket.assigned', assignment(1), { skip: 2 });
    const operator = { roles: ['operator' as const] };
    const open = await until('a gap', async () => {
      const { body } = await city.asks(operator, 'GET', '/v1/operations/gaps');
      return (body['gaps'] as Record<string, unknown>[]).find((gap) => gap['ticketId'] === ticketId);
    });
    expect(open).toMatchObject({ service: 'dispatch', epoch: 1, first: 1, last: 2 });
    expect(await city.metrics()).toMatch(/paidan_trail_gaps_total\{.*\} 1\b/);
    const health = async () => (await (await fetch(`${city.service.url}/health/ready`)).json()) as { status: string; sources: object };
    expect(await health()).toMatchObject({
      status: 'degraded',
      sources: { trail: { ok: false, detail: '1 gaps in the trail: see /v1/operations/gaps' } },
    });
    const settle = () => city.asks(operator, 'POST', `/v1/operations/gaps/${String(open['gap'])}/settlement`, { note: '已从备份核对' });
    expect(await settle()).toMatchObject({ status: 200, body: { settled: true } });
    expect(await settle()).toMatchObject({ status: 404, body: { code: 'unknown-gap' } });
    await until('health', async () => (await health()).status === 'ok');

    const before = `${ticketId.slice(0, -12)}000000000000`;
    const { body } = await city.asks(operator, 'GET', `/v1/operations/heard?after=${before}&limit=10000`);
    expect((body['tickets'] as { ticketId: string }[]).find((one) => one.ticketId === ticketId)).toEqual({
      ticketId,
      parked: false,
      heard: { intake: { epoch: 1, sequence: 1, count: 1 }, dispatch: { epoch: 1, sequence: 3, count: 1 } },
    });
    expect(await city.asks({ roles: ['dispatcher'] }, 'GET', '/v1/operations/heard')).toMatchObject({ status: 403 });
  });

  it('holds what came while a ticket was parked, once it is replayed; ratings wait for that', async () => {
    const { ticketId, number } = await registered();
    await city.happens(ticketId, 'ticket.assigned', assignment());
    await becomes(ticketId, 'open');
    await city.happens(ticketId, 'reply.approved', { round: 1 } as never);
    await until('the parked ticket', async () => (await city.rows('select from parked where ticket_id = $1', [ticketId])).length === 1);
    await city.happens(ticketId, 'assignment.signed', { assignment: 1, unit: ROADS, officer: 'li' }, { skip: -1 });
    await until('the waiting event', async () => (await city.rows('select from parked where ticket_id = $1', [ticketId])).length === 2);
    expect(await rate(number, { round: 1, stars: 5 })).toMatchObject({ status: 409, body: { code: 'ticket-parked' } });
    // What no release will understand is taken out by hand; its number then went to the next.
    await city.rows('delete from parked where ticket_id = $1 and error_code is not null', [ticketId]);
    const replayed = await city.asks({ roles: ['operator'] }, 'POST', `/v1/operations/parked/${ticketId}/replay`);
    expect(replayed.body).toMatchObject({ replayed: 1, remaining: 0 });
    expect(await eventsOf(ticketId)).toEqual(['ticket.registered', 'ticket.assigned', 'assignment.signed']);
  });

  it('holds what was said when a parked ticket’s time ran out', async () => {
    const { ticketId, number } = await registered();
    await city.happens(ticketId, 'reply.approved', approval());
    await becomes(ticketId, 'answered');
    await track(number);
    await city.happens(ticketId, 'reply.approved', { round: 2 } as never);
    await until('the parked ticket', async () => (await city.rows('select from parked where ticket_id = $1', [ticketId])).length === 1);
    city.clock.advance(8 * 24 * HOUR);
    await city.rows('delete from parked where ticket_id = $1', [ticketId]);
    await city.asks({ roles: ['operator'] }, 'POST', `/v1/operations/parked/${ticketId}/replay`);
    expect(await saidOf(ticketId, 'ticket.closed')).toMatchObject({ because: 'no-rating' });
    expect(await eventsOf(ticketId)).toEqual(['ticket.registered', 'reply.approved', 'reply.delivered', 'ticket.closed']);
  });
});

describe('the whole story', () => {
  const operator = { roles: ['operator' as const] };
  const tellAgain = () => city.asks(operator, 'POST', '/v1/operations/retellings', {});
  const ended = (id: unknown) =>
    until('it is told', async () => {
      const { body } = await city.asks(operator, 'GET', `/v1/operations/retellings/${String(id)}`);
      return body['endedAt'] === undefined ? undefined : body;
    });

  it('is told again as it was said, ticket by ticket, up to where the log goes on; once at a time', async () => {
    const [first, second] = [await registered(), await registered()];
    for (const { ticketId } of [first, second]) await city.happens(ticketId, 'ticket.assigned', assignment());
    await city.happens(first.ticketId, 'reply.approved', approval());
    await becomes(first.ticketId, 'answered');
    await track(first.number);
    await saidOf(first.ticketId, 'reply.delivered');
    await becomes(second.ticketId, 'open');

    const begun = await tellAgain();
    expect(begun).toMatchObject({ status: 202, body: { retelling: expect.stringMatching(/^\d+$/) } });
    const body = await ended(begun.body['retelling']);
    expect(body['failure']).toBeUndefined();
    const retold = body['retold'] as Retold;
    const events = await city.retold(retold);
    expect(events).toHaveLength(Number(body['events']));
    const [{ tickets, count } = { tickets: '', count: '' }] = await city.rows<{ tickets: string; count: string }>(
      'select count(distinct ticket_id) as tickets, count(*) as count from trail',
    );
    expect([String(body['tickets']), String(body['events'])]).toEqual([tickets, count]);
    const of = (ticketId: string) => events.filter((event) => event.ticketId === ticketId);
    expect(of(first.ticketId).map(({ source, type, epoch, sequence }) => `${source} ${epoch}.${sequence} ${type}`)).toEqual([
      '/paidan/intake 1.1 paidan.ticket.registered.v1',
      '/paidan/dispatch 1.1 paidan.ticket.assigned.v1',
      '/paidan/department-handler 1.1 paidan.reply.approved.v1',
      '/paidan/feedback 1.1 paidan.reply.delivered.v1',
    ]);
    const { id, time, payload } = city.said(first.ticketId).at(-1) ?? {};
    expect(of(first.ticketId).at(-1)).toMatchObject({ id, time, payload });
    // Each ticket's story is of one piece.
    expect(events.filter((event, i) => event.ticketId !== events[i - 1]?.ticketId)).toHaveLength(Number(tickets));

    // What comes after is in the log, at and behind its positions.
    await city.happens(second.ticketId, 'reply.approved', approval());
    await becomes(second.ticketId, 'answered');
    expect(retold.positions).toHaveLength(retold.stretches.length);
    const place = partitionOf(second.ticketId, retold.stretches.length);
    const [now] = await city.rows<{ next_offset: string }>(
      `select next_offset from log_position where partition = $1 and topic like '%tickets'`,
      [place],
    );
    expect(Number(now?.next_offset)).toBeGreaterThan(retold.positions.find(({ partition }) => partition === place)?.offset ?? Infinity);
    const again = await ended((await tellAgain()).body['retelling']);
    expect(Number(again['events'])).toBe(Number(body['events']) + 1);
  });

  it('is told by one at a time; whoever fell silent is taken for dead', async () => {
    await city.rows(`insert into retelling (asked_by) values ('p2')`);
    expect(await tellAgain()).toMatchObject({ status: 409, body: { code: 'retelling-under-way' } });
    await city.rows(`update retelling set alive_at = now() - interval '61 seconds' where ended_at is null`);
    const begun = await tellAgain();
    expect(begun.status).toBe(202);
    expect((await ended(begun.body['retelling']))['failure']).toBeUndefined();
    expect(await city.rows(`select asked_by from retelling where failure = 'interrupted'`)).toEqual([{ asked_by: 'p2' }]);
  });

  it('is not told while some of it waits, nor to whoever is no operator', async () => {
    const { ticketId } = await registered();
    await city.happens(ticketId, 'reply.approved', { round: 1 } as never);
    await until('the parked ticket', async () => (await city.rows('select from parked where ticket_id = $1', [ticketId])).length === 1);
    expect(await tellAgain()).toMatchObject({ status: 409, body: { code: 'trail-unfinished' } });
    await city.rows('delete from parked where ticket_id = $1', [ticketId]);
    await city.asks(operator, 'POST', `/v1/operations/parked/${ticketId}/replay`);
    expect(await city.asks(operator, 'GET', '/v1/operations/retellings/999999')).toMatchObject({
      status: 404,
      body: { code: 'unknown-retelling' },
    });
    expect(await city.asks({ roles: ['dispatcher'] }, 'POST', '/v1/operations/retellings', {})).toMatchObject({ status: 403 });
    // Nobody can tell it to whoever keeps it.
    const story = { cluster: 'k', stretches: [{ partition: 0, from: 0, to: 1 }], positions: [{ partition: 0, offset: 0 }] };
    expect(await city.asks(operator, 'POST', '/v1/operations/restoration/history', story)).toMatchObject({
      status: 409,
      body: { code: 'history-not-wanted' },
    });
  });
});

it('documents its addresses, bodies and problems', async () => {
  const document = (await (await fetch(`${city.service.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { summary?: string; responses: Record<string, unknown> }>>;
    components: { schemas: Record<string, unknown> };
  };
  expect(openApiFaults(document)).toEqual([]);
  for (const [path, method] of [
    ['/v1/tracking', 'post'],
    ['/v1/tracking/ratings', 'post'],
    ['/v1/tickets/{ticketId}/ratings', 'post'],
    ['/v1/tickets/{ticket}/trail', 'get'],
    ['/v1/operations/heard', 'get'],
    ['/v1/operations/gaps', 'get'],
    ['/v1/operations/gaps/{gap}/settlement', 'post'],
    ['/v1/operations/sequences', 'get'],
  ] as const)
    expect(document.paths[path]?.[method]?.summary).toBeDefined();
  for (const schema of ['TrackingV1', 'TrackedRatingV1', 'RatingV1', 'ProgressShown', 'TrailShown', 'RatingReceipt'])
    expect(document.components.schemas).toHaveProperty(schema);
});

describe('without the leave to call private addresses', () => {
  let guarded: Feedback;
  beforeAll(async () => {
    guarded = await startFeedback({ guarded: true });
  }, 60_000);
  afterAll(() => guarded?.stop());

  it('a call-back into a private range is refused by name, its reply waits, and is there to be fetched', async () => {
    const ticketId = newId();
    const said = registration(ticketId, { channel: 'web', queryCodeHmac: guarded.proofOf(ticketId) });
    await guarded.happens(ticketId, 'ticket.registered', said);
    await guarded.happens(ticketId, 'reply.approved', approval());
    await until('a refused address', async () => {
      const [row] = await guarded.rows<{ last_error: string | null }>('select last_error from delivery where ticket_id = $1', [ticketId]);
      return row?.last_error === 'address: 127.0.0.1 is not a public address';
    });
    expect(guarded.adapter.of(ticketId)).toEqual([]);
    const { body } = await guarded.tries('/v1/tracking', { number: said.number, queryCode: CODE });
    expect(body).toMatchObject({ status: 'delivered', reply: { text: '路灯已修复' } });
  });
});
