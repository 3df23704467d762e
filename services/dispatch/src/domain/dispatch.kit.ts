import {
  openContent,
  seal,
  SEAL_IV_BYTES,
  type CloseReason,
  type ContentKeys,
  type EventName,
  type EventPayload,
  type OpenContent,
  type ReleaseRefusal,
  type ReopenReason,
  type ReturnReason,
  type ReturnRefusal,
  type UnlinkReason,
} from '@paidan/contracts';
import { eventOf, registration } from '@paidan/contracts/happenings';
import type { Decision, Message, NewEvent, Outcome } from '@paidan/runtime';
import { decide } from './decisions.js';
import type { DispatchCommand, Order } from './orders.js';
import type { DispatchPolicy, Facts } from './placements.js';
import { indexDirectory } from './routing/directory.js';
import { SMALL_CITY } from './routing/small-city.kit.js';
import type { Earlier } from './duplicates/same.js';
import { decisionVersion, type Status, type Ticket } from './ticket.js';

export const TICKET = '019aa8c5-6400-7a11-8c00-000000000001';
/** Another ticket, which dispatch has assigned. */
export const MASTER = '019aa8c5-6400-7a11-8c00-00000000000a';
export const NOW = Date.parse('2026-11-22T01:00:00.000Z');
export const HOUR = 3_600_000;
export const KEYS: ContentKeys = { current: 'k1', keys: new Map([['k1', new Uint8Array(32).fill(7)]]) };

/** Returns are judged by the rules: most specs are about what comes of them. */
export const POLICY: DispatchPolicy = {
  returnUntil: (from) => from + 24 * HOUR,
  ...{ maxReturns: 2, returnReview: 'rule', claimMs: 600_000, undoMs: 60_000, duplicates: 'link' },
};
/** A dispatcher judges them, as is the default. */
export const REVIEWED: Partial<Facts> = { policy: { ...POLICY, returnReview: 'person' } };

export type Said = Message<DispatchCommand>;

/** A message made when the state is known, because an order names the decision it was given on. */
export type Next = Said | ((ticket: Ticket | undefined) => Said);

export const facts = (more: Partial<Facts> = {}): Facts => ({
  directory: indexDirectory(SMALL_CITY),
  policy: POLICY,
  unseal: (content, ticketId) => openContent(content, ticketId, KEYS),
  seal: (words, ticketId) => seal(words, ticketId, KEYS, new Uint8Array(SEAL_IV_BYTES)),
  contents: new Map(),
  found: new Map(),
  masters: new Map([[MASTER, { ticketId: MASTER, number: '20261122-000045', status: 'assigned', isOpen: true }]]),
  ...more,
});

const event = <N extends EventName>(name: N, payload: EventPayload<N>, at = NOW): Said => ({
  kind: 'event',
  event: eventOf(name, payload, { ticketId: TICKET, time: new Date(at).toISOString(), sequence: 1 }),
});

type Registration = Partial<Omit<EventPayload<'ticket.registered'>, 'content'> & OpenContent>;

/** Streetlights of nobody, unless it is said otherwise: held. */
export const registered = ({ title = '请问一件事', text = '说不清楚', place, ...more }: Registration = {}): Said => {
  const open: OpenContent = { title, text, ...(place === undefined ? {} : { place }) };
  const confidentiality = more.confidentiality ?? 'open';
  return event(
    'ticket.registered',
    registration({
      channel: 'web',
      channelKind: 'web',
      receivedAt: new Date(NOW).toISOString(),
      ...more,
      content: confidentiality === 'open' ? { kind: 'open', ...open } : seal(open, TICKET, KEYS, new Uint8Array(SEAL_IV_BYTES)),
    }),
  );
};

/** An appeal that routing is sure of: urban leads, the environment bureau stands next in line. */
export const aboutNoise = (more: Registration = {}): Said =>
  registered({ title: '夜间施工噪音扰民', text: '夜间施工，施工噪音很大，夜间施工到两点', ...more });

