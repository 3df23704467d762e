import { openContent, receiptsTopic, SubmissionV1, submissionsTopic, type EventPayload } from '@paidan/contracts';
import type { LogRecord } from '@paidan/runtime';
import { sharedInfra, until } from '@paidan/testing';
import { openApiFaults } from '@paidan/service-host/testing/openapi-faults';
import { LogDesk } from './application/take-from-log.js';
import { lostSubmissions } from './adapters/postgres/recalled-submissions.js';
import { submissionTable } from './adapters/postgres/tables.js';
import { Registrar } from './application/registrar.js';
import { Vault } from './application/vault.js';
import { IntakeBench, KEYS } from './intake.kit.js';

const PHONE = '13812345678';
const NAME = '欧阳铁柱';
const submission = (externalId: string, more: object = {}) => ({
  externalId,
  appealType: 'complaint',
  title: '夜间施工噪声',
  text: '工地凌晨两点仍在浇筑，无法入睡。',
  place: { address: '建设路 18 号', adminCode: '510105' },
  contact: { name: NAME, phone: PHONE, email: 'tiezhu@example.cn' },
  ...more,
});
const instanceOf = (plain: object): SubmissionV1 => Object.assign(new SubmissionV1(), plain);

let bench: IntakeBench;
beforeAll(async () => {
  bench = await IntakeBench.open(sharedInfra().brokers);
}, 60_000);
afterAll(async () => {
  await bench.close();
});

const outboxOf = async (ticketId: unknown): Promise<EventPayload<'ticket.registered'>[]> => {
  const rows = await bench.rows<{ payload: string }>('select payload from outbox where ticket_id = $1', [ticketId]);
  return rows.map((row) => JSON.parse(row.payload) as EventPayload<'ticket.registered'>);
};

