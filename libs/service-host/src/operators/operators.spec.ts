import { Module } from '@nestjs/common';
import { RuntimeError, type DiscardOrder } from '@paidan/runtime';
import { mintToken } from '../auth/mint.js';
import { call, post, startSample, type Sample } from '../testing/sample-service.kit.js';
import { OPERATED_RUNTIME, type OperatedRuntime } from './operated-runtime.js';
import { OPERATORS_CONTROLLERS } from './operators.js';
import { valueOf } from './present.js';

/* What is asked and answered, and by whom; that it is done is seen where a real runtime answers (department-handler's operations.int.spec.ts). */

const ids = [1, 2, 3].map((n) => `019aa000-0000-7000-8000-00000000000${n}`);
const [TICKET = ''] = ids;
const at = new Date('2026-11-22T01:00:00Z');
const record = { record: '17', topic: 'paidan.tickets', partition: 3, offset: 5, type: 'paidan.ticket.held.v1' };
// As Postgres and JSON.parse say it: with what they choked on.
const quoting = { code: '22P02', message: 'invalid input syntax for type integer: "张三 13800138000"' };

/** A table of tickets with one event said of each, read as the statement reads it. */
const asked: (readonly unknown[])[] = [];
const ordered: DiscardOrder[] = [];
const steps: string[] = [];
const runtime: OperatedRuntime = {
  definition: {
    service: 'intake',
    lost: async () => [{ what: 'contact-data', count: 2, tickets: ['20261122-000001', '20261122-000002'] }],
  },
  epoch: 2,
  parking: {
    list: async () => [{ ticketId: TICKET, waiting: 2, since: at, errorCode: quoting.code, errorMessage: quoting.message }],
    count: async () => 1,
    waiting: async (ticketId) =>
      ticketId === TICKET ? { count: 2, records: [{ ...record, parkedAt: at, error: quoting }] } : { count: 0, records: [] },
    discarded: async () => [],
    replay: async (ticketId) => ({ ticketId, replayed: 0, remaining: 2, error: quoting }),
    discard: async (order) => {
      ordered.push(order);
      const { reason } = order;
      return {
        discarded: { ...record, error: quoting, reason, by: 'li', at, handled: true },
        replay: { ticketId: order.ticketId, replayed: 1, remaining: 0 },
      };
    },
  },
  restoration: {
    last: async () => ({
      told: true,
      emptied: false,
      wantsHistory: false,
      begunAt: at,
      recalled: 5,
      unfolded: 1,
      saidAnew: 2,
      noticesNotRepeated: 3,
      commandsPassedOver: 4,
      goneUnread: 0,
    }),
    takeHistory: async ({ cluster }) => {
      steps.push(cluster);
      if (cluster !== 'k') throw new RuntimeError('history-out-of-date', 'another cluster');
    },
  },
  lostLog: {
    hold: async () => {
      steps.push('hold');
      return at;
    },
    take: async () => {
      if (!steps.includes('hold')) throw new RuntimeError('log-not-held', 'not held');
      return { cluster: 'k', topics: ['paidan.tickets'] };
    },
    republish: async (since) => {
      steps.push(new Date(since).toISOString());
      return { events: 3, notices: 1 };
    },
  },
  database: {
    query: async <Row>(_sql: string, parameters: readonly unknown[] = []) => {
      asked.push(parameters);
      const [after, limit] = parameters as [string, number];
      const rows = ids.filter((id) => id > after).slice(0, limit);
      return { rows: rows.map((ticketId) => ({ ticketId, sequence: 1 })) as Row[], affected: 0 };
    },
  },
};

@Module({ controllers: [...OPERATORS_CONTROLLERS], providers: [{ provide: OPERATED_RUNTIME, useValue: runtime }] })
class Operated {}

let sample: Sample;
beforeAll(async () => {
  sample = await startSample({}, { module: Operated });
});
afterAll(() => sample.service.stop());

const bearer = async (role: 'operator' | 'dispatcher' = 'operator') => ({
  authorization: `Bearer ${await mintToken(sample.privateJwk, { sub: 'wang', roles: [role] })}`,
});
const get = async (path: string, role?: 'dispatcher') => call(`${sample.url}/v1/operations/${path}`, { headers: await bearer(role) });
const order = async (path: string, body: unknown, role?: 'dispatcher') =>
  post(`${sample.url}/v1/operations/${path}`, body, await bearer(role));
const said = (...from: readonly string[]) => from.map((ticketId) => ({ ticketId, sequence: 1 }));

