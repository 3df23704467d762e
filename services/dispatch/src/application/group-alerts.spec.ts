import { GroupAlerts, type Group } from './group-alerts.js';

const MINUTE = 60_000;
const POLICY = { persons: 3, withinMs: 60 * MINUTE, calm: 1 };
const NOW = Date.parse('2026-11-22T04:00:00Z');
const group = (...voices: readonly (readonly [person: string, minutesAgo: number])[]): Group => ({
  ...{ area: '990102001', matter: '0702' },
  voices: voices.map(([person, minutesAgo], n) => ({ person, at: NOW - minutesAgo * MINUTE, ticketId: `t${n}` })),
});
const standing = (one: Group, now = NOW) => new GroupAlerts({ groups: async () => [one], policy: POLICY, now: () => now }).standing();

describe('a group alert', () => {
  it('stands from the voice that was one person too many, and names the tickets, the newest first', async () => {
    expect(await standing(group(['a', 40], ['b', 30], ['c', 20], ['d', 10], ['d', 5]))).toEqual([
      {
        ...{ area: '990102001', matter: '0702', persons: 4 },
        ...{ raisedAt: NOW - 10 * MINUTE, lastAt: NOW - 5 * MINUTE },
        ticketIds: ['t4', 't3', 't2', 't1', 't0'],
      },
    ]);
  });

  it('is none of one person who speaks often, nor of many over a long time', async () => {
    expect(await standing(group(['a', 40], ['a', 30], ['a', 20], ['b', 10]))).toEqual([]);
    expect(await standing(group(['a', 100], ['b', 80], ['c', 20], ['d', 10]))).toEqual([]);
  });

  it('stands while it ebbs, and ends when it is calm', async () => {
    const voices = group(['a', 50], ['b', 49], ['c', 48], ['d', 47], ['e', 10]);
    expect((await standing(voices))[0]).toMatchObject({ raisedAt: NOW - 47 * MINUTE, persons: 5 });
    expect(await standing(voices, NOW + 20 * MINUTE)).toEqual([]);
  });

  it('is looked for once, whoever asks meanwhile, and again after a look that failed', async () => {
    let looks = 0;
    const alerts = new GroupAlerts({
      groups: () => ((looks += 1) === 1 ? Promise.reject(new Error('away')) : Promise.resolve([])),
      policy: POLICY,
      now: () => NOW,
    });
    await expect(alerts.standing()).rejects.toThrow('away');
    expect(await Promise.all([alerts.standing(), alerts.standing()])).toEqual([[], []]);
    expect(looks).toBe(2);
  });
});
