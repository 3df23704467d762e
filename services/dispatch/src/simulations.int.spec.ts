import { registration } from '@paidan/contracts/happenings';
import { sharedInfra, until } from '@paidan/testing';
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { beginning } from './adapters/postgres/simulations.kit.js';
import { DispatchBench, newTicket, type Answer } from './dispatch.kit.js';
import { someMessages } from './domain/classifier/messages.kit.js';
import { encodeModel } from './model-file.js';
import { train } from './train/run.js';

let bench: DispatchBench;
beforeAll(async () => {
  bench = await DispatchBench.open(sharedInfra().brokers, (folder) =>
    appendFileSync(join(folder, 'city', 'labels.csv'), '公交,06\n污染,07\n学校,11\n'),
  );
}, 90_000);
afterAll(async () => {
  await bench.close();
}, 60_000);

const begin = (body: object, roles: readonly ('supervisor' | 'dispatcher' | 'operator')[] = ['supervisor'], replica = 0): Promise<Answer> =>
  bench.call('POST', '/v1/simulations', roles, body, {}, replica);
const show = (id: unknown, replica = 0): Promise<Answer> =>
  bench.call('GET', `/v1/simulations/${String(id)}`, ['supervisor'], undefined, {}, replica);
const ended = (id: unknown, replica = 0): Promise<Answer['body']> =>
  until('the end', async () => {
    const { body } = await show(id, replica);
    return body['state'] !== 'running' && body;
  });
const simulated = async (body: object): Promise<Answer['body']> => {
  const begun = await begin(body);
  expect(begun.status).toBe(202);
  return ended(begun.body['id']);
};

const register = async (title: string, text: string): Promise<string> => {
  const ticketId = newTicket();
  await bench.happens(
    ticketId,
    'ticket.registered',
    registration({ channel: 'web-portal', channelKind: 'web', content: { kind: 'open', title, text } }),
  );
  return ticketId;
};
const decided = (ticketId: string): Promise<unknown> =>
  until('its decision', () => bench.said.find((event) => event.ticketId === ticketId && event.name !== 'ticket.registered'));

const kites = (more: object = {}) => ({
  name: '风筝草案',
  rules: [
    {
      id: 'kites',
      title: { zh: '风筝', en: 'Kites' },
      priority: 500,
      when: { words: { any: ['风筝挂在'] } },
      then: { lead: 'city-education' },
      ...more,
    },
  ],
});

