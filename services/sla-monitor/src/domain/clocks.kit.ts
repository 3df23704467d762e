import { eventProblems, type EventName, type EventPayload, type Span, type Urgency } from '@paidan/contracts';
import type { Calendar } from '@paidan/kernel';
import { assignment as assignmentOf, eventOf, registration } from '@paidan/contracts/happenings';
import type { Decision, NewEvent } from '@paidan/runtime';
import { at, CALENDAR, shown } from '@paidan/kernel/calendar-kit';
import type { Clock } from './clock.js';
import { decideClocks } from './decisions.js';
import type { ClockCommand, Facts } from './facts.js';
import { policyKey, POLICY_KEYS, type Policies, type Policy } from './policy.js';
import { STAGE, type HeardName, type Registered, type TicketClocks } from './ticket-clocks.js';

/* Words for the specs of the domain: given what happened, when this comes, then. Times are those of Shanghai. */

export const TICKET = '0193a3c2-5c00-7000-8000-000000000001';
export const ROADS = 'city-roads';
export const WATER = 'city-water';

const wd = (count: number): Span => ({ count, unit: 'WD' });
const ORDINARY: Policy = { code: 'ordinary', version: 1, sign: wd(1), respond: wd(1), finish: wd(5), warnBefore: wd(1), redAfter: wd(1) };
const h24 = (count: number): Span => ({ count, unit: 'H24' });
const CRITICAL: Policy = {
  code: 'critical',
  version: 1,
  sign: { count: 30, unit: 'MIN' },
  respond: { count: 30, unit: 'MIN' },
  finish: h24(24),
  warnBefore: h24(2),
  redAfter: h24(4),
};

export const POLICIES: Policies = new Map(
  POLICY_KEYS.map(({ appealType, urgency }) => {
    const policy = urgency === 'critical' ? CRITICAL : appealType === 'report' ? { ...ORDINARY, code: 'report', finish: wd(15) } : ORDINARY;
    return [policyKey(appealType, urgency), policy];
  }),
);

export type Message = Parameters<typeof decideClocks>[1];
type Payload<N extends HeardName> = EventPayload<N>;
let counted = 0;

/** An event as it was said at a time. */
export const heard = <N extends HeardName>(name: N, time: string, payload: Payload<N>): Message => {
  counted += 1;
  return { kind: 'event', event: eventOf(name, payload, { ticketId: TICKET, time: new Date(at(time)).toISOString(), sequence: counted }) };
};

export const registered = (time: string, change: Partial<Payload<'ticket.registered'>> = {}): Message =>
  heard('ticket.registered', time, registration({ receivedAt: new Date(at(time)).toISOString(), ...change }));
export const assigned = (time: string, assignment = 1, lead = ROADS, urgency?: Urgency): Message =>
  heard('ticket.assigned', time, assignmentOf({ assignment, lead, ...(urgency === undefined ? {} : { urgency }) }));

export const heldForPerson = (time: string, urgency?: Urgency): Message =>
  heard('ticket.held', time, {
    reason: 'tie',
    matter: null,
    confidence: 0,
    reasons: [],
    directoryVersion: 1,
    candidates: [],
    ruledOut: [],
    ...(urgency === undefined ? {} : { urgency }),
  });

const about = (assignment = 1, unit = ROADS) => ({ assignment, unit });
const words = { kind: 'open', text: '已派员查看' } as const;
const desk = { kind: 'person', subject: 'dispatcher-1' } as const;
const officer = { officer: 'officer-1' };
export const signed = (time: string, assignment?: number) => heard('assignment.signed', time, { ...about(assignment), ...officer });
export const returned = (time: string, assignment?: number) =>
  heard('assignment.returned', time, { ...about(assignment), ...officer, reason: 'not-our-duty', grounds: words });
export const returnAccepted = (time: string, assignment?: number) => heard('return.accepted', time, { ...about(assignment), by: desk });
export const returnRefused = (time: string, assignment?: number) =>
  heard('return.refused', time, { ...about(assignment), by: desk, reason: 'is-their-duty' });
