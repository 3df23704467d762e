import { SubmissionV1, validateShape } from '@paidan/contracts';
import { appealOf, appealTypeOf, instantOf } from './appeal.js';
import { exampleMessages } from './example-messages.js';

const channels = ['app-city', 'hotline-12345', 'upstream-liuyanban', 'web-wenzheng'];
const message = (row: number, title = '路灯不亮', body = '三天了') => ({ row, line: row + 1, title, body });

describe('a time of a file', () => {
  it.each([
    ['2019/4/25 9:32:09', '2019-04-25T09:32:09+08:00'],
    ['2019-04-08 08:37', '2019-04-08T08:37:00+08:00'],
    ['2019-12-31', '2019-12-31T00:00:00+08:00'],
  ])('%s is that of the city’s clocks', (text, instant) => expect(instantOf(text)).toBe(instant));

  it.each(['', '昨天', '2019-02-30', '2019-13-01 10:00', '25/4/2019'])('%s is none', (text) => expect(instantOf(text)).toBeUndefined());
});

describe('what an adapter hands in', () => {
  it('is taken by the contract, for each of our own messages', () => {
    for (const own of exampleMessages) {
      expect(validateShape(SubmissionV1, appealOf(own, 'abc', channels).submission)).toMatchObject({ ok: true });
    }
  });

  it('comes over Kafka every fourth time, and over several channels', () => {
    const appeals = Array.from({ length: 40 }, (_, index) => appealOf(message(index + 1), 'abc', channels));
    expect(appeals.filter(({ way }) => way === 'kafka')).toHaveLength(10);
    expect(new Set(appeals.map(({ channel }) => channel))).toEqual(new Set(channels));
    expect(new Set(appeals.map(({ submission }) => submission.externalId)).size).toBe(40);
  });

  it('goes where it can be refused when it is too large for Kafka', () => {
    expect(appealOf(message(4, '长', '字'.repeat(100_000)), 'abc', channels).way).toBe('http');
  });

  it('finds a channel in a city that has none of the usual', () => {
    expect(appealOf(message(1), 'abc', ['town-hall']).channel).toBe('town-hall');
  });

  it('has the type that an agent would tick', () => {
    expect(appealTypeOf('举报偷排污水', '')).toBe('report');
    expect(appealTypeOf('公积金怎么办理', '')).toBe('consultation');
    expect(appealTypeOf('路灯', '建议增设')).toBe('suggestion');
    expect(appealTypeOf('路灯', '我已经举报过')).toBe('help');
  });
});
