import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { postSigned, type PostOptions } from './post.js';
import { publicLookup } from './public-address.js';

const folder = mkdtempSync(join(tmpdir(), 'paidan-post-'));
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const secretFile = join(folder, 'secret');
writeFileSync(secretFile, secret);

let server: Server;
let port: number;
let seen: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
let answer: (response: ServerResponse) => void = (response) => response.end();
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ headers: request.headers, body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  seen = [];
});

const options: PostOptions = { timeoutMs: 2_000, allowPrivate: true, now: () => Date.now() };
const post = (change: Partial<PostOptions> = {}, url = `http://127.0.0.1:${port}/replies`) =>
  postSigned({ url: new URL(url), secretFile }, 't1.1', '{"text":"路灯已修复"}', { ...options, ...change });

describe('a signed post', () => {
  it('is verified by the library of Standard Webhooks, whose id stays while its time does not', async () => {
    answer = (response) => response.writeHead(204).end();
    expect(await post()).toEqual({ ok: true });
    const [{ headers, body } = { headers: {}, body: '' }] = seen;
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual({ text: '路灯已修复' });
    expect(headers['webhook-id']).toBe('t1.1');
    expect(() => new Webhook(secret).verify(`${body} `, headers as Record<string, string>)).toThrow('signature');
  });

  it.each([
    [500, {}, { failure: 'status', detail: 'answered 500' }],
    [404, {}, { failure: 'status', detail: 'answered 404' }],
    [503, { 'retry-after': '30' }, { failure: 'status', retryAfterMs: 30_000 }],
    [410, {}, { failure: 'gone' }],
    [302, { location: 'http://127.0.0.1/elsewhere' }, { failure: 'redirect', detail: 'answered 302: redirects are not followed' }],
    [307, { location: '/again' }, { failure: 'redirect' }],
  ])('answered %d has failed', async (status, headers, expected) => {
    answer = (response) => response.writeHead(status, headers).end('no');
    expect(await post()).toMatchObject({ ok: false, ...expected });
    expect(seen).toHaveLength(1);
  });

  it('that is not answered in time, or by nobody, has failed', async () => {
    answer = () => undefined;
    expect(await post({ timeoutMs: 100 })).toEqual({ ok: false, failure: 'timeout', detail: 'no answer within 100 ms' });
    expect(await post({}, 'http://127.0.0.1:1/')).toMatchObject({ failure: 'connection', detail: 'ECONNREFUSED' });
  });

  it('reads no endless answer', async () => {
    answer = (response) => {
      const more = (): void => void (response.write('x'.repeat(65_536)) ? setImmediate(more) : response.once('drain', more));
      response.on('close', () => response.removeAllListeners('drain'));
      more();
    };
    expect(await post()).toEqual({ ok: true });
  });

  it('does not go into a private range: as an address, by a name, or over plain http', async () => {
    answer = (response) => response.end();
    const guarded = { allowPrivate: false };
    expect(await post(guarded)).toMatchObject({ failure: 'insecure' });
    expect(await post(guarded, `https://127.0.0.1:${port}/`)).toEqual({
      ok: false,
      failure: 'address',
      detail: '127.0.0.1 is not a public address',
    });
    expect(await post(guarded, 'https://[::ffff:10.0.0.1]/')).toMatchObject({ failure: 'address' });
    expect(await post(guarded, `https://localhost:${port}/`)).toMatchObject({ failure: 'address' });
    const rebinding = publicLookup((_host, _options, done) => done(null, [{ address: '169.254.169.254', family: 4 }]));
    expect(await post({ ...guarded, lookup: rebinding }, 'https://channel.example/')).toMatchObject({
      failure: 'address',
      detail: 'channel.example leads to 169.254.169.254, which is not a public address',
    });
    expect(seen).toEqual([]);
  });

  it('without a readable secret is not sent', async () => {
    writeFileSync(secretFile, 'changed by hand');
    expect(await post()).toMatchObject({ failure: 'secret' });
    writeFileSync(secretFile, secret);
    expect(seen).toEqual([]);
  });
});