it.each(['parked', `parked/${TICKET}`, 'quarantine', 'quarantine/t/0/1', 'restoration', `tickets/${TICKET}`, 'sequences'])(
  '%s is the operators’ to ask',
  async (path) => {
    expect(await get(path, 'dispatcher')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await call(`${sample.url}/v1/operations/${path}`)).status).toBe(401);
  },
);

describe('how much a service has said', () => {
  it('is told page by page, in the order of the tickets’ ids', async () => {
    const first = await get('sequences?limit=2');
    expect(first).toMatchObject({ status: 200, body: { service: 'intake', epoch: 2, tickets: said(...ids.slice(0, 2)), next: ids[1] } });
    const last = await get(`sequences?limit=2&after=${ids[1]}`);
    expect(last.body).toEqual({ service: 'intake', epoch: 2, tickets: said(...ids.slice(2)) });
    expect((await get(`sequences?after=${ids[2]}`)).body).toEqual({ service: 'intake', epoch: 2, tickets: [] });
    expect(asked.at(-1)).toEqual([ids[2], 1_000]);
  });
});

describe('what can’t be asked', () => {
  it.each([
    ['sequences?limit=0', '/limit', 'query'],
    ['sequences?limit=10001', '/limit', 'query'],
    ['sequences?limit=many', '/limit', 'query'],
    ['sequences?after=1', '/after', 'query'],
    ['sequences?after=019AA000-0000-7000-8000-000000000001', '/after', 'query'],
    ['parked?limit=1001', '/limit', 'query'],
    ['parked/20261122-000001', '/ticketId', 'path'],
    ['tickets/20261122-000001', '/ticketId', 'path'],
    ['quarantine?limit=1.5', '/limit', 'query'],
    ['quarantine/t/first/1', '/partition', 'path'],
    ['quarantine/t/0/-1', '/offset', 'path'],
    ['quarantine/t/0/1?value=yes', '/value', 'query'],
  ])('%s is told where it is wrong, in both languages', async (path, pointer, where) => {
    expect(await get(path)).toMatchObject({
      status: 400,
      body: { code: 'invalid-parameters', errors: [{ pointer, in: where, detailZh: expect.stringMatching(/\p{Script=Han}/u) }] },
    });
  });
});

describe('a lost log', () => {
  it('is held, taken and said to again, in this order and by operators', async () => {
    expect(await order('log/hold', {}, 'dispatcher')).toMatchObject({ status: 403 });
    expect(await order('log/take', {})).toMatchObject({ status: 409, body: { code: 'log-not-held' } });
    expect(await order('log/hold', {})).toMatchObject({ status: 200, body: { since: at.toISOString() } });
    expect((await order('log/take', {})).body).toEqual({ cluster: 'k', topics: ['paidan.tickets'] });
    expect((await order('log/republish', { since: '2026-11-22T09:00:00+08:00' })).body).toEqual({ events: 3, notices: 1 });
    expect(steps).toEqual(['hold', '2026-11-22T01:00:00.000Z']);
  });

  it.each([{}, { since: 'yesterday' }, { since: '2026-11-22T09:00:00' }, { since: '2026-02-30T09:00:00Z' }])(
    'isn’t said to again since %j',
    async (body) => {
      expect(await order('log/republish', body)).toMatchObject({
        status: 422,
        body: { errors: expect.arrayContaining([expect.objectContaining({ pointer: '/since' })]) },
      });
    },
  );
});

it('what was told again is handed on, if it is of use', async () => {
  const story = { cluster: 'k', stretches: [{ partition: 0, from: 3, to: 9 }], positions: [{ partition: 0, offset: 17 }] };
  expect(await order('restoration/history', story)).toMatchObject({ status: 202, body: { service: 'intake', epoch: 2 } });
  expect(steps.at(-1)).toBe('k');
  expect(await order('restoration/history', { ...story, cluster: 'z' })).toMatchObject({
    status: 409,
    body: { code: 'history-out-of-date' },
  });
  const wrong = await order('restoration/history', { ...story, positions: [{ partition: 0, offset: -1 }] });
  expect(wrong).toMatchObject({ status: 422, body: { errors: [{ pointer: '/positions/0/offset' }] } });
});

it('what a restored schema was told and what it lost is shown', async () => {
  expect((await get('restoration')).body).toEqual({
    ...{ service: 'intake', epoch: 2, begunAt: at.toISOString(), told: true, emptied: false, wantsHistory: false },
    ...{ recalled: 5, unfolded: 1, saidAnew: 2, noticesNotRepeated: 3, commandsPassedOver: 4, goneUnread: 0 },
    lost: [{ what: 'contact-data', count: 2, tickets: ['20261122-000001', '20261122-000002'] }],
  });
});

