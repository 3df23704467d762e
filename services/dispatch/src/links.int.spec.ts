import { registration as registrationOf } from '@paidan/contracts/happenings';
import { sharedInfra, until } from '@paidan/testing';
import { randomUUID } from 'node:crypto';
import { DispatchBench, newTicket, type Answer } from './dispatch.kit.js';

let bench: DispatchBench;
beforeAll(async () => {
  bench = await DispatchBench.open(sharedInfra().brokers, undefined, () => ({ PAIDAN_MEMBERS_POLL: '200ms', PAIDAN_BURST_PERSONS: '2' }));
}, 90_000);
afterAll(async () => {
  await bench.close();
}, 60_000);

let numbered = 0;
const register = async (vague = false): Promise<{ readonly ticketId: string; readonly number: string }> => {
  const ticketId = newTicket();
  const number = `20261123-9${String((numbered += 1)).padStart(5, '0')}`;
  const content = vague
    ? ({ kind: 'open', title: '一件小事', text: `不知道该找谁，${number}。` } as const)
    : ({ kind: 'open', title: '夜间施工噪声扰民', text: `工地夜间施工，施工噪声很大，夜间施工到凌晨两点，${number}。` } as const);
  await bench.happens(ticketId, 'ticket.registered', registrationOf({ number, channel: 'web-portal', channelKind: 'web', content }));
  await until(`${number} is known`, () => bench.said.some((event) => event.ticketId === ticketId));
  return { ticketId, number };
};
const order = (ticketId: string, what: 'link' | 'unlink', decisionVersion: number, more: object): Promise<Answer> =>
  bench.call('POST', `/v1/tickets/${ticketId}/${what}`, ['dispatcher'], { commandId: randomUUID(), decisionVersion, ...more });
const routing = async (ticketId: string) => (await bench.call('GET', `/v1/tickets/${ticketId}/routing`, ['dispatcher'])).body;

describe('a ticket that is the same matter as another', () => {
  it('waiting, is linked at once and its order repeated harmlessly; unlinked, it goes its own way', async () => {
    const master = await register();
    const { ticketId } = await register(true);
    const body = { commandId: randomUUID(), decisionVersion: 1, master: master.ticketId };
    const path = `/v1/tickets/${ticketId}/link`;
    const first = await bench.call('POST', path, ['dispatcher'], body);
    expect(first).toMatchObject({ status: 202, body: { status: 'linked', master: master.ticketId, masterNumber: master.number } });
    expect((await bench.call('POST', path, ['dispatcher'], body)).body).toEqual(first.body);
    expect(await bench.heard('ticket.linked', ticketId)).toMatchObject({
      master: master.ticketId,
      link: 'same-matter',
      by: { kind: 'person' },
    });
    const shown = await routing(ticketId);
    expect(shown['decisions']).toMatchObject([
      { did: 'held' },
      { did: 'linked', explanation: { zh: [`人工并入主单 ${master.number}：异人同事`] } },
    ]);
    expect(await order(ticketId, 'link', 2, { master: master.ticketId })).toMatchObject({ status: 409, body: { code: 'wrong-state' } });

    const out = await order(ticketId, 'unlink', 2, { reason: 'new-facts', note: '又有一处' });
    expect(out).toMatchObject({ status: 200, body: { status: 'held', decisionVersion: 4 } });
    expect(await bench.heard('ticket.unlinked', ticketId)).toMatchObject({ reason: 'new-facts', note: { kind: 'open', text: '又有一处' } });
    await bench.heard('ticket.held', ticketId, 2);
    expect(await order(ticketId, 'unlink', 2, { reason: 'other' })).toMatchObject({ status: 409, body: { code: 'stale-decision' } });
  });

  it('assigned, is asked back from its holder first', async () => {
    const [master, { ticketId }] = [await register(), await register()];
    const { lead } = await bench.heard('ticket.assigned', ticketId);
    expect(await order(ticketId, 'link', 1, { master: master.ticketId })).toMatchObject({ status: 202, body: { status: 'releasing' } });
    expect(await bench.heard('release.requested', ticketId)).toMatchObject({ unit: lead, reason: 'linked' });
    await bench.happens(ticketId, 'assignment.released', { assignment: 1, unit: lead });
    expect(await bench.heard('ticket.linked', ticketId)).toMatchObject({ master: master.ticketId });
  });

  it('is linked to nothing that can’t be a master', async () => {
    const { ticketId } = await register(true);
    const sealedId = newTicket();
    const content = bench.sealed(sealedId, { title: '举报工地夜间施工', text: '夜间施工，施工噪声' });
    const report = { appealType: 'report', confidentiality: 'confidential', content } as const;
    await bench.happens(sealedId, 'ticket.registered', registrationOf(report));
    await until('the report', () => bench.said.some((event) => event.ticketId === sealedId));
    const gone = await register();
    await bench.happens(gone.ticketId, 'ticket.withdrawn', { reason: 'by-mistake', withdrawnAt: new Date().toISOString() });
    await bench.heard('release.requested', gone.ticketId);
    for (const [named, code] of [
      [ticketId, 'own-master'],
      [newTicket(), 'unknown-master'],
      [sealedId, 'not-to-be-linked'],
      [gone.ticketId, 'master-ended'],
    ] as const)
      expect(await order(ticketId, 'link', 1, { master: named })).toMatchObject({
        status: 422,
        body: { code, titleZh: expect.any(String) },
      });
  });
});

