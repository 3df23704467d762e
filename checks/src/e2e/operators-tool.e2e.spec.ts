import { encodeHeaders } from '@paidan/contracts';
import { freePort } from '@paidan/local';
import { until } from '@paidan/testing';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paidan, type Ran } from '../paidan.js';
import { City, SERVICES, type ServiceName } from './city.kit.js';
import { OPERATOR } from './desk.kit.js';
import { CITIZEN, NOISE, officerOf } from './main-path.kit.js';
import { rowsOf } from './operators-tool.kit.js';

/*
 * The operators' tool on a whole system, as a process of its own: what it says of a ticket that is well, of one that four services can't process, and how
 * that one comes to flow again. Each part stands on the one before it. What becomes of wrong arguments is in its own specs.
 * Each call of it is a process that starts, a second of one core: on a busy machine a part takes a minute.
 */

/** The services that read the log; intake only writes it. */
const READERS = SERVICES.filter((name) => name !== 'intake');

let city: City;
let folder: string;
let ticket: { readonly ticketId: string; readonly number: string };
/** As on the machine of the local run, and as wang's on another one. */
let here: NodeJS.ProcessEnv;
let elsewhere: NodeJS.ProcessEnv;
let wang: { readonly token: string; readonly tokenId: string };
beforeAll(async () => {
  [city, folder] = await Promise.all([City.open(), mkdtemp(join(tmpdir(), 'paidan-tool-'))]);
  here = { PAIDAN_DATA_DIR: city.system.dataDir };
}, 300_000);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await city?.close();
}, 60_000);

const json = <T>({ code, out, err }: Ran): T => {
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as T;
};
/** Neither what the citizen left nor what the tool is trusted with. */
const expectNoSecrets = ({ out, err }: Ran): void => {
  for (const datum of Object.values(CITIZEN)) expect(out + err).not.toContain(datum);
  expect(out + err).not.toMatch(/pdk_|eyJ/);
};
const operations = async (service: ServiceName, path: string) => (await city.as(OPERATOR, service, 'GET', `/v1/operations/${path}`)).body;
const counted = (what: 'parked' | 'quarantine', count: number) =>
  until(`${count} of ${what} in each`, async () => {
    const found = await Promise.all(READERS.map(async (service) => (await operations(service, what))['count']));
    return found.every((one) => one === count) ? true : undefined;
  });
const lead = async (): Promise<string> => String((await city.log.event('ticket.assigned', ticket.ticketId)).json['lead']);

describe('keys', () => {
  it('mints an adapter’s key and takes it back while the services run', async () => {
    const { key, keyId } = json<{ key: string; keyId: string }>(
      await paidan(['keys', 'mint', 'adapter', '--channel', 'web-portal', '--json'], here),
    );
    const submit = (externalId: string) => city.call('intake', 'POST', '/v1/submissions', { key, body: { ...NOISE, externalId } });
    const accepted = await until('the key counts', async () => {
      const answer = await submit('tool-1');
      return answer.status === 201 ? answer : undefined;
    });
    ticket = accepted.body as unknown as typeof ticket;
    expect((await paidan(['keys', 'revoke', keyId], here)).out).toMatch(new RegExp(`^id +${keyId}\n`));
    await until('it no longer does', async () => ((await submit('tool-2')).body['code'] === 'key-revoked' ? true : undefined), 5_000);
  }, 180_000);

  it('mints an operator’s token, with which another machine asks', async () => {
    wang = json(await paidan(['keys', 'mint', 'person', '--role', 'operator', '--sub', 'wang', '--json'], here));
    const { urls, metricsUrls } = city.system;
    const services = Object.fromEntries(SERVICES.map((name) => [name, { url: urls[name], metrics: [metricsUrls[name]] }]));
    await writeFile(join(folder, 'services.json'), JSON.stringify(services));
    await writeFile(join(folder, 'token'), `${wang.token}\n`);
    elsewhere = { PAIDAN_SERVICES: join(folder, 'services.json'), PAIDAN_TOKEN_FILE: join(folder, 'token') };
    expect(await paidan(['parked', 'list'], elsewhere)).toEqual({ code: 0, out: 'no ticket is parked\n', err: '' });
  }, 180_000);
});

