import { callbackId, EVENTS, type EventName, type EventPayload, type Service, SERVICES } from '@paidan/contracts';
import type { Books, Commanded, Logged, RowSeen, SchemaBook, TrailOf } from '../books/books.js';
import { listed } from '../listed.js';
import { ACCEPTED } from '../load/witness.js';

/** The books of a test: as those of a run, but to be spoilt. */
export type Mutable<T> =
  T extends ReadonlyMap<infer K, infer V>
    ? Map<K, Mutable<V>>
    : T extends ReadonlySet<infer V>
      ? Set<V>
      : T extends readonly (infer V)[]
        ? Mutable<V>[]
        : T extends object
          ? { -readonly [K in keyof T]: Mutable<T[K]> }
          : T;
export type Draft = Mutable<Books>;

/** An instant of the city: `02 09:00` is in March 2026, on a Monday. */
export const on = (text: string): number => Date.parse(`2026-03-${text.replace(' ', 'T')}:00+08:00`);
const iso = (text: string): string => new Date(on(text)).toISOString();

export const ANSWERED = '019cb000-0000-7000-8000-00000000000a';
export const NEGLECTED = '019cb000-0000-7000-8000-00000000000b';
export const FORGIVEN = '019cb000-0000-7000-8000-00000000000c';
export const UNIT = 'city-parks';
const OTHER = 'city-water';

/** A log that is written into, event by event, each service numbering its own. */
export class Writing {
  readonly stories = new Map<string, Logged[]>();
  private offset = 0;

  readonly say = <N extends EventName>(ticketId: string, name: N, at: string, payload: Partial<EventPayload<N>>): Logged => {
    const story = listed(this.stories, ticketId);
    const service = EVENTS[name].service as Service;
    const sequence = story.filter((event) => event.service === service).length + 1;
    const id = `${ticketId}.1.${sequence}`;
    this.offset += 1;
    const event = {
      ...{ name, service, ticketId, epoch: 1, sequence, time: iso(at), payload, id, offset: this.offset },
      digest: `${service} ${id} ${name}`,
      kept: `kept ${service} ${sequence} ${name}`,
    } as unknown as Logged;
    story.push(event);
    return event;
  };
}

const policy = { code: 'help-normal', version: 1 };
const about = (assignment: number, unit = UNIT) => ({ assignment, unit });
const clock = (name: 'sign' | 'respond' | 'finish', dueAt: string) => ({
  clock: name,
  span: { count: 1, unit: 'WD' as const },
  startedAt: iso('02 09:00'),
  dueAt: iso(dueAt),
});
const stop = (name: 'sign' | 'respond' | 'finish', because: 'met' | 'missed' | 'moot', at: string) => ({
  clock: name,
  because,
  stoppedAt: iso(at),
});
const card = (id: string, name: 'sign' | 'respond' | 'finish', colour: 'yellow' | 'red', dueAt: string, issuedAt: string) => ({
  ...about(name === 'sign' ? 1 : 2, UNIT),
  ...{ clock: name, card: id, colour, rule: 'r', dueAt: iso(dueAt), issuedAt: iso(issuedAt), accountability: colour === 'red' },
});
const byRule = { kind: 'rule' as const, rule: 'matter' };
const byPerson = { kind: 'person' as const, subject: 'd-1' };

