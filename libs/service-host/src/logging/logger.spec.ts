import { Writable } from 'node:stream';
import { Secret } from '../config.js';
import { createLogger, NestLogger, type Logger } from './logger.js';

const PHONE = '13812345678';
const NAME = '欧阳修竹';
const STREET = '天府大道北段 1700 号';
const CODE = 'QC-8F3K-22ZP';
const KEY = 'pdk_c2VjcmV0LXNlY3JldC1zZWNyZXQ';
const IDENTITY = '510107199003071234';
const TEXT = '我家楼下的垃圾三天没有人收';

const capture = (run: (logger: Logger) => void): string => {
  let out = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      out += chunk.toString();
      done();
    },
  });
  run(createLogger({ service: 'intake', level: 'trace', destination: sink }));
  return out;
};

const contact = { name: NAME, phone: PHONE, address: STREET };
const likely: readonly [string, (logger: Logger) => void][] = [
  ['a submission as it came', (l) => l.info({ submission: { externalId: '1', title: TEXT, text: TEXT, contact } }, 'received')],
  ['deep in an object', (l) => l.warn({ a: { b: { c: [{ d: { contactPhone: PHONE, caller_name: NAME } }] } } }, 'deep')],
  ['request headers', (l) => l.debug({ headers: { authorization: `ApiKey ${KEY}`, 'x-api-key': KEY, cookie: `s=${KEY}` } }, 'request')],
  ['a query code', (l) => l.info({ ticket: { queryCode: CODE, 'query-code': CODE, query_code: CODE } })],
  ['text of the message itself', (l) => l.info(`called ${PHONE} and +86 138-1234-5678 about ${IDENTITY}`)],
  ['interpolated values', (l) => l.info('sent %o to %s', contact, PHONE)],
  ['a number', (l) => l.info({ n: Number(PHONE), list: [Number(PHONE)] })],
  ['child bindings', (l) => l.child({ contact, phone: PHONE, n: PHONE }).child({ name: NAME }).info('bound')],
  ['maps, sets, buffers', (l) => l.info({ m: new Map([['phone', PHONE]]), s: new Set([PHONE]), b: Buffer.from(NAME) })],
  ['a secret', (l) => l.info({ config: { db: new Secret(KEY) } })],
  [
    'an error of TypeORM over Postgres',
    (l) => {
      const driver = Object.assign(new Error('duplicate key value violates unique constraint "uq_phone"'), {
        code: '23505',
        detail: `Key (phone)=(${PHONE}) already exists.`,
        where: `COPY submission, line 1, column contact: "${NAME}"`,
        constraint: 'uq_phone',
      });
      const error = Object.assign(new Error(driver.message), {
        name: 'QueryFailedError',
        query: `INSERT … '${NAME}'`,
        parameters: [NAME, PHONE, STREET],
      });
      l.error({ err: Object.assign(error, { driverError: driver, cause: driver }) }, 'insert failed');
    },
  ],
  [
    'an error of Postgres that quotes the value',
    (l) => l.error(Object.assign(new Error(`invalid input syntax for type json: "${NAME}"`), { code: '22P02' })),
  ],
  [
    'an error of JSON.parse',
    (l) => {
      try {
        JSON.parse(`{"name":"${NAME}",,`);
      } catch (error) {
        l.error({ err: error }, 'bad message');
        l.error(error);
        new NestLogger(l).error(error);
      }
    },
  ],
  [
    'an error of Kafka with its payload',
    (l) => l.error({ err: Object.assign(new Error('send failed'), { payload: { messages: [{ value: Buffer.from(TEXT), key: NAME }] } }) }),
  ],
  [
    'an error in a cause, and several at once',
    (l) => l.error(new AggregateError([new Error(`no answer from ${PHONE}`)], 'all failed', { cause: new Error(`tel ${PHONE}`) })),
  ],
  ['what Nest logs', (l) => new NestLogger(l).error(`failed for ${PHONE}`, `Error: for ${NAME}\n    at run (file.ts:1:1)`, 'Handler')],
  ['an object Nest logs', (l) => new NestLogger(l).log({ contact, title: TEXT }, 'Handler')],
];

describe('the log', () => {
  it.each(likely)('has no contact data: %s', (_, run) => {
    const out = capture(run);
    expect(out).not.toBe('');
    for (const line of out.trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
    for (const secret of [PHONE, '1234-5678', NAME, STREET, CODE, KEY, IDENTITY, TEXT]) expect(out).not.toContain(secret);
  });

  it('keeps what a person needs to find the fault', () => {
    const error = Object.assign(new Error('duplicate key value violates unique constraint "uq_digest"'), {
      code: '23505',
      constraint: 'uq_digest',
    });
    const line = JSON.parse(
      capture((l) => l.error({ err: error, ticketId: '0199c0de-0000-7000-8000-000000000001', offset: 1_234_567 }, 'insert failed')),
    ) as {
      err: { stack: string };
    };
    expect(line).toMatchObject({
      level: 'error',
      service: 'intake',
      msg: 'insert failed',
      ticketId: '0199c0de-0000-7000-8000-000000000001',
      offset: 1_234_567,
      err: { type: 'Error', code: '23505', constraint: 'uq_digest', message: 'duplicate key value violates unique constraint "uq_digest"' },
    });
    expect(line.err.stack).toContain('logger.spec.ts');
    expect(capture((l) => l.info({ number: '20261122-000123', at: '2026-11-22T08:00:00.000Z', ms: 1_763_769_600_000 }))).toMatch(
      /20261122-000123.*2026-11-22T08:00:00.000Z.*1763769600000/,
    );
  });

  it('puts Nest’s start-up chatter at debug', () => {
    const out = capture((l) => {
      new NestLogger(l).log('mapped', 'RouterExplorer');
      new NestLogger(l).log('listening', 'Intake');
    });
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { level: string }).level),
    ).toEqual(['debug', 'info']);
  });
});
