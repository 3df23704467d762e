import {
  DecideExtension,
  DEPARTMENT_COMMAND_SHAPES,
  DEPARTMENT_COMMANDS,
  OUTBOUND,
  shapeSchema,
  strictProblems,
  type AssignmentsMessage,
} from '@paidan/contracts';
import { live } from '@paidan/runtime/stories/live';
import { liveManyRestored } from '@paidan/runtime/stories/recalled';
import { instants, stories } from '@paidan/runtime/stories/story';
import { must, type Told } from '@paidan/runtime/stories/told';
import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import type { WorkCommand } from './commands.js';
import { decideWork } from './decisions.js';
import type { Facts } from './facts.js';
import { recall } from './recall.js';
import { CARD, facts, ROADS, STREET, TICKET, WATER } from './work-item.kit.js';
import { isHeld, TIMERS, TRANSITIONS, type WorkItem } from './work-item.js';

type Message = Parameters<typeof decideWork>[1];
type Registered = Exclude<WorkItem, { status: 'unregistered' }>;

/** As `toWorkCommand` leaves it: ids are beside the payload, the unit comes from the topic or the token. */
const payloadSchema = (shape: Parameters<typeof shapeSchema>[0], more: object = {}) => {
  const { properties = {}, required = [] } = shapeSchema(shape) as { properties?: Record<string, object>; required?: string[] };
  const { commandId: _id, ticketId: _ticket, version: _version, officer: _officer, command: _command, ...rest } = properties;
  return {
    type: 'object',
    properties: { ...rest, ...more },
    required: [...required, ...Object.keys(more)].filter((name) => name in rest || name in more),
  };
};

const commands = {
  ...Object.fromEntries(DEPARTMENT_COMMANDS.map((name) => [name, payloadSchema(DEPARTMENT_COMMAND_SHAPES[name], { unit: {} })])),
  'decide-extension': payloadSchema(DecideExtension),
};
const number = fc.integer({ min: 1, max: 4 });
const unit = fc.constantFrom(ROADS, ROADS, WATER, STREET, 'nowhere');
const units = fc.uniqueArray(unit, { maxLength: 2 });

const cast = stories({
  events: [
    ...(['ticket.registered', 'ticket.assigned', 'release.requested', 'return.accepted', 'return.refused'] as const),
    ...(['ticket.assigned', 'ticket.registered', 'return.refused', 'ticket.withdrawn', 'ticket.closed'] as const),
    ...(['clock.started', 'deadline.moved', 'deadline.warned', 'card.issued', 'card.withdrawn'] as const),
    // No concern of this service.
    ...(['ticket.held', 'reply.delivered'] as const),
  ],
  commands,
  by: ['officer-1', 'approver-1', ROADS],
  names: {
    ...{ assignment: number, round: number, extension: number, unit, lead: unit, coHandlers: units, copies: units },
    ...{ card: fc.constantFrom(CARD, CARD.replace('1', '2')), returnUntil: instants, until: instants, contactedAt: instants },
    ...{ receivedAt: fc.constant('2026-03-01T00:00:00.000Z'), dueAt: instants, to: instants, issuedAt: instants },
  },
  openings: [
    [],
    ['ticket.registered'],
    ...[[], ['return'], ['release.requested'], ['sign'], ['sign', 'return']].map((begun) => [
      'ticket.registered',
      'ticket.assigned',
      ...begun,
    ]),
    ...[['suspend'], ['request-extension'], ['reply'], ['reply', 'approve'], ['clock.started', 'card.issued']].map((begun) => [
      'ticket.registered',
      'ticket.assigned',
      'sign',
      ...begun,
    ]),
    ['ticket.assigned', 'release.requested', 'ticket.registered'],
  ],
  commandsInTen: 6,
});

const about = (record: WorkItem | undefined) => {
  const holding = record !== undefined && 'holding' in record ? record.holding : undefined;
  return { holding, round: record !== undefined && 'reply' in record ? record.reply.round : 1, asked: holding?.extensions?.asked ?? 1 };
};

