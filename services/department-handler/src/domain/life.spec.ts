import fc from 'fast-check';
import {
  approve,
  assigned,
  confidential,
  decide,
  giveBack,
  HOUR,
  progress,
  registered,
  releaseRequested,
  reply,
  returnAccepted,
  returnRefused,
  ROADS,
  sendBack,
  sign,
  START,
  WATER,
  windowPassed,
  withdrawn,
} from './work-item.kit.js';
import { HEARD, isHeld, RETURN_WINDOW, STATUSES, TRANSITIONS, type Status, type Trigger, type WorkItem } from './work-item.js';

type Message = Parameters<typeof decide>[1];

const triggerOf = (message: Message): Trigger => {
  if (message.kind === 'event') return message.event.name as Trigger;
  return message.kind === 'command' ? message.command.name : RETURN_WINDOW;
};

const number = fc.integer({ min: 1, max: 3 });
const unit = fc.constantFrom(ROADS, WATER);
const who = fc.record({ unit, assignment: number, by: fc.constantFrom('officer-1', 'officer-2', ROADS) });
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.constantFrom(registered, confidential, withdrawn, windowPassed).map((make) => make()),
  fc.tuple(number, unit, fc.boolean(), fc.boolean()).map(([assignment, lead, designated, open]) => {
    const { returnUntil: _, ...change } = { lead, coHandlers: lead === ROADS ? [WATER] : [], designated, returnUntil: '' };
    return assigned(assignment, open ? change : { ...change, returnUntil: new Date(START + HOUR).toISOString() });
  }),
  fc.tuple(fc.constantFrom(releaseRequested, returnAccepted, returnRefused), number).map(([make, assignment]) => make(assignment)),
  fc.tuple(fc.constantFrom(sign, giveBack, progress, reply), who).map(([make, by]) => make(by)),
  fc.tuple(fc.constantFrom(approve, sendBack), number, who).map(([make, round, by]) => make(round, by)),
);

/** How a working day may have begun; pure chance alone seldom gets as far as a reply. */
const OPENINGS: readonly (readonly Message[])[] = [
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
];
const ANY: readonly Message[] = [
  ...[registered(), withdrawn(), windowPassed(), assigned(), assigned(2)],
  ...[releaseRequested(1), returnAccepted(1), returnRefused(1)],
  ...[sign(), giveBack(), progress(), reply(), approve(), sendBack()],
];
const story = fc
  .tuple(fc.constantFrom(...OPENINGS), fc.array(message, { maxLength: 20 }))
  .map(([opening, rest]): readonly Message[] => [...opening, ...rest]);

describe('the transition table', () => {
  it('names known statuses and triggers only, and each status', () => {
    const triggers = new Set<string>([...HEARD, 'sign', 'return', 'progress', 'reply', 'approve', 'send-back', RETURN_WINDOW]);
    expect(new Set(Object.keys(TRANSITIONS))).toEqual(new Set(['none', ...STATUSES]));
    for (const row of Object.values(TRANSITIONS)) {
      for (const [trigger, targets] of Object.entries(row)) {
        expect(triggers).toContain(trigger);
        for (const target of targets) expect(STATUSES).toContain(target);
      }
    }
  });

  it('reaches each status from the first word, and leaves none without a way on but the withdrawn', () => {
    const reached = new Set<Status | 'none'>(['none']);
    for (const status of reached)
      for (const targets of Object.values(TRANSITIONS[status])) for (const target of targets) reached.add(target);
    expect(reached).toEqual(new Set(['none', ...STATUSES]));
    expect(STATUSES.filter((status) => Object.keys(TRANSITIONS[status]).length === 0)).toEqual(['withdrawn']);
  });
});

describe('a work item', () => {
  const walked = new Set<string>();

  const live = (messages: readonly Message[], steps: readonly number[] = []): void => {
    let item: WorkItem | undefined;
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
      // A request that can't be met is answered, and nothing moves.
      if (item === before && trigger === 'release.requested') continue;
      expect(allowed).toContain(item.status);
      walked.add(`${from} ${trigger} ${item.status}`);
      checkNumbers(before, item);
    }
  };

  it('in any order of messages never fails and moves as the table says', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 3 * HOUR }), { minLength: 25, maxLength: 25 });
    fc.assert(fc.property(story, steps, live), { numRuns: 800 });
  });

  // Chance misses one way or another in every second run, so each beginning is followed by each message once.
  it('after each beginning takes each message as the table says', () => {
    for (const opening of OPENINGS) for (const next of ANY) live([...opening, next]);
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
  if (isHeld(after) && 'holding' in before && before.holding?.assignment === after.holding.assignment)
    expect(after.holding.unit).toBe(before.holding.unit);
}
