import { ParkLimiter } from '../parking/park-limiter.js';
import { sqlVerdict } from '../postgres/sql-errors.js';
import { isolate } from './isolate.js';

const refuse = () => Object.assign(new Error('refused'), { code: '23514' });

describe('isolating what SQL refuses', () => {
  it('finds the bad tickets among many with few rehearsals', async () => {
    const ids = Array.from({ length: 512 }, (_, i) => `t${i}`);
    let rehearsals = 0;
    const found = await isolate(ids, async (part) => {
      rehearsals += 1;
      if (part.includes('t77') || part.includes('t300')) throw refuse();
    });
    expect([...found.keys()].sort()).toEqual(['t300', 't77']);
    expect(found.get('t77')).toEqual({ code: '23514', message: 'refused' });
    expect(rehearsals).toBeLessThan(45);
  });

  it('ends where two tickets fail only together', async () => {
    const found = await isolate(['a', 'b', 'c', 'd'], async (part) => {
      if (part.includes('b') && part.includes('c')) throw refuse();
    });
    expect([...found.keys()].sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('an outage while looking is no verdict on any ticket', async () => {
    await expect(isolate(['a', 'b'], async () => Promise.reject(Object.assign(new Error('gone'), { code: '57P01' })))).rejects.toThrow(
      'gone',
    );
  });
});

describe('what an SQL error means', () => {
  it.each([
    [{ code: '22P05' }, 'bad-data'],
    [{ driverError: { code: '23502' } }, 'bad-data'],
    [{ code: '40P01' }, 'transient'],
    [{ code: '25P03' }, 'transient'],
    [{ code: 'ECONNREFUSED' }, 'transient'],
    [{ code: '42P01' }, 'fatal'],
    [{}, 'fatal'],
  ])('%j is %s', (fields, verdict) => {
    expect(sqlVerdict(Object.assign(new Error('x'), fields))).toBe(verdict);
  });
  it('knows a connection that broke under a query, which comes without a code', () => {
    expect(sqlVerdict(new Error('Connection terminated unexpectedly'))).toBe('transient');
  });
});

describe('the limit of parking', () => {
  const failure = (code: string) => ({ code, topic: 't', partition: 0 });
  it('halts beyond 20 a minute with one code, counts codes apart, and forgets after a minute', () => {
    let now = 0;
    const limiter = new ParkLimiter(() => now);
    limiter.admit(Array.from({ length: 20 }, () => failure('a')));
    limiter.admit([failure('b')]);
    expect(() => limiter.admit([failure('a')])).toThrow(expect.objectContaining({ code: 'partition-halted' }) as Error);
    now = 60_001;
    limiter.admit([failure('a')]);
  });
});
