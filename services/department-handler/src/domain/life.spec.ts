import fc from 'fast-check';
import {
  approve,
  assigned,
  cardIssued,
  cardWithdrawn,
  clockStarted,
  closed,
  confidential,
  contact,
  deadlineMoved,
  deadlineWarned,
  decide,
  decideExtension,
  giveBack,
  HOUR,
  LONG,
  progress,
  registered,
  releaseRequested,
  reply,
  requestExtension,
  resume,
  returnAccepted,
  returnRefused,
  ROADS,
  sendBack,
  sign,
  START,
  suspend,
  suspensionEnds,
  WATER,
  windowPassed,
  withdrawn,
} from './work-item.kit.js';
import { DEPARTMENT_COMMANDS } from '@paidan/contracts';
import { HEARD, isHeld, RETURN_WINDOW, STATUSES, SUSPENSION, TRANSITIONS, type Status, type Trigger, type WorkItem } from './work-item.js';

type Message = Parameters<typeof decide>[1];

const triggerOf = (message: Message): Trigger => {
  if (message.kind === 'event') return message.event.name as Trigger;
  return message.kind === 'command' ? message.command.name : (message.timer.name as Trigger);
};

const number = fc.integer({ min: 1, max: 3 });
const unit = fc.constantFrom(ROADS, WATER);
const who = fc.record({ unit, assignment: number, by: fc.constantFrom('officer-1', 'officer-2', ROADS) });
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.constantFrom(registered, confidential, withdrawn, closed, windowPassed, deadlineMoved, cardWithdrawn).map((make) => make()),
  fc.constant(suspensionEnds(START)),
  fc.tuple(fc.constantFrom(clockStarted, deadlineWarned, cardIssued), number, unit).map(([make, assignment, of]) => make(assignment, of)),
  fc.tuple(number, unit, fc.boolean(), fc.boolean()).map(([assignment, lead, designated, open]) => {
    const { returnUntil: _, ...change } = { lead, coHandlers: lead === ROADS ? [WATER] : [], designated, returnUntil: '' };
    return assigned(assignment, open ? change : { ...change, returnUntil: new Date(START + HOUR).toISOString() });
  }),
  fc.tuple(fc.constantFrom(releaseRequested, returnAccepted, returnRefused), number).map(([make, assignment]) => make(assignment)),
  fc.tuple(fc.constantFrom(sign, giveBack, progress, reply, contact, resume), who).map(([make, by]) => make(by)),
  fc
    .tuple(who, fc.option(fc.integer({ min: -HOUR, max: 60 * HOUR }), { nil: undefined }))
    .map(([by, until]) => suspend(by, until === undefined ? undefined : START + until)),
  fc.tuple(who, fc.integer({ min: 1, max: 9 })).map(([by, count]) => requestExtension(by, { count, unit: 'WD' })),
  fc.record({ extension: number, assignment: number }).map((about) => decideExtension(about.extension > 1, about)),
  fc.tuple(fc.constantFrom(approve, sendBack), number, who).map(([make, round, by]) => make(round, by)),
);

/** How a working day may have begun; pure chance alone seldom gets as far as a reply. */
const BEGINNINGS: readonly (readonly Message[])[] = [
  [],
  [registered()],
  [registered(), assigned()],
  [registered(), assigned(), sign()],
  [registered(), assigned(), giveBack()],
  [confidential(), assigned(), sign(), giveBack()],
  [confidential(), assigned(), sign(), reply()],
  [registered(), assigned(), sign(), reply(), approve()],
  [registered(), assigned(), releaseRequested()],
  [returnAccepted()],
  [assigned()],
  [assigned(), releaseRequested(), registered()],
  [assigned(), withdrawn(), registered()],
  [assigned(), closed(), registered()],
  [registered(), assigned(), clockStarted(), sign(), suspend()],
  [confidential(), assigned(), sign(), suspend(undefined, START + HOUR)],
  [registered(), assigned(), clockStarted(), sign(), requestExtension(undefined, LONG)],
  [confidential(), assigned(), sign(), requestExtension(undefined, LONG), suspend()],
  [registered(), assigned(), sign(), requestExtension(undefined, LONG), reply()],
  [registered(), assigned(), sign(), closed()],
  [registered(), assigned(), withdrawn()],
];
const OPENINGS = [...BEGINNINGS, ...BEGINNINGS.map((opening) => [...opening, clockStarted(), cardIssued()])];
const ANY: readonly Message[] = [
  ...[registered(), withdrawn(), closed(), windowPassed(), suspensionEnds(START), assigned(), assigned(2)],
  ...[releaseRequested(1), returnAccepted(1), returnRefused(1)],
  ...[clockStarted(), deadlineMoved(), deadlineWarned(), cardIssued(), cardWithdrawn()],
  ...[sign(), giveBack(), contact(), progress(), reply(), approve(), sendBack()],
  ...[suspend(), resume(), requestExtension(), decideExtension(true), decideExtension(false)],
];
const story = fc
  .tuple(fc.constantFrom(...OPENINGS), fc.array(message, { maxLength: 20 }))
  .map(([opening, rest]): readonly Message[] => [...opening, ...rest]);