const told: Told<WorkItem, Facts, WorkCommand> = {
  service: 'department-handler',
  ticketId: TICKET,
  decide: decideWork,
  factsAt: () => facts,
  command: ({ name, payload, by, commandId }) =>
    ({ name, payload, commandId, ticketId: TICKET, actor: { kind: 'person', subject: by, roles: [] } }) as unknown as WorkCommand,
  aim: (name, payload, record) => {
    const { holding, round, asked } = about(record);
    if (name === 'ticket.assigned') return { ...payload, assignment: (holding?.assignment ?? 0) + 1 };
    if (holding === undefined) return payload;
    return {
      ...payload,
      ...('assignment' in payload ? { assignment: holding.assignment } : {}),
      ...('unit' in payload ? { unit: holding.unit } : {}),
      ...('round' in payload ? { round } : {}),
      ...('extension' in payload ? { extension: asked } : {}),
    };
  },
  transitions: TRANSITIONS,
  unheard: 'none',
  timers: TIMERS,
  checkDecision: (before, message, decision) => {
    for (const { payload, key } of decision.notices ?? []) {
      const { type } = payload as AssignmentsMessage;
      const problems = strictProblems(OUTBOUND[type].schema, payload);
      must('a notice keeps the promises of its schema', key === TICKET && problems.length === 0, { key, payload, problems });
    }
    checkAnswered(before, message, decision.events?.length ?? 0);
    checkSpeaker(before, message);
    checkNumbers(before, decision.record);
  },
  checkRow: (_row, said) => {
    const approved = said.filter(({ name }) => name === 'reply.approved').map(({ payload }) => payload['round']);
    must('each reply is approved once', new Set(approved).size === approved.length, approved);
  },
};

/** Whoever asks for a release waits for an answer: there is exactly one. */
function checkAnswered(before: WorkItem | undefined, message: Message, events: number): void {
  if (before === undefined || before.status === 'unregistered') return;
  const asked = message.kind === 'event' && message.event.name === 'release.requested';
  must('who asks for a release gets one answer', !asked || events === 1, { before, message, events });
}

/** A command is taken of the unit that holds the ticket alone, about the assignment that it holds. */
function checkSpeaker(before: WorkItem | undefined, message: Message): void {
  if (message.kind !== 'command') return;
  const { payload } = message.command;
  const holding = before !== undefined && 'holding' in before ? before.holding : undefined;
  const theirs = !('unit' in payload) || payload.unit === holding?.unit;
  must('who commands holds the ticket', theirs && payload.assignment === holding?.assignment, { before, message });
}

/** Numbers only grow; nobody holds an assignment older than one that was heard of. */
function checkNumbers(before: WorkItem | undefined, after: WorkItem): void {
  if (before === undefined || before.status === 'unregistered' || after.status === 'unregistered') return;
  const holdingOf = (item: Registered) => ('holding' in item ? item.holding : undefined);
  const [old, fresh] = [holdingOf(before), holdingOf(after)];
  must('rounds only rise', after.rounds >= before.rounds, { before, after });
  must('assignments only rise', (fresh?.assignment ?? 0) >= (old?.assignment ?? 0), { before, after });
  if (!isHeld(after) || fresh === undefined || old?.assignment !== fresh.assignment) return;
  must('an assignment keeps its unit', fresh.unit === old.unit, { before, after });
  must('extensions only rise', (fresh.extensions?.asked ?? 0) >= (old.extensions?.asked ?? 0), { before, after });
  must('cards are never lost', (fresh.cards?.length ?? 0) >= (old.cards?.length ?? 0), { before, after });
}

describe('in whatever order they come', () => {
  it('messages never break a work item: it moves and speaks as the table says, its numbers rise, each reply is approved once', () => {
    const walked = new Set<string>();
    fc.assert(
      fc.property(cast, (story) => live(told, story).ways.forEach((way) => walked.add(way))),
      runs(600),
    );
    // The stories must come far enough.
    for (const status of ['signed', 'suspended', 'replied', 'returned', 'approved', 'released'])
      expect([...walked].filter((way) => way.startsWith(`${status} `)).length).toBeGreaterThan(3);
  });
});

/** A reply's text lies under the id of its command, which no event has. */
const bare = (item: WorkItem | undefined): unknown =>
  item !== undefined && 'reply' in item ? { ...item, reply: { ...item.reply, commandId: undefined } } : item;

describe('restored from a back-up', () => {
  it('a work item is told by the log what its holder did, and nobody is told anything twice', () => {
    expect(liveManyRestored(() => told, recall, cast, runs(200), bare)).toBeGreaterThan(50);
  });
});
