import { eventHeaders, recordOf, type RecordGiven } from './log-record.kit.js';
import { decodeHeard } from './ticket-event.js';

const TICKET = '019aa8c5-6400-7a11-8c00-000000000001';
const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const RELEASED = 'paidan.assignment.released.v1';
const about = { assignment: 1, unit: 'city-education' };

const decode = decodeHeard(['assignment.released', 'ticket.closed']);
const record = (type: string, value: unknown, { subject = TICKET, source = '/paidan/department-handler', ...more }: Given = {}) => {
  const headers = eventHeaders({ source, type, subject, sequence: 3, traceparent: TRACE });
  return recordOf({ key: TICKET, value, headers, ...more });
};
interface Given extends RecordGiven {
  readonly subject?: string;
  readonly source?: string;
}

describe('a record of the log of tickets', () => {
  it('that the service takes notice of is an event', () => {
    expect(decode(record(RELEASED, about))).toEqual({
      kind: 'message',
      ticketId: TICKET,
      traceparent: TRACE,
      message: { kind: 'event', event: expect.objectContaining({ name: 'assignment.released', payload: about, sequence: 3 }) },
    });
  });

  it.each([
    ['for others', 'paidan.work.progressed.v1', 'not even JSON'],
    ['for others, in a version to come', 'paidan.work.progressed.v9', '{}'],
    ['of a type nobody knows', 'paidan.moon.landed.v1', '{}'],
    ['of a type that is none', 'nonsense', '{'],
  ])('%s is passed over unread', (_what, type, value) => {
    expect(decode(record(type, value))).toEqual({ kind: 'skip' });
    expect(decode(record(type, value, { key: null }))).toEqual({ kind: 'skip' });
  });

  it.each([
    ['a version to come', 'paidan.assignment.released.v2', about, {}, 'unknown-version'],
    ['no JSON', RELEASED, '{"assignment":', {}, 'bad-json'],
    ['a wrong shape', RELEASED, { assignment: 'one' }, {}, 'schema'],
    ['a service that may not say it', RELEASED, about, { source: '/paidan/intake' }, 'bad-envelope'],
    ['another ticket in its subject', RELEASED, about, { subject: TICKET.replace('1', '2') }, 'key-mismatch'],
    ['no headers at all', RELEASED, about, { headers: {} }, 'bad-envelope'],
  ])('with %s waits behind its ticket', (_what, type, value, more, code) => {
    expect(decode(record(type, value, more))).toMatchObject({ kind: 'unprocessable', ticketId: TICKET, code });
  });

  it.each([null, 'ticket-7', TICKET.toUpperCase()])('under the key %s goes to quarantine', (key) => {
    expect(decode(record(RELEASED, about, { key }))).toMatchObject({ kind: 'quarantine', reason: 'bad-key' });
  });
});