describe('members', () => {
  it('go along with a master that comes under another, and their own way when that is taken back', async () => {
    const [top, master, member] = [await register(), await register(true), await register(true)];
    expect((await order(member.ticketId, 'link', 1, { master: master.ticketId })).status).toBe(202);
    expect((await order(master.ticketId, 'link', 1, { master: top.ticketId })).status).toBe(202);
    expect(await bench.heard('ticket.linked', member.ticketId, 2)).toMatchObject({
      ...{ master: top.ticketId, masterNumber: top.number },
      by: { kind: 'rule', rule: 'with-its-master' },
    });
    // Named a member, its master is taken; and the master can't come under its own member.
    const late = await register(true);
    expect((await order(late.ticketId, 'link', 1, { master: member.ticketId })).body).toMatchObject({ master: top.ticketId });
    expect(await order(top.ticketId, 'link', 1, { master: member.ticketId })).toMatchObject({ status: 409, body: { code: 'own-member' } });

    await bench.happens(top.ticketId, 'ticket.withdrawn', { reason: 'by-mistake', withdrawnAt: new Date().toISOString() });
    for (const { ticketId } of [master, member, late]) {
      expect(await bench.heard('ticket.unlinked', ticketId)).toMatchObject({ reason: 'master-ended', by: { kind: 'rule' } });
      await bench.heard('ticket.held', ticketId, 2);
    }
    expect(await metrics()).toMatch(/^paidan_member_tickets\{/m);
  });

  it('of one that was closed with its own master’s answer come under that: the answer is there', async () => {
    const [top, master, member, late] = [await register(), await register(true), await register(true), await register(true)];
    const closedAt = new Date().toISOString();
    expect((await order(master.ticketId, 'link', 1, { master: top.ticketId })).status).toBe(202);
    await bench.happens(master.ticketId, 'ticket.closed', { because: 'satisfied', closedAt });
    await until('closed', async () => (await routing(master.ticketId))['status'] === 'closed');
    expect((await order(late.ticketId, 'link', 1, { master: master.ticketId })).body).toMatchObject({ master: top.ticketId });
    // Closed before its members were looked for: as one finds it that was frozen meanwhile.
    expect((await order(member.ticketId, 'link', 1, { master: late.ticketId })).status).toBe(202);
    await bench.runtime.database.query(
      `update ticket set master = $2::uuid, record = jsonb_set(record::jsonb, '{under,master}', to_jsonb($2::text))::json where ticket_id = $1`,
      [member.ticketId, master.ticketId],
    );
    expect(await bench.heard('ticket.linked', member.ticketId, 2)).toMatchObject({ master: top.ticketId, by: { rule: 'with-its-master' } });
  });

  it('whose citizen is not content with the master’s answer go their own way', async () => {
    const [master, { ticketId }] = [await register(), await register(true)];
    await order(ticketId, 'link', 1, { master: master.ticketId });
    await bench.happens(ticketId, 'ticket.reopened', { because: 'unsatisfied', reopening: 1, round: 1 });
    expect(await bench.heard('ticket.unlinked', ticketId)).toMatchObject({ reason: 'reopened' });
    await bench.heard('ticket.held', ticketId, 2);
  });
});

const metrics = async (): Promise<string> => (await fetch(`http://127.0.0.1:${bench.services[0]?.metricsPort}/metrics`)).text();

describe('a ticket that says the same as an earlier one', () => {
  const TEXT = '建设路从北口到南口的路灯从上周四起一直不亮，晚上放学的孩子看不清台阶，已经有老人摔倒，希望尽快派人修复。';
  const PLACE = { address: '建设路北口', adminCode: '990102' };
  const say = async (text: string, citizen?: string, place: object = PLACE, title = '路灯不亮'): Promise<string> => {
    const ticketId = newTicket();
    const number = `20261123-8${String((numbered += 1)).padStart(5, '0')}`;
    const content = { kind: 'open', title, text, place } as const;
    const known = citizen === undefined ? {} : { citizen: citizen.repeat(43) };
    const receivedAt = new Date().toISOString();
    await bench.happens(ticketId, 'ticket.registered', registrationOf({ number, receivedAt, channel: 'web-portal', content, ...known }));
    await until(`${number} is known`, () => bench.said.some((event) => event.ticketId === ticketId));
    return ticketId;
  };
  const saidOf = (ticketId: string) => bench.said.filter((event) => event.ticketId === ticketId).map(({ name }) => name);

  it('by the same citizen is linked, with anything new it is dispatched and shown beside', async () => {
    const first = await say(TEXT, 'a');
    const again = await say(`您好！${TEXT}谢谢！`, 'a');
    expect(saidOf(again)).toEqual(['ticket.linked']);
    expect(await bench.heard('ticket.linked', again)).toMatchObject({ master: first, link: 'same-citizen', by: { rule: 'same-citizen' } });
    // Found by way of a member, its master is meant.
    expect(await bench.heard('ticket.linked', await say(TEXT, 'a'))).toMatchObject({ master: first });

    const more = await say(`${TEXT}今天又有人摔倒，已经送医院。`, 'a');
    expect(saidOf(more)).not.toContain('ticket.linked');
    const shown = await routing(more);
    expect(shown['alike']).toContainEqual(
      expect.objectContaining({
        ticketId: first,
        explanation: { zh: expect.stringContaining('相似'), en: expect.stringMatching(/^Like /) },
      }),
    );
  });

  it('by others is linked about one place alone', async () => {
    const text = TEXT.replaceAll('建设路', '胜利街').replace('路灯', '红绿灯');
    const place = { address: '胜利街与中山路口', adminCode: '990102' };
    const first = await say(text, 'b', place);
    expect(await bench.heard('ticket.linked', await say(text, 'c', place))).toMatchObject({ master: first, link: 'same-matter' });
    expect(await bench.heard('ticket.linked', await say(text, undefined, place))).toMatchObject({ master: first });
    expect(saidOf(await say(text, 'd', { adminCode: '990102' }))).not.toContain('ticket.linked');
  });

  it('leaves no fingerprint when it is confidential, and one that says no more than a greeting neither', async () => {
    const count = async (ticketId: string) =>
      (await bench.runtime.database.query('select from duplicate_fingerprint where ticket_id = $1', [ticketId])).rows.length;
    expect(await count(await say('排水沟堵塞已有半月，污水漫到路面，气味难闻，请派人疏通。', 'e'))).toBe(1);
    const sealedId = newTicket();
    const content = bench.sealed(sealedId, { title: '举报', text: TEXT, place: PLACE });
    const report = registrationOf({ appealType: 'report', confidentiality: 'confidential', citizen: 'a'.repeat(43), content });
    await bench.happens(sealedId, 'ticket.registered', report);
    await until('the report', () => bench.said.some((event) => event.ticketId === sealedId));
    expect([await count(sealedId), await count(await say('您好', 'e', {}, '您好'))]).toEqual([0, 0]);
  });
});

describe('many people who speak of one matter in one street', () => {
  it('are a group alert for who may see it', async () => {
    const tickets: string[] = [];
    for (const [n, citizen] of ['f', 'g', 'g', 'h'].entries()) {
      const ticketId = newTicket();
      const text = `工地夜间施工，施工噪声很大，夜间施工到凌晨${n + 1}点，第${n + 1}次反映，老人孩子都睡不着。`;
      const content = { kind: 'open', title: '夜间施工噪声扰民', text, place: { adminCode: '990102001' } } as const;
      const receivedAt = new Date().toISOString();
      await bench.happens(ticketId, 'ticket.registered', registrationOf({ receivedAt, citizen: citizen.repeat(43), content }));
      await bench.heard('ticket.assigned', ticketId);
      tickets.push(ticketId);
    }
    expect((await bench.call('GET', '/v1/duplicates/alerts', ['officer'])).status).toBe(403);
    // What was answered a moment ago is answered again.
    const alerts = await until('an alert', async () => {
      const { body } = await bench.call('GET', '/v1/duplicates/alerts', ['supervisor']);
      return (body['alerts'] as { readonly persons: number }[]).some(({ persons }) => persons === 3) && body['alerts'];
    });
    expect(alerts).toEqual([
      {
        ...{ area: '990102001', matter: '0702', persons: 3, ticketIds: tickets.toReversed() },
        ...{ raisedAt: expect.any(String), lastAt: expect.any(String) },
        explanation: { zh: expect.stringContaining('3人反映'), en: expect.stringMatching(/^3 people of/) },
      },
    ]);
    expect(await metrics()).toMatch(/^paidan_group_alerts\{[^}]*\} 1$/m);
  });
});
