import { Module } from '@nestjs/common';
import { OPERATED_RUNTIME, OperatorsController, type OperatedRuntime } from './operators.controller.js';
import { mintToken } from './auth/mint.js';
import { call, startSample, type Sample } from './testing/sample-service.kit.js';

const ids = [1, 2, 3].map((n) => `019aa000-0000-7000-8000-00000000000${n}`);

/** A table of tickets with one event said of each, read as the statement reads it. */
const asked: (readonly unknown[])[] = [];
const runtime: OperatedRuntime = {
  definition: { service: 'sample' },
  epoch: 2,
  parking: { list: async () => [], count: async () => 0, replay: async (ticketId) => ({ ticketId, replayed: 0, remaining: 0 }) },
  database: {
    query: async <Row>(_sql: string, parameters: readonly unknown[] = []) => {
      asked.push(parameters);
      const [after, limit] = parameters as [string, number];
      const rows = ids.filter((id) => id > after).slice(0, limit);
      return { rows: rows.map((ticketId) => ({ ticketId, sequence: 1 })) as Row[] };
    },
  },
};

@Module({ controllers: [OperatorsController], providers: [{ provide: OPERATED_RUNTIME, useValue: runtime }] })
class Operated {}

let sample: Sample;
beforeAll(async () => {
  sample = await startSample({}, { module: Operated });
});
afterAll(() => sample.service.stop());

const get = async (path: string, role: 'operator' | 'dispatcher' = 'operator') => {
  const token = await mintToken(sample.privateJwk, { sub: 'wang', roles: [role] });
  return call(`${sample.url}/v1/operations/${path}`, { headers: { authorization: `Bearer ${token}` } });
};
const said = (...from: readonly string[]) => from.map((ticketId) => ({ ticketId, sequence: 1 }));

describe('how much a service has said', () => {
  it('is told page by page, in the order of the tickets’ ids', async () => {
    const first = await get('sequences?limit=2');
    expect(first).toMatchObject({ status: 200, body: { service: 'sample', epoch: 2, tickets: said(...ids.slice(0, 2)), next: ids[1] } });
    const last = await get(`sequences?limit=2&after=${ids[1]}`);
    expect(last.body).toEqual({ service: 'sample', epoch: 2, tickets: said(...ids.slice(2)) });
    expect((await get(`sequences?after=${ids[2]}`)).body).toEqual({ service: 'sample', epoch: 2, tickets: [] });
    expect(asked.at(-1)).toEqual([ids[2], 1_000]);
  });

  it('is the operators’ to ask', async () => {
    expect(await get('sequences', 'dispatcher')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await call(`${sample.url}/v1/operations/sequences`)).status).toBe(401);
  });

  it.each([
    ['limit=0', '/limit'],
    ['limit=10001', '/limit'],
    ['limit=many', '/limit'],
    ['after=1', '/after'],
    ['after=019AA000-0000-7000-8000-000000000001', '/after'],
  ])('is not told for %s', async (query, pointer) => {
    expect(await get(`sequences?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid-parameters', errors: [{ pointer, in: 'query' }] },
    });
  });
});

describe('parked tickets', () => {
  it('are listed and replayed under the same roof', async () => {
    expect(await get('parked')).toMatchObject({ status: 200, body: { count: 0, tickets: [] } });
    expect(await get('parked?limit=1001')).toMatchObject({ status: 400, body: { errors: [{ pointer: '/limit' }] } });
  });
});