/** What an earlier ticket said at length, and once more by the same citizen. */
const LAMPS = {
  title: '建设路路灯不亮',
  text: '建设路十八号至四十号的路灯从上周四起一直不亮，晚上放学的孩子看不清台阶，已经有老人摔倒，希望尽快派人修复，谢谢。',
} as const;
const CITIZEN = 'c'.repeat(43);
export const onceMore = (more: Registration = {}): Said => registered({ ...LAMPS, citizen: CITIZEN, ...more });
/** It was found, under a master of that status. */
export const foundEarlier = (status: Status = 'assigned'): Facts['found'] => {
  const earlier: Earlier = {
    said: LAMPS,
    appealType: 'help',
    citizen: CITIZEN,
    master: { ticketId: MASTER, number: '20261122-000045', status, urgency: 'normal' },
  };
  const found = { ticketId: MASTER, number: '20261122-000045', at: NOW - HOUR, because: 'same-words', jaccard: 1, contained: 1 } as const;
  return new Map([[TICKET, [{ ...found, earlier }]]]);
};

export const withdrawn = (): Said => event('ticket.withdrawn', { reason: 'by-mistake', withdrawnAt: new Date(NOW).toISOString() });
export const returned = (assignment: number, unit: string, reason: ReturnReason = 'not-our-duty', at = NOW + HOUR): Said =>
  event('assignment.returned', { assignment, unit, officer: 'officer-1', reason, grounds: { kind: 'open', text: '不属我局' } }, at);
export const released = (assignment: number, unit: string): Said => event('assignment.released', { assignment, unit });
export const releaseRefused = (assignment: number, unit: string, because: ReleaseRefusal = 'reply-approved'): Said =>
  event('release.refused', { assignment, unit, because });
export const approved = (assignment: number, unit: string): Said => {
  const reply = { kind: 'open', text: '已处理' } as const;
  return event('reply.approved', { assignment, unit, approver: 'approver-1', round: 1, outcome: 'resolved', reply });
};

export const reopened = (because: ReopenReason = 'unsatisfied', unit = 'urban'): Said =>
  event('ticket.reopened', { because, reopening: 1, round: 1, unit });
export const closed = (because: CloseReason = 'satisfied'): Said =>
  event('ticket.closed', { because, closedAt: new Date(NOW).toISOString() });

const assignmentOf = (ticket: Ticket | undefined): number => (ticket !== undefined && 'holding' in ticket ? ticket.holding.assignment : 1);

type Ordered = Partial<Order> & {
  readonly unit: string;
  readonly assignment?: number;
  readonly role?: 'dispatcher' | 'supervisor';
  readonly who?: string;
};

const command =
  (name: 'assign' | 'reassign', { role = 'dispatcher', who = `${role}-1`, assignment, ...order }: Ordered): Next =>
  (ticket) => {
    const payload = {
      decisionVersion: ticket === undefined ? 0 : decisionVersion(ticket),
      coHandlers: [],
      copies: [],
      designated: false,
      reason: '由其办理为宜',
      ...order,
      ...(name === 'reassign' ? { assignment: assignment ?? assignmentOf(ticket) } : {}),
    };
    const actor = { kind: 'person', subject: who, roles: [role] } as const;
    return { kind: 'command', command: { commandId: TICKET, name, ticketId: TICKET, actor, payload } as DispatchCommand };
  };
export const assign = (order: Ordered): Next => command('assign', order);
export const reassign = (order: Ordered): Next => command('reassign', order);

interface Given {
  readonly decisionVersion?: number;
  readonly assignment?: number;
  readonly role?: 'dispatcher' | 'supervisor';
  /** Of the token; dispatcher-1 unless said. */
  readonly who?: string;
}