describe('a simulation', () => {
  let kite: string;
  let secret: string;
  beforeAll(async () => {
    kite = await register('风筝挂在高处', '一只风筝挂在高处，没有人去取。');
    const noise = await register('夜间施工噪声扰民', '工地夜间施工，施工噪声很大，夜间施工到凌晨两点。');
    secret = newTicket();
    const content = { title: '举报', text: '风筝挂在单位门口，请保密。' };
    await bench.happens(
      secret,
      'ticket.registered',
      registration({ confidentiality: 'confidential', channel: 'web-portal', channelKind: 'web', content: bench.sealed(secret, content) }),
    );
    for (const ticket of [kite, noise, secret]) await decided(ticket);
  });

  it('of rules tells what changes, for whom, and shows why; what is under seal is counted alone', async () => {
    const before = bench.said.length;
    const { result, ...rest } = await simulated({ rules: kites(), samples: 10 });
    expect(rest).toMatchObject({
      state: 'done',
      last: 10_000,
      done: 3,
      askedBy: 'supervisor-1',
      asked: { rules: '风筝草案', model: false, samples: 10 },
    });
    expect(result).toMatchObject({
      tickets: 3,
      unreadable: 0,
      changed: { 'now-assigned': 2 },
      loads: expect.arrayContaining([expect.objectContaining({ unit: 'city-education', led: 0, ledAfter: 2 })]) as unknown,
      moves: expect.arrayContaining([
        { from: null, fromName: null, to: 'city-education', toName: expect.stringContaining('教育局') as unknown, tickets: 2 },
      ]) as unknown,
    });
    const { samples } = result as { samples: readonly Record<string, unknown>[] };
    const found = samples.find(({ ticketId }) => ticketId === kite);
    expect(found).toMatchObject({
      change: 'now-assigned',
      before: { did: 'held' },
      after: { did: 'assigned', lead: 'city-education', by: { kind: 'rule', rule: 'rule-set' } },
    });
    expect(JSON.stringify(found)).toContain('风筝');
    expect(samples.some(({ ticketId }) => ticketId === secret)).toBe(false);
    // Nothing of it was carried out.
    expect(bench.said).toHaveLength(before);
    expect(await bench.call('GET', `/v1/tickets/${kite}/routing`, ['dispatcher'])).toMatchObject({ body: { status: 'held' } });
  });

  it('of the newest tickets alone, when so many are asked for', async () => {
    expect(await simulated({ rules: kites(), last: 1 })).toMatchObject({ state: 'done', done: 1, result: { tickets: 1 } });
  });

  it('of a kept set takes it by its version; of the one in force nothing changes', async () => {
    const { body } = await bench.call('POST', '/v1/rule-sets', ['supervisor'], { mode: 'draft', document: kites() });
    expect(await simulated({ version: body['version'] })).toMatchObject({
      asked: { version: body['version'] },
      result: { changed: { 'now-assigned': 2 } },
    });
    expect(await simulated({ version: 1 })).toMatchObject({ result: { tickets: 3, unchanged: 3, moves: [], samples: [] } });
  });

  it('of a model that the city has not yet decides by it', async () => {
    const rows = someMessages(240, 1).map(({ label, text }, at) => ({ label, text, line: at + 2 }));
    const model = Buffer.from(encodeModel(train({ data: { name: 'data.csv', rows }, seed: 1 }).stored)).toString('base64');
    const { result, state } = await simulated({ model });
    expect({ state, tickets: (result as { tickets: number }).tickets }).toEqual({ state: 'done', tickets: 3 });
    expect(await begin({ model: model.slice(0, 4_000) })).toMatchObject({ status: 422, body: { code: 'draft-model-invalid' } });
  });

  it('is found at another replica, too', async () => {
    const replica = bench.services.length;
    await bench.start();
    const { body } = await begin({ rules: kites() }, ['supervisor'], replica);
    expect(await ended(body['id'])).toMatchObject({ state: 'done' });
  });

  it('tells of a text that can’t be opened', async () => {
    const ticketId = newTicket();
    const elsewhere = bench.sealed(ticketId, { title: '举报', text: '密' }, 2);
    // Kept by a replica that holds the key.
    await bench.runtime.database.query(
      `insert into ticket (ticket_id, sequence, handled, timers, timer_version, parked, record)
       select $1, 1, '{}', '[]', 0, false, record from ticket where ticket_id = $2`,
      [ticketId, secret],
    );
    await bench.runtime.database.query('insert into ticket_text values ($1, $2)', [ticketId, JSON.stringify(elsewhere)]);
    expect(await simulated({ rules: kites() })).toMatchObject({ result: { tickets: 4, unreadable: 1 } });
  });

  it('of rules that no longer raise an urgency takes each ticket as it came in, not as a rule had raised it', async () => {
    const leak = await register('楼道里燃气泄漏', '楼道里燃气泄漏，气味很大。');
    await decided(leak);
    expect(await bench.call('GET', `/v1/tickets/${leak}/routing`, ['dispatcher'])).toMatchObject({ body: { urgency: 'critical' } });
    const { result } = await simulated({ rules: kites(), samples: 50 });
    const { aspects, samples } = result as {
      readonly aspects: Readonly<Record<string, number>>;
      readonly samples: readonly { readonly ticketId: string; readonly before: object; readonly after: object }[];
    };
    expect(aspects['urgency']).toBe(1);
    const found = samples.find(({ ticketId }) => ticketId === leak);
    expect(found?.before).toMatchObject({ urgency: 'critical' });
    expect(found?.after).not.toHaveProperty('urgency');
  });
});

describe('a simulation is refused', () => {
  it.each([
    ['without a draft', {}, 422, 'nothing-to-try'],
    ['with two sets of rules', { rules: kites(), version: 1 }, 422, 'nothing-to-try'],
    ['of a version that nobody kept', { version: 999 }, 404, 'no-rule-set'],
    ['of rules that could not be published', { rules: kites({ then: { lead: 'nobody' } }) }, 422, 'rule-set-invalid'],
    ['of what is no model', { model: 'bm90IGEgbW9kZWw=' }, 422, 'draft-model-invalid'],
    ['of too many tickets', { rules: kites(), last: 100_001 }, 422, 'validation-failed'],
  ])('%s', async (_what, body, status, code) => {
    const answer = await begin(body);
    expect(answer).toMatchObject({ status, body: { code, titleZh: expect.any(String) as unknown } });
  });

  it('to who may not publish rules', async () => {
    for (const role of ['dispatcher', 'operator'] as const) expect(await begin({ rules: kites() }, [role])).toMatchObject({ status: 403 });
  });

  it('while another one runs; one whose replica is gone stands in nobody’s way', async () => {
    const gone = await beginning(bench.runtime.database, randomUUID());
    expect(await begin({ rules: kites() })).toMatchObject({ status: 409, body: { code: 'simulation-running', state: { id: gone } } });
    await bench.runtime.database.query(`update simulation set touched_at = now() - interval '2 minutes' where id = $1`, [gone]);
    expect((await show(gone)).body).toMatchObject({ state: 'interrupted' });
    expect(await simulated({ rules: kites() })).toMatchObject({ state: 'done' });
    expect((await show(gone)).body).toMatchObject({ state: 'interrupted', endedAt: expect.any(String) as unknown });
  });

  it('when nobody asked for it', async () => {
    expect(await show(randomUUID())).toMatchObject({ status: 404, body: { code: 'unknown-simulation', titleZh: '没有该模拟' } });
  });
});

it('a replica that ends says that its simulation did not', async () => {
  const replica = bench.services.length;
  const service = await bench.start();
  const { body } = await begin({ rules: kites() }, ['supervisor'], replica);
  await service.stop();
  expect(['interrupted', 'done']).toContain((await ended(body['id']))['state']);
});