describe('of a system that is well', () => {
  it('status says so', async () => {
    for (const url of Object.values(city.system.metricsUrls))
      await until('it is well', async () => (await (await fetch(`${url}/health/ready`)).text()).includes('"status":"ok"') || undefined);
    const ran = await paidan(['status'], here);
    expect(ran).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/\n\nall is well\n$/) });
    expect(rowsOf(ran.out).map(({ service, health, epoch, parked }) => [service, health, epoch, parked])).toEqual(
      SERVICES.map((name) => [name, 'ok', '1', '0']),
    );
    expect(rowsOf(ran.out).find(({ service }) => service === 'department-handler')?.['records behind']).toMatch(
      /^commands \d.*, directory \d.*, tickets \d/,
    );
  }, 180_000);

  it('story tells a ticket by number and by id, in the language that is asked for', async () => {
    const unit = await lead();
    await city.log.event('clock.started', ticket.ticketId);
    await until('feedback and the unit have it', async () => {
      const trail = await city.as(OPERATOR, 'feedback', 'GET', `/v1/tickets/${ticket.number}/trail`);
      const { work } = await operations('department-handler', `work-items/${ticket.ticketId}`);
      return JSON.stringify(trail.body).includes('clock.started') && JSON.stringify(work ?? {}).includes('respond') ? true : undefined;
    });
    const [told, zh] = await Promise.all([
      paidan(['story', ticket.number], here),
      paidan(['story', ticket.ticketId, '--lang', 'zh'], elsewhere),
    ]);
    for (const ran of [told, zh]) expectNoSecrets(ran);
    expect(told).toMatchObject({ code: 0, err: '' });
    const head = `^Ticket ${ticket.number} ${ticket.ticketId}\n  complaint · normal · open · web-portal \\(.*\\) · received .* · contact data left`;
    expect(told.out).toMatch(new RegExp(head));
    expect(told.out).toMatch(/\n {2}2\d{3}-\d\d-\d\d \d\d:\d\d:\d\d {2}intake {14}received by .* as ticket /);
    // Why it went where it went.
    expect(told.out).toMatch(/dispatch {12}dispatched to .*\n( +– .*\n)+/);
    expect(told.out).toMatch(/\nAhead\n(.*sla-monitor.*\n)+/);
    expect(told.out).toMatch(new RegExp(`department-handler  offered since .*, assignment 1, ${unit}\n`));
    expect(told.out).toMatch(/\nWaits\n {2}nothing of it waits anywhere\n$/);
    const times = [...(told.out.split('\nAhead')[0] ?? '').matchAll(/^ {2}(2.{18})/gm)].map(([, time]) => time);
    expect(times).toEqual([...times].sort());

    expect(zh.out).toMatch(new RegExp(`^工单 ${ticket.number} `));
    expect(zh.out).toMatch(/派单至.*\n[^]*\n将到\n[^]*\n现状\n[^]*\n等待\n {2}各服务均无等待\n$/);
  }, 180_000);
});

describe('a draft of the rules', () => {
  const draft = (lead: string): string =>
    `name: 草案\nrules:\n  - id: noise\n    title: { zh: 噪声, en: Noise }\n    priority: 1\n    when: { words: { any: [施工] } }\n    then: { lead: ${lead} }\n`;

  it('is tried on the newest tickets; one that could not be published is refused as then', async () => {
    const [rules, wrong] = [join(folder, 'draft.yaml'), join(folder, 'wrong.yaml')];
    await Promise.all([writeFile(rules, draft('city-education')), writeFile(wrong, draft('nobody'))]);
    const ran = await paidan(['simulate', '--rules', rules, '--last', '100', '--lang', 'zh'], here);
    expect(ran).toMatchObject({ code: 0, out: expect.stringMatching(/^最近 \d+ 件工单，按现行与草案各判定一次/) });
    expect(ran.out).toMatch(new RegExp(`\n${ticket.number} ${ticket.ticketId}  改派其他单位\n {2}之前\n[^]*\n {2}之后\n[^]*教育局`));
    expectNoSecrets(ran);
    const { result } = JSON.parse((await paidan(['simulate', '--rules', rules, '--json'], here)).out) as {
      readonly result: { readonly tickets: number };
    };
    const { tickets } = result;
    expect(result).toMatchObject({
      changed: { 'other-unit': tickets },
      moves: [{ from: await lead(), to: 'city-education', tickets }],
    });
    const refused = await paidan(['simulate', '--rules', wrong], here);
    expect(refused).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/\(rule-set-invalid\)[^]*\/document\/rules\/0\/then\/lead: /),
    });
    // Whoever may not publish rules.
    expect(await paidan(['simulate', '--rules', rules], elsewhere)).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('(forbidden)'),
    });
  }, 180_000);
});

