import { encodeHeaders } from '@paidan/contracts';
import type { LogRecord } from '@paidan/runtime';
import { decode } from './decode-event.js';

const TICKET = '019aa8c5-6400-7a11-8c00-000000000001';
const about = { assignment: 1, unit: 'city-education' };

const record = (
  type: string,
  value: unknown,
  more: { key?: string | null; subject?: string; source?: string; headers?: Record<string, string> } = {},
): LogRecord => {
  const headers =
    more.headers ??
    encodeHeaders({
      id: 'x',
      source: more.source ?? '/paidan/department-handler',
      type,
      subject: more.subject ?? TICKET,
      time: '2026-11-22T01:00:00Z',
      sequence: 3,
      epoch: 1,
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    });
  const key = more.key === undefined ? TICKET : more.key;
  return {
    topic: 'paidan.tickets',
    partition: 0,
    offset: 0,
    timestamp: 0,
    key: key === null ? null : Buffer.from(key),
    value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
  };
};
const RELEASED = 'paidan.assignment.released.v1';

describe('a record of the log', () => {
  it('that dispatch has a use for is an event', () => {
    expect(decode(record(RELEASED, about))).toEqual({
      kind: 'message',
      ticketId: TICKET,
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      message: { kind: 'event', event: expect.objectContaining({ name: 'assignment.released', payload: about, sequence: 3 }) },
    });
  });

  it.each([
    ['for others', 'paidan.work.progressed.v1', 'not even JSON'],
    ['that dispatch said itself', 'paidan.ticket.assigned.v1', '{}'],
    ['for others, in a version to come', 'paidan.work.progressed.v9', '{}'],
    ['of a type nobody knows', 'paidan.moon.landed.v1', '{}'],
  ])('%s is passed over unread', (_what, type, value) => {
    expect(decode(record(type, value))).toEqual({ kind: 'skip' });
  });

  it.each([
    ['a version to come', 'paidan.assignment.released.v2', about, {}, 'unknown-version'],
    ['no JSON', RELEASED, '{"assignment":', {}, 'bad-json'],
    ['a wrong shape', RELEASED, { assignment: 'one' }, {}, 'schema'],
    ['a service that may not say it', RELEASED, about, { source: '/paidan/intake' }, 'bad-envelope'],
    ['another ticket in its subject', RELEASED, about, { subject: TICKET.replace('1', '2') }, 'bad-envelope'],
    ['no headers at all', RELEASED, about, { headers: {} }, 'bad-envelope'],
  ])('with %s waits behind its ticket', (_what, type, value, more, code) => {
    expect(decode(record(type, value, more))).toMatchObject({ kind: 'unprocessable', ticketId: TICKET, code });
  });

  it.each([null, 'ticket-7', TICKET.toUpperCase()])('under the key %s goes to quarantine', (key) => {
    expect(decode(record(RELEASED, about, { key }))).toMatchObject({ kind: 'quarantine', reason: 'bad-key' });
  });
});