describe('a submission over HTTP', () => {
  it('becomes a ticket once; the same again is the same ticket, another body is refused', async () => {
    const first = await bench.post(submission('a-1'));
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      ticketId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      number: expect.stringMatching(/^\d{8}-\d{6}$/),
      queryCode: expect.stringMatching(/^[2-9A-Z]{8}$/),
    });
    expect(first.headers.get('location')).toBe(`/v1/tickets/${String(first.body['ticketId'])}`);

    const reordered = Object.fromEntries(Object.entries(submission('a-1')).reverse());
    const again = await bench.post(reordered);
    expect([again.status, again.body]).toEqual([200, first.body]);

    const differing = await bench.post(submission('a-1', { contact: { phone: '13912345678' } }));
    expect(differing.status).toBe(409);
    expect(differing.body).toMatchObject({ code: 'submission-differs', ticketId: first.body['ticketId'], number: first.body['number'] });

    const elsewhere = await bench.post(submission('a-1'), bench.channels.sms);
    expect(elsewhere.status).toBe(201);
    expect(elsewhere.body['ticketId']).not.toBe(first.body['ticketId']);
    expect(await outboxOf(first.body['ticketId'])).toHaveLength(1);
  });

  it('says what contracts promise, and the code only as its digest', async () => {
    const { body } = await bench.post(submission('a-2'));
    const [payload] = await outboxOf(body['ticketId']);
    expect(payload).toMatchObject({
      number: body['number'],
      channel: bench.channels.web,
      channelKind: 'web',
      confidentiality: 'open',
      hasContact: true,
      content: { kind: 'open', title: '夜间施工噪声', place: { adminCode: '510105' } },
    });
    expect(JSON.stringify(payload)).not.toContain(body['queryCode']);
  });

  it('tells the same person on another channel from somebody else, and not who it is', async () => {
    const from = async (id: string, contact: object, channel?: string) => {
      const { body } = await bench.post(submission(id, { contact }), channel);
      return (await outboxOf(body['ticketId']))[0]?.citizen;
    };
    const one = await from('a-21', { phone: '13800138000', name: '张某' });
    expect(one).toMatch(/^[\w-]{43}$/);
    expect(await from('a-22', { phone: '+86 138 0013 8000' }, bench.channels.sms)).toBe(one);
    expect(await from('a-23', { phone: '13800138001' })).not.toBe(one);
    expect(await from('a-24', { name: '张某' })).toBeUndefined();
  });

  it('travels and lies sealed when it is a report, opened by the content key under its ticket alone', async () => {
    const { body } = await bench.post(submission('a-3', { appealType: 'report' }));
    const ticketId = String(body['ticketId']);
    const [payload] = await outboxOf(ticketId);
    expect(payload).toMatchObject({ confidentiality: 'confidential', content: { kind: 'sealed', keyId: 'k1' } });
    const keys = { current: 'k1', keys: new Map([['k1', Buffer.from(KEYS.content.keys.k1, 'base64')]]) };
    if (payload === undefined) throw new Error('nothing said');
    expect(openContent(payload.content, ticketId, keys)).toMatchObject({ title: '夜间施工噪声', place: { address: '建设路 18 号' } });
    expect(() => openContent(payload.content, String(body['number']), keys)).toThrow();
    const [text] = await bench.rows<{ content: object }>('select content from ticket_text where ticket_id = $1', [ticketId]);
    expect(text?.content).toMatchObject({ kind: 'sealed' });
  });

  it('is one ticket when it comes a hundred times at once, and a hundred different ones are a hundred', async () => {
    const same = await Promise.all(Array.from({ length: 100 }, () => bench.post(submission('b-same'))));
    expect(same.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(same.filter((answer) => answer.status === 200)).toHaveLength(99);
    expect(new Set(same.map((answer) => JSON.stringify(answer.body))).size).toBe(1);

    const different = await Promise.all(Array.from({ length: 100 }, (_, i) => bench.post(submission(`b-${i}`))));
    expect(different.every((answer) => answer.status === 201)).toBe(true);
    expect(new Set(different.map((answer) => answer.body['number'])).size).toBe(100);
  });

  it.each([
    ['malformed JSON', '{"externalId":', 400, 'malformed-json'],
    ['a wrong type', submission('c-1', { title: 7 }), 422, 'validation-failed'],
    ['an unknown field', submission('c-2', { channel: 'web' }), 422, 'validation-failed'],
    ['NUL in a text', submission('c-3', { text: 'a\0b' }), 422, 'validation-failed'],
    ['a text of 1 MB', submission('c-4', { text: 'x'.repeat(1_100_000) }), 413, 'body-too-large'],
    ['an empty body', '', 400, 'malformed-json'],
  ])('with %s is refused', async (_, body, status, code) => {
    const answer = await bench.post(body);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('needs a key, of a channel that is registered and active', async () => {
    expect(await bench.post(submission('d-1'), 'nobody')).toMatchObject({ status: 401 });
    for (const channel of [bench.channels.inactive, bench.channels.unregistered])
      expect(await bench.post(submission('d-1'), channel)).toMatchObject({ status: 403, body: { code: 'unknown-channel' } });
  });
});

describe('a group commit', () => {
  it('loses only the item that SQL refuses, and equal items of one group are one ticket', async () => {
    const registrar = bench.service.app.get(Registrar);
    const channel = { id: bench.channels.web, kind: 'web' } as const;
    const submit = (externalId: string, title: string) => registrar.submit(channel, instanceOf({ ...submission(externalId), title }));
    // Around the validation: a NUL that gets as far as the database.
    const answers = await Promise.allSettled([
      submit('e-1', 'x'),
      submit('e-2\0', 'x'),
      submit('e-1', 'x'),
      submit('e-3', 'x'),
      submit('e-1', 'y'),
    ]);
    expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.kind : 'refused'))).toEqual([
      'registered',
      'refused',
      'repeated',
      'registered',
      'differs',
    ]);
    const [count] = await bench.rows<{ count: string }>(`select count(*) from submission where external_id like 'e-%'`);
    expect(Number(count?.count)).toBe(2);
  });

  it('of two that want the same ids in another order ends without a deadlock', async () => {
    const { app } = bench.service;
    const { reactor, parts } = bench.runtime;
    const tools = { now: () => parts.clock.now(), newId: () => reactor.transactor.newId() };
    const registrars = [1, 2, 3].map(
      () =>
        new Registrar(
          reactor,
          submissionTable(() => false),
          app.get(Vault),
          tools,
        ),
    );
    const channel = { id: bench.channels.web, kind: 'web' } as const;
    const ids = Array.from({ length: 60 }, (_, i) => `f-${i}`);
    const answers = await Promise.all(
      registrars.flatMap((registrar, i) =>
        (i === 1 ? ids.toReversed() : ids).map(async (externalId) => {
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
          return [externalId, await registrar.submit(channel, instanceOf(submission(externalId)))] as const;
        }),
      ),
    );
    const tickets = new Map<string, Set<string>>();
    for (const [externalId, { ticketId }] of answers) tickets.set(externalId, (tickets.get(externalId) ?? new Set()).add(ticketId));
    expect([...tickets.values()].every((found) => found.size === 1)).toBe(true);
  });
});

