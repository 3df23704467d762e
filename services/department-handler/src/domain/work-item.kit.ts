import {
  assignmentsTopic,
  eventProblems,
  OUTBOUND,
  strictProblems,
  type AssignmentsMessage,
  type Clock,
  type Content,
  type EventPayload,
  type Span,
  type Words,
} from '@paidan/contracts';
import { assignment as assignmentOf, eventOf, registration } from '@paidan/contracts/happenings';
import type { Actor, Decision } from '@paidan/runtime';
import type { UnitCommand, WorkCommandOf } from './commands.js';
import { decideWork } from './decisions.js';
import type { Facts, Unit } from './facts.js';
import { RETURN_WINDOW, SUSPENSION, type HeardName, type WorkItem } from './work-item.js';

/* Words for the specs of the domain: given what happened, when this comes, then. */

export const HOUR = 3_600_000;
export const START = Date.parse('2026-11-23T01:00:00.000Z');
export const TICKET = '0193a3c2-5c00-7000-8000-000000000001';
export const ROADS = 'city-roads';
export const WATER = 'city-water';
/** Without a system of its own. */
export const STREET = 'street-east';

const unit = (code: string, integration: Unit['integration']): Unit => ({
  code,
  name: code,
  parent: null,
  level: 1,
  integration,
  active: true,
});
export const CONTENT: Content = { kind: 'open', title: '路灯不亮', text: '东风路三号门前路灯已坏一周', place: { adminCode: '990102' } };
const SEALED: Content = { kind: 'sealed', keyId: 'k1', sealed: 'c2VhbGVk' };

export const facts: Facts = {
  policy: { extensionByRule: 5 },
  directory: {
    version: 3,
    units: new Map([unit(ROADS, 'kafka'), unit(WATER, 'kafka'), unit(STREET, 'desk')].map((one) => [one.code, one])),
  },
  content: () => CONTENT,
  replyWords: (commandId) => ({ kind: 'open', text: `text of ${commandId}` }),
  seal: (text): Words => ({ kind: 'sealed', keyId: 'k1', sealed: Buffer.from(text).toString('base64url') }),
};

type Message = Parameters<typeof decideWork>[1];
let counted = 0;

const heard = <N extends HeardName>(name: N, payload: EventPayload<N>): Message => {
  counted += 1;
  return { kind: 'event', event: eventOf(name, payload, { ticketId: TICKET, time: new Date(START).toISOString(), sequence: counted }) };
};

export const registered = (change: Partial<EventPayload<'ticket.registered'>> = {}): Message =>
  heard('ticket.registered', registration({ receivedAt: new Date(START).toISOString(), content: CONTENT, ...change }));

export const confidential = (): Message => registered({ appealType: 'report', confidentiality: 'confidential', content: SEALED });

export const assigned = (assignment = 1, change: Partial<EventPayload<'ticket.assigned'>> = {}): Message =>
  heard(
    'ticket.assigned',
    assignmentOf({
      assignment,
      lead: ROADS,
      reasons: [{ code: 'matter-words', matter: '0203' }],
      directoryVersion: 3,
      returnUntil: new Date(START + 24 * HOUR).toISOString(),
      ...change,
    }),
  );

const about = (assignment: number) => ({ assignment, unit: ROADS });
const desk = { kind: 'person', subject: 'dispatcher-1' } as const;
export const releaseRequested = (assignment = 1): Message => heard('release.requested', { ...about(assignment), reason: 'reassigned' });
export const returnAccepted = (assignment = 1): Message => heard('return.accepted', { ...about(assignment), by: desk });
export const returnRefused = (assignment = 1, note?: Words): Message =>
  heard('return.refused', { ...about(assignment), by: desk, reason: 'is-their-duty', ...(note && { note }) });
export const withdrawn = (): Message =>
  heard('ticket.withdrawn', { reason: 'resolved-itself', withdrawnAt: new Date(START).toISOString() });
export const windowPassed = (): Message => ({ kind: 'timer', timer: { name: RETURN_WINDOW, dueAt: START + 24 * HOUR } });

export const suspensionEnds = (at: number): Message => ({ kind: 'timer', timer: { name: SUSPENSION, dueAt: at } });
export const closed = (): Message => heard('ticket.closed', { because: 'linked', closedAt: new Date(START).toISOString() });

const iso = (at: number): string => new Date(at).toISOString();
const of = (assignment: number, unit: string) => ({ assignment, unit });
const startedClock = (clock: Clock, hours: number) => ({
  clock,
  span: { count: 1, unit: 'WD' as const },
  startedAt: iso(START),
  dueAt: iso(START + hours * HOUR),
});
/** Signed within a working day, in touch within one, done within five. */
export const clockStarted = (assignment = 1, unit = ROADS, change: Partial<EventPayload<'clock.started'>> = {}): Message =>
  heard('clock.started', {
    ...of(assignment, unit),
    policy: { code: 'ordinary', version: 1 },
    clocks: [startedClock('sign', 9), startedClock('respond', 9), startedClock('finish', 105)],
    ...change,
  });
/** The same with the citizen's clock, of a ticket that was assigned at once. */
export const clockStartedWithCitizens = (): Message => clockStarted(1, ROADS, { citizens: startedClock('finish', 90) });
/** The citizen's own clock: on no assignment. */
export const citizenClockStarted = (): Message =>
  heard('clock.started', { policy: { code: 'ordinary', version: 1 }, clocks: [startedClock('finish', 105)] });
