import type { EventPayload } from '@paidan/contracts';
import { nextNumber, registration } from '@paidan/contracts/happenings';
import { until } from '@paidan/testing';
import { CODE, newId, startFeedback, type Feedback } from './feedback.kit.js';

const ROADS = 'city-roads';

let city: Feedback;
beforeAll(async () => {
  city = await startFeedback();
  await city.publishes(1, { [ROADS]: '市道路管理局' });
}, 60_000);
afterAll(async () => {
  await city?.stop();
});

async function registered(channel: 'web' | 'app' = 'app'): Promise<{ ticketId: string; number: string }> {
  const ticketId = newId();
  const number = nextNumber();
  const queryCodeHmac = city.proofOf(ticketId);
  await city.happens(ticketId, 'ticket.registered', registration({ number, channel, channelKind: channel, queryCodeHmac }));
  return { ticketId, number };
}
const saidOf = <N extends 'reply.shared' | 'reply.delivered' | 'ticket.closed'>(ticketId: string, name: N) =>
  until(`${name} of ${ticketId}`, () => city.said(ticketId).find((event) => event.name === name)?.payload as EventPayload<N> | undefined);
const track = (number: string) => city.tries('/v1/tracking', { number, queryCode: CODE });
const isLinked = (ticketId: string) =>
  until('linked', async () => (await city.rows(`select from ticket where ticket_id = $1 and status = 'linked'`, [ticketId])).length === 1);
const link = async (ticketId: string, master: { ticketId: string; number: string }): Promise<void> => {
  const by = { kind: 'rule', rule: 'same' } as const;
  const payload = { master: master.ticketId, masterNumber: master.number, link: 'same-matter', by } as const;
  await city.happens(ticketId, 'ticket.linked', payload);
};
const approve = ({ ticketId, number }: { ticketId: string; number: string }) =>
  city.happens(ticketId, 'reply.approved', {
    ...{ assignment: 1, unit: ROADS, approver: 'chief', round: 1, outcome: 'resolved' },
    reply: { kind: 'open', text: `工单${number}：建设路路灯已全部修复` },
  });
/** The master's reply as this member gets it. */
const asMember = (number: string): RegExp => new RegExp(`^您反映的事项[^]*the same matter[^]*\\n\\n工单${number}：建设路路灯已全部修复$`);

describe('the members of a master', () => {
  it('are told that they wait with it; each gets its reply through its own channel, and judges it', async () => {
    const master = await registered();
    const [pushed, fetched] = [await registered('web'), await registered()];
    for (const { ticketId } of [pushed, fetched]) {
      await link(ticketId, master);
      await isLinked(ticketId);
    }
    const waiting = (await track(fetched.number)).body;
    expect(waiting).toMatchObject({ status: 'linked', state: { zh: expect.stringContaining(master.number) } });

    await approve(master);
    expect(await saidOf(pushed.ticketId, 'reply.shared')).toMatchObject({
      round: 1,
      master: master.ticketId,
      unit: ROADS,
      outcome: 'resolved',
    });
    expect(await saidOf(pushed.ticketId, 'reply.delivered')).toMatchObject({ round: 1, channel: 'web', way: 'pushed' });
    const [post] = city.adapter.of(pushed.ticketId);
    expect(post && city.adapter.verified(post)).toMatchObject({
      data: {
        ticketId: pushed.ticketId,
        number: pushed.number,
        text: expect.stringMatching(asMember(pushed.number)),
        unit: { name: '市道路管理局' },
      },
    });
    await saidOf(fetched.ticketId, 'reply.shared');
    expect((await track(fetched.number)).body).toMatchObject({
      status: 'delivered',
      reply: { text: expect.stringMatching(asMember(fetched.number)) },
      mayRate: 1,
    });
    const judged = await city.tries('/v1/tracking/ratings', { number: fetched.number, queryCode: CODE, round: 1, stars: 5 });
    expect(judged.status).toBe(200);
    expect(await saidOf(fetched.ticketId, 'ticket.closed')).toMatchObject({ because: 'satisfied', unit: ROADS });
    const shown = (await city.asks({ roles: ['supervisor'] }, 'GET', `/v1/tickets/${fetched.ticketId}/trail`)).body;
    expect(JSON.stringify(shown)).toContain(`按主单 ${master.number}`);
  });

  it('linked to one that was answered before get its answer at once, and each once', async () => {
    const master = await registered();
    await approve(master);
    const { ticketId } = await registered();
    await link(ticketId, master);
    await saidOf(ticketId, 'reply.shared');
    await link(ticketId, master);
    const { ticketId: next } = await registered();
    await link(next, master);
    await saidOf(next, 'reply.shared');
    expect(city.said(ticketId).map(({ name }) => name)).toEqual(['reply.shared']);
  });
});
