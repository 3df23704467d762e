import { registration as registrationOf } from '@paidan/contracts/happenings';
import { sharedInfra, until } from '@paidan/testing';
import { randomUUID } from 'node:crypto';
import { DispatchBench, newTicket, type Answer } from './dispatch.kit.js';

/* Dispatchers who link tickets to each other at one instant: the orders wait for each other's tickets. */

let bench: DispatchBench;
beforeAll(async () => {
  bench = await DispatchBench.open(sharedInfra().brokers, undefined, () => ({ PAIDAN_MEMBERS_POLL: '100ms', PAIDAN_DUPLICATES: 'off' }));
}, 90_000);
afterAll(async () => {
  await bench.close();
}, 60_000);

const VAGUE = { kind: 'open', title: '一件小事', text: '不知道该找谁。' } as const;
const NOISE = { kind: 'open', title: '夜间施工噪声扰民', text: '工地夜间施工，施工噪声很大，夜间施工到凌晨两点。' } as const;

let numbered = 0;
const register = async (count: number, content: typeof VAGUE | typeof NOISE): Promise<readonly string[]> => {
  const registrations = Array.from({ length: count }, () => {
    const number = `20261123-6${String((numbered += 1)).padStart(5, '0')}`;
    return [newTicket(), registrationOf({ number, channel: 'web-portal', channelKind: 'web', content })] as const;
  });
  await bench.together(registrations);
  return registrations.map(([ticketId]) => ticketId);
};
const versionOf = async (ticketId: string): Promise<number> => (await bench.runtime.reactor.read(ticketId))?.record?.decisions.length ?? 0;
const order = async (ticketId: string, what: 'link' | 'unlink', more: object): Promise<Answer> => {
  const body = { commandId: randomUUID(), decisionVersion: await versionOf(ticketId), ...more };
  return bench.call('POST', `/v1/tickets/${ticketId}/${what}`, ['dispatcher'], body);
};
const link = (ticketId: string, master: string): Promise<Answer> => order(ticketId, 'link', { master });

/** Each got through, or was told that another was first. */
const expectAnswered = (answers: readonly Answer[]): void => {
  expect(answers.filter(({ status }) => status !== 200 && status !== 202 && status !== 409)).toEqual([]);
  expect(answers.some(({ status }) => status === 202)).toBe(true);
};

/** Once the members of those that came under a master have gone along, every master is one. */
const atRest = async (ticketIds: readonly string[]): Promise<readonly (string | undefined)[]> =>
  until('no member of a member', async () => {
    const rows = await Promise.all(ticketIds.map((ticketId) => bench.runtime.reactor.read(ticketId)));
    const masters = new Map(
      rows.flatMap((row) => (row?.record?.status === 'linked' ? [[row.ticketId, row.record.under.master] as const] : [])),
    );
    return ![...masters.values()].some((master) => masters.has(master)) && ticketIds.map((ticketId) => masters.get(ticketId));
  });

describe('orders that link tickets to each other at one instant', () => {
  it('of two: one of them is the master', async () => {
    for (let round = 0; round < 5; round++) {
      const tickets = await register(12, VAGUE);
      const other = (n: number): string => tickets[n ^ 1] as string;
      const answers = await Promise.all(tickets.map((ticketId, n) => link(ticketId, other(n))));
      expectAnswered(answers);
      const masters = await atRest(tickets);
      for (let n = 0; n < tickets.length; n += 2)
        expect([[masters[n], masters[n + 1]], answers.slice(n, n + 2).map(({ status }) => status)]).toEqual(
          masters[n] === undefined
            ? [
                [undefined, other(n + 1)],
                [409, 202],
              ]
            : [
                [other(n), undefined],
                [202, 409],
              ],
        );
    }
  }, 120_000);

  it('in a ring: all but one come under that one', async () => {
    const tickets = await register(8, VAGUE);
    expectAnswered(await Promise.all(tickets.map((ticketId, n) => link(ticketId, tickets[(n + 1) % tickets.length] as string))));
    const masters = await atRest(tickets);
    expect(new Set(masters).size).toBe(2);
    expect(masters.filter((master) => master === undefined)).toHaveLength(1);
  }, 120_000);

  it('each to each, with others taken out again', async () => {
    const tickets = await register(6, VAGUE);
    for (let round = 0; round < 4; round++) {
      const orders = tickets.flatMap((ticketId, n) => [
        link(ticketId, tickets[(n + 1 + round) % 6] as string),
        link(ticketId, tickets[(n + 2 + round) % 6] as string),
        order(ticketId, 'unlink', { reason: 'other' }),
      ]);
      const answers = await Promise.all(orders);
      expect(answers.filter(({ status }) => status !== 200 && status !== 202 && status !== 409)).toEqual([]);
    }
    await atRest(tickets);
  }, 120_000);

  it('which their holders must let go first: nobody is asked back to come under what comes under it', async () => {
    const tickets = await register(3, NOISE);
    const answers = await Promise.all(tickets.map((ticketId, n) => link(ticketId, tickets[(n + 1) % 3] as string)));
    expectAnswered(answers);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(1);
    for (const [n, ticketId] of tickets.entries()) {
      if (answers[n]?.status !== 202) continue;
      const { unit, assignment } = await bench.heard('release.requested', ticketId);
      await bench.happens(ticketId, 'assignment.released', { assignment, unit });
      await bench.heard('ticket.linked', ticketId);
    }
    expect((await atRest(tickets)).filter((master) => master === undefined)).toHaveLength(1);
  }, 120_000);
});
