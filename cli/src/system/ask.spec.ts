import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { ask, Refused, Unreachable } from './ask.js';
import { askAll, askThoseThatHave } from './ask-all.js';
import type { ServiceAt } from './services-file.js';

const problem = {
  code: 'validation-failed',
  title: 'Some fields are wrong',
  titleZh: '部分字段有误',
  detail: 'see errors',
  errors: [{ pointer: '/reason', detail: 'is too long', detailZh: '过长' }],
};

let server: Server;
let here: ServiceAt;
let gone: ServiceAt;
beforeAll(async () => {
  server = createServer((request, response) => {
    const { url = '', method, headers } = request;
    if (url === '/refuses') return void response.writeHead(422).end(JSON.stringify(problem));
    if (url === '/page') return void response.end('<html>');
    void once(request.resume(), 'end').then(() =>
      response.end(JSON.stringify({ url, method, authorization: headers.authorization, type: headers['content-type'] })),
    );
  });
  const closed = createServer();
  const portOf = async (one: Server): Promise<string> => {
    await once(one.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
  };
  const [url, nowhere] = [await portOf(server), await portOf(closed)];
  await once(closed.close(), 'close');
  here = { name: 'intake', url, metricsUrls: [] };
  gone = { name: 'dispatch', url: nowhere, metricsUrls: [] };
});
afterAll(() => server.close());

it('asks with the token, and orders with a body', async () => {
  expect(await ask(here, '/a?b=1', 'tok')).toEqual({ url: '/a?b=1', method: 'GET', authorization: 'Bearer tok' });
  expect(await ask(here, '/a', 'tok', {})).toMatchObject({ method: 'POST', type: 'application/json' });
});

it('a refusal says what is wrong, in both languages, field by field', async () => {
  const refused = ask(here, '/refuses', 'tok');
  await expect(refused).rejects.toThrow(Refused);
  await expect(refused).rejects.toMatchObject({
    code: 'validation-failed',
    status: 422,
    message: 'intake: Some fields are wrong / 部分字段有误 (validation-failed): see errors\n  /reason: is too long / 过长',
  });
});

it('what is no answer of a service is told apart from a refusal', async () => {
  await expect(ask(here, '/page', 'tok')).rejects.toThrow(
    new Unreachable(`intake: ${here.url} answers 200 with no JSON: is it a service of Paidan?`),
  );
  await expect(ask(gone, '/a', 'tok')).rejects.toThrow(new Unreachable(`dispatch: ${gone.url} does not answer: ECONNREFUSED`));
});

describe('of several', () => {
  it('one that fails leaves the others’ answers', async () => {
    expect(await askAll([gone, here], (service) => ask(service, '/a', 'tok'))).toEqual({
      found: [{ service: 'intake', answer: expect.objectContaining({ url: '/a' }) as unknown }],
      missing: [`dispatch: ${gone.url} does not answer: ECONNREFUSED`],
    });
  });

  it('none answers: a refusal says more than silence', async () => {
    await expect(askAll([gone, here], (service) => ask(service, '/refuses', 'tok'))).rejects.toThrow(Refused);
    await expect(askAll([gone], (service) => ask(service, '/a', 'tok'))).rejects.toThrow(Unreachable);
  });

  it('one that has nothing of what is asked for is left out; another refusal is none', async () => {
    expect(await askThoseThatHave([here], '/refuses', 'tok', 'validation-failed')).toEqual({ found: [], missing: [] });
    expect(await askThoseThatHave([here], '/a', 'tok', 'validation-failed')).toMatchObject({ found: [{ service: 'intake' }] });
    await expect(askThoseThatHave([here], '/refuses', 'tok', 'nothing-parked')).rejects.toThrow(Refused);
  });

  it('a mistake of ours is not taken for an answer that is missing', async () => {
    const broken = () => Promise.reject(new TypeError('x is not a function'));
    await expect(askAll([here], broken)).rejects.toThrow(TypeError);
  });
});
