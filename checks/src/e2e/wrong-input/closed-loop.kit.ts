import { assignmentsTopic, commandsTopic } from '@paidan/contracts';
import { until } from '@paidan/testing';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DISPATCHER, OPERATOR } from '../desk.kit.js';
import { good } from './bodies.kit.js';
import { PRIVATE_CHANNEL } from './callbacks.kit.js';
import type { Scene } from './scene.kit.js';

/** What operators, citizens and channels can do wrongly once a ticket is clocked and answered. */
export function wrongInTheLoop(scene: Scene): void {
  describe('a calendar', () => {
    const year = 2027;
    const day = (date: string, isOffDay: boolean, name = '元旦') => ({ name, date, isOffDay });
    const file = (...days: readonly object[]) => ({ year, papers: ['https://www.gov.cn/notice'], days });
    const put = (body: object, who = OPERATOR) => scene.city.as(who, 'sla-monitor', 'PUT', `/v1/calendars/${year}`, body);

    it('that contradicts itself is refused day by day, and nothing of it is taken', async () => {
      const answer = await put(
        file(
          day('2027-01-01', true),
          // A make-up day that is a holiday too, a day off worked on a working day, another year's, and none at all.
          day('2027-01-01', false),
          day('2027-01-05', false),
          day('2026-03-01', true),
          day('2027-02-30', true),
        ),
      );
      await scene.expectProblem('sla-monitor', answer, 422, 'calendar-invalid', [
        '/days/1/date',
        '/days/2/date',
        '/days/3/date',
        '/days/4/date',
      ]);
      const dates = (answer.body['errors'] as { date?: string }[]).map(({ date }) => date);
      expect(dates).toEqual(expect.arrayContaining(['2027-01-01', '2027-01-05', '2026-03-01']));
      await scene.expectProblem(
        'sla-monitor',
        await scene.city.as(OPERATOR, 'sla-monitor', 'GET', `/v1/calendars/${year}`),
        404,
        'calendar-unpublished',
      );
    });

    it('is for operators, of a year, and published by a notice', async () => {
      const right = file(day('2027-01-01', true));
      await scene.expectProblem('sla-monitor', await put(right, DISPATCHER), 403, 'forbidden');
      await scene.expectProblem('sla-monitor', await put({ ...right, papers: [] }), 422, 'calendar-invalid', ['/papers']);
      await scene.expectProblem('sla-monitor', await put({ ...right, year: 2028 }), 422, 'calendar-invalid', ['/year']);
      const said = await scene.city.as(OPERATOR, 'sla-monitor', 'GET', '/v1/calendars/next');
      await scene.expectProblem('sla-monitor', said, 400, 'invalid-parameters', ['/year']);
    });
  });

  describe('a judgement', () => {
    let ticket: { ticketId: string; number: string; queryCode: string };
    const rate = (rating: object) =>
      scene.city.call('feedback', 'POST', '/v1/tracking/ratings', {
        body: { number: ticket.number, queryCode: ticket.queryCode, ...rating },
      });
    const refused = async (rating: object, status: number, code: string, pointers: readonly string[] = []) =>
      scene.expectProblem('feedback', await rate(rating), status, code, pointers);

    it('is not taken of what is not answered, nor in a wrong shape', async () => {
      const { body } = await scene.city.submit(good('to-be-judged'), PRIVATE_CHANNEL);
      ticket = body as unknown as typeof ticket;
      scene.accepted.push(ticket.ticketId);
      await scene.city.log.event('ticket.assigned', ticket.ticketId);
      await until('feedback knows it', async () => {
        const { status } = await scene.city.call('feedback', 'POST', '/v1/tracking', { body: ticketOf(ticket) });
        return status === 200 ? true : undefined;
      });
      await refused({ round: 1, stars: 5 }, 409, 'not-answered-yet');
      await refused({ round: 1, stars: 6, satisfied: 'yes', comment: '半句\0话', mood: 'good' }, 422, 'validation-failed', [
        '/comment',
        '/mood',
        '/satisfied',
        '/stars',
      ]);
    });

    it('is taken of a reply whose call-back points into a private range once the citizen has asked for it: nothing is sent there', async () => {
      const { ticketId } = ticket;
      const unit = String((await scene.city.log.event('ticket.assigned', ticketId)).json['lead']);
      const offered = (json: object) => (json as { type?: string; ticketId?: string }).ticketId === ticketId;
      await scene.city.log.until('offer', assignmentsTopic(unit), offered);
      for (const said of [
        { command: 'sign' },
        { command: 'reply', text: '已处理。', outcome: 'resolved' },
        { command: 'approve', round: 1, officer: 'li-1' },
      ])
        await scene.city.log.write(
          commandsTopic(unit),
          { commandId: randomUUID(), ticketId, assignment: 1, officer: 'zhang-3', ...said },
          { key: ticketId },
        );
      await scene.city.log.event('reply.approved', ticketId);
      const failure = await until('the refusal is on record', async () => {
        const rows = await scene.city.rows<{ last_error: string | null }>('select last_error from feedback.delivery where ticket_id = $1', [
          ticketId,
        ]);
        return rows[0]?.last_error ?? undefined;
      });
      expect(failure).toMatch(/^address: /);
      await refused({ round: 1, stars: 5 }, 409, 'not-answered-yet');
      expect(await scene.city.call('feedback', 'POST', '/v1/tracking', { body: ticketOf(ticket) })).toMatchObject({
        status: 200,
        body: { mayRate: 1, reply: { text: '已处理。' } },
      });
      expect((await scene.city.log.event('reply.delivered', ticketId)).json).toMatchObject({ way: 'fetched' });
    });

    it('counts once: the same again is answered alike, another one is refused, and a closed ticket takes none', async () => {
      await refused({ round: 2, stars: 5 }, 404, 'unknown-round');
      const first = await rate({ round: 1, stars: 5, satisfied: true });
      expect(first).toMatchObject({ status: 200, body: { led: 'satisfied' } });
      expect(await rate({ round: 1, stars: 5, satisfied: true })).toMatchObject({ status: 200, body: first.body });
      await refused({ round: 1, stars: 1 }, 409, 'already-rated');
      await refused({ round: 2, stars: 1 }, 409, 'closed');
    });

    it('by another channel is that of a stranger', async () => {
      const path = `/v1/tickets/${ticket.ticketId}/ratings`;
      const key = await scene.city.keys.localApiKey('sms-12345');
      const answer = await scene.city.call('feedback', 'POST', path, { key, body: { round: 1, stars: 1 } });
      await scene.expectProblem('feedback', answer, 404, 'unknown-ticket');
      await scene.expectProblem(
        'feedback',
        await scene.city.call('feedback', 'POST', path, { body: { round: 1, stars: 1 } }),
        401,
        'unauthenticated',
      );
    });

    it('and a trail are not for who guesses: after ten wrong codes even the right one waits, and nobody learns which numbers exist', async () => {
      const track = (number: string, queryCode: string) =>
        scene.city.call('feedback', 'POST', '/v1/tracking', { body: { number, queryCode } });
      const wrong = Array.from({ length: 20 }, (_, n) => `2222${'23456789ABCDEFGHJKLM'[n] ?? '2'}222`);
      const answers = [];
      // An unknown number and a known one, turn by turn.
      for (const [n, code] of wrong.entries()) answers.push(await track(n % 2 === 0 ? ticket.number : '20991231-999999', code));
      expect(answers.map(({ status }) => status)).toEqual([...Array<number>(10).fill(404), ...Array<number>(10).fill(429)]);
      const [known, unknown] = answers;
      const withoutId = (body: object = {}) => ({ ...body, requestId: '' });
      expect(withoutId(known?.body)).toEqual(withoutId(unknown?.body));
      const right = await track(ticket.number, ticket.queryCode);
      await scene.expectProblem('feedback', right, 429, 'too-many-requests');
      expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
      const log = await readFile(join(scene.city.system.dataDir, 'logs', 'feedback.log'), 'utf8');
      for (const code of [...wrong, ticket.queryCode]) expect(log).not.toContain(code);
    });
  });
}

const ticketOf = ({ number, queryCode }: { number: string; queryCode: string }) => ({ number, queryCode });