describe('the transition table', () => {
  it('names known statuses and triggers only, and each status', () => {
    const triggers = new Set<string>([...HEARD, ...DEPARTMENT_COMMANDS, 'decide-extension', RETURN_WINDOW, SUSPENSION]);
    expect(new Set(Object.keys(TRANSITIONS))).toEqual(new Set(['none', ...STATUSES]));
    for (const row of Object.values(TRANSITIONS)) {
      for (const [trigger, targets] of Object.entries(row)) {
        expect(triggers).toContain(trigger);
        for (const target of targets) expect(STATUSES).toContain(target);
      }
    }
  });

  it('reaches each status from the first word, and leaves none without a way on but those that are over', () => {
    const reached = new Set<Status | 'none'>(['none']);
    for (const status of reached)
      for (const targets of Object.values(TRANSITIONS[status])) for (const target of targets) reached.add(target);
    expect(reached).toEqual(new Set(['none', ...STATUSES]));
    const leads = (status: Status) => Object.values(TRANSITIONS[status]).some((targets) => targets.some((target) => target !== status));
    expect(STATUSES.filter((status) => !leads(status))).toEqual(['withdrawn', 'closed']);
  });
});

describe('a work item', () => {
  const walked = new Set<string>();

  const live = (messages: readonly Message[], steps: readonly number[] = [], start?: WorkItem): WorkItem | undefined => {
    let item = start;
    let now = START;
    for (const [i, message] of messages.entries()) {
      now += (steps[i] ?? 0) / 10;
      const before: WorkItem | undefined = item;
      const decision = decide(before, message, { now: Math.floor(now) });
      if (message.kind === 'command' && decision?.outcome === undefined) throw new Error('a command without an answer');
      if (decision === undefined || decision.outcome?.accepted === false) continue;
      item = decision.record;
      const from = before?.status ?? 'none';
      const trigger = triggerOf(message);
      const allowed = TRANSITIONS[from][trigger] ?? [];
      // A request that can't be met is answered, a word about an old assignment is passed on: nothing moves.
      if (item === before && message.kind === 'event') continue;
      expect(allowed).toContain(item.status);
      walked.add(`${from} ${trigger} ${item.status}`);
      checkNumbers(before, item);
    }
    return item;
  };

  it('in any order of messages never fails and moves as the table says', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 3 * HOUR }), { minLength: 25, maxLength: 25 });
    fc.assert(
      fc.property(story, steps, (messages, pauses) => void live(messages, pauses)),
      { numRuns: 500 },
    );
  });

  // Chance misses one way or another in every second run, so each beginning is followed by each message once.
  it('after each beginning takes each message as the table says', () => {
    for (const opening of OPENINGS) {
      const item = live(opening);
      for (const next of ANY) live([next], [], item);
    }
  });

  it('has been along each way of the table', () => {
    const ways = Object.entries(TRANSITIONS).flatMap(([from, row]) =>
      Object.entries(row).flatMap(([trigger, targets]) => targets.map((target) => `${from} ${trigger} ${target}`)),
    );
    expect(ways.filter((way) => !walked.has(way))).toEqual([]);
  });
});

/** Numbers only grow; nobody holds an assignment older than one that was heard of. */
function checkNumbers(before: WorkItem | undefined, after: WorkItem): void {
  if (before === undefined || before.status === 'unregistered' || after.status === 'unregistered') return;
  expect(after.rounds).toBeGreaterThanOrEqual(before.rounds);
  const [old, fresh] = [before, after].map((item) => ('holding' in item ? (item.holding?.assignment ?? 0) : 0));
  expect(fresh).toBeGreaterThanOrEqual(old ?? 0);
  if (isHeld(after) && 'holding' in before && before.holding?.assignment === after.holding.assignment) {
    expect(after.holding.unit).toBe(before.holding.unit);
    expect(after.holding.extensions?.asked ?? 0).toBeGreaterThanOrEqual(before.holding.extensions?.asked ?? 0);
    expect(after.holding.cards?.length ?? 0).toBeGreaterThanOrEqual(before.holding.cards?.length ?? 0);
  }
}
