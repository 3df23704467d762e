import {
  AcceptReturn,
  AssignByHand,
  ClaimTicket,
  LinkTicket,
  Reassign,
  RefuseReturn,
  seal,
  SEAL_IV_BYTES,
  shapeSchema,
  UndoAssignment,
  UnlinkTicket,
  type Content,
  type EventPayload,
  type OpenContent,
} from '@paidan/contracts';
import { live } from '@paidan/runtime/stories/live';
import { liveManyRestored } from '@paidan/runtime/stories/recalled';
import { instants, stories, STORY_START, type Happening } from '@paidan/runtime/stories/story';
import { must, type Said, type Told } from '@paidan/runtime/stories/told';
import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import { decide, HEARD } from './decisions.js';
import { facts, HOUR, KEYS, MASTER, REVIEWED, TICKET } from './dispatch.kit.js';
import type { DispatchCommand } from './orders.js';
import type { Facts } from './placements.js';
import { recall } from './recall.js';
import type { Master } from './linking.js';
import { indexDirectory, withSubordinates } from './routing/directory.js';
import { SMALL_CITY } from './routing/small-city.kit.js';
import { decisionVersion, TRANSITIONS, type Status, type Ticket } from './ticket.js';

/** What routing reads something out of, and what it doesn't. */
const PHRASES = [
  '夜间施工噪音扰民',
  '夜间施工',
  '公安局',
  '举报',
  '乱停车',
  '自来水公司',
  '桃园街道',
  '东区',
  '路灯',
  '',
  '说不清楚',
  '园林局',
];
const words = fc.array(fc.constantFrom(...PHRASES), { minLength: 1, maxLength: 5 }).map((some) => `${some.join('，')}。`);
const place = fc.constantFrom(
  {},
  { place: { adminCode: '990102001' } },
  { place: { adminCode: '990103' } },
  { place: { address: '河口镇' } },
);
const content: fc.Arbitrary<Content> = fc.tuple(words, words, place, fc.boolean()).map(([title, text, where, sealed]) => {
  const open: OpenContent = { title, text, ...where };
  return sealed ? seal(open, TICKET, KEYS, new Uint8Array(SEAL_IV_BYTES)) : { kind: 'open', ...open };
});

const UNITS = ['urban', 'urban', 'environment', 'housing', 'police', 'traffic-police', 'old-bureau', 'nowhere'];
const unit = fc.constantFrom(...UNITS);
const units = fc.uniqueArray(unit, { maxLength: 2 });
const number = fc.integer({ min: 1, max: 5 });
const matter = fc.constantFrom('9999', ...SMALL_CITY.matters.map(({ code }) => code));

/** Two masters, what became of one of them, and a ticket that nobody knows. */
const OTHER = '019aa8c5-6400-7a11-8c00-00000000000b';
const ENDED = '019aa8c5-6400-7a11-8c00-00000000000c';
const master = fc.constantFrom(MASTER, MASTER, OTHER, ENDED, TICKET, '019aa8c5-6400-7a11-8c00-00000000000d');
const about = (ticketId: string, status: Status): Master => ({ ticketId, number: `20261122-${ticketId.slice(-1)}`, status, isOpen: true });
const masters = new Map(
  [about(MASTER, 'assigned'), { ...about(OTHER, 'linked'), master: MASTER }, about(ENDED, 'withdrawn')].map((one) => [one.ticketId, one]),
);
const follow = {
  type: 'object',
  properties: { decisionVersion: {}, master: {}, masterNumber: { enum: ['20261122-000045'] } },
  required: ['decisionVersion', 'master', 'masterNumber'],
};

