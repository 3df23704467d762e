import { Writing, on } from '../ledger/history.kit.js';
import { longestGap, measure, type Stay } from './measure.js';
import { isEven } from './scale.js';
import { scaleTable } from './table.js';

const SECOND = 1_000;
/** The city lives sixty times as fast: one of its minutes is a second. */
const FACTOR = 60;
const at = (second: number): number => on('02 09:00') + second * SECOND * FACTOR;
const stay = (replicas: number, from: number, to: number, more: Partial<Stay> = {}): Stay => ({
  replicas,
  partitions: replicas === 1 ? { dispatch: 12 } : { dispatch: 6, 'dispatch-2': 6 },
  orderedAt: at(from),
  runningAt: at(from),
  settledAt: at(from),
  leftAt: at(to),
  isFirst: false,
  ...more,
});

/** A ticket a second, each assigned half a second later; but between 12 and 16 nobody assigns, and what came meanwhile waits. */
function played(): Writing {
  const writing = new Writing();
  const clock = (second: number): string => {
    const minutes = Math.floor(second * 60) / 60;
    return `02 ${String(9 + Math.floor(minutes / 60)).padStart(2, '0')}:${String(Math.floor(minutes % 60)).padStart(2, '0')}`;
  };
  for (let second = 0; second < 30; second += 1) {
    const ticketId = `t-${second}`;
    const decided = second >= 12 && second < 16 ? 16 : second + 1;
    writing.say(ticketId, 'ticket.registered', clock(second), {});
    writing.say(ticketId, second === 20 ? 'ticket.held' : 'ticket.assigned', clock(decided), {});
    // Sent a second time: a repeat in the log, not another assignment.
    if (second === 3) writing.stories.get(ticketId)?.push(...(writing.stories.get(ticketId) ?? []).slice(-1));
  }
  return writing;
}

it('a change tells how long nobody assigned, and who waited longest; the rest tells what is usual', () => {
  const stays = [stay(1, 0, 10, { isFirst: true }), stay(2, 10, 28, { runningAt: at(11), settledAt: at(14) })];
  const [first, second] = measure(stays, played().stories, FACTOR);
  expect(first).toEqual({
    replicas: 1,
    partitions: { dispatch: 12 },
    steady: { seconds: 8, accepted: 1, assigned: 1, pause: 1_000, wait: 1_000 },
  });
  expect(second).toEqual({
    replicas: 2,
    partitions: { dispatch: 6, 'dispatch-2': 6 },
    change: { process: 1_000, moving: 3_000, pause: 4_000, wait: 4_000 },
    // From two seconds after the partitions were shared out; one ticket of these twelve seconds waits for a person, four come from before.
    steady: { seconds: 12, accepted: 1, assigned: 1.2, pause: 2_000, wait: 1_000 },
  });
  const [, , ...rows] = scaleTable([first, second].flatMap((step) => step ?? []));
  expect(rows.map((row) => row.trim().split(/\s{2,}/))).toEqual([
    ['1', '12', '–', '–', '–', '–', '1.0', '1.0', '1.00 s', '1.00 s'],
    ['2', '6+6', '1.00 s', '3.00 s', '4.00 s', '4.00 s', '1.0', '1.2', '2.00 s', '1.00 s'],
  ]);
});

it('a gap counts where it touches the window, and an edge where nothing came', () => {
  expect(longestGap([0, 10, 12, 40], 11, 13)).toBe(28);
  expect(longestGap([0, 10, 12, 40], 1, 9)).toBe(10);
  expect(longestGap([], 5, 9)).toBe(4);
  expect(longestGap([6], 5, 20)).toBe(14);
});

it('a share is even when all partitions are somebody’s, and nobody has two more than another', () => {
  expect(isEven({ a: 12 })).toBe(true);
  expect(isEven({ a: 4, b: 4, c: 4 })).toBe(true);
  expect(isEven({ a: 5, b: 7 })).toBe(false);
  expect(isEven({ a: 12, b: 0 })).toBe(false);
  expect(isEven({ a: 6, b: 5 })).toBe(false);
});
