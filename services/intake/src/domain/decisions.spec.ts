import type { Message } from '@paidan/runtime';
import { mayShow } from './contact.js';
import { decide, type RegisterCommand } from './decisions.js';
import type { IntakeRecord } from './ticket.js';

const context = { now: 0, facts: null, newId: () => 'id' };
const payload: RegisterCommand['payload'] = {
  number: '20261122-000001',
  channel: 'web-portal',
  channelKind: 'web',
  appealType: 'complaint',
  urgency: 'normal',
  confidentiality: 'open',
  publishConsent: false,
  replyWanted: true,
  hasContact: true,
  receivedAt: '2026-11-22T02:00:00.000Z',
  queryCodeHmac: 'x'.repeat(43),
  content: { kind: 'open', title: '噪声', text: '凌晨施工' },
};
const register: Message<RegisterCommand> = {
  kind: 'command',
  command: { name: 'register', commandId: 't1', ticketId: 't1', actor: { kind: 'channel', subject: 'web-portal', roles: [] }, payload },
};
const { content: _content, queryCodeHmac: _hmac, ...facts } = payload;
const registered: IntakeRecord = { status: 'registered', ...facts };

describe('register', () => {
  it('given nothing: the ticket is registered and said so; the record has neither the text nor the code’s digest', () => {
    expect(decide(undefined, register, context)).toEqual({
      record: registered,
      events: [{ name: 'ticket.registered', payload }],
      outcome: { accepted: true },
    });
  });

  it('given a registered ticket: refused, nothing changes', () => {
    expect(decide(registered, register, context)).toEqual({
      record: registered,
      outcome: { accepted: false, reason: 'already-registered' },
    });
  });
});

describe('contact data', () => {
  it.each([
    ['open', false, true],
    ['confidential', false, false],
    ['anonymous', false, false],
    ['open', true, true],
    ['confidential', true, true],
    ['anonymous', true, true],
  ] as const)('of an %s ticket, asked at the desk: %s, is shown: %s', (confidentiality, atDesk, shown) => {
    expect(mayShow(confidentiality, { atDesk })).toBe(shown);
  });
});