describe('a registered ticket', () => {
  const registered = async (externalId: string, more: object = {}) =>
    String((await bench.post(submission(externalId, more))).body['ticketId']);

  it('is shown to its channel and to the desk, words only to who routes, contact data to nobody here', async () => {
    const ticketId = await registered('g-1', { appealType: 'report' });
    const path = `/v1/tickets/${ticketId}`;
    const dispatcher = await bench.get(path, { roles: ['dispatcher'] });
    expect(dispatcher).toMatchObject({
      status: 200,
      body: { ticketId, status: 'registered', hasContact: true, content: { title: '夜间施工噪声' } },
    });
    expect(JSON.stringify(dispatcher.body)).not.toContain(PHONE);
    const operator = await bench.get(path, { roles: ['operator'] });
    expect(operator.body).toMatchObject({ number: expect.any(String) });
    expect(operator.body).not.toHaveProperty('content');
    expect(await bench.getAs(bench.channels.web, path)).toMatchObject({ status: 200, body: { ticketId } });
    expect(await bench.getAs(bench.channels.sms, path)).toMatchObject({ status: 404, body: { code: 'unknown-ticket' } });
    expect(await bench.get(path, { roles: ['officer'] })).toMatchObject({ status: 403 });
    expect(await bench.get('/v1/tickets/0193a3c2-5c00-7000-8000-000000000001', { roles: ['operator'] })).toMatchObject({ status: 404 });
    expect(await bench.get('/v1/tickets/none', { roles: ['operator'] })).toMatchObject({
      status: 400,
      body: { code: 'invalid-parameters' },
    });
  });

  it('gives its contact data for a purpose, and each asking is on record', async () => {
    const [open, report, silent] = [
      await registered('g-2'),
      await registered('g-3', { appealType: 'report' }),
      await registered('g-4', { contact: {} }),
    ];
    const ask = (
      ticketId: string,
      roles: ('officer' | 'dispatcher' | 'operator')[],
      query = 'purpose=arrange-visit&note=%E7%8E%B0%E5%9C%BA',
    ) => bench.get(`/v1/tickets/${ticketId}/contact?${query}`, { sub: 'zhang', roles, unit: 'chengguan' });

    expect(await ask(open, ['officer'])).toMatchObject({ status: 200, body: { name: NAME, phone: PHONE } });
    expect(await ask(report, ['officer'])).toMatchObject({ status: 403, body: { code: 'contact-withheld' } });
    expect(await ask(report, ['dispatcher'])).toMatchObject({ status: 200, body: { phone: PHONE } });
    expect(await ask(silent, ['dispatcher'])).toMatchObject({ status: 404, body: { code: 'unknown-contact' } });
    expect(await ask(open, ['operator'])).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await ask(open, ['officer'], 'purpose=curiosity')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/purpose', in: 'query' }] },
    });
    expect(await ask(open, ['officer'], '')).toMatchObject({ status: 400 });

    const askings = await bench.rows(
      'select ticket_id, subject, unit, purpose, note, outcome from contact_access where ticket_id = any($1::uuid[]) order by at',
      [[open, report, silent]],
    );
    const asked = { subject: 'zhang', unit: 'chengguan', purpose: 'arrange-visit', note: '现场' };
    expect(askings).toEqual([
      { ticket_id: open, ...asked, outcome: 'shown' },
      { ticket_id: report, ...asked, outcome: 'withheld' },
      { ticket_id: report, ...asked, outcome: 'shown' },
      { ticket_id: silent, ...asked, outcome: 'none-left' },
    ]);
    await expect(bench.rows('delete from contact_access')).rejects.toThrow(/permission denied/);
    await expect(bench.rows(`update ticket_text set content = '{}'`)).rejects.toThrow(/permission denied/);
  });
});

