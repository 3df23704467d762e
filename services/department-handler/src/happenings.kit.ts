import type { EventPayload } from '@paidan/contracts';
import { createHash } from 'node:crypto';

let numbered = 0;
/** 受理: with a number of its own. */
export const registration = (change: Partial<EventPayload<'ticket.registered'>> = {}): EventPayload<'ticket.registered'> => ({
  number: `20261123-${String((numbered += 1)).padStart(6, '0')}`,
  channel: 'phone-1',
  channelKind: 'phone',
  appealType: 'help',
  urgency: 'normal',
  confidentiality: 'open',
  publishConsent: false,
  replyWanted: true,
  hasContact: true,
  receivedAt: new Date().toISOString(),
  queryCodeHmac: createHash('sha256').update('x').digest('hex'),
  content: { kind: 'open', title: '路灯不亮', text: '东风路三号门前路灯已坏一周' },
  ...change,
});
/** 派单: to be signed within a day. */
export const assignment = (
  number: number,
  lead: string,
  change: Partial<EventPayload<'ticket.assigned'>> = {},
): EventPayload<'ticket.assigned'> => ({
  assignment: number,
  lead,
  coHandlers: [],
  copies: [],
  matter: '0203',
  confidence: 0.9,
  reasons: [],
  directoryVersion: 1,
  by: { kind: 'rule', rule: 'matter' },
  designated: false,
  returnUntil: new Date(Date.now() + 86_400_000).toISOString(),
  ...change,
});