export const released = (time: string, assignment?: number) => heard('assignment.released', time, about(assignment));
export const contacted = (time: string, assignment?: number) =>
  heard('citizen.contacted', time, {
    ...about(assignment),
    ...officer,
    outcome: 'no-answer',
    contactedAt: new Date(at(time)).toISOString(),
  });
export const suspended = (time: string, assignment?: number) =>
  heard('work.suspended', time, { ...about(assignment), ...officer, reason: 'season', grounds: words });
export const goesOn = (time: string, assignment?: number) => heard('work.resumed', time, about(assignment));
export const extension = (time: string, span: Span = wd(3), assignment?: number) =>
  heard('extension.granted', time, { ...about(assignment), extension: 1, span, by: { kind: 'rule', rule: 'first-extension' } });
const reply = { round: 1, outcome: 'resolved', reply: words } as const;
export const submitted = (time: string, assignment?: number) =>
  heard('reply.submitted', time, { ...about(assignment), ...officer, ...reply });
export const approved = (time: string, assignment?: number) =>
  heard('reply.approved', time, { ...about(assignment), approver: 'approver-1', ...reply });
export const answered = (time: string) => heard('ticket.answered', time, { answer: words, matter: null, by: desk });
export const withdrawn = (time: string) =>
  heard('ticket.withdrawn', time, { reason: 'resolved-itself', withdrawnAt: new Date(at(time)).toISOString() });
export const declined = (time: string) =>
  heard('ticket.declined', time, { reason: 'lawful-route', lawfulRoute: 'litigation', advice: '请向法院起诉', by: desk });
export const linked = (time: string, master: string = TICKET) =>
  heard('ticket.linked', time, { master, masterNumber: '20260302-000002', link: 'same-citizen', by: desk });
export const unlinked = (time: string) =>
  heard('ticket.unlinked', time, { master: TICKET, masterNumber: '20260302-000002', reason: 'another-matter', by: desk });
export const shared = (time: string) =>
  heard('reply.shared', time, {
    ...{ round: 1, master: TICKET, masterNumber: '20260302-000002', unit: ROADS, outcome: 'resolved' },
    of: { service: 'department-handler', epoch: 1, sequence: 5 },
  });
export const reopened = (time: string) => heard('ticket.reopened', time, { because: 'unsatisfied', reopening: 1 });
export const closed = (time: string) => heard('ticket.closed', time, { because: 'satisfied', closedAt: new Date(at(time)).toISOString() });
export const timer = (): Message => ({ kind: 'timer', timer: { name: STAGE, dueAt: 0 } });
export const recomputed = (): Message & { readonly kind: 'command' } => {
  counted += 1;
  const command: ClockCommand = {
    commandId: `c${counted}`,
    name: 'recompute',
    ticketId: TICKET,
    actor: { kind: 'system', subject: 'calendar', roles: [] },
    payload: {},
  };
  return { kind: 'command', command };
};

export interface Now {
  /** Default: the message's own time. */
  readonly now?: string;
  /** Default: the log has been read up to now. */
  readonly readThrough?: string;
  readonly calendar?: Calendar;
}

/** The decision, whose events must keep every promise of the contracts. */
export const decide = (ticket: TicketClocks | undefined, message: Message, { now, readThrough, calendar = CALENDAR }: Now = {}) => {
  const instant = now === undefined ? timeOf(message) : at(now);
  const facts: Facts = { calendar, policies: POLICIES, readThrough: readThrough === undefined ? instant : at(readThrough), second: 1_000 };
  const decision = decideClocks(ticket, message, { now: instant, facts, newId: cardId });
  for (const { name, payload } of decision?.events ?? [])
    expect({ name, problems: eventProblems(name, payload) }).toEqual({ name, problems: [] });
  return decision;
};
const timeOf = (message: Message): number => {
  if (message.kind === 'event') return Date.parse(message.event.time);
  throw new Error('say when');
};
const cardId = (): string => `0193a3c2-0000-7000-8000-${String((counted += 1)).padStart(12, '0')}`;

