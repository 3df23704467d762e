import { RuntimeError } from '../errors.js';
import { Lane } from './lane.js';
import type { LogRecord } from './log-record.js';
import { recordOf } from './log-record.kit.js';

const records = (from: number, to: number): LogRecord[] =>
  Array.from({ length: to - from }, (_, i) => recordOf({ topic: 't', offset: from + i }));

function given() {
  const seeks: number[] = [];
  const flow: string[] = [];
  const lane = new Lane('t', 0, () => ({
    seek: (_topic, _partition, offset) => void seeks.push(offset),
    pause: () => void flow.push('pause'),
    resume: () => void flow.push('resume'),
    commit: async () => undefined,
    stop: async () => undefined,
  }));
  return { lane, seeks, flow };
}

describe('a lane', () => {
  it('given no position yet, when the first fetch wins the race against the seek, then its records are dropped and it seeks to the position', () => {
    const { lane, seeks } = given();
    lane.accept(records(0, 10), 10);
    expect(lane.hasWork).toBe(false);
    lane.begin(7);
    expect(seeks).toEqual([7]);
    lane.accept(records(0, 10), 10);
    expect(lane.slice(100)).toMatchObject({ from: 7, to: 10, records: [{ offset: 7 }, { offset: 8 }, { offset: 9 }] });
  });

  it('when a partition comes back that had left while it was paused, then it is read again: the client remembers the pause, a new lane does not', () => {
    const paused = new Set<number>();
    const client: NonNullable<ReturnType<ConstructorParameters<typeof Lane>[2]>> = {
      seek: () => undefined,
      pause: (_topic, partition) => void paused.add(partition),
      resume: (_topic, partition) => void paused.delete(partition),
      commit: async () => undefined,
      stop: async () => undefined,
    };
    const before = new Lane('t', 0, () => client);
    before.begin(0);
    before.accept(records(0, 2_500), 2_500);
    expect([...paused]).toEqual([0]);
    const after = new Lane('t', 0, () => client);
    after.begin(1_000);
    expect([...paused]).toEqual([]);
  });

  it('when the client jumps ahead (OFFSET_OUT_OF_RANGE), then it seeks back, and after two vain seeks has the position checked against the log', () => {
    const { lane, seeks } = given();
    lane.begin(5);
    for (let i = 0; i < 2; i += 1) lane.accept(records(100, 101), 101);
    expect(seeks).toEqual([5, 5, 5]);
    lane.accept(records(100, 101), 101);
    expect(lane.needsPosition).toBe(true);
    expect(lane.hasWork).toBe(false);
  });

  it('given the check found the position inside the log, then a hole (compaction) is crossed', () => {
    const { lane } = given();
    lane.begin(5);
    for (let i = 0; i < 3; i += 1) lane.accept(records(100, 101), 101);
    lane.begin(5);
    lane.accept(records(100, 102), 102);
    expect(lane.slice(10)).toMatchObject({ from: 5, to: 102 });
  });

  it('a batch taken before a rebalance says nothing about what is queued after', () => {
    const { lane } = given();
    lane.begin(0);
    lane.accept(records(0, 4), 4);
    const slice = lane.slice(4);
    const { generation } = lane;
    lane.forget();
    lane.begin(2);
    lane.accept(records(2, 6), 6);
    lane.handled(slice, generation, true);
    expect(lane.slice(10)).toMatchObject({ from: 2, to: 6 });
  });

  it('expects in Postgres what Postgres has, not what it skipped', () => {
    const { lane } = given();
    lane.begin(0);
    lane.accept(records(0, 6), 6);
    lane.handled(lane.slice(3), lane.generation, false);
    expect(lane.unstoredSlice()).toMatchObject({ from: 0, to: 3 });
    expect(lane.slice(3)).toMatchObject({ from: 0, to: 6, records: [{ offset: 3 }, { offset: 4 }, { offset: 5 }] });
  });

  it('pauses fetching when much is queued, and goes on when little is left', () => {
    const { lane, flow } = given();
    lane.begin(0);
    lane.accept(records(0, 2_500), 2_500);
    expect(flow).toEqual(['resume', 'pause']);
    lane.handled(lane.slice(2_200), lane.generation, true);
    expect(flow).toEqual(['resume', 'pause', 'resume']);
  });

  it('a halted lane takes nothing until it is forgotten', () => {
    const { lane } = given();
    lane.begin(0);
    lane.halt(new RuntimeError('position-lost', 'x'));
    lane.accept(records(0, 3), 3);
    expect([lane.hasWork, lane.needsPosition]).toEqual([false, false]);
    lane.forget();
    expect(lane.needsPosition).toBe(true);
  });
});