/** One ticket that goes the whole way, one that is returned, neglected and carded, and one whose card is taken back. */
function writeStories({ say }: Writing): void {
  say(ANSWERED, 'ticket.registered', '02 09:00', {
    number: '20260302-000001',
    channel: 'web-portal',
    appealType: 'help',
    urgency: 'normal',
  });
  say(ANSWERED, 'ticket.assigned', '02 09:01', { assignment: 1, lead: UNIT, by: byRule });
  say(ANSWERED, 'clock.started', '02 09:02', {
    ...about(1),
    policy,
    clocks: [clock('sign', '03 18:00'), clock('respond', '03 18:00'), clock('finish', '09 18:00')],
  });
  say(ANSWERED, 'assignment.signed', '02 10:00', { ...about(1), officer: 'o-1' });
  say(ANSWERED, 'clock.stopped', '02 10:01', { ...about(1), clocks: [stop('sign', 'met', '02 10:00')] });
  say(ANSWERED, 'citizen.contacted', '02 11:00', { ...about(1), officer: 'o-1', outcome: 'reached' });
  say(ANSWERED, 'clock.stopped', '02 11:01', { ...about(1), clocks: [stop('respond', 'met', '02 11:00')] });
  say(ANSWERED, 'work.progressed', '02 12:00', { ...about(1), officer: 'o-1' });
  say(ANSWERED, 'reply.submitted', '03 09:00', { ...about(1), officer: 'o-1', round: 1 });
  say(ANSWERED, 'reply.approved', '03 10:00', { ...about(1), approver: 'o-2', round: 1 });
  say(ANSWERED, 'clock.stopped', '03 10:01', { ...about(1), clocks: [stop('finish', 'met', '03 10:00')] });
  say(ANSWERED, 'reply.delivered', '03 10:02', { round: 1, channel: 'web-portal', way: 'pushed', attempts: 1 });
  say(ANSWERED, 'rating.received', '03 12:00', { round: 1, rating: 1, stars: 5, channel: 'web-portal' });
  say(ANSWERED, 'ticket.closed', '03 12:00', { because: 'satisfied' });

  say(NEGLECTED, 'ticket.registered', '02 09:00', { number: '20260302-000002', channel: 'upstream-province' });
  say(NEGLECTED, 'ticket.assigned', '02 09:01', { assignment: 1, lead: OTHER, by: byRule });
  say(NEGLECTED, 'clock.started', '02 09:02', {
    ...about(1, OTHER),
    policy,
    clocks: [clock('sign', '03 18:00'), clock('respond', '03 18:00'), clock('finish', '09 18:00')],
  });
  say(NEGLECTED, 'assignment.returned', '02 10:00', { ...about(1, OTHER), officer: 'o-3', reason: 'not-our-duty' });
  say(NEGLECTED, 'clock.stopped', '02 10:01', { ...about(1, OTHER), clocks: [stop('sign', 'met', '02 10:00')] });
  say(NEGLECTED, 'return.accepted', '02 10:02', { ...about(1, OTHER), by: byRule });
  say(NEGLECTED, 'ticket.held', '02 10:02', { reason: 'asked-by-person' });
  say(NEGLECTED, 'clock.stopped', '02 10:03', {
    ...about(1, OTHER),
    clocks: [stop('respond', 'moot', '02 10:02'), stop('finish', 'moot', '02 10:02')],
  });
  say(NEGLECTED, 'ticket.assigned', '02 11:00', { assignment: 2, lead: UNIT, by: byPerson });
  say(NEGLECTED, 'clock.started', '02 11:01', {
    ...about(2),
    policy,
    clocks: [clock('sign', '04 18:00'), clock('respond', '03 18:00'), clock('finish', '05 18:00')],
  });
  say(NEGLECTED, 'card.issued', '03 18:01', card('y-respond', 'respond', 'yellow', '03 18:00', '03 18:01'));
  // Nobody of the unit: its window passed.
  say(NEGLECTED, 'assignment.signed', '04 11:00', about(2));
  say(NEGLECTED, 'clock.stopped', '04 11:01', { ...about(2), clocks: [stop('sign', 'met', '04 11:00')] });
  say(NEGLECTED, 'card.issued', '05 18:01', card('y-finish', 'finish', 'yellow', '05 18:00', '05 18:01'));
  say(NEGLECTED, 'card.issued', '06 18:01', card('r-finish', 'finish', 'red', '05 18:00', '06 18:01'));

  say(FORGIVEN, 'ticket.registered', '02 09:00', { number: '20260302-000003', channel: 'web-portal' });
  say(FORGIVEN, 'ticket.assigned', '02 09:01', { assignment: 1, lead: UNIT, by: byRule });
  say(FORGIVEN, 'clock.started', '02 09:02', {
    ...about(1),
    policy,
    clocks: [clock('sign', '03 18:00'), clock('respond', '10 18:00'), clock('finish', '10 18:00')],
  });
  say(FORGIVEN, 'card.issued', '03 18:01', card('y-sign', 'sign', 'yellow', '03 18:00', '03 18:01'));
  say(FORGIVEN, 'assignment.signed', '03 17:59', { ...about(1), officer: 'o-1' });
  say(FORGIVEN, 'clock.stopped', '03 18:02', { ...about(1), clocks: [stop('sign', 'met', '03 17:59')] });
  say(FORGIVEN, 'card.withdrawn', '03 18:02', { card: 'y-sign', colour: 'yellow', unit: UNIT, assignment: 1 });
}

const command = (commandId: string, name: Commanded['name'], ticketId: string, assignment = 1): Commanded => ({
  ...{ commandId, name, ticketId, answers: [ACCEPTED] },
  ...(name === 'assign' ? { service: 'dispatch' } : { service: 'department-handler', assignment }),
});
const COMMANDS: readonly Commanded[] = [
  command('c-sign', 'sign', ANSWERED),
  command('c-contact', 'contact', ANSWERED),
  command('c-progress', 'progress', ANSWERED),
  command('c-reply', 'reply', ANSWERED),
  command('c-approve', 'approve', ANSWERED),
  command('c-return', 'return', NEGLECTED),
  command('c-assign', 'assign', NEGLECTED),
  command('c-forgiven', 'sign', FORGIVEN),
  { ...command('c-refused', 'reply', FORGIVEN), answers: ['ticket-parked', 'wrong-state', 'wrong-state'] },
];

