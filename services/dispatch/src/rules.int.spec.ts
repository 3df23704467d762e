import { sharedInfra, until } from '@paidan/testing';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ActiveRules } from './application/active-rules.js';
import { DispatchBench, type Answer } from './dispatch.kit.js';

let bench: DispatchBench;
beforeAll(async () => {
  bench = await DispatchBench.open(sharedInfra().brokers);
}, 90_000);
afterAll(async () => {
  await bench.close();
}, 60_000);

const rule = (id: string, more: object = {}) => ({
  id,
  title: { zh: `规则${id}`, en: `Rule ${id}` },
  priority: 10,
  when: { words: { any: ['路灯'] } },
  then: { lead: 'city-urban-management' },
  ...more,
});
const set = (name: string, ...rules: object[]) => ({ name, rules: rules.length > 0 ? rules : [rule('lamps')] });
const send = (body: object, role: 'supervisor' | 'dispatcher' = 'supervisor', replica = 0): Promise<Answer> =>
  bench.call('POST', '/v1/rule-sets', [role], body, {}, replica);
const publish = (version: number, body: object, replica = 0): Promise<Answer> =>
  bench.call('POST', `/v1/rule-sets/${version}/publication`, ['supervisor'], body, {}, replica);
const get = (path = '/active', replica = 0): Promise<Answer> =>
  bench.call('GET', `/v1/rule-sets${path}`, ['dispatcher'], undefined, {}, replica);
const inForce = async (): Promise<number> => Number((await get()).body['version']);
const kept = async (): Promise<number> => ((await get('')).body['ruleSets'] as object[]).length;

describe('the rules of the city’s folder', () => {
  it('are version 1 of a schema that has none', async () => {
    expect((await get()).body).toMatchObject({
      version: 1,
      publication: 1,
      name: '示例市派单规则',
      createdBy: 'city',
      inForce: true,
      dead: [],
    });
    const document = (await get()).body['document'] as { rules: object[] };
    expect((await get('/1')).body).toMatchObject({ version: 1, document });
    expect(bench.services[0]?.app.get(ActiveRules).rules.rules).toHaveLength(document.rules.length);
  });
});

