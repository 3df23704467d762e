import {
  approved,
  DAY,
  decide,
  declined,
  delivered,
  directlyAnswered,
  linked,
  noRating,
  notFetched,
  rates,
  registered,
  shared,
  signed,
  START,
  TICKET,
  unlinked,
  withdrawn,
  type Message,
} from './follow.kit.js';
import { COMMANDS, HEARD, NO_RATING, NOT_FETCHED, STATUSES, TRANSITIONS, type Follow, type Status, type Trigger } from './ticket.js';

const triggerOf = (message: Message): Trigger => {
  if (message.kind === 'command') return message.command.name;
  if (message.kind === 'timer') return message.timer.name as Trigger;
  const { name } = message.event;
  return (HEARD as readonly string[]).includes(name) ? (name as Trigger) : 'heard';
};

/** How a ticket may have begun. */
const OPENINGS: readonly (readonly Message[])[] = [
  [],
  [signed()],
  [approved()],
  [withdrawn()],
  [registered()],
  [registered(), approved()],
  [registered(), directlyAnswered()],
  [registered(), approved(), delivered()],
  [registered(), approved(), delivered(), rates(1)],
  [registered(), approved(), delivered(), rates(1), approved(2), delivered(2)],
  [registered(), withdrawn()],
  [registered(), linked()],
  [registered(), linked(), shared()],
  [registered(), linked(), shared(), delivered()],
];
const ANY: readonly Message[] = [
  ...[registered(), withdrawn(), declined(), linked(), linked(TICKET), unlinked(), shared(), directlyAnswered(), approved(), signed()],
  ...[delivered(), delivered(2), rates(5), rates(1), rates(5, { round: 2 }), noRating(), notFetched()],
];

describe('the transition table', () => {
  it('names known statuses and triggers only, and each status', () => {
    const triggers = new Set<string>([...HEARD, ...COMMANDS, 'heard', NO_RATING, NOT_FETCHED]);
    expect(new Set(Object.keys(TRANSITIONS))).toEqual(new Set(['none', ...STATUSES]));
    for (const [trigger, targets] of Object.values(TRANSITIONS).flatMap((row) => Object.entries(row))) {
      expect(triggers).toContain(trigger);
      for (const target of targets) expect(STATUSES).toContain(target);
    }
  });

  it('reaches each status from the first word, and leaves none without a way on but the closed', () => {
    const reached = new Set<Status | 'none'>(['none']);
    for (const status of reached)
      for (const targets of Object.values(TRANSITIONS[status])) for (const target of targets) reached.add(target);
    expect(reached).toEqual(new Set(['none', ...STATUSES]));
    expect(STATUSES.filter((status) => Object.keys(TRANSITIONS[status]).length === 0)).toEqual(['closed']);
  });
});

describe('a ticket', () => {
  const walked = new Set<string>();

  const live = (messages: readonly Message[]): void => {
    let follow: Follow | undefined;
    for (const [i, one] of messages.entries()) {
      const before: Follow | undefined = follow;
      const decision = decide(before, one, { now: START + i * DAY });
      if (one.kind === 'command' && decision?.outcome === undefined) throw new Error('a command without an answer');
      if (decision === undefined || decision.outcome?.accepted === false) {
        expect(decision?.events ?? []).toEqual([]);
        continue;
      }
      follow = decision.record;
      const [from, trigger, to] = [before?.status ?? 'none', triggerOf(one), follow.status] as const;
      if (before !== undefined && to === from && JSON.stringify({ ...follow, heard: 0 }) === JSON.stringify({ ...before, heard: 0 }))
        continue;
      expect({ from, trigger, allowed: TRANSITIONS[from][trigger] ?? [] }).toEqual({
        from,
        trigger,
        allowed: expect.arrayContaining([to]),
      });
      walked.add(`${from} ${trigger} ${to}`);
    }
  };

  it('after each beginning takes each message as the table says', () => {
    for (const opening of OPENINGS) for (const next of ANY) live([...opening, next]);
    live([withdrawn(), registered()]);
    live([approved(), registered()]);
    live([linked(), registered()]);
    live([signed(), registered()]);
  });

  it('has been along each way of the table', () => {
    const ways = Object.entries(TRANSITIONS).flatMap(([from, row]) =>
      Object.entries(row).flatMap(([trigger, targets]) => targets.map((target) => `${from} ${trigger} ${target}`)),
    );
    expect(ways.filter((way) => !walked.has(way))).toEqual([]);
  });
});