const plain =
  (
    name: Exclude<DispatchCommand['name'], 'assign' | 'reassign'>,
    { role = 'dispatcher', who = `${role}-1`, ...more }: Given & object,
  ): Next =>
  (ticket) => {
    const payload = { decisionVersion: ticket === undefined ? 0 : decisionVersion(ticket), assignment: assignmentOf(ticket), ...more };
    const actor = { kind: 'person', subject: who, roles: [role] } as const;
    return { kind: 'command', command: { commandId: TICKET, name, ticketId: TICKET, actor, payload } as DispatchCommand };
  };
export const acceptReturn = (more: Given = {}): Next => plain('accept-return', more);
export const refuseReturn = (more: Given & { readonly reason?: ReturnRefusal; readonly note?: string } = {}): Next =>
  plain('refuse-return', { reason: 'is-their-duty', ...more });
export const claim = (more: Given = {}): Next => plain('claim', more);
export const unclaim = (more: Given = {}): Next => plain('unclaim', more);
export const undo = (more: Given = {}): Next => plain('undo', more);
export const link = (more: Given & { readonly master?: string } = {}): Next => plain('link', { master: MASTER, ...more });
export const unlink = (more: Given & { readonly reason?: UnlinkReason; readonly note?: string } = {}): Next =>
  plain('unlink', { reason: 'another-matter', ...more });
/** Its master has come under this one. */
export const follow = (master: string): Next => {
  const told = { master, masterNumber: '20261122-000046' };
  return plain('follow', told);
};

export interface Result {
  readonly ticket: Ticket | undefined;
  /** What the last message made dispatch say. */
  readonly events: readonly NewEvent[];
  readonly names: readonly string[];
  readonly outcome: Outcome | undefined;
  /** False when the last message was no concern. */
  readonly concerned: boolean;
}

/** One message on a state, as the runtime would fold it: what is refused or of no concern leaves the state as it was. */
export const step = (ticket: Ticket | undefined, next: Next, base: Facts, now = NOW): Result => {
  const message = typeof next === 'function' ? next(ticket) : next;
  const decision: Decision<Ticket> | undefined = decide(ticket, message, { now, facts: base, newId: () => TICKET });
  const refused = decision?.outcome?.accepted === false;
  const events = decision === undefined || refused ? [] : (decision.events ?? []);
  return {
    ticket: decision === undefined || refused ? ticket : decision.record,
    events,
    names: events.map(({ name }) => name),
    outcome: decision?.outcome,
    concerned: decision !== undefined,
  };
};

/** given(past…).when(message, under other facts) → what follows. The text of the registered ticket is at hand as it is in the service. */
export const given = (...past: readonly Next[]) => under({}).given(...past);

/** The same, with the past under other facts as well. */
export const under = (others: Partial<Facts>) => ({
  given: (...past: readonly Next[]) => {
    const first = past.find(
      (message) => typeof message !== 'function' && message.kind === 'event' && message.event.name === 'ticket.registered',
    );
    const content =
      typeof first === 'object' && first.kind === 'event' && first.event.name === 'ticket.registered'
        ? first.event.payload.content
        : undefined;
    const base = facts({ ...others, ...(content === undefined ? {} : { contents: new Map([[TICKET, content]]) }) });
    /** @param at epoch ms; the past was now */
    const whenAt = (at: number, next: Next, more: Partial<Facts> = {}): Result => {
      let ticket: Ticket | undefined;
      for (const message of past) {
        const result = step(ticket, message, base);
        if (result.outcome?.accepted === false) throw new Error(`given: refused for ${result.outcome.reason}`);
        ticket = result.ticket;
      }
      return step(ticket, next, { ...base, ...more }, at);
    };
    return { whenAt, when: (next: Next, more: Partial<Facts> = {}): Result => whenAt(NOW, next, more) };
  },
});

/** What a result says of where the ticket goes. */
export const assigned = ({ events }: Result): EventPayload<'ticket.assigned'> | undefined =>
  events.flatMap((event) => (event.name === 'ticket.assigned' ? [event.payload] : []))[0];
export const held = ({ events }: Result): EventPayload<'ticket.held'> | undefined =>
  events.flatMap((event) => (event.name === 'ticket.held' ? [event.payload] : []))[0];