describe('a set of rules', () => {
  it('is checked without being kept; refused whole, with every problem by rule and place', async () => {
    const before = await kept();
    expect(await send({ mode: 'check', document: set('检查') })).toEqual({ status: 200, body: { rules: 1, inForce: false } });
    const wrong = set(
      '错误',
      rule('one', { then: { lead: 'nobody' } }),
      rule('two', { when: { area: ['110000'] }, until: '2020-01-01' }),
      rule('three', { unless: ['zz'] }),
    );
    const refused = await send({ mode: 'publish', expectedVersion: 1, document: wrong });
    expect(refused).toMatchObject({ status: 422, body: { code: 'rule-set-invalid', titleZh: '规则集存在问题，不能发布' } });
    const errors = refused.body['errors'] as { rule: string; pointer: string; code: string; detailZh: string }[];
    expect(errors.map(({ rule, pointer, code }) => [rule, pointer, code])).toEqual(
      expect.arrayContaining([
        ['one', '/document/rules/0/then/lead', 'unknown-unit'],
        ['two', '/document/rules/1/when/area/0', 'unknown-area'],
        ['two', '/document/rules/1/until', 'ended'],
        ['three', '/document/rules/2/unless/0', 'unknown-rule'],
      ]),
    );
    expect(errors.every(({ detailZh }) => detailZh.length > 0)).toBe(true);
    expect(await send({ mode: 'publish', expectedVersion: 1, document: { name: 'x', rules: [{ id: 'A' }] } })).toMatchObject({
      status: 422,
      body: { code: 'validation-failed', errors: expect.arrayContaining([expect.objectContaining({ pointer: '/document/rules/0/id' })]) },
    });
    expect(await send({ mode: 'publish', document: set('无') })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/expectedVersion' }] },
    });
    expect([await inForce(), await kept()]).toEqual([1, before]);
  });

  it('is published by a supervisor alone, and read by dispatchers', async () => {
    expect(await send({ mode: 'publish', expectedVersion: 1, document: set('x') }, 'dispatcher')).toMatchObject({ status: 403 });
    expect((await get()).status).toBe(200);
    expect(await get('/999')).toMatchObject({ status: 404, body: { code: 'no-rule-set' } });
    expect(await inForce()).toBe(1);
  });

  it('is in force in a second replica without a restart; sent again it stays what it is', async () => {
    await bench.start();
    const sent = { mode: 'publish', expectedVersion: 1, document: set('二') };
    const answer = await send(sent);
    expect(answer).toMatchObject({ status: 200, body: { version: 2, publication: 2, inForce: true } });
    expect(await send(sent)).toEqual(answer);
    expect(await inForce()).toBe(2);
    await until('the second replica follows', async () => (await get('/active', 1)).body['version'] === 2);
    expect(bench.services[1]?.app.get(ActiveRules).rules.name).toBe('二');
  });

  it('loses a race against another with 409 and the version in force', async () => {
    const answers = await Promise.all(
      ['甲', '乙', '丙'].map((name, at) => send({ mode: 'publish', expectedVersion: 2, document: set(name) }, 'supervisor', at % 2)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    for (const { status, body } of answers)
      if (status === 409) expect(body).toMatchObject({ code: 'stale-rule-set', state: { version: 3 } });
    expect(await kept()).toBe(3);
  });

  it('waits as a draft until it is published; an earlier one can be put in force again', async () => {
    const draft = await send({ mode: 'draft', document: set('草稿') });
    expect(draft).toMatchObject({ status: 200, body: { version: 4, inForce: false } });
    expect(await inForce()).toBe(3);
    expect(await publish(4, { expectedVersion: 2 })).toMatchObject({ status: 409, body: { state: { version: 3 } } });
    expect(await publish(4, { expectedVersion: 3 })).toMatchObject({ status: 200, body: { version: 4, publication: 4 } });
    expect(await publish(2, { expectedVersion: 4, note: '回退' })).toMatchObject({ status: 200, body: { version: 2, publication: 5 } });
    await until('both follow', async () => (await get('/active', 1)).body['publication'] === 5 && (await inForce()) === 2);
    const page = await get('?limit=2');
    expect(page.body).toMatchObject({ inForce: 2, ruleSets: [{ version: 4 }, { version: 3 }], next: 3 });
    expect((await get('?limit=2&before=3')).body).toMatchObject({ ruleSets: [{ version: 2, inForce: true }, { version: 1 }] });
    await expect(bench.runtime.database.query(`update rule_set set note = 'x'`)).rejects.toMatchObject({ code: '42501' });
    await expect(bench.runtime.database.query('delete from rule_set_publication')).rejects.toMatchObject({ code: '42501' });
  });

  it('stays in force when the directory closes a unit that it names, and says so', async () => {
    const units = join(bench.folder, 'city', 'units.csv');
    writeFileSync(units, readFileSync(units, 'utf8').replace(/^(city-urban-management,.*),yes,/m, '$1,no,'));
    await bench.start();
    await until('the first replica has the newer directory', async () => ((await get()).body['dead'] as object[]).length > 0);
    expect((await get()).body).toMatchObject({
      version: 2,
      dead: [
        { rule: 'lamps', pointer: '/rules/0/then/lead', code: 'unit-inactive', explanation: { zh: expect.stringContaining('已停用') } },
      ],
    });
    const health = (await (await fetch(`${bench.services[0]?.url}/health/ready`)).json()) as {
      status: string;
      sources: Record<string, unknown>;
    };
    expect(health).toMatchObject({ status: 'degraded', sources: { rules: { ok: false, affects: 'degraded' } } });
    expect(await publish(4, { expectedVersion: 2 })).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'unit-inactive', rule: 'lamps' }] },
    });
    expect(await inForce()).toBe(2);
  });
});

describe('a folder with wrong rules', () => {
  it('is not read while the schema has a set, and keeps an empty schema from starting', async () => {
    const path = join(bench.folder, 'city', 'rules.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace('lead: utility-gas', 'lead: utility-gaz'));
    await expect(bench.start()).resolves.toBeDefined();
    const other = DispatchBench.open(sharedInfra().brokers, (folder) =>
      writeFileSync(join(folder, 'city', 'rules.yaml'), 'name: x\nrules:\n  - id: a1\n'),
    );
    await expect(other).rejects.toThrow(/rules\.yaml:3: rule a1: .*title/s);
  }, 60_000);
});
