import { randomUUID } from 'node:crypto';
import { DISPATCHER } from '../desk.kit.js';
import type { Answer, Call, Who } from '../city.kit.js';
import { good, inGbk, WRONG_SHAPES } from './bodies.kit.js';
import { officerOf, OTHER, type Scene } from './scene.kit.js';

/** What adapters, departments and dispatchers can send wrongly over HTTP. */
export function wrongOverHttp(scene: Scene): void {
  describe('a submission over HTTP', () => {
    it.each(WRONG_SHAPES)('with %s names each wrong field', async (_, body, pointers) => {
      await scene.expectProblem('intake', await scene.city.submit(body), 422, 'validation-failed', pointers);
    });

    it.each<[string, Call, number, string]>([
      ['that breaks off', { body: JSON.stringify(good('half-sent')).slice(0, -20) }, 400, 'malformed-json'],
      ['that is empty', { body: '' }, 400, 'malformed-json'],
      ['in GBK', { body: inGbk(good('gbk'), 'title') }, 400, 'malformed-text'],
      ['that is a form', { body: 'title=a&text=b', contentType: 'application/x-www-form-urlencoded' }, 415, 'unsupported-media-type'],
      ['with a text of 1 MB', { body: good('megabyte', { text: 'x'.repeat(1_048_576) }) }, 413, 'body-too-large'],
      ['with __proto__ in it', { body: '{"__proto__":{"admin":true},"externalId":"p"}' }, 400, 'malformed-json'],
    ])('%s is refused', async (_, call, status, code) => {
      const key = await scene.city.keys.localApiKey('web-portal');
      await scene.expectProblem('intake', await scene.city.call('intake', 'POST', '/v1/submissions', { key, ...call }), status, code);
    });

    it('of exactly 20,000 characters, each of two UTF-16 units, is taken', async () => {
      await scene.accept(good('longest', { text: `施工噪声${'𠀀'.repeat(19_996)}` }));
    });

    it('with an external id that another body has is refused, and told whose it is', async () => {
      await scene.accept(good('taken'));
      const answer = await scene.city.submit(good('taken', { text: '完全不同的内容' }));
      await scene.expectProblem('intake', answer, 409, 'submission-differs');
      expect(answer.body).toMatchObject({ ticketId: scene.accepted.at(-1) });
    });

    it('to another address, or by another method, is refused', async () => {
      const key = await scene.city.keys.localApiKey('web-portal');
      await scene.expectProblem(
        'intake',
        await scene.city.call('intake', 'POST', '/v1/submission', { key, body: good('lost') }),
        404,
        'not-found',
      );
      const put = await scene.city.call('intake', 'PUT', '/v1/submissions', { key, body: good('put') });
      await scene.expectProblem('intake', put, 405, 'method-not-allowed');
      expect(put.headers.get('allow')).toContain('POST');
    });
  });

  describe('a department over HTTP', () => {
    const say = (who: Who, what: string, more: object = {}, id = scene.ticketId) =>
      scene.city.as(who, 'department-handler', 'POST', `/v1/work-items/${id}/${what}`, { commandId: randomUUID(), assignment: 1, ...more });
    const refused = async (answer: Promise<Answer>, status: number, code: string, pointers?: readonly string[]) =>
      scene.expectProblem('department-handler', await answer, status, code, pointers);

    it('may not touch another’s ticket, nor learn how it stands', async () => {
      for (const [what, more] of [
        ['signature', {}],
        ['return', { reason: 'not-our-duty', grounds: '不归我们管' }],
        ['approval', { round: 1 }],
      ] as const) {
        const answer = await say(officerOf(OTHER), what, more);
        await scene.expectProblem('department-handler', answer, 403, 'not-your-ticket');
        expect(answer.body).not.toHaveProperty('state');
      }
      await refused(
        scene.city.as(officerOf(OTHER), 'department-handler', 'GET', `/v1/work-items/${scene.ticketId}`),
        403,
        'not-your-ticket',
      );
      await refused(say({ sub: 'nobody', roles: ['officer'] }, 'signature'), 403, 'no-unit');
      await refused(say(DISPATCHER, 'signature'), 403, 'forbidden');
    });

    it('is told which field is wrong, which ticket is unknown and what has moved on', async () => {
      const officer = officerOf(scene.holder);
      const wrong = { commandId: 'one', assignment: '1', force: true };
      await refused(say(officer, 'signature', wrong), 422, 'validation-failed', ['/assignment', '/commandId', '/force']);
      await refused(say(officer, 'return', { reason: 'too-busy' }), 422, 'validation-failed', ['/grounds', '/reason']);
      await refused(say(officer, 'progress', { note: '半句\0话' }), 422, 'validation-failed', ['/note']);
      await refused(say(officer, 'signature', { ticketId: randomUUID() }), 422, 'validation-failed', ['/ticketId']);
      await refused(say(officer, 'signature', { officer: 'somebody-else' }), 422, 'validation-failed', ['/officer']);
      await refused(say(officer, 'signature', {}, randomUUID()), 404, 'unknown-ticket');
      await refused(say(officer, 'signature', {}, 'not-an-id'), 400, 'invalid-parameters', ['/ticketId']);
      await refused(say(officer, 'signature', { assignment: 9 }), 409, 'stale-assignment');
      const early = await say(officer, 'approval', { round: 1 });
      await scene.expectProblem('department-handler', early, 409, 'wrong-state');
      expect(early.body).toMatchObject({ state: { status: 'offered', assignment: 1, holder: scene.holder } });
    });
  });

  describe('a dispatcher over HTTP', () => {
    const order = (more: object, path = 'reassignment', id = scene.ticketId) =>
      scene.city.as(DISPATCHER, 'dispatch', 'POST', `/v1/tickets/${id}/${path}`, {
        commandId: randomUUID(),
        decisionVersion: 1,
        assignment: 1,
        unit: OTHER,
        reason: '由其办理为宜',
        ...more,
      });

    it('is told which field, unit or matter is wrong, and that the ticket has moved on', async () => {
      for (const [more, status, code, pointers] of [
        [{ decisionVersion: 'newest', unit: 'Bad Code', reason: '' }, 422, 'validation-failed', ['/decisionVersion', '/reason', '/unit']],
        [{ unit: 'city-of-atlantis' }, 422, 'unknown-unit', []],
        [{ unit: scene.holder }, 422, 'holds-it-now', []],
        [{ matter: '9999' }, 422, 'unknown-matter', []],
        [{ decisionVersion: 0 }, 409, 'stale-decision', []],
        [{ assignment: 7 }, 409, 'stale-assignment', []],
      ] as const) {
        await scene.expectProblem('dispatch', await order(more), status, code, pointers);
      }
      await scene.expectProblem('dispatch', await order({ assignment: undefined }, 'assignment'), 409, 'wrong-state');
      await scene.expectProblem('dispatch', await order({}, 'reassignment', randomUUID()), 404, 'unknown-ticket');
      await scene.expectProblem(
        'dispatch',
        await scene.city.as(DISPATCHER, 'dispatch', 'GET', '/v1/held?limit=0'),
        400,
        'invalid-parameters',
        ['/limit'],
      );
    });
  });
}
