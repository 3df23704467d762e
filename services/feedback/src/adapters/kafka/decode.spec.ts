import { DIRECTORY_TOPIC, eventType, sourceOf, type Service } from '@paidan/contracts';
import type { LogRecord } from '@paidan/runtime';
import { eventHeaders, recordOf } from '@paidan/runtime/log-record';
import { asItCame, decodeFrom, TOPICS } from './decode.js';

const ticketId = '0193a3c2-5c00-7000-8000-000000000001';
const decode = decodeFrom(TOPICS);

const said = (service: Service, type: string, value: string | Buffer | null, change: Record<string, string> = {}): LogRecord => {
  const headers = eventHeaders({ source: sourceOf(service), type, subject: ticketId, sequence: 3 });
  return recordOf({ key: ticketId, value, headers: { ...headers, ...change } });
};
const withdrawn = { reason: 'by-mistake', withdrawnAt: '2026-11-23T01:00:00.000Z' };

describe('an event', () => {
  it('that moves a ticket here comes whole, with how it came', () => {
    const text = JSON.stringify(withdrawn);
    const decoded = decode(said('intake', eventType('ticket.withdrawn'), text));
    expect(decoded).toMatchObject({
      kind: 'message',
      ticketId,
      message: { event: { name: 'ticket.withdrawn', payload: withdrawn, sequence: 3 } },
    });
    const event = decoded.kind === 'message' && decoded.message.kind === 'event' ? decoded.message.event : undefined;
    expect(event && asItCame(event)).toEqual({ type: 'paidan.ticket.withdrawn.v1', payload: text });
    expect(JSON.stringify(event)).not.toContain('paidan.');
  });

  it.each([
    ['of clocks, whose shape we need not agree with', 'sla-monitor', eventType('clock.started'), '{"clocks":"another shape"}'],
    ['of a newer version', 'department-handler', 'paidan.work.progressed.v9', '{"note":1}'],
    ['of a type nobody has heard of', 'dispatch', 'paidan.ticket.translated.v1', '{}'],
  ] as const)('%s is heard unread: its number counts', (_, service, type, value) => {
    const decoded = decode(said(service, type, value));
    expect(decoded).toMatchObject({ kind: 'message', message: { kind: 'event', event: { service, sequence: 3, epoch: 1 } } });
    const event = decoded.kind === 'message' && decoded.message.kind === 'event' ? decoded.message.event : undefined;
    expect(event?.payload).toBeUndefined();
    expect(event && asItCame(event)).toEqual({ type, payload: value });
  });

  it('laid out over several lines is kept in one', () => {
    const decoded = decode(said('dispatch', eventType('ticket.held'), '{\r\n\t"reason": "tie"\n}'));
    const event = decoded.kind === 'message' && decoded.message.kind === 'event' ? decoded.message.event : undefined;
    expect(event && asItCame(event).payload).toBe('{"reason":"tie"}');
  });

  it('of our own is known already', () => {
    expect(decode(said('feedback', eventType('ticket.closed'), '{}'))).toEqual({ kind: 'skip' });
  });

  it.each([
    ['with a shape that it can’t be moved by', said('intake', eventType('ticket.withdrawn'), '{"reason":7}'), 'schema'],
    ['of a version that is newer, and that would move it', said('intake', 'paidan.ticket.withdrawn.v2', '{}'), 'unknown-version'],
    ['that is no JSON', said('intake', eventType('ticket.withdrawn'), '{"reason"'), 'bad-json'],
    ['in GBK', said('intake', eventType('ticket.supplemented'), Buffer.from('b2b9b3e4', 'hex')), 'bad-json'],
    ['without a payload', said('intake', eventType('ticket.supplemented'), null), 'bad-json'],
    ['under another ticket’s key', said('intake', eventType('ticket.withdrawn'), '{}', { ce_subject: 'other' }), 'key-mismatch'],
    ['said by another service', said('dispatch', eventType('ticket.withdrawn'), '{}'), 'bad-envelope'],
    ['without a number', said('intake', eventType('clock.started'), '{}', { ce_sequence: '' }), 'bad-envelope'],
    ['with a line break in its time', said('intake', eventType('clock.started'), '{}', { ce_time: '2026-11-23 (a\nb)' }), 'bad-envelope'],
    ['with a number beyond measure', said('intake', eventType('clock.started'), '{}', { ce_sequence: '99999999999' }), 'bad-envelope'],
  ])('%s parks its ticket', (_, given, code) => {
    expect(decode(given)).toMatchObject({ kind: 'unprocessable', ticketId, code });
  });

  it('under no ticket’s key is put aside', () => {
    expect(decode(recordOf({ key: 'x' }))).toMatchObject({ kind: 'quarantine', reason: 'bad-key' });
    expect(decode(recordOf({ key: null }))).toMatchObject({ kind: 'quarantine', reason: 'bad-key' });
  });
});

describe('an entry of the directory', () => {
  it.each([
    ['{"type":"directory.unit"}', 'schema'],
    ['{"type":"assignment.kept"}', 'schema'],
    ['no json', 'bad-json'],
  ])('%s is put aside', (value, reason) => {
    expect(decode(recordOf({ topic: DIRECTORY_TOPIC, value }))).toMatchObject({ kind: 'quarantine', reason });
  });

  it('that is a tombstone, of a kind without a name to show or of a newer kind is passed over', () => {
    expect(decode(recordOf({ topic: DIRECTORY_TOPIC, value: null }))).toEqual({ kind: 'skip' });
    expect(decode(recordOf({ topic: DIRECTORY_TOPIC, value: { type: 'directory.street' } }))).toEqual({ kind: 'skip' });
    const mailbox = { type: 'directory.mailbox', version: 1, code: 'mayor', name: '市长信箱', unit: 'xinfang', active: true };
    expect(decode(recordOf({ topic: DIRECTORY_TOPIC, value: mailbox }))).toEqual({ kind: 'skip' });
  });
});
