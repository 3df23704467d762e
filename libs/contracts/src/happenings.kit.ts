import { EVENTS, type EventName, type EventPayload, type TicketEvent } from './events.js';

/* What others say of a ticket, for the tests of whoever listens: as little of it as the contracts allow, each member to be said otherwise. */

/** 受理: an open ticket of the phone about a street lamp. */
export const registration = (change: Partial<EventPayload<'ticket.registered'>> = {}): EventPayload<'ticket.registered'> => ({
  number: '20261123-000001',
  channel: 'phone-1',
  channelKind: 'phone',
  appealType: 'help',
  urgency: 'normal',
  confidentiality: 'open',
  publishConsent: false,
  replyWanted: true,
  hasContact: true,
  receivedAt: '2026-11-23T01:00:00.000Z',
  queryCodeHmac: '0123456789abcdef',
  content: { kind: 'open', title: '路灯不亮', text: '东风路三号门前路灯已坏一周' },
  ...change,
});

let numbered = 0;
/** The number of a ticket of its own, where tests share one service. */
export const nextNumber = (): string => `20261123-${String((numbered += 1)).padStart(6, '0')}`;

/** 派单: by a rule, and without a window in which it may be returned. */
export const assignment = (
  change: Partial<EventPayload<'ticket.assigned'>> & Pick<EventPayload<'ticket.assigned'>, 'lead'>,
): EventPayload<'ticket.assigned'> => ({
  assignment: 1,
  coHandlers: [],
  copies: [],
  matter: '0203',
  confidence: 0.9,
  reasons: [],
  directoryVersion: 1,
  by: { kind: 'rule', rule: 'matter' },
  designated: false,
  ...change,
});

/** An event as its service says it in its first epoch. */
export const eventOf = <N extends EventName>(
  name: N,
  payload: EventPayload<N>,
  about: Pick<TicketEvent, 'ticketId' | 'time' | 'sequence'>,
): TicketEvent => {
  const { service } = EVENTS[name];
  return { name, service, epoch: 1, payload, id: `${service}/${about.sequence}`, ...about } as unknown as TicketEvent;
};
