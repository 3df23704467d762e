import { LocalKeys } from '@paidan/local';
import { until } from '@paidan/testing';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DISPATCHER } from '../desk.kit.js';
import { good } from './bodies.kit.js';
import { officerOf, type Scene } from './scene.kit.js';

/** Who calls without, with another's or with a forged right to do so. */
export function wrongCallers(scene: Scene): void {
  describe('a key', () => {
    const post = async (key?: string) => {
      const body = good(`key-${randomUUID()}`);
      const answer = await scene.city.call('intake', 'POST', '/v1/submissions', { body, ...(key === undefined ? {} : { key }) });
      if (answer.status === 201) scene.accepted.push(String(answer.body['ticketId']));
      return answer;
    };
    /** The services look for changes of keys and channels every 2 s. */
    const answeredBy = (key: string, status: number) =>
      until(
        `answered ${status}`,
        async () => {
          const answer = await post(key);
          return answer.status === status ? answer : undefined;
        },
        5_000,
      );

    it('is needed, and must be one that was given out', async () => {
      const none = await post();
      await scene.expectProblem('intake', none, 401, 'unauthenticated');
      expect(none.headers.get('www-authenticate')).toContain('ApiKey');
      await scene.expectProblem('intake', await post(`pdk_${'A'.repeat(43)}`), 401, 'key-unknown');
      await scene.expectProblem('intake', await post('x'.repeat(4_000)), 401, 'key-unknown');
    });

    it('stops working within two seconds of being revoked', async () => {
      const { key, keyId } = await scene.city.keys.mintApiKey('web-portal');
      await answeredBy(key, 201);
      await scene.city.keys.revokeApiKey(keyId);
      await scene.expectProblem('intake', await answeredBy(key, 401), 401, 'key-revoked');
    });

    it('of a channel that is inactive, struck off or was never registered hands in nothing', async () => {
      const file = join(scene.city.system.cityDir, 'channels.csv');
      await writeFile(file, (await readFile(file, 'utf8')).replace(/^fax-gone,.*\n/m, ''));
      for (const channel of ['fax-old', 'fax-gone', 'nowhere']) {
        const { key } = await scene.city.keys.mintApiKey(channel);
        await scene.expectProblem('intake', await answeredBy(key, 403), 403, 'unknown-channel');
      }
    });

    it('of another channel sees nothing of this one’s tickets, and its ids are its own', async () => {
      const key = await scene.city.keys.localApiKey('sms-12345');
      const mine = await scene.accept(good('ours'));
      await scene.expectProblem('intake', await scene.city.call('intake', 'GET', `/v1/tickets/${mine}`, { key }), 404, 'unknown-ticket');
      expect(await scene.accept(good('ours', { text: '同一编号，另一件事：路灯整夜不亮，行人看不清台阶。' }), 'sms-12345')).not.toBe(mine);
      await scene.expectProblem(
        'intake',
        await scene.city.call('intake', 'GET', `/v1/tickets/${mine}/contact?purpose=follow-up`, { key }),
        403,
        'forbidden',
      );
      await scene.expectProblem('dispatch', await scene.city.call('dispatch', 'GET', '/v1/held', { key }), 403, 'forbidden');
    });
  });

  describe('a token', () => {
    const held = (token?: string) => scene.city.call('dispatch', 'GET', '/v1/held', token === undefined ? {} : { token });

    it('is needed, must not have expired, and must give the role', async () => {
      await scene.expectProblem('dispatch', await held(), 401, 'unauthenticated');
      await scene.expectProblem(
        'dispatch',
        await held(await scene.city.token({ ...DISPATCHER, lifetimeSeconds: -3_600 })),
        401,
        'token-expired',
      );
      await scene.expectProblem('dispatch', await held(await scene.city.token(officerOf(scene.holder))), 403, 'forbidden');
      await scene.expectProblem(
        'intake',
        await scene.city.as(DISPATCHER, 'intake', 'POST', '/v1/submissions', good('by-person')),
        403,
        'forbidden',
      );
      expect((await held(await scene.city.token(DISPATCHER))).status).toBe(200);
    });

    it('must be signed by the city’s own key, whatever it says of itself', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'paidan-forger-'));
      const theirs = await (await LocalKeys.open(folder)).token(DISPATCHER);
      await rm(folder, { recursive: true });
      await scene.expectProblem('dispatch', await held(theirs), 401, 'token-invalid');

      const [head = '', claims = '', signature = ''] = (await scene.city.token(DISPATCHER)).split('.');
      const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
      const asSupervisor = encode({ ...(JSON.parse(Buffer.from(claims, 'base64url').toString()) as object), roles: ['supervisor'] });
      const forged = [
        [head, claims, theirs.split('.')[2]],
        [head, asSupervisor, signature],
        [encode({ alg: 'none', typ: 'JWT' }), claims, ''],
        [encode({ alg: 'HS256', typ: 'JWT' }), claims, signature],
        ['not', 'a', 'token'],
      ];
      for (const parts of forged) await scene.expectProblem('dispatch', await held(parts.join('.')), 401, 'token-invalid');
    });
  });
}
