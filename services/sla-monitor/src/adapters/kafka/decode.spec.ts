import { encodeHeaders, eventType, sourceOf, type EventName, type Service } from '@paidan/contracts';
import type { LogRecord } from '@paidan/runtime';
import { decodeFrom } from './decode.js';

const TICKET = '0193a3c2-5c00-7000-8000-000000000001';
const decode = decodeFrom();
const record = (
  name: EventName,
  service: Service,
  payload: unknown,
  change: Partial<LogRecord> & { readonly type?: string } = {},
): LogRecord => {
  const { type = eventType(name), ...rest } = change;
  const time = '2026-03-02T02:00:00.000Z';
  return {
    topic: 'paidan.tickets',
    partition: 0,
    offset: 1,
    key: Buffer.from(TICKET),
    value: Buffer.from(JSON.stringify(payload)),
    headers: Object.fromEntries(
      Object.entries(encodeHeaders({ id: 'e1', source: sourceOf(service), type, subject: TICKET, time, sequence: 1, epoch: 1 })).map(
        ([name, value]) => [name, Buffer.from(value)],
      ),
    ),
    timestamp: 0,
    ...rest,
  };
};
const signed = (change?: Parameters<typeof record>[3]) =>
  record('assignment.signed', 'department-handler', { assignment: 1, unit: 'city-roads', officer: 'officer-1' }, change);

describe('a record of the log', () => {
  it('that starts, stops or moves a clock is a message for its ticket', () => {
    expect(decode(signed())).toMatchObject({
      kind: 'message',
      ticketId: TICKET,
      message: { kind: 'event', event: { name: 'assignment.signed' } },
    });
  });

  it('of which no clock takes notice is skipped unread', () => {
    const unread = Buffer.from('{');
    expect(decode(record('work.progressed', 'department-handler', {}, { value: unread }))).toEqual({ kind: 'skip' });
    expect(decode(record('card.issued', 'sla-monitor', {}, { value: unread }))).toEqual({ kind: 'skip' });
    expect(decode(signed({ type: 'paidan.weather.changed.v1', value: unread }))).toEqual({ kind: 'skip' });
  });

  it('in a version that is not known yet waits behind its ticket', () => {
    expect(decode(signed({ type: 'paidan.assignment.signed.v9' }))).toMatchObject({ kind: 'unprocessable', code: 'unknown-version' });
  });

  it('that is broken is parked with its ticket, or set aside where there is none', () => {
    expect(decode(signed({ value: Buffer.from('{') }))).toMatchObject({ kind: 'unprocessable', code: 'bad-json' });
    expect(decode(record('assignment.signed', 'department-handler', {}))).toMatchObject({ kind: 'unprocessable', code: 'schema' });
    expect(decode(signed({ key: Buffer.from('no id') }))).toMatchObject({ kind: 'quarantine', reason: 'bad-key' });
    expect(decode(signed({ key: Buffer.from(TICKET.replace(/1$/, '2')) }))).toMatchObject({ kind: 'unprocessable', code: 'key-mismatch' });
    expect(decode(signed({ topic: 'elsewhere' }))).toMatchObject({ kind: 'quarantine', reason: 'foreign-topic' });
    expect(decode(record('assignment.signed', 'intake', { assignment: 1, unit: 'city-roads' }))).toMatchObject({ code: 'bad-envelope' });
  });
});