describe('of a ticket that four services can’t process', () => {
  interface Shown {
    readonly records: readonly { readonly record: string }[];
  }
  const reason = '测试：未发布的版本';
  let place: string;

  it('status, list and show say what waits', async () => {
    const headers = encodeHeaders({
      id: randomUUID(),
      source: '/paidan/intake',
      type: 'paidan.ticket.withdrawn.v7',
      subject: ticket.ticketId,
      time: new Date().toISOString(),
      sequence: 2,
      epoch: 1,
    });
    const { partition, offset } = await city.log.write('paidan.tickets', { phone: CITIZEN.phone }, { key: ticket.ticketId, headers });
    place = `paidan.tickets/${partition}@${offset}`;
    await counted('parked', 1);
    const [status, list, shown] = await Promise.all([
      paidan(['status'], here),
      paidan(['parked', 'list'], elsewhere),
      paidan(['parked', 'show', ticket.number], here),
    ]);
    expect(status.code).toBe(1);
    for (const name of READERS) expect(status.out).toContain(`\n${name}: 1 ticket parked: paidan parked list --service ${name}\n`);
    expect(list.code).toBe(0);
    expect(rowsOf(list.out).map(({ service, ticket: id, waiting, error }) => [service, id, waiting, error])).toEqual(
      READERS.map((name) => [name, ticket.ticketId, '1', 'unknown-version']),
    );
    expectNoSecrets(shown);
    expect(shown.out.match(/paidan\.ticket\.withdrawn\.v7 +intake 1\.2 /g)).toHaveLength(READERS.length);
    expect(shown.out).toContain(place);
  }, 180_000);

  it('replay does nothing that can’t be done, and says why', async () => {
    const ran = await paidan(['parked', 'replay', ticket.number, '--service', 'dispatch'], here);
    const said = /^dispatch: 0 processed; 1 of ticket .* the first fails: unknown-version/;
    expect(ran).toMatchObject({ code: 1, err: '', out: expect.stringMatching(said) });
  }, 180_000);

  it('discard throws away the record that was shown, once; then the ticket flows', async () => {
    const order = (service: string, ...more: string[]) => [
      'parked',
      'discard',
      ticket.number,
      '--service',
      service,
      '--reason',
      reason,
      ...more,
    ];
    const [wrong, show] = await Promise.all([
      paidan(order('dispatch', '--record', '999999'), here),
      paidan(['parked', 'show', ticket.ticketId, '--service', 'dispatch', '--json'], here),
    ]);
    const notFirst = /^dispatch: Another record .* \/ 工单当前等待的是另一条记录 \(not-first\)/;
    expect(wrong).toMatchObject({ code: 1, out: '', err: expect.stringMatching(notFirst) });
    const record = json<Shown[]>(show)[0]?.records[0]?.record ?? '';
    const others = READERS.filter((name) => name !== 'dispatch');
    const done = await Promise.all([
      ...[0, 1].map(() => paidan(order('dispatch', '--record', record), elsewhere)),
      ...others.map((service) => paidan(order(service), elsewhere)),
    ]);
    for (const ran of done) {
      expect(ran).toMatchObject({ code: 0, err: '' });
      expect(ran.out).toMatch(/^discarded +record \d+: paidan\.ticket\.withdrawn\.v7, .*\nwhose word +intake 1\.2, counts as handled\n/);
      expect(ran.out).toMatch(/\nby +wang, .*\nreason +测试：未发布的版本\n\S+: 0 processed; ticket .* waits for nothing here\n$/);
    }
    const kept = await city.rows('select discarded_by, reason, value is not null as whole from dispatch.discarded');
    expect(kept).toEqual([{ discarded_by: 'wang', reason, whole: true }]);

    const unit = await lead();
    const sign = { commandId: randomUUID(), assignment: 1 };
    const signed = await city.as(officerOf(unit), 'department-handler', 'POST', `/v1/work-items/${ticket.ticketId}/signature`, sign);
    expect(signed.status).toBe(200);
    await until('feedback has heard it', async () => {
      const trail = await city.as(OPERATOR, 'feedback', 'GET', `/v1/tickets/${ticket.number}/trail`);
      return JSON.stringify(trail.body).includes('assignment.signed') ? true : undefined;
    });
    const [status, story] = await Promise.all([paidan(['status'], elsewhere), paidan(['story', ticket.number], here)]);
    expect(status.code).toBe(0);
    const discarded = `( {2}\\S+ +discarded: paidan\\.ticket\\.withdrawn\\.v7, ${place}, .*, wang, ${reason} \\(unknown-version\\)\n)`;
    expect(story.out).toMatch(new RegExp(`signed by[^]*\nWaits\n${discarded}{${READERS.length}}`));
  }, 180_000);

  it('the services’ logs name the operator and nothing that was written', async () => {
    const logs = await city.serviceLogs();
    const lines = logs.flatMap(({ text }) => text.split('\n').filter((line) => line.includes('record of a parked ticket discarded')));
    expect(lines).toHaveLength(READERS.length + 1);
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ level: 'warn', by: 'wang', discardedBy: 'wang', type: 'paidan.ticket.withdrawn.v7' });
    for (const { text } of logs) expect(text).not.toContain(CITIZEN.phone);
  });
});