const cast = stories({
  events: [...HEARD, 'assignment.returned', 'assignment.released', 'ticket.reopened', 'reply.approved', 'assignment.signed', 'card.issued'],
  commands: {
    assign: shapeSchema(AssignByHand),
    reassign: shapeSchema(Reassign),
    'accept-return': shapeSchema(AcceptReturn),
    'refuse-return': shapeSchema(RefuseReturn),
    claim: shapeSchema(ClaimTicket),
    unclaim: shapeSchema(ClaimTicket),
    undo: shapeSchema(UndoAssignment),
    link: shapeSchema(LinkTicket),
    follow,
    unlink: shapeSchema(UnlinkTicket),
  },
  by: ['dispatcher', 'supervisor'],
  names: {
    ...{ content, unit, addressee: unit, lead: unit, coHandlers: units, copies: units, matter, assignment: number, round: number, master },
    ...{ decisionVersion: fc.integer({ min: 0, max: 8 }), receivedAt: instants, occurredAt: instants },
  },
  openings: [
    [],
    ['ticket.registered'],
    ['ticket.registered', 'assign'],
    ['ticket.registered', 'reassign'],
    ['ticket.registered', 'assign', 'reply.approved'],
    ['ticket.registered', 'claim', 'assign', 'undo', 'assignment.released'],
    ['ticket.registered', 'assign', 'reply.approved', 'ticket.reopened'],
    ['ticket.registered', 'link'],
    ['ticket.registered', 'link', 'assignment.released', 'unlink'],
    ['ticket.registered', 'assign', 'link', 'assignment.released', 'follow', 'ticket.reopened'],
    ['ticket.registered', 'assignment.returned', 'assignment.returned'],
    ['ticket.registered', 'assignment.returned', 'accept-return', 'assignment.returned', 'refuse-return'],
  ],
  commandsInTen: 4,
});

/** Half of the stories have their returns judged by the rules, the others by a dispatcher. */
const bases = [facts(), facts(REVIEWED)] as const;
/** While the story goes on, one unit's time ends and another's begins. */
const DATED = SMALL_CITY.units.map((one) => {
  if (one.code === 'environment') return { ...one, until: STORY_START + 300 * HOUR };
  return one.code === 'police' ? { ...one, from: STORY_START + 100 * HOUR } : one;
});
const open = indexDirectory({ ...SMALL_CITY, units: DATED });
/** The city closes a unit while the story goes on. */
const later = indexDirectory({
  ...SMALL_CITY,
  version: 8,
  units: DATED.map((one) => (one.code === 'housing' ? { ...one, active: false } : one)),
});
const directoryAt = (now: number): Facts['directory'] => (now < STORY_START + 200 * HOUR ? open : later);

/** Nothing is decided by them. */
const CLAIMS: ReadonlySet<string> = new Set(['claim', 'unclaim']);

const told = (story: readonly Happening[]): Told<Ticket, Facts, DispatchCommand> => {
  const first = story.find((one) => one.kind === 'event' && one.name === 'ticket.registered');
  const contents = new Map(
    first?.kind === 'event' ? [[TICKET, (first.payload as unknown as EventPayload<'ticket.registered'>).content]] : [],
  );
  return {
    service: 'dispatch',
    ticketId: TICKET,
    decide,
    factsAt: (now) => ({ ...bases[story.length % 2 === 0 ? 0 : 1], directory: directoryAt(now), contents, masters }),
    command: ({ name, payload: { commandId: _id, ...order }, by, commandId }) => {
      const payload = { coHandlers: [], copies: [], designated: false, ...order };
      const actor = { kind: 'person', subject: `${by}-1`, roles: [by] } as const;
      return { name, commandId, ticketId: TICKET, actor, payload } as unknown as DispatchCommand;
    },
    aim: (_name, payload, ticket) => {
      if (ticket === undefined) return payload;
      const holding = 'holding' in ticket ? ticket.holding : undefined;
      const order = 'decisionVersion' in payload;
      return {
        ...payload,
        ...('assignment' in payload ? { assignment: holding?.assignment ?? ticket.assignments } : {}),
        ...('unit' in payload && !order && holding !== undefined ? { unit: holding.lead } : {}),
        ...(order ? { decisionVersion: decisionVersion(ticket) } : {}),
      };
    },
    transitions: TRANSITIONS,
    unheard: 'new',
    timers: {},
    checkDecision: (before, message, { record, events = [], outcome }, now) => {
      const [old, fresh] = [before === undefined ? 0 : decisionVersion(before), decisionVersion(record)];
      must('decisions only grow', fresh >= old, { before, record });
      const claims = message.kind === 'command' && CLAIMS.has(message.command.name);
      must('an order that is taken is a decision', outcome?.accepted !== true || claims || fresh > old, { message, record });
      must('assignments only rise', record.assignments >= (before?.assignments ?? 0), { before, record });
      must('nobody is its own master', record.status !== 'linked' || record.under.master !== TICKET, { before, message });
      const sealed = record.appeal.confidentiality !== 'open';
      must('what is under seal is linked to nothing', record.status !== 'linked' || !sealed, { before, message });
      checkConcern(before, message);
      for (const event of events) if (event.name === 'ticket.assigned') checkAssigned(before, record, event.payload, directoryAt(now), now);
    },
    checkRow: (_row, said) => checkHolders(said),
  };
};

