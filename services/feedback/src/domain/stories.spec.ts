import { RatingV1, shapeSchema } from '@paidan/contracts';
import { live } from '@paidan/runtime/stories/live';
import { liveManyRestored } from '@paidan/runtime/stories/recalled';
import { instants, stories } from '@paidan/runtime/stories/story';
import { must, type Told } from '@paidan/runtime/stories/told';
import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import type { FeedbackCommand } from './commands.js';
import { decideFeedback } from './decisions.js';
import type { Facts } from './facts.js';
import { facts, MASTER, TICKET } from './follow.kit.js';
import { recallFeedback } from './recall.js';
import { HEARD, TIMERS, TRANSITIONS, type Follow } from './ticket.js';

const round = fc.integer({ min: 1, max: 4 });
const deliver = {
  type: 'object',
  properties: { round: {}, way: { enum: ['pushed', 'fetched'] }, attempts: { type: 'integer', minimum: 1, maximum: 900 } },
  required: ['round', 'way', 'attempts'],
};

const share = {
  type: 'object',
  properties: {
    master: {},
    of: {
      type: 'object',
      properties: { service: { enum: ['department-handler'] }, epoch: { enum: [1] }, sequence: { enum: [5, 6] } },
      required: ['service', 'epoch', 'sequence'],
    },
    unit: { enum: ['city-roads'] },
  },
  required: ['master', 'of'],
};

const cast = stories({
  events: [...HEARD, 'reply.approved', 'ticket.registered', 'reply.approved', 'assignment.signed', 'card.issued', 'ticket.snapshot'],
  commands: { deliver, rate: shapeSchema(RatingV1), share },
  by: ['phone-1'],
  names: { round, master: fc.constantFrom(MASTER, MASTER, TICKET), receivedAt: instants, withdrawnAt: instants },
  openings: [
    [],
    ...[[], ['ticket.answered'], ['reply.approved'], ['reply.approved', 'deliver'], ['reply.approved', 'deliver', 'rate']].map((begun) => [
      'ticket.registered',
      ...begun,
    ]),
    ['ticket.registered', 'reply.approved', 'deliver', 'rate', 'reply.approved', 'deliver'],
    ['ticket.registered', 'reply.approved', 'deliver', 'rate', 'reply.approved', 'deliver', 'rate'],
    ['reply.approved', 'ticket.registered'],
    ['ticket.registered', 'ticket.linked', 'share', 'deliver', 'rate', 'ticket.unlinked'],
    ['ticket.registered', 'ticket.linked', 'share', 'ticket.unlinked', 'reply.approved'],
    ['ticket.registered', 'ticket.linked', 'share', 'deliver', 'ticket.unlinked'],
  ],
  commandsInTen: 5,
});

const heard: ReadonlySet<string> = new Set(HEARD);

const told: Told<Follow, Facts, FeedbackCommand> = {
  service: 'feedback',
  ticketId: TICKET,
  decide: decideFeedback,
  factsAt: () => facts,
  command: ({ name, payload, by, commandId }) => {
    const actor = { kind: 'channel', subject: by, roles: [] } as const;
    const more = name === 'rate' ? { fingerprint: JSON.stringify(payload) } : {};
    return { name, commandId, ticketId: TICKET, actor, payload: { ...payload, ...more } } as unknown as FeedbackCommand;
  },
  aim: (name, payload, record) => {
    const last = record !== undefined && 'answer' in record ? (record.answer?.round ?? 0) : 0;
    if (name === 'share' && record?.status === 'linked') return { ...payload, master: record.master.ticketId };
    if (name === 'reply.approved') return { ...payload, round: last + 1 };
    return name === 'deliver' || name === 'rate' ? { ...payload, round: Math.max(1, last) } : payload;
  },
  transitions: TRANSITIONS,
  unheard: 'none',
  triggerOf: (name) => (heard.has(name) ? name : 'heard'),
  // Each word that is heard moves the marks, and only they may move when it concerns nothing else.
  but: ['heard'],
  timers: TIMERS,
  checkDecision: (before, message, { record }) => {
    if (before !== undefined && before.status !== 'unregistered' && record.status !== 'unregistered') {
      must(
        'ratings are never lost',
        before.ratings.every((rating, i) => record.ratings[i]?.number === rating.number),
        { before, record },
      );
      must('a ticket is reopened once', record.reopened <= 1, { before, message });
    }
    if (message.kind === 'event') {
      const { service, epoch, sequence } = message.event;
      must('what was heard is marked', record.heard[service]?.join() === [epoch, sequence].join(), { message, record });
    }
  },
  checkRow: ({ record, timers }, said) => {
    const times = (name: string): number => said.filter((one) => one.name === name).length;
    const rounds = (name: string): unknown[] => said.filter((one) => one.name === name).map(({ payload }) => payload['round']);
    for (const name of ['rating.received', 'reply.delivered', 'reply.shared'])
      must(`${name} at most once a round`, new Set(rounds(name)).size === rounds(name).length, said);
    must(
      'what is rated was delivered',
      rounds('rating.received').every((one) => rounds('reply.delivered').includes(one)),
      said,
    );
    must('at most two ratings', times('rating.received') <= 2, said);
    must('closed once, as the last word', times('ticket.closed') === Number(record?.status === 'closed'), said);
    if (record?.status === 'closed') must('nothing is said after closing', said.at(-1)?.name === 'ticket.closed', said);
    // Whoever waits for a citizen doesn't wait for ever.
    const waits = record?.status === 'answered' || record?.status === 'delivered';
    must('what waits has a timer', !waits || Object.keys(timers).length === 1, { record, timers });
  },
};

describe('in whatever order they come', () => {
  it('messages never break a ticket: it moves and speaks as the table says, is rated once a round, reopened once and closed once', () => {
    const walked = new Set<string>();
    fc.assert(
      fc.property(cast, (story) => live(told, story).ways.forEach((way) => walked.add(way))),
      runs(800),
    );
    // The stories must come far enough.
    expect([...walked]).toEqual(
      expect.arrayContaining([
        'delivered rate open',
        'delivered rate closed',
        'delivered no-rating closed',
        'linked share answered',
        'delivered ticket.unlinked open',
      ]),
    );
  });
});

const recall = recallFeedback(({ stars }) => String(stars));
/** By a rating's digest it is known again when it is repeated; a comment under seal is the stories' own. */
const bare = (follow: Follow | undefined): unknown =>
  follow !== undefined && 'ratings' in follow
    ? { ...follow, ratings: follow.ratings.map(({ fingerprint: _digest, ...rating }) => rating) }
    : follow;

describe('restored from a back-up', () => {
  it('a ticket is told by the log what became of it, and nobody is told anything twice', () => {
    expect(liveManyRestored(() => told, recall, cast, runs(200), bare)).toBeGreaterThan(50);
  });
});
