import { EVENTS, type EventName, type EventPayload, type TicketEvent } from '@paidan/contracts';
import { assignment, eventOf, registration } from '@paidan/contracts/happenings';
import { appealOf } from '../../cast/channels/appeal.js';
import type { Course } from './stages.js';

const ticketId = '019aa000-0000-7000-8000-000000000002';
const began = Date.parse('2026-11-22T02:00:00.000Z');

/** Says one event some milliseconds after the ticket's registration. */
export type Say = <N extends EventName>(name: N, at: number, payload: EventPayload<N>) => void;

/** A course told by a test: what each service says is numbered as the runtime does. */
export function courseOf(
  row: number,
  tell: (say: Say) => void,
  more: { readonly reply?: string; readonly offeredAt?: Readonly<Record<number, number>> } = {},
): Course {
  const story: TicketEvent[] = [];
  const numbers = new Map<string, number>();
  tell((name, at, payload) => {
    const service = EVENTS[name].service;
    const sequence = (numbers.get(service) ?? 0) + 1;
    numbers.set(service, sequence);
    const time = new Date(began + at).toISOString();
    story.push(eventOf(name, payload, { ticketId, sequence, time }));
  });
  const message = {
    row,
    line: row + 1,
    title: '路灯不亮',
    body: '人民路的路灯不亮',
    ...(more.reply === undefined ? {} : { reply: more.reply }),
  };
  return {
    entry: {
      appeal: appealOf(message, 'abc', ['web-wenzheng', 'upstream-liuyanban']),
      handedInAt: began - 12,
      outcome: { kind: 'accepted', ticketId, number: `20261122-00000${row}`, queryCode: 'ABCD2345', at: began + 3 },
    },
    story,
    offeredAt: (assignment) => {
      const at = more.offeredAt?.[assignment];
      return at === undefined ? undefined : began + at;
    },
  };
}

const unit = (assignment: number): string => (assignment === 1 ? 'city-parks' : 'city-housing');
const about = (assignment: number) => ({ assignment, unit: unit(assignment) });

export const registered = (say: Say, at: number): void =>
  say('ticket.registered', at, registration({ channel: 'web-wenzheng', channelKind: 'web' }));

export const assigned = (say: Say, at: number, number: number, by: 'rule' | 'person' = 'rule'): void => {
  const person = { kind: 'person', subject: 'demo-dispatcher' } as const;
  say(
    'ticket.assigned',
    at,
    assignment({ assignment: number, lead: unit(number), matter: null, ...(by === 'rule' ? {} : { by: person }) }),
  );
};

export const held = (say: Say, at: number): void =>
  say('ticket.held', at, { reason: 'tie', matter: null, confidence: 0, reasons: [], directoryVersion: 1, candidates: [], ruledOut: [] });

export const returned = (say: Say, at: number, assignment: number): void => {
  say('assignment.returned', at, {
    ...about(assignment),
    officer: 'o-1',
    reason: 'not-our-duty',
    grounds: { kind: 'open', text: '非我单位职责。' },
  });
  say('return.accepted', at + 1, { ...about(assignment), by: { kind: 'rule', rule: 'return' } });
};

export const signed = (say: Say, at: number, assignment: number): void =>
  say('assignment.signed', at, { ...about(assignment), officer: 'o-1' });

const reply = (text: string) => ({ round: 1, outcome: 'resolved' as const, reply: { kind: 'open' as const, text } });

export const replied = (say: Say, at: number, assignment: number, text: string): void =>
  say('reply.submitted', at, { ...about(assignment), officer: 'o-1', ...reply(text) });

export const approved = (say: Say, at: number, assignment: number, text: string): void =>
  say('reply.approved', at, { ...about(assignment), approver: 'o-2', ...reply(text) });

/** One whole working week. */
const week = <const C extends string>(clock: C) => ({
  clock,
  span: { count: 5, unit: 'WD' as const },
  startedAt: '2026-11-22T02:00:00.000Z',
  dueAt: '2026-11-27T10:00:00.000Z',
});
const policy = { code: 'help-normal', version: 1 };

/** The clocks of an assignment, with the citizen's unless that was said to run before. */
export const clocksStarted = (say: Say, at: number, assignment: number, { citizens = true } = {}): void =>
  say('clock.started', at, {
    ...about(assignment),
    policy,
    clocks: [week('sign'), week('respond'), week('finish')],
    ...(citizens && { citizens: week('finish') }),
  });

/** The citizen's clock alone, of a ticket that is held. */
export const citizensClockStarted = (say: Say, at: number): void => say('clock.started', at, { policy, clocks: [week('finish')] });

export const finished = (say: Say, at: number, assignment: number, because: 'met' | 'missed'): void =>
  say('clock.stopped', at, {
    ...about(assignment),
    clocks: [{ clock: 'finish', because, stoppedAt: '2026-11-27T09:00:00.000Z' }],
  });

export const carded = (say: Say, at: number, assignment: number, colour: 'yellow' | 'red'): void =>
  say('card.issued', at, {
    ...about(assignment),
    clock: 'finish',
    card: '019aa000-0000-7000-8000-0000000000c1',
    colour,
    rule: `finish-${colour}`,
    dueAt: '2026-11-27T10:00:00.000Z',
    issuedAt: '2026-11-27T10:00:01.000Z',
    recipients: ['officer', 'section-head', 'unit-head'],
    accountability: colour === 'red',
  });

export const delivered = (say: Say, at: number, round: number, way: 'pushed' | 'fetched' = 'pushed'): void =>
  say('reply.delivered', at, {
    round,
    assignment: round,
    channel: 'web-wenzheng',
    way,
    deliveredAt: '2026-11-27T10:00:00.000Z',
    attempts: 1,
  });

export const rated = (say: Say, at: number, round: number, stars: number, more: { readonly resolved?: boolean } = {}): void =>
  say('rating.received', at, { round, rating: round, stars, channel: 'web-wenzheng', ...more });

export const reopened = (say: Say, at: number): void => say('ticket.reopened', at, { because: 'unsatisfied', reopening: 1, round: 1 });

export const closed = (say: Say, at: number, because: 'satisfied' | 'no-rating' = 'satisfied'): void =>
  say('ticket.closed', at, { because, closedAt: '2026-11-29T10:00:00.000Z' });
