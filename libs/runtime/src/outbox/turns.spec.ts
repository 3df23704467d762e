import type { Queue, QueuedMessage } from './queue.js';
import { Turns } from './turns.js';

const row = (of: string, number: number, topic = 'log') => ({ id: number, topic, turn: { of, number } }) as QueuedMessage;
const nobodys = (topic = 'log') => ({ id: 0, topic }) as QueuedMessage;
const turnsOf = ({ skips = false, byTableMs = 60_000 } = {}) => new Turns({ skips } as Queue, byTableMs);
const open = (): boolean => false;
const numbers = (rows: readonly QueuedMessage[]) => rows.map(({ turn }) => `${turn?.of}${turn?.number}`);

describe('rows that are handed over', () => {
  it('go while nothing of their ticket can be waiting: from its first word on, and on from the last that was sent', () => {
    const turns = turnsOf();
    expect(numbers(turns.of([row('a', 1), row('b', 2), row('a', 2)], open))).toEqual(['a1', 'a2']);
    turns.sent([row('a', 1), row('a', 2), row('b', 7)]);
    expect(numbers(turns.of([row('a', 3), row('b', 8), row('c', 2)], open))).toEqual(['a3', 'b8']);
  });

  it('wait with all that follow once one of their ticket waits', () => {
    const turns = turnsOf();
    const rows = [row('a', 1, 'missing'), row('a', 2), row('b', 1)];
    expect(numbers(turns.of(rows, (topic) => topic === 'missing'))).toEqual(['b1']);
  });

  it('go by the table after a row of no ticket on their topic, for a while', () => {
    const turns = turnsOf();
    turns.committed([nobodys('unit')]);
    expect(numbers(turns.of([nobodys('unit'), row('a', 1, 'unit'), row('b', 1)], open))).toEqual(['b1']);
    const brief = turnsOf({ byTableMs: 0 });
    brief.committed([nobodys('unit')]);
    expect(numbers(brief.of([row('a', 1, 'unit')], open))).toEqual(['a1']);
  });

  it('are not let past by one that was sent out of a table that is read with omissions', () => {
    const turns = turnsOf({ skips: true });
    turns.sent([row('a', 2)]);
    expect(turns.of([row('a', 3)], open)).toEqual([]);
    turns.sent([row('b', 1), row('b', 2)]);
    expect(numbers(turns.of([row('b', 3)], open))).toEqual(['b3']);
  });

  it('are not known to be next any more once the log was held', () => {
    const turns = turnsOf();
    turns.sent([row('a', 1)]);
    turns.forget();
    expect(turns.of([row('a', 2)], open)).toEqual([]);
  });
});
