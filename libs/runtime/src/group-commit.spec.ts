import { setTimeout as delay } from 'node:timers/promises';
import { GroupCommit } from './group-commit.js';

const badData = () => Object.assign(new Error('refused'), { code: '22P05' });

describe('group commit', () => {
  it('puts whoever arrives during a transaction into the next one, and answers each its own', async () => {
    const groups: number[] = [];
    const commit = new GroupCommit<number, number>(
      async (items) => {
        groups.push(items.length);
        await delay(20);
        return items.map((item) => item * 2);
      },
      { maxItems: 500, concurrency: 1, maxWaiting: 1_000 },
    );
    const answers = await Promise.all(Array.from({ length: 300 }, (_, i) => commit.submit(i)));
    expect(answers).toEqual(Array.from({ length: 300 }, (_, i) => i * 2));
    expect(groups.length).toBeLessThanOrEqual(3);
  });

  it('under load gathers those who were just answered and come back one after the other', async () => {
    const groups: number[] = [];
    const commit = new GroupCommit<number, number>(async (items) => {
      groups.push(items.length);
      await delay(1);
      return [...items];
    });
    const sender = async (i: number): Promise<void> => {
      for (let round = 0; round < 10; round += 1) {
        await commit.submit(i);
        await delay(i % 4); // the way back is not equally long for all
      }
    };
    await Promise.all(Array.from({ length: 40 }, (_, i) => sender(i)));
    expect(groups.reduce((sum, size) => sum + size, 0)).toBe(400);
    expect(400 / groups.length).toBeGreaterThan(20);
  });

  it('one item that SQL refuses refuses only itself', async () => {
    const commit = new GroupCommit<number, number>(async (items) => {
      if (items.includes(13)) throw badData();
      return [...items];
    });
    const results = await Promise.allSettled(Array.from({ length: 40 }, (_, i) => commit.submit(i)));
    expect(results.flatMap((result, i) => (result.status === 'rejected' ? [i] : []))).toEqual([13]);
  });

  it('an outage is told to everyone in the group, not bisected', async () => {
    let calls = 0;
    const commit = new GroupCommit<number, number>(async () => {
      calls += 1;
      throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
    });
    const results = await Promise.allSettled([1, 2, 3].map((i) => commit.submit(i)));
    expect(results.every((result) => result.status === 'rejected')).toBe(true);
    expect(calls).toBe(1);
  });

  it('refuses at once when too many wait, and after it was closed; what waits is committed first', async () => {
    const commit = new GroupCommit<number, number>(
      async (items) => {
        await delay(10);
        return [...items];
      },
      { maxItems: 2, concurrency: 1, maxWaiting: 5 },
    );
    const taken = [1, 2, 3, 4, 5].map((i) => commit.submit(i));
    await expect(commit.submit(6)).rejects.toMatchObject({ code: 'database-unavailable', status: 503 });
    await commit.close();
    expect(await Promise.all(taken)).toEqual([1, 2, 3, 4, 5]);
    await expect(commit.submit(7)).rejects.toMatchObject({ code: 'shutting-down' });
  });
});
