import type { ReceiptsMessage } from '@paidan/contracts';
import type { LogRecord, Slice } from '@paidan/runtime';
import { recordOf as logRecordOf, type RecordGiven } from '@paidan/runtime/log-record';
import { createSealer } from '@paidan/service-host';
import { randomBytes } from 'node:crypto';
import type { Reception } from './registrar.js';
import { LogDesk } from './take-from-log.js';
import { Vault } from './vault.js';

const keys = { current: 'c1', keys: { c1: randomBytes(32).toString('base64') } };
const sealer = createSealer(keys);
const vault = new Vault(
  { current: 'k1', keys: new Map([['k1', randomBytes(32)]]) },
  { sealer, digestKey: randomBytes(32), queryCodeKey: randomBytes(32) },
);
const channels = { content: new Map([['sms-1', { id: 'sms-1', kind: 'sms' } as const]]) };

const registered: Reception = { kind: 'registered', ticketId: 't1', number: '20261122-000001', queryCode: 'ABCDEFGH', receivedAt: 0 };
const good = { externalId: 'x-1', appealType: 'help', title: '路灯', text: '不亮' };

const recordOf = (value: Buffer | object | null, more: RecordGiven = {}): LogRecord =>
  logRecordOf({ topic: 'paidan.submissions.sms-1', offset: 7, key: '13812345678', value, ...more });

/** Hands in one record. */
const take = async (record: LogRecord, submit: () => Promise<Reception> = () => Promise.resolve(registered)) => {
  const moved: {
    notices: { topic: string; key: string; type: string; payload: ReceiptsMessage }[];
    quarantined: { record: LogRecord; reason: string }[];
  }[] = [];
  const given: unknown[][] = [];
  const registrar = { submit: (...all: unknown[]) => (given.push(all), submit()) };
  const reactor = { moveOn: (_: readonly Slice[], extras: unknown) => (moved.push(extras as (typeof moved)[number]), Promise.resolve()) };
  const desk = new LogDesk(registrar as never, reactor, channels, vault);
  const slice = { topic: record.topic, partition: 0, from: 7, to: 8, records: [record] };
  const error: unknown = await desk.take({ slices: [slice], takenAt: 0 }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error, given, moves: moved.length, notice: moved[0]?.notices[0], quarantined: moved[0]?.quarantined[0] };
};

describe('a record of a submissions topic', () => {
  it('is answered on the channel’s own topic, under its external id', async () => {
    const { notice, quarantined } = await take(recordOf(good));
    expect(notice).toEqual({
      topic: 'paidan.receipts.sms-1',
      key: 'x-1',
      type: 'paidan.submission.accepted.v1',
      payload: {
        type: 'submission.accepted',
        channel: 'sms-1',
        externalId: 'x-1',
        ticketId: 't1',
        number: '20261122-000001',
        queryCode: 'ABCDEFGH',
        acceptedAt: '1970-01-01T00:00:00.000Z',
      },
    });
    expect(quarantined).toBeUndefined();
  });

  it.each([
    ['no value', null, 'bad-json'],
    ['GBK', Buffer.from('7b2274657874223a22b2bbc1c1227d', 'hex'), 'bad-json'],
    ['half a JSON', Buffer.from('{"externalId":'), 'bad-json'],
    ['wrong fields', { ...good, urgency: 'at once' }, 'bad-shape'],
    ['more than 256 KB', { ...good, text: 'x'.repeat(300_000) }, 'bad-shape'],
  ])('with %s is refused and kept aside', async (_, value, reason) => {
    const { notice, quarantined, given } = await take(recordOf(value));
    expect(notice?.payload).toMatchObject({ type: 'submission.refused', reason, position: { partition: 0, offset: '7' } });
    expect(quarantined?.reason).toBe(reason);
    expect(given).toEqual([]);
  });

  it('is kept aside sealed, key and headers too; intake’s key opens it', async () => {
    const { quarantined } = await take(recordOf(Buffer.from('{"phone":"13812345678"'), { headers: { caller: '13812345678' } }));
    const kept = quarantined?.record;
    expect(kept).toMatchObject({ key: null, headers: {}, offset: 7 });
    const opened = sealer.unseal(JSON.parse(String(kept?.value)) as never, 'paidan.submissions.sms-1/0/7') as {
      value: string;
      key: string;
    };
    expect(Buffer.from(opened.value, 'base64').toString()).toBe('{"phone":"13812345678"');
    expect(Buffer.from(opened.key, 'base64').toString()).toBe('13812345678');
  });

  it('of a channel that is not active is refused; of a topic no channel can have there is nobody to tell', async () => {
    const inactive = await take(recordOf(good, { topic: 'paidan.submissions.fax-1' }));
    expect(inactive.notice).toMatchObject({ topic: 'paidan.receipts.fax-1', payload: { reason: 'channel-inactive' } });
    expect(inactive.quarantined?.reason).toBe('channel-inactive');
    const nobody = await take(recordOf(good, { topic: 'paidan.submissions.A_B' }));
    expect([nobody.notice, nobody.quarantined?.reason]).toEqual([undefined, 'bad-topic']);
  });

  it('whose id belongs to another body is refused, and not kept: it is in the log and well-formed', async () => {
    const { notice, quarantined } = await take(recordOf(good), () =>
      Promise.resolve({ kind: 'differs', ticketId: 't1', number: '20261122-000001' }),
    );
    expect(notice?.payload).toMatchObject({ reason: 'conflict', externalId: 'x-1' });
    expect(quarantined).toBeUndefined();
  });

  it('waits when the database is away: nothing moves', async () => {
    const away = Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' });
    expect(await take(recordOf(good), () => Promise.reject(away))).toMatchObject({ error: away, moves: 0 });
  });

  it('that SQL alone finds wrong is refused, and the rest flows', async () => {
    const { notice, quarantined } = await take(recordOf(good), () =>
      Promise.reject(Object.assign(new Error('invalid byte'), { code: '22021' })),
    );
    expect(notice?.payload).toMatchObject({ reason: 'bad-shape', externalId: 'x-1' });
    expect(quarantined?.reason).toBe('bad-shape');
  });

  it.each([
    ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
    ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\0', undefined],
  ])('hands on a traceparent only when it is one: %j', async (sent, expected) => {
    const { given } = await take(recordOf(good, { headers: { traceparent: sent } }));
    expect(given[0]?.[2]).toBe(expected);
  });
});