/** The ticket after these messages, each decided when it was said. */
export const given = (...messages: readonly Message[]): Registered => {
  const ticket = messages.reduce<TicketClocks | undefined>((before, message) => decide(before, message)?.record ?? before, undefined);
  if (ticket === undefined || ticket.status === 'unregistered') throw new Error('nothing registered');
  return ticket;
};

// 2026-03-02 is a Monday, no holiday near: five working days end on Monday the 9th.
export const MONDAY = '2026-03-02 10:00';
export const held = () => given(registered(MONDAY), assigned('2026-03-02 10:05'));
export const working = () =>
  given(registered(MONDAY), assigned('2026-03-02 10:05'), signed('2026-03-02 11:00'), contacted('2026-03-02 15:00'));

/** What a decision said, in a line each. */
export const said = (decision: Decision<TicketClocks> | undefined): string[] => (decision?.events ?? []).map(lineOf);

function lineOf(event: NewEvent): string {
  const local = (iso: string | undefined): string | undefined => (iso === undefined ? undefined : shown(Date.parse(iso)));
  const whose = (payload: { readonly assignment?: number }): string =>
    payload.assignment === undefined ? 'citizen' : `#${payload.assignment}`;
  switch (event.name) {
    case 'clock.started': {
      const { clocks, citizens } = event.payload;
      const start = ({ clock, dueAt, awaitsYear }: (typeof clocks)[number]) => `${clock} ${local(dueAt) ?? `awaits ${awaitsYear}`}`;
      return `started ${whose(event.payload)}: ${clocks.map(start).join(', ')}${citizens === undefined ? '' : `; citizen: ${start(citizens)}`}`;
    }
    case 'clock.stopped':
      return `stopped ${whose(event.payload)}: ${event.payload.clocks.map(({ clock, because }) => `${clock} ${because}`).join(', ')}`;
    case 'deadline.moved':
      return `moved ${whose(event.payload)} ${event.payload.clock}: ${event.payload.because}, ${local(event.payload.from) ?? 'none'} to ${
        local(event.payload.to) ?? event.payload.awaitsYear ?? 'none'
      }`;
    case 'deadline.warned':
      return `warned ${whose(event.payload)} ${event.payload.clock} ${local(event.payload.dueAt)}: ${event.payload.recipients.join(' ')}`;
    case 'card.issued': {
      const { clock, colour, rule, dueAt, recipients, accountability } = event.payload;
      return `${colour} ${whose(event.payload)} ${clock} ${local(dueAt)}: ${rule}, ${recipients.length} recipients${accountability ? ', accountable' : ''}`;
    }
    case 'card.withdrawn':
      return `withdrawn ${event.payload.colour}: ${event.payload.by.kind === 'rule' ? event.payload.by.rule : event.payload.by.subject}`;
    default:
      return (event as { readonly name: EventName }).name;
  }
}

/** The instant that the timer was armed for, if the decision armed it. */
export const armedFor = (decision: Decision<TicketClocks> | undefined): string | null | undefined => {
  const change = decision?.timers?.find(({ name }) => name === STAGE);
  return change === undefined || change.at === null ? (change?.at as null | undefined) : shown(change.at);
};

/** Fires the timer whenever it is due until a time, with a log that is read up to then; what was said, and the ticket. */
export function live(ticket: Registered, until: string, calendar = CALENDAR): { ticket: Registered; lines: string[] } {
  const lines: string[] = [];
  let current = ticket;
  for (let rounds = 0; current.next !== undefined && current.next <= at(until); rounds += 1) {
    if (rounds > 50) throw new Error('the timer never rests');
    const decision = decide(current, timer(), { now: shown(current.next) ?? '', calendar });
    lines.push(...said(decision));
    current = decision?.record as Registered;
  }
  return { ticket: current, lines };
}

export const clockOf = (ticket: Registered, name: Clock['clock'], assignment?: number): Clock | undefined =>
  ticket.clocks.findLast((clock) => clock.clock === name && clock.assignment === assignment);
