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
  sendBack,
  sign,
  START,
  suspend,
  suspensionEnds,
  windowPassed,
  withdrawn,
} from './work-item.kit.js';
import { DEPARTMENT_COMMANDS } from '@paidan/contracts';
import { HEARD, RETURN_WINDOW, STATUSES, SUSPENSION, TRANSITIONS, type Status, type Trigger, type WorkItem } from './work-item.js';

type Message = Parameters<typeof decide>[1];

const triggerOf = (message: Message): Trigger => {
  if (message.kind === 'event') return message.event.name as Trigger;
  return message.kind === 'command' ? message.command.name : (message.timer.name as Trigger);
};

/** How a working day may have begun. */
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
  ...[releaseRequested(1), releaseRequested(9), returnAccepted(1), returnRefused(1)],
  ...[clockStarted(), deadlineMoved(), deadlineWarned(), cardIssued(), cardWithdrawn()],
  ...[sign(), giveBack(), contact(), progress(), reply(), approve(), sendBack()],
  ...[suspend(), resume(), requestExtension(), decideExtension(true), decideExtension(false)],
];
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

  const live = (messages: readonly Message[], start?: WorkItem): WorkItem | undefined => {
    let item = start;
    for (const message of messages) {
      const before: WorkItem | undefined = item;
      const decision = decide(before, message, { now: START });
      if (message.kind === 'command' && decision?.outcome === undefined) throw new Error('a command without an answer');
      if (decision === undefined || decision.outcome?.accepted === false) continue;
      item = decision.record;
      const from = before?.status ?? 'none';
      const trigger = triggerOf(message);
      const allowed = TRANSITIONS[from][trigger] ?? [];
      // A word about an old assignment is passed on: nothing moves, and nothing is said.
      if (item === before && message.kind === 'event' && (decision.events ?? []).length === 0) continue;
      expect(allowed).toContain(item.status);
      walked.add(`${from} ${trigger} ${item.status}`);
    }
    return item;
  };

  it('after each beginning takes each message as the table says', () => {
    for (const opening of OPENINGS) {
      const item = live(opening);
      for (const next of ANY) live([next], item);
    }
  });

  it('has been along each way of the table', () => {
    const ways = Object.entries(TRANSITIONS).flatMap(([from, row]) =>
      Object.entries(row).flatMap(([trigger, targets]) => targets.map((target) => `${from} ${trigger} ${target}`)),
    );
    expect(ways.filter((way) => !walked.has(way))).toEqual([]);
  });
});
