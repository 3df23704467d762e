import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { CallbackServer, faultOf } from './callback-server.js';

const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');

describe('a signature', () => {
  // The example of the specification.
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const body = Buffer.from('{"test": 2432232314}');
  const now = 1_614_265_330_000;

  it('is that of the specification', () => expect(faultOf(headers, body, secret, now)).toBeUndefined());

  it('may be one of several', () => {
    const several = { ...headers, 'webhook-signature': `v1,AAAA v1a,xyz ${headers['webhook-signature']}` };
    expect(faultOf(several, body, secret, now)).toBeUndefined();
  });

  it.each([
    ['of another body', headers, Buffer.from('{"test": 1}'), now, 'with a wrong signature'],
    ['of another message', { ...headers, 'webhook-id': 'msg_other' }, body, now, 'with a wrong signature'],
    ['of no version', { ...headers, 'webhook-signature': 'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' }, body, now, 'wrong signature'],
    ['of yesterday', headers, body, now + 86_400_000, 'signed too long ago'],
    ['without a time', { ...headers, 'webhook-timestamp': 'today' }, body, now, 'without an id and a time'],
    ['that is not there', { 'webhook-id': 'a', 'webhook-timestamp': '1614265330' }, body, now, 'with a wrong signature'],
  ])('%s is none', (_what, given, said, at, fault) => expect(faultOf(given, said, secret, at)).toContain(fault));
});

describe('the systems of the channels', () => {
  const sample = JSON.parse(
    readFileSync(new URL('../../../../libs/contracts/samples/callback.reply.v1.json', import.meta.url), 'utf8'),
  ) as { value: { data: { ticketId: string; round: number; text: string } } };
  let server: CallbackServer;
  beforeEach(async () => {
    server = await CallbackServer.open();
  });
  afterEach(() => server.close());

  const post = async (url: string, key: Buffer, id = 'a.1', value: object = sample.value) => {
    const [body, timestamp] = [JSON.stringify(value), String(Math.floor(Date.now() / 1000))];
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
    return (await fetch(url, { method: 'POST', body, headers })).status;
  };

  it('take a signed reply once, and nothing else', async () => {
    const { url, secretFile } = await server.register('web-wenzheng');
    const [text, other] = [await readFile(secretFile, 'utf8'), await server.register('app-city')];
    const key = Buffer.from(text.trim().replace('whsec_', ''), 'base64');
    const told: string[] = [];
    server.onReply = ({ channel, round }) => told.push(`${channel} ${round}`);
    expect(await post(url, key)).toBe(204);
    expect(await post(url, key)).toBe(204);
    expect(await post(other.url, key)).toBe(401);
    expect(await post(`${url}-2`, key)).toBe(401);
    expect(await post(url, key, 'a.2', { type: 'something.else' })).toBe(400);
    const { ticketId, round, text: reply } = sample.value.data;
    expect([...server.received.values()]).toEqual([{ channel: 'web-wenzheng', ticketId, round, text: reply }]);
    expect({ told, repeated: server.repeated, wrong: server.wrong }).toEqual({ told: [`web-wenzheng ${round}`], repeated: 1, wrong: 2 });
  });

  it('fail now and then at first, and take it when it comes again', async () => {
    const { url, secretFile } = await server.register('web-wenzheng');
    const key = Buffer.from((await readFile(secretFile, 'utf8')).trim().slice(6), 'base64');
    const ids = Array.from({ length: 60 }, (_, index) => `ticket-${index}.1`);
    const failed: string[] = [];
    for (const id of ids) if ((await post(url, key, id)) === 500) failed.push(id);
    expect(failed).toHaveLength(1);
    for (const id of failed) expect(await post(url, key, id)).toBe(204);
    expect(server.received.size).toBe(60);
  });
});