const lastOf = (story: readonly Logged[], service: string): number => story.filter((event) => event.service === service).length;

function schemaOf(service: Service, stories: ReadonlyMap<string, readonly Logged[]>): SchemaBook {
  const rowOf = (story: readonly Logged[]): RowSeen => ({
    sequence: lastOf(story, service),
    parked: false,
    handled: Object.fromEntries(SERVICES.map((other) => [other, [1, lastOf(story, other)] as const])),
    timers: service === 'sla-monitor' ? { stage: on('31 18:00') } : {},
  });
  const kept = COMMANDS.filter((one) => one.service === service);
  return {
    rows: new Map([...stories].map(([ticketId, story]) => [ticketId, rowOf(story)])),
    commands: new Map(kept.map(({ commandId, ticketId, answers }) => [commandId, { ticketId, answer: answers.at(-1) ?? ACCEPTED }])),
    epoch: 1,
    positions: new Map(
      service === 'intake'
        ? [['paidan.submissions.upstream-province/0', 1]]
        : Array.from({ length: 12 }, (_, index) => [`paidan.tickets/${index}`, 7]),
    ),
    left: { outbox: 0, notice: 0, set_aside: 0, parked: 0, quarantine: 0 },
  };
}

function trailOf(story: readonly Logged[]): TrailOf[] {
  return SERVICES.flatMap((service) => {
    const own = story.filter((event) => event.service === service);
    return own.length === 0
      ? []
      : [{ service, epoch: 1, sequences: own.map(({ sequence }) => sequence), kept: own.map(({ kept }) => kept) }];
  });
}

const accepted = (ticketId: string, number: string) => ({ kind: 'accepted' as const, ticketId, number, queryCode: 'ABCD2345' });

/** Books in which nothing is wrong. */
export function cleanBooks(): Draft {
  const writing = new Writing();
  writeStories(writing);
  const { stories } = writing;
  const books: Books = {
    stories,
    submissions: [
      {
        ...{ channel: 'web-portal', externalId: 'a', conflicting: true, overKafka: [] },
        own: [accepted(ANSWERED, '20260302-000001'), accepted(ANSWERED, '20260302-000001')],
        other: [{ kind: 'refused', reason: 'submission-differs' }],
      },
      {
        ...{ channel: 'upstream-province', externalId: 'b', conflicting: true, own: [], other: [] },
        overKafka: [accepted(NEGLECTED, '20260302-000002'), { kind: 'refused', reason: 'conflict' }],
      },
      // Handed in, registered, and never answered: that may be.
      { channel: 'web-portal', externalId: 'c', conflicting: false, own: [], other: [], overKafka: [] },
    ],
    recalled: new Set(),
    registered: new Map([
      ['web-portal/a', ANSWERED],
      ['upstream-province/b', NEGLECTED],
      ['web-portal/c', FORGIVEN],
    ]),
    unreadable: [],
    commands: COMMANDS,
    strays: [],
    offers: new Map([
      [`${ANSWERED}/1`, [{ id: 'n-1', unit: UNIT }]],
      [`${NEGLECTED}/1`, [{ id: 'n-2', unit: OTHER }]],
      [`${NEGLECTED}/2`, [{ id: 'n-3', unit: UNIT }]],
      // Sent twice, under one id.
      [
        `${FORGIVEN}/1`,
        [
          { id: 'n-4', unit: UNIT },
          { id: 'n-4', unit: UNIT },
        ],
      ],
    ]),
    units: new Set([UNIT, OTHER]),
    calledBack: new Set(['web-portal']),
    ratings: [
      { ticket: ANSWERED, round: 1, answer: ACCEPTED },
      { ticket: FORGIVEN, round: 1, answer: 'not-answered-yet' },
    ],
    attempts: (['fail', 'take', 'take'] as const).map((reception) => ({
      ...{ id: callbackId(ANSWERED, 1), channel: 'web-portal', ticketId: ANSWERED, round: 1, digest: 'body', reception },
    })),
    schemas: Object.fromEntries(SERVICES.map((service) => [service, schemaOf(service, stories)])) as Books['schemas'],
    trail: new Map([...stories].map(([ticketId, story]) => [ticketId, trailOf(story)])),
    gaps: [],
    deliveries: [],
    leaks: [],
    ends: new Map([
      ...Array.from({ length: 12 }, (_, index) => [`paidan.tickets/${index}`, 7] as const),
      ['paidan.submissions.upstream-province/0', 1],
    ]),
    limits: {
      redAfter: new Map([['help-normal', { count: 1, unit: 'WD' }]]),
      codes: new Map([
        ['help normal', 'help-normal'],
        ['* urgent', 'urgent'],
      ]),
      marked: new Map(),
    },
    stoodAt: on('09 12:00'),
    grace: 3_600_000,
  };
  return structuredClone(books) as unknown as Draft;
}
