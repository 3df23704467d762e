import { eventProblems, EVENTS, type EventName, type EventPayload, type TicketEvent } from '@paidan/contracts';
import { registration } from '@paidan/contracts/happenings';
import type { Actor, Decision } from '@paidan/runtime';
import type { FeedbackCommand, Judgement } from './commands.js';
import { decideFeedback } from './decisions.js';
import type { Facts } from './facts.js';
import { NO_RATING, NOT_FETCHED, type Follow } from './ticket.js';

/* Words for the specs of the domain: given what happened, when this comes, then. */

export const DAY = 86_400_000;
export const START = Date.parse('2026-11-23T01:00:00.000Z');
export const TICKET = '0193a3c2-5c00-7000-8000-000000000001';
export const ROADS = 'city-roads';

export const facts: Facts = {
  ratingWindow: 7 * DAY,
  pickUpWindow: 30 * DAY,
  seal: (text) => ({ kind: 'sealed', keyId: 'k1', sealed: Buffer.from(text).toString('base64url') }),
};

export type Message = Parameters<typeof decideFeedback>[1];

/** An event as the log brings it. Without a number it is the service's next one of a story told by {@link given}. */
export const happens = <N extends EventName>(
  name: N,
  payload: EventPayload<N>,
  numbered: { sequence?: number; epoch?: number } = {},
): Message => {
  const service = EVENTS[name].service;
  const { sequence = 1, epoch = 1 } = numbered;
  const event = {
    name,
    service,
    ticketId: TICKET,
    epoch,
    sequence,
    time: new Date(START).toISOString(),
    payload,
    id: `${service}/${sequence}`,
  };
  return { kind: 'event', event: event as TicketEvent };
};

export const registered = (change: Partial<EventPayload<'ticket.registered'>> = {}): Message =>
  happens('ticket.registered', registration(change));

export const withdrawn = (): Message => happens('ticket.withdrawn', { reason: 'by-mistake', withdrawnAt: new Date(START).toISOString() });
export const declined = (): Message =>
  happens('ticket.declined', {
    reason: 'lawful-route',
    lawfulRoute: 'litigation',
    advice: '请依法诉讼',
    by: { kind: 'rule', rule: 'route' },
  });
export const MASTER = '0193a3c2-5c00-7000-8000-00000000000a';
const under = (master = MASTER) => ({ master, masterNumber: '20261122-000001', by: { kind: 'rule', rule: 'same' } }) as const;
export const linked = (master?: string): Message => happens('ticket.linked', { ...under(master), link: 'same-citizen' });
export const unlinked = (): Message => happens('ticket.unlinked', { ...under(), reason: 'another-matter' });
export const directlyAnswered = (): Message =>
  happens('ticket.answered', {
    answer: { kind: 'open', text: '办理时间为工作日九点' },
    matter: null,
    by: { kind: 'person', subject: 'agent-1' },
  });
export const approved = (round = 1, change: Partial<EventPayload<'reply.approved'>> = {}, sequence = 1): Message => {
  const reply = { kind: 'open', text: '路灯已修复' } as const;
  const payload = { assignment: 1, unit: ROADS, approver: 'chief-1', round, outcome: 'resolved', reply, ...change } as const;
  return happens('reply.approved', payload, { sequence });
};
export const signed = (sequence = 1): Message => happens('assignment.signed', { assignment: 1, unit: ROADS, officer: 'li' }, { sequence });

const actor: Actor = { kind: 'system', subject: 'test', roles: [] };
const command = (given: Pick<FeedbackCommand, 'name' | 'payload'>): Message => ({
  kind: 'command',
  command: { commandId: TICKET, ticketId: TICKET, actor, ...given } as FeedbackCommand,
});
export const delivered = (round = 1, way: 'pushed' | 'fetched' = 'pushed'): Message =>
  command({ name: 'deliver', payload: { round, way, attempts: 1 } });
export const rates = (stars: number, more: Partial<Judgement> = {}): Message => {
  const judgement = { round: 1, stars, ...more };
  return command({ name: 'rate', payload: { ...judgement, fingerprint: JSON.stringify(judgement) } });
};
/** The master has been answered. */
export const shared = (master = MASTER): Message => {
  const of = { service: 'department-handler', epoch: 1, sequence: 7 } as const;
  return command({ name: 'share', payload: { master, of, unit: ROADS, outcome: 'resolved' } });
};
const timer = (name: string): Message => ({ kind: 'timer', timer: { name, dueAt: START } });
export const noRating = (): Message => timer(NO_RATING);
export const notFetched = (): Message => timer(NOT_FETCHED);

/** The decision, whose events must keep every promise of the contracts. */
export const decide = (
  follow: Follow | undefined,
  message: Message,
  { now = START, ...change }: Partial<Facts> & { now?: number } = {},
): Decision<Follow> | undefined => {
  const decision = decideFeedback(follow, message, { now, facts: { ...facts, ...change }, newId: () => TICKET });
  for (const { name, payload } of decision?.events ?? [])
    expect({ name, problems: eventProblems(name, payload) }).toEqual({ name, problems: [] });
  return decision;
};

/** The ticket after these messages, each decided at the start; refused commands leave it as it was. */
export const given = (...messages: readonly Message[]): Follow => {
  const follow = messages.reduce<Follow | undefined>((before, message) => {
    const decision = decide(before, message);
    return decision === undefined || decision.outcome?.accepted === false ? before : decision.record;
  }, undefined);
  if (follow === undefined) throw new Error('nothing given');
  return follow;
};

export const said = (decision: Decision<Follow> | undefined): string[] =>
  (decision?.events ?? []).map(({ name, payload }) => ('because' in payload ? `${name} ${payload.because}` : name));
export const refusal = (decision: Decision<Follow> | undefined): string | undefined =>
  decision?.outcome?.accepted === false ? decision.outcome.reason : undefined;