/** What is decided on was said by the holder, about the assignment that it holds. */
function checkConcern(before: Ticket | undefined, message: Parameters<typeof decide>[1]): void {
  if (message.kind !== 'event' || before === undefined || !('assignment' in message.event.payload) || !('unit' in message.event.payload))
    return;
  const { assignment, unit } = message.event.payload;
  const holding = 'holding' in before ? before.holding : undefined;
  must('the word is the holder’s', holding?.assignment === assignment && holding?.lead === unit, { before, message });
}

/** Who is given the ticket may have it. */
function checkAssigned(
  before: Ticket | undefined,
  ticket: Ticket,
  said: EventPayload<'ticket.assigned'>,
  directory: Facts['directory'],
  now: number,
): void {
  const { assignment, lead, coHandlers, copies, designated, by } = said;
  const found = { before, said };
  must('assignments are numbered on', assignment === (before?.assignments ?? 0) + 1, found);
  // Counted here once more: by the table of units and the time of the story.
  const works = (code: string): boolean => {
    const { active, from = 0, until = Infinity } = directory.units.get(code) ?? { active: false };
    return active && now >= from && now < until;
  };
  must('the lead works', works(lead), found);
  if (before?.status === 'answered')
    must('a redo goes to who answered', designated && by.kind === 'rule' && by.rule === 'redo' && lead === before.holding.lead, found);
  // By rule nobody gets it back who returned it – but for the redo of what it answered after all.
  const wanted = designated && (by.kind === 'person' || by.rule === 'redo');
  must('who returned it doesn’t get it back by rule', !ticket.returnedBy.includes(lead) || wanted, found);
  const reported = new Set(ticket.reported.flatMap((code) => withSubordinates(directory, code)));
  const guarded = ticket.appeal.appealType === 'report' || ticket.appeal.confidentiality !== 'open';
  must('what is reported doesn’t reach the reported', !guarded || !reported.has(lead), found);
  const others = [...coHandlers, ...copies];
  must(
    'nor do its helpers',
    others.every((unit) => !reported.has(unit) && unit !== lead && works(unit)),
    found,
  );
}

/** One lead at a time: whoever had it before gave it back, was released or has answered. */
function checkHolders(said: readonly Said[]): void {
  const assignments = said.filter(({ name }) => name === 'ticket.assigned').map(({ payload }) => payload['assignment']);
  must(
    'assignments are 1, 2, 3 …',
    assignments.every((number, i) => number === i + 1),
    said,
  );
}

describe('in whatever order they come', () => {
  it('messages never break a ticket: it moves and speaks as the table says, decisions and assignments only rise, nobody excluded is given it', () => {
    const walked = new Set<string>();
    fc.assert(
      fc.property(cast, (story) => live(told(story), story).ways.forEach((way) => walked.add(way))),
      runs(600),
    );
    // The stories must come far enough.
    for (const way of [
      'answered ticket.reopened assigned',
      'releasing assignment.released assigned',
      'assigned assignment.returned held',
      'returned accept-return assigned',
      'returned refuse-return assigned',
      'assigned undo releasing',
      'held claim held',
      'held link linked',
      'assigned link releasing',
      'releasing assignment.released linked',
      'linked follow linked',
      'linked unlink assigned',
      'linked ticket.reopened assigned',
    ])
      expect([...walked]).toContain(way);
  });
});

/** What no event says: who was looking at it, what a person wrote beyond what a note has room for, who was ruled out before a person decided, whom a holder was to make room for. */
const bare = (ticket: Ticket | undefined): unknown =>
  ticket && {
    ...ticket,
    target: undefined,
    claim: undefined,
    decisions: ticket.decisions.map((taken) => ({ ...taken, opinion: undefined, target: undefined, ruledOut: undefined })),
  };

describe('restored from a back-up', () => {
  it('a ticket is told by the log who was to hold it, and nobody is told anything twice', () => {
    expect(liveManyRestored(told, recall, cast, runs(200), bare)).toBeGreaterThan(50);
  });
});
