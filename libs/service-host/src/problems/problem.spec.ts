import { BadRequestException, ConflictException, HttpException, NotFoundException } from '@nestjs/common';
import { defineErrors } from '@paidan/kernel';
import { HOST_PROBLEMS } from './catalogue.js';
import { problemOf } from './problem.js';

const error = defineErrors('test', {
  'stale-command': { retryable: false, loud: 'info', status: 409 },
  'queue-full': { retryable: true, loud: 'warn' },
  'position-lost': { retryable: false, loud: 'fatal' },
  'ticket-parked': { retryable: true, loud: 'info' },
});
const of = (thrown: unknown) => problemOf(thrown, HOST_PROBLEMS, 'r-1');

describe('problemOf', () => {
  it('shows a domain error with its extensions, which cannot overwrite the standard members', () => {
    const thrown = error('stale-command', 'version 3 is not the current one', {
      extensions: { current: 4, status: 200, detailZh: '版本已变' },
    });
    expect(of(thrown)).toEqual({
      status: 409,
      level: 'info',
      headers: {},
      body: {
        type: '/problems/stale-command',
        title: 'In conflict with the current state',
        titleZh: '与当前状态冲突',
        status: 409,
        code: 'stale-command',
        detail: 'version 3 is not the current one',
        detailZh: '版本已变',
        retryable: false,
        current: 4,
        requestId: 'r-1',
      },
    });
  });

  it('takes the status from the catalogue, else 503 for what can be retried', () => {
    expect(of(error('ticket-parked', 'parked')).status).toBe(409);
    const full = of(error('queue-full', 'full', { extensions: { retryAfterSeconds: 0.4 } }));
    expect(full).toMatchObject({ status: 503, headers: { 'retry-after': '1' }, level: 'warn' });
    expect(full.body).not.toHaveProperty('retryAfterSeconds');
    expect(of(error('queue-full', 'full')).headers['retry-after']).toBe('2');
  });

  it.each([
    ['an internal error of ours', error('position-lost', 'position 7 of paidan.tickets/3')],
    ['an error of Postgres', Object.assign(new Error('duplicate key … "张三"'), { code: '23505', status: 409 })],
    ['an error of Node', Object.assign(new Error('connect ECONNREFUSED 10.0.0.3:5432'), { code: 'ECONNREFUSED' })],
    ['an exception of Nest with 500', new HttpException('internals', 500)],
    ['a bug', new TypeError("Cannot read properties of undefined (reading 'phone')")],
    ['a thrown text', 'secret'],
    ['nothing', undefined],
  ])('lets nothing out of %s', (_, thrown) => {
    expect(of(thrown).body).toEqual({
      type: '/problems/internal-error',
      title: 'The service failed',
      titleZh: '系统内部错误',
      status: 500,
      code: 'internal-error',
      requestId: 'r-1',
    });
    expect(['error', 'fatal']).toContain(of(thrown).level);
  });

  it('maps exceptions of Nest by status and keeps their message', () => {
    expect(of(new NotFoundException('no ticket 20261122-000123')).body).toMatchObject({
      code: 'not-found',
      detail: 'no ticket 20261122-000123',
    });
    expect(of(new ConflictException()).body).toMatchObject({ code: 'conflict', status: 409 });
    expect(of(new BadRequestException(['a', 'b'])).body).not.toHaveProperty('detail');
    expect(of(new HttpException('teapot', 418)).body).toMatchObject({ code: 'bad-request', status: 418 });
    expect(of(new HttpException('x', 429)).headers).toHaveProperty('retry-after');
  });

  it('has a Chinese title for each kind, and a status that fits the code’s family', () => {
    for (const kind of Object.values(HOST_PROBLEMS)) {
      expect(kind.titleZh).toMatch(/[一-龥]/);
      expect(kind.status).toBeGreaterThanOrEqual(400);
    }
  });
});
