import { eventHeaders, recordOf, type RecordGiven } from '@paidan/runtime/log-record';
import { decodeFrom } from './decode.js';

const TICKET = '0193a3c2-5c00-7000-8000-000000000001';
const decode = decodeFrom();
const said = (service: string, name: string, given: RecordGiven) =>
  recordOf({
    key: TICKET,
    headers: eventHeaders({ source: `/paidan/${service}`, type: `paidan.${name}.v1`, subject: TICKET }),
    ...given,
  });

describe('a record of the log', () => {
  it('that starts, stops or moves a clock is a message for its ticket', () => {
    const signed = said('department-handler', 'assignment.signed', { value: { assignment: 1, unit: 'city-roads', officer: 'officer-1' } });
    expect(decode(signed)).toMatchObject({
      kind: 'message',
      ticketId: TICKET,
      message: { kind: 'event', event: { name: 'assignment.signed' } },
    });
  });

  it('of which no clock takes notice is skipped unread', () => {
    expect(decode(said('department-handler', 'work.progressed', { value: '{' }))).toEqual({ kind: 'skip' });
    expect(decode(said('sla-monitor', 'card.issued', { value: '{' }))).toEqual({ kind: 'skip' });
  });

  it('of another topic is put aside', () => {
    const elsewhere = said('intake', 'ticket.registered', { topic: 'elsewhere' });
    expect(decode(elsewhere)).toMatchObject({ kind: 'quarantine', reason: 'foreign-topic' });
  });
});