describe('the OpenAPI document', () => {
  it('has every route with its shapes', async () => {
    const document = (await (await fetch(`${bench.service.url}/openapi.json`)).json()) as Record<string, Record<string, object>>;
    expect(openApiFaults(document)).toEqual([]);
    const { paths, components } = document;
    expect(Object.keys(paths ?? {})).toEqual(
      expect.arrayContaining(['/v1/submissions', '/v1/tickets/{ticketId}', '/v1/tickets/{ticketId}/contact', '/v1/operations/parked']),
    );
    expect(components?.['schemas']).toMatchObject({
      SubmissionV1: { additionalProperties: false, required: expect.arrayContaining(['externalId', 'text']) },
      Registration: { properties: { content: { $ref: '#/components/schemas/TicketContent' } } },
    });
    expect(paths?.['/v1/tickets/{ticketId}/contact']).toMatchObject({
      get: { parameters: expect.arrayContaining([expect.objectContaining({ name: 'purpose', required: true })]) },
    });
  });
});

describe('operators', () => {
  it('see what is parked, and others don’t', async () => {
    expect(await bench.get('/v1/operations/parked', { roles: ['operator'] })).toMatchObject({
      status: 200,
      body: { count: 0, tickets: [] },
    });
    expect(await bench.get('/v1/operations/parked', { roles: ['dispatcher'] })).toMatchObject({ status: 403 });
  });

  it('see how much was said of each ticket', async () => {
    const { rows } = await bench.runtime.database.query<{ id: string; sequence: number }>(
      'select ticket_id id, sequence from ticket where sequence > 0 order by ticket_id limit 2',
    );
    const [first, second] = rows.map(({ id, sequence }) => ({ ticketId: id, sequence }));
    const page = await bench.get('/v1/operations/sequences?limit=1', { roles: ['operator'] });
    expect(page).toMatchObject({ status: 200, body: { service: 'intake', epoch: 1, tickets: [first], next: first?.ticketId } });
    const after = await bench.get(`/v1/operations/sequences?limit=1&after=${first?.ticketId}`, { roles: ['operator'] });
    expect(after.body).toMatchObject({ tickets: [second] });
  });
});

