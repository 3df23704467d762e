import { defineErrors, PaidanError } from './errors.js';

const deskError = defineErrors('desk', {
  'ticket-parked': { retryable: true, loud: 'info', status: 409 },
  'log-lost': { retryable: false, loud: 'fatal' },
});

describe('defineErrors', () => {
  it('gives each error the traits of its code', () => {
    const cause = new Error('below');
    const error = deskError('ticket-parked', 'ticket 7 is parked', { cause, extensions: { ticketId: '7' } });
    expect(error).toBeInstanceOf(PaidanError);
    expect(error).toMatchObject({ owner: 'desk', code: 'ticket-parked', retryable: true, loud: 'info', status: 409, cause });
    expect(error.extensions).toEqual({ ticketId: '7' });
  });

  it('leaves out what was not given', () => {
    const error = deskError('log-lost', 'gone');
    expect('status' in error && error.status !== undefined).toBe(false);
    expect('cause' in error).toBe(false);
  });

  it('recognises its own errors by owner and code', () => {
    const error: unknown = deskError('log-lost', 'gone');
    const other = defineErrors('other', { 'log-lost': { retryable: true, loud: 'warn' } });
    expect([deskError.is(error), deskError.is(error, 'log-lost'), deskError.is(error, 'ticket-parked')]).toEqual([true, true, false]);
    expect([other.is(error), deskError.is(new Error('x'))]).toEqual([false, false]);
    expect(deskError.codes).toEqual(['ticket-parked', 'log-lost']);
  });
});
