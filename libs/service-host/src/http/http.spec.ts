import { connect } from 'node:net';
import { isShape } from '@paidan/contracts';
import { call, post, SampleController, SampleSubmission, startSample, type Sample } from '../testing/sample-service.kit.js';

let sample: Sample;
beforeAll(async () => {
  sample = await startSample();
});
afterAll(() => sample.service.stop());

const at = (path: string): string => `${sample.url}${path}`;
const json = { 'content-type': 'application/json' };
const good = { externalId: 'web-1', text: '路灯不亮', contact: { name: '张三', phone: '13800000000' } };

/** Everything a problem document must have. */
const expectProblem = (answer: Awaited<ReturnType<typeof call>>, status: number, code: string): void => {
  expect({ status: answer.status, body: answer.body }).toEqual({
    status,
    body: expect.objectContaining({
      type: `/problems/${code}`,
      status,
      code,
      title: expect.any(String),
      titleZh: expect.stringMatching(/[一-龥]/),
    }) as unknown,
  });
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.body['requestId']).toBe(answer.headers.get('x-request-id'));
};

describe('a body', () => {
  it('reaches the handler as an instance of its class', async () => {
    const answer = await post(at('/v1/open'), good);
    expect(answer).toMatchObject({ status: 202, body: { ticketId: 'web-1' } });
    expect(SampleController.seen.at(-1)).toBeInstanceOf(SampleSubmission);
  });

  it('with wrong and unknown fields is 422, naming each, nested ones too, in both languages', async () => {
    const answer = await post(at('/v1/open'), { externalId: '', contact: { name: '张三', phone: '12', admin: true }, debug: 1 });
    expectProblem(answer, 422, 'validation-failed');
    const errors = answer.body['errors'] as { pointer: string; code: string; detail: string; detailZh?: string }[];
    expect(errors.map(({ pointer, code }) => `${pointer} ${code}`).sort()).toEqual([
      '/contact/admin unknown-field',
      '/contact/phone matches',
      '/debug unknown-field',
      '/externalId is-length',
      '/text required',
    ]);
    expect(errors.find(({ pointer }) => pointer === '/contact/phone')?.detailZh).toBe('手机号码格式不对');
    expect(errors.every(({ detail, detailZh }) => detail.length > 0 && /[一-龥]/.test(detailZh ?? ''))).toBe(true);
  });

  it.each([
    ['cut off', '{"externalId": "a", ', 'malformed-json'],
    ['not JSON', 'externalId=a', 'malformed-json'],
    ['empty', '', 'malformed-json'],
    ['with a poisoned prototype', '{"__proto__": {"isAdmin": true}}', 'malformed-json'],
    ['in GBK', Buffer.from('7b2261223a22c2b7b5c6227d', 'hex'), 'malformed-text'],
  ])('that is %s is 400', async (_, body, code) => {
    const answer = await call(at('/v1/open'), { method: 'POST', headers: json, body });
    expectProblem(answer, 400, code);
    expect(JSON.stringify(answer.body)).not.toContain('externalId');
  });

  it('says where malformed JSON breaks', async () => {
    const answer = await call(at('/v1/open'), { method: 'POST', headers: json, body: '{"a": "b" "c"}' });
    expect(answer.body['detail']).toBe('the error is at character 10');
  });

  it('of more than 1 MiB is 413, of nearly as much is taken', async () => {
    const answer = await post(at('/v1/open'), { ...good, text: 'x'.repeat(1_048_576) });
    expectProblem(answer, 413, 'body-too-large');
    expect(answer.body['detail']).toBe('at most 1048576 bytes are taken');
    expectProblem(await post(at('/v1/open'), { ...good, text: 'x'.repeat(1_048_000) }), 422, 'validation-failed');
  });

  it('of more than 1 MiB in chunks, without a length, is 413', async () => {
    const chunk = new TextEncoder().encode('x'.repeat(65_536));
    let sent = 0;
    const body = new ReadableStream({ pull: (controller) => (sent++ < 20 ? controller.enqueue(chunk) : controller.close()) });
    const init = { method: 'POST', headers: json, body, duplex: 'half' } as RequestInit;
    expectProblem(await call(at('/v1/open'), init), 413, 'body-too-large');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'multipart/form-data; boundary=x'])(
    'of type %s is 415',
    async (type) => {
      const answer = await call(at('/v1/open'), { method: 'POST', headers: { 'content-type': type }, body: 'a=b' });
      expectProblem(answer, 415, 'unsupported-media-type');
      expect(answer.body['detail']).toBe('only application/json is taken');
    },
  );

  it('that is missing, or no object, is 422', async () => {
    expectProblem(await call(at('/v1/open'), { method: 'POST' }), 422, 'validation-failed');
    expectProblem(await post(at('/v1/open'), [good]), 422, 'validation-failed');
  });

  it('is known by class-validator’s decorators here as in contracts: one copy of the library', () => {
    expect(isShape(SampleSubmission)).toBe(true);
  });
});