describe('a submission over the log', () => {
  it('is registered as over HTTP; what can’t be taken is refused with its reason and kept aside, sealed', async () => {
    const { runtime, channels } = bench;
    const topic = submissionsTopic(channels.sms);
    const send = (to: string, values: string[]) =>
      runtime.client.send([
        { topic: to, messages: values.map((value, i) => ({ key: `k${i}`, value, headers: { 'x-phone': PHONE }, partition: 0 })) },
      ]);
    await send(topic, [
      JSON.stringify(submission('h-1')),
      `{"externalId":"h-2","contact":{"phone":"${PHONE}"`,
      JSON.stringify(submission('h-3', { appealType: 'gossip' })),
      JSON.stringify(submission('h-4', { text: 'a\0b' })),
      JSON.stringify(submission('h-1')),
      JSON.stringify(submission('h-1', { title: '另一件事' })),
      JSON.stringify(submission('h-5', { text: 'x'.repeat(300_000) })),
      JSON.stringify(submission('h-6')),
    ]);
    await send(submissionsTopic(channels.unregistered), [JSON.stringify(submission('h-7'))]);

    const desk = bench.service.app.get(LogDesk);
    runtime.start();
    runtime.read({
      group: `test-${channels.sms}`,
      topics: async () => [topic, submissionsTopic(channels.unregistered)],
      handle: async (batch) => {
        await desk.take(batch);
        return true;
      },
    });
    const receipts: LogRecord[] = [];
    runtime.read({
      group: `test-receipts-${channels.sms}`,
      topics: async () => [receiptsTopic(channels.sms), receiptsTopic(channels.unregistered)],
      handle: async (batch) => {
        receipts.push(...batch.slices.flatMap((slice) => slice.records));
        return false;
      },
    });
    await until('nine receipts', () => (receipts.length >= 9 ? true : undefined), 30_000);
    const said = receipts
      .map((record) => JSON.parse(String(record.value)) as Record<string, unknown>)
      .filter(({ channel }) => channel === channels.sms);
    const [first, badJson, badShape, nul, again, differs, large, last] = said;
    expect(first).toMatchObject({
      type: 'submission.accepted',
      externalId: 'h-1',
      number: expect.any(String),
      queryCode: expect.any(String),
    });
    expect(again).toEqual(first);
    expect(badJson).toMatchObject({ type: 'submission.refused', reason: 'bad-json', position: { partition: 0, offset: '1' } });
    expect(badShape).toMatchObject({ reason: 'bad-shape', externalId: 'h-3', errors: [{ pointer: '/appealType', code: 'is-in' }] });
    expect(nul).toMatchObject({ reason: 'bad-shape', errors: [{ pointer: '/text', code: 'text-not-storable' }] });
    expect(differs).toMatchObject({ type: 'submission.refused', reason: 'conflict', externalId: 'h-1' });
    expect(large).toMatchObject({ reason: 'bad-shape', errors: [{ code: 'too-large' }] });
    expect(last).toMatchObject({ type: 'submission.accepted', externalId: 'h-6' });
    const toUnregistered = receipts
      .map((record) => JSON.parse(String(record.value)) as object)
      .find((message) => 'channel' in message && message.channel === channels.unregistered);
    expect(toUnregistered).toMatchObject({ type: 'submission.refused', reason: 'channel-inactive' });

    const quarantined = await bench.rows<{ reason: string }>('select reason from quarantine order by log_offset, topic');
    expect(quarantined.map((row) => row.reason).sort()).toEqual(['bad-json', 'bad-shape', 'bad-shape', 'bad-shape', 'channel-inactive']);
    const viaHttp = await bench.post(submission('h-1'), channels.sms);
    expect([viaHttp.status, viaHttp.body['ticketId']]).toEqual([200, first?.['ticketId']]);
  });
});

describe('contact data', () => {
  it('lies in no table in clear: not in records, events, quarantine, nor anywhere else', async () => {
    await bench.post(submission('i-1'));
    const everything = await bench.everything();
    expect(everything).toContain('夜间施工噪声');
    for (const secret of [PHONE, NAME, 'tiezhu@example.cn'])
      for (const encoding of ['utf8', 'hex', 'base64'] as const) expect(everything).not.toContain(Buffer.from(secret).toString(encoding));
  });
});

describe('what a restoration lost', () => {
  it('is contact data, and what external ids stand for: counted, the oldest ticket named first', async () => {
    const lost = () => lostSubmissions(bench.runtime.database);
    expect(await lost()).toEqual([]);
    const handedIn = await Promise.all(['r-1', 'r-2', 'r-3'].map(async (id) => (await bench.post(submission(id))).body));
    const tickets = handedIn.map(({ ticketId, number }) => ({ ticketId: String(ticketId), number: String(number) }));
    for (const [at, { ticketId }] of tickets.entries())
      await bench.rows(
        `insert into recalled_submission (ticket_id, channel, id_digest, serial, received_at) values ($1, 'web', $2, $3, now())`,
        [ticketId, at === 1 ? null : 'x', -at],
      );
    const [first, second, third] = tickets.map(({ number }) => number);
    expect(await lost()).toEqual([{ what: 'external-ids', count: 1, tickets: [second] }]);
    await bench.rows('delete from contact where ticket_id = any($1)', [tickets.map(({ ticketId }) => ticketId)]);
    expect(await lost()).toEqual([
      { what: 'contact-data', count: 3, tickets: [third, second, first] },
      { what: 'external-ids', count: 1, tickets: [second] },
    ]);
  });
});