describe('a record that belongs to no ticket', () => {
  it('is listed, and its value shown when it is asked for', async () => {
    const { partition, offset } = await city.log.write(
      'paidan.tickets',
      { note: `call ${CITIZEN.phone}` },
      { key: 'no-ticket', headers: { ce_type: 'paidan.ticket.registered.v1' } },
    );
    const place = `paidan.tickets/${partition}@${offset}`;
    await counted('quarantine', 1);
    const show = ['quarantine', 'show', place, '--service', 'feedback'];
    const [list, without, shown] = await Promise.all(
      [['quarantine', 'list'], show, [...show, '--value']].map((args) => paidan(args, here)),
    );
    const expected = { where: place, reason: 'bad-key' };
    expect(rowsOf(list?.out ?? '')).toEqual(READERS.map((service) => expect.objectContaining({ service, ...expected })));
    expect(without?.out).not.toContain('value');
    expect(shown?.out).toMatch(/\nvalue +"\{\\"note\\":\\"call \[number\]\\"\}"\n$/);
  }, 180_000);
});

describe('a service that was restored from a back-up', () => {
  it('is told of: what the log gave back, and what is lost', async () => {
    expect(await paidan(['restoration'], here)).toEqual({ code: 0, out: 'nothing was ever restored from a back-up\n', err: '' });
    // As whoever has restored it does; nothing is missing in this one.
    await city.rows('select intake.schema_restored()');
    await until('it is over', async () => (await operations('intake', 'restoration'))['endedAt'] !== undefined || undefined);
    const [told, data, none] = await Promise.all([
      paidan(['restoration'], here),
      paidan(['restoration', '--json'], elsewhere),
      paidan(['restoration', '--service', 'feedback', '--json'], here),
    ]);
    expect(told).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/\n\nnothing is lost that can be named\n$/) });
    expect(rowsOf(told.out)).toEqual([
      expect.objectContaining({ service: 'intake', epoch: '2', 'known by': 'being told', 'not folded': '0', 'said anew': '0' }),
    ]);
    expect(json<object[]>(data)).toEqual([
      expect.objectContaining({ service: 'intake', told: true, endedAt: expect.any(String), lost: [] }),
    ]);
    expect(json<object[]>(none)).toEqual([]);
  }, 180_000);
});

describe('what can’t be done', () => {
  it('ends with 2 where nobody answers, with 1 where a service refuses', async () => {
    const gone = `http://127.0.0.1:${await freePort()}`;
    const nowhere = join(folder, 'nowhere.json');
    await writeFile(nowhere, JSON.stringify({ intake: { url: gone, metrics: gone } }));
    await paidan(['keys', 'revoke', wang.tokenId], here);
    await until(
      'the token is taken back',
      async () =>
        (await city.call('dispatch', 'GET', '/v1/operations/parked', { token: wang.token })).body['code'] === 'token-revoked' || undefined,
    );
    const nobody = randomUUID();
    const calls: readonly (readonly [string[], NodeJS.ProcessEnv, number, RegExp])[] = [
      [['status'], { PAIDAN_DATA_DIR: folder }, 2, /^No system runs on .*: npm start starts one/],
      [
        ['parked', 'list'],
        { PAIDAN_SERVICES: nowhere, PAIDAN_TOKEN: 'x' },
        2,
        new RegExp(`^intake: ${gone} does not answer: ECONNREFUSED\n$`),
      ],
      [['story', nobody], here, 2, new RegExp(`^no service has heard of ticket ${nobody}`)],
      [['parked', 'replay', ticket.number, '--service', 'intake'], here, 1, /^intake: .* \/ .* \(nothing-parked\)/],
      [['parked', 'list'], elsewhere, 1, /The token has been revoked \/ 登录凭证已被撤销 \(token-revoked\)/],
    ];
    const ran = await Promise.all(calls.map(([args, env]) => paidan(args, env)));
    for (const [at, [args, , code, err]] of calls.entries())
      expect({ args, code: ran[at]?.code, err: ran[at]?.err }).toEqual({ args, code, err: expect.stringMatching(err) });
  }, 180_000);
});