export const deadlineMoved = (to?: number): Message =>
  heard('deadline.moved', {
    ...of(1, ROADS),
    clock: 'finish',
    ...(to === undefined ? { because: 'suspended' } : { because: 'extended', to: iso(to) }),
  });
export const deadlineWarned = (assignment = 1, unit = ROADS): Message =>
  heard('deadline.warned', {
    ...of(assignment, unit),
    clock: 'finish',
    dueAt: iso(START + 105 * HOUR),
    left: { count: 1, unit: 'WD' },
    recipients: ['officer'],
  });
export const CARD = '019ac4f0-0000-7c33-ae00-000000000001';
export const cardIssued = (assignment = 1, unit = ROADS): Message =>
  heard('card.issued', {
    ...of(assignment, unit),
    clock: 'finish',
    card: CARD,
    colour: 'yellow',
    rule: 'finish-overdue',
    dueAt: iso(START + 105 * HOUR),
    issuedAt: iso(START + 106 * HOUR),
    recipients: ['officer', 'section-head', 'unit-head'],
    accountability: false,
  });
export const cardWithdrawn = (unit = ROADS): Message =>
  heard('card.withdrawn', { card: CARD, colour: 'yellow', unit, assignment: 1, by: { kind: 'rule', rule: 'timely-word' } });

const person = (subject: string, unit: string): Actor => ({ kind: 'person', subject, unit, roles: ['officer'] });
const commandId = (): string => `0193a3c2-0000-7000-8000-${String((counted += 1)).padStart(12, '0')}`;

/** A command of an officer of the lead, unless it is said otherwise. */
export const says = <N extends UnitCommand['name']>(
  name: N,
  payload: Omit<WorkCommandOf<N>['payload'], 'unit' | 'assignment'>,
  { unit = ROADS, assignment = 1, by = 'officer-1' }: { unit?: string; assignment?: number; by?: string } = {},
): Message & { readonly kind: 'command' } => {
  const command = { commandId: commandId(), name, ticketId: TICKET, actor: person(by, unit), payload: { unit, assignment, ...payload } };
  return { kind: 'command', command: command as unknown as UnitCommand };
};

type Who = Parameters<typeof says>[2];
export const sign = (who?: Who) => says('sign', {}, who);
export const giveBack = (who?: Who) => says('return', { reason: 'not-our-duty', grounds: '该路段由市政管理' }, who);
export const progress = (who?: Who) => says('progress', { note: '已派员查看' }, who);
export const contact = (who?: Who, contactedAt?: number) =>
  says('contact', { outcome: 'no-answer', ...(contactedAt === undefined ? {} : { contactedAt: iso(contactedAt) }) }, who);
export const suspend = (who?: Who, until?: number) =>
  says('suspend', { reason: 'season', grounds: '待回暖后施工', ...(until === undefined ? {} : { until: iso(until) }) }, who);
export const resume = (who?: Who) => says('resume', {}, who);
export const LONG: Span = { count: 10, unit: 'WD' };
export const requestExtension = (who?: Who, span: Span = { count: 3, unit: 'WD' }) =>
  says('request-extension', { span, grounds: '配件需从外地调运' }, who);
export const decideExtension = (granted: boolean, { extension = 1, assignment = 1 } = {}): Message & { readonly kind: 'command' } => ({
  kind: 'command',
  command: {
    commandId: commandId(),
    name: 'decide-extension',
    ticketId: TICKET,
    actor: { kind: 'person', subject: 'dispatcher-1', roles: ['dispatcher'] },
    payload: { assignment, extension, granted, reason: '情况属实' },
  },
});
export const reply = (who?: Who) => says('reply', { text: '路灯已修复', outcome: 'resolved' }, who);
export const approve = (round = 1, who: Who = {}) => says('approve', { round }, { by: 'approver-1', ...who });
export const sendBack = (round = 1, who: Who = {}) => says('send-back', { round, reason: '请写明修复时间' }, { by: 'approver-1', ...who });

/** The decision, whose events and notices must keep every promise of the contracts. */
export const decide = (
  item: WorkItem | undefined,
  message: Message,
  { now = START, ...change }: Partial<Facts> & { now?: number } = {},
) => {
  const decision = decideWork(item, message, { now, facts: { ...facts, ...change }, newId: commandId });
  for (const { name, payload } of decision?.events ?? [])
    expect({ name, problems: eventProblems(name, payload) }).toEqual({ name, problems: [] });
  for (const { payload, key } of decision?.notices ?? []) {
    const { type } = payload as AssignmentsMessage;
    expect({ type, key, problems: strictProblems(OUTBOUND[type].schema, payload) }).toEqual({ type, key: TICKET, problems: [] });
  }
  return decision;
};

/** The item after these messages, each decided at the start. */
export const given = (...messages: readonly Message[]): WorkItem => {
  const item = messages.reduce<WorkItem | undefined>((before, message) => decide(before, message)?.record ?? before, undefined);
  if (item === undefined) throw new Error('nothing given');
  return item;
};

/** What a decision said to whom, in short. */
export const told = (decision: Decision<WorkItem> | undefined): string[] =>
  (decision?.notices ?? []).map(
    ({ topic, payload }) =>
      `${topic.replace(assignmentsTopic(''.padEnd(2, 'x')).slice(0, -2), '')} ${(payload as AssignmentsMessage).type}`,
  );
export const said = (decision: Decision<WorkItem> | undefined) => (decision?.events ?? []).map(({ name }) => name);