describe('parked tickets', () => {
  const failure = { code: '22P02', message: 'invalid input syntax for type integer: "…"' };

  it('are listed and shown without what their errors quote', async () => {
    const ticket = { ticketId: TICKET, waiting: 2, since: at.toISOString(), errorCode: failure.code, errorMessage: failure.message };
    expect((await get('parked')).body).toEqual({ count: 1, tickets: [ticket] });
    expect((await get(`parked/${TICKET}`)).body).toEqual({
      ticketId: TICKET,
      count: 2,
      records: [{ ...record, parkedAt: at.toISOString(), error: failure }],
    });
    expect((await order(`parked/${TICKET}/replay`, {})).body).toEqual({ ticketId: TICKET, replayed: 0, remaining: 2, error: failure });
    expect(await get(`parked/${ids[1]}`)).toMatchObject({
      status: 404,
      body: { code: 'nothing-parked', titleZh: '该工单在此没有停放的记录' },
    });
  });

  it('lose a record on an order that names it and says why, in the caller’s name, and the log has it', async () => {
    const reason = '联系人13800138000的旧版本消息';
    const done = await order(`parked/${TICKET}/discard`, { record: '17', reason });
    expect(done).toMatchObject({ status: 200, body: { discarded: { record: '17', error: failure, by: 'li', handled: true } } });
    expect(ordered).toEqual([{ ticketId: TICKET, record: '17', reason, by: 'wang' }]);
    const line =
      sample
        .lines()
        .split('\n')
        .find((one) => one.includes('discarded')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ level: 'warn', by: 'wang', discardedBy: 'li', ticketId: TICKET, record: '17', code: '22P02' });
    expect(sample.lines()).not.toContain('13800138000');
  });

  it.each([
    ['no record', { reason: 'why' }, '/record'],
    ['a number', { record: 17, reason: 'why' }, '/record'],
    ['a record by another name', { record: 'the first', reason: 'why' }, '/record'],
    ['no reason', { record: '17' }, '/reason'],
    ['an empty reason', { record: '17', reason: '' }, '/reason'],
    ['a long reason', { record: '17', reason: 'x'.repeat(501) }, '/reason'],
    ['a NUL', { record: '17', reason: 'a\0b' }, '/reason'],
    ['another’s name', { record: '17', reason: 'why', by: 'somebody else' }, '/by'],
  ])('lose nothing on an order with %s', async (_, body, pointer) => {
    const before = ordered.length;
    expect(await order(`parked/${TICKET}/discard`, body)).toMatchObject({
      status: 422,
      body: { code: 'validation-failed', errors: [{ pointer, detailZh: expect.stringMatching(/\p{Script=Han}/u) }] },
    });
    expect(await order(`parked/${TICKET}/discard`, body, 'dispatcher')).toMatchObject({ status: 403 });
    expect(ordered).toHaveLength(before);
  });
});

it('a quarantined value is shown without numbers that reach a person, and not at all where a seal is in it', () => {
  expect(valueOf(Buffer.from('{"phone":"13800138000"'))).toEqual({ value: '{"phone":"[number]"' });
  expect(valueOf(null)).toEqual({ value: '' });
  const sealed = [
    { keyId: 'c1', sealed: 'x' },
    [{ content: { kind: 'sealed', keyId: 'k1', sealed: 'x' } }],
    `{"a": {"\\u0073ealed": "x"}}`,
    '{"content":{"kind":"sealed","sealed":"broken off',
  ];
  for (const value of sealed)
    expect(valueOf(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))).toEqual({ sealed: true });
});

it('all of it is described, with shapes', async () => {
  const { body } = await call(`${sample.url}/openapi.json`);
  const paths = body['paths'] as Record<string, Record<string, { responses: Record<string, { content?: object }> }>>;
  const operations = Object.entries(paths).filter(([path]) => path.startsWith('/v1/operations/'));
  expect(operations.map(([path]) => path.replace('/v1/operations/', '')).sort()).toEqual([
    'log/hold',
    'log/republish',
    'log/take',
    'parked',
    'parked/{ticketId}',
    'parked/{ticketId}/discard',
    'parked/{ticketId}/replay',
    'quarantine',
    'quarantine/{topic}/{partition}/{offset}',
    'restoration',
    'restoration/history',
    'sequences',
    'tickets/{ticketId}',
  ]);
  for (const operation of operations.flatMap(([, item]) => Object.values(item)))
    expect((operation.responses['200'] ?? operation.responses['202'])?.content).toBeDefined();
  expect(body).toMatchObject({
    components: {
      schemas: { DiscardRecord: { required: ['record', 'reason'], additionalProperties: false }, WaitingView: { type: 'object' } },
    },
  });
});