describe('an address', () => {
  it('that does not exist is 404, and the answer does not repeat it', async () => {
    const answer = await call(at('/v1/nothing?queryCode=QC-1'));
    expectProblem(answer, 404, 'not-found');
    expect(JSON.stringify(answer.body)).not.toContain('QC-1');
  });

  it('with a wrong method is 405 and names the right ones', async () => {
    const answer = await call(at('/v1/open?x=1'));
    expectProblem(answer, 405, 'method-not-allowed');
    expect(answer.headers.get('allow')).toBe('POST');
    expect((await call(at('/v1/tickets/7'), { method: 'DELETE' })).headers.get('allow')).toBe('GET, HEAD');
  });

  it('with wrong parameters is 400 and names them', async () => {
    expect((await call(at('/v1/list?limit=5'))).body).toEqual({ limit: 5 });
    const answer = await call(at('/v1/list?limit=500&offset=1'));
    expectProblem(answer, 400, 'invalid-parameters');
    expect((answer.body['errors'] as object[]).length).toBe(2);
    expect(answer.body['errors']).toContainEqual(expect.objectContaining({ pointer: '/limit', in: 'query', code: 'max' }));
  });

  it('with NUL, a bad escape or a parameter too long is refused by name', async () => {
    expectProblem(await call(at('/v1/tickets/a%00b')), 400, 'invalid-parameters');
    expectProblem(await call(at('/v1/tickets/%zz')), 400, 'malformed-url');
    expectProblem(await call(at(`/v1/tickets/${'x'.repeat(300)}`)), 414, 'address-too-long');
  });
});

describe('an error', () => {
  it('of the domain becomes a problem with its extensions', async () => {
    const parked = await call(at('/v1/fails/parked'));
    expectProblem(parked, 409, 'ticket-parked');
    expect(parked.body).toMatchObject({ detail: 'ticket 1 is parked', retryable: true, ticketId: '1' });
    const stale = await call(at('/v1/fails/stale'));
    expectProblem(stale, 409, 'stale-command');
    expect(stale.body).toMatchObject({ titleZh: '工单已被更新，请刷新', current: 4 });
  });

  it('that will pass says when to come again', async () => {
    const database = await call(at('/v1/fails/database'));
    expectProblem(database, 503, 'database-unavailable');
    expect(database.headers.get('retry-after')).toBe('2');
    expect(JSON.stringify(database.body)).not.toContain('10.0.0.3');
    const busy = await call(at('/v1/fails/busy'));
    expectProblem(busy, 429, 'too-many-requests');
    expect(busy.headers.get('retry-after')).toBe('7');
  });

  it.each(['bug', 'sql', 'undefined'])('nobody expected (%s) is 500 and lets nothing out', async (how) => {
    const answer = await call(at(`/v1/fails/${how}`));
    expectProblem(answer, 500, 'internal-error');
    expect(Object.keys(answer.body).sort()).toEqual(['code', 'requestId', 'status', 'title', 'titleZh', 'type']);
    expect(sample.lines().includes(String(answer.body['requestId']))).toBe(true);
  });

  it('leaves no contact data in the log, nor does a request', async () => {
    await post(at('/v1/open?queryCode=QC-1'), { ...good, contact: { name: '张三', phone: '138000000001' }, name: '李四' });
    await call(at('/v1/fails/bug'));
    expect(['张三', '李四', '13800000000', 'QC-1', sample.key].filter((part) => sample.lines().includes(part))).toEqual([]);
    expect(sample.lines().includes('"method":"POST","route":"/v1/open","status":422')).toBe(true);
  });
});

describe('an answer', () => {
  it('has the security headers and the caller’s request id, if that is a decent one', async () => {
    const { headers } = await call(at('/v1/tickets/1'), { headers: { 'x-request-id': 'abc-1' } });
    expect(headers.get('x-request-id')).toBe('abc-1');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    const other = await call(at('/v1/tickets/1'), { headers: { 'x-request-id': 'a b' } });
    expect(other.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('survives a client that speaks no HTTP', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(sample.service.port, '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
      let text = '';
      socket.on('data', (data) => (text += data.toString())).on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1.1 400/);
    expect((await call(at('/v1/tickets/1'))).status).toBe(200);
  });
});

describe('open pages', () => {
  it('list the problems, each at its own type address', async () => {
    const { body } = await call(at('/problems'));
    const list = body['problems'] as { type: string; code: string }[];
    expect(list.map(({ code }) => code)).toEqual(expect.arrayContaining(['stale-command', 'token-expired', 'validation-failed']));
    for (const { type, code } of list) expect((await call(at(type))).body).toMatchObject({ code });
    expectProblem(await call(at('/problems/constructor')), 404, 'not-found');
    const page = await fetch(at('/problems/token-expired'), { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('登录已过期');
  });

  it('give health without credentials, here and on the other port', async () => {
    expect((await call(at('/health/live'))).body).toEqual({ status: 'ok' });
    const other = `http://127.0.0.1:${sample.service.metricsPort}`;
    for (const base of [sample.url, other]) {
      expect(await call(`${base}/health/ready`)).toMatchObject({
        status: 200,
        body: { status: 'ok', service: 'sample', sources: { 'API key file': { ok: true } } },
      });
    }
    expect((await fetch(`${other}/anything`)).status).toBe(404);
  });

  it('count requests by route, not by address', async () => {
    await call(at('/v1/tickets/4711'));
    const metrics = await (await fetch(`http://127.0.0.1:${sample.service.metricsPort}/metrics`)).text();
    expect(metrics).toMatch(
      /paidan_http_request_duration_seconds_count\{[^}]*method="GET",route="\/v1\/tickets\/:id",status="200"[^}]*\} \d/,
    );
    expect(metrics).toContain('process_resident_memory_bytes');
    // As a label: a figure may hold any digits.
    expect(metrics).not.toMatch(/="[^"]*4711/);
    expect((await call(at('/metrics'))).status).toBe(404);
  });

  it('try the API offline: the page and each file it names', async () => {
    const page = await (await fetch(at('/docs'))).text();
    const files = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(files).toContain('docs/swagger-ui-bundle.js');
    for (const file of files) expect([file, (await fetch(at(`/${file}`))).status]).toEqual([file, 200]);
    expect(page).not.toMatch(/https?:\/\//);
    expectProblem(await call(at('/docs/package.json')), 404, 'not-found');
    expectProblem(await call(at('/docs/..%2fpackage.json')), 404, 'not-found');
  });
});
