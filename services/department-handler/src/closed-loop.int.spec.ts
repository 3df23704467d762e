import type { EventPayload } from '@paidan/contracts';
import { until } from '@paidan/testing';
import { randomBytes } from 'node:crypto';
import { newId, startDepartments, type Departments } from './department.kit.js';
import { assignment, command, happeningsIn } from './happenings.kit.js';

/* What comes back to a unit after its offer: deadlines and cards, time that it asks for, a ticket that is redone, asked back or over. */

const tag = randomBytes(3).toString('hex');
const ROADS = `roads-${tag}`;
const WATER = `water-${tag}`;

let city: Departments;
beforeAll(async () => {
  city = await startDepartments([ROADS, WATER]);
  await city.publish(1, [ROADS, WATER]);
}, 60_000);
afterAll(async () => {
  await city?.stop();
});
const { answerTo, offeredTo, saidOf, toldOf } = happeningsIn(() => city);

describe('the closed loop', () => {
  const iso = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const started = (unit: string): EventPayload<'clock.started'> => ({
    assignment: 1,
    unit,
    policy: { code: 'ordinary', version: 1 },
    clocks: (['sign', 'respond', 'finish'] as const).map((clock, at) => ({
      clock,
      span: { count: 1, unit: 'WD' },
      startedAt: iso(0),
      dueAt: iso(24 * (at + 1)),
    })),
    // Beside them, and nothing that the unit is told of.
    citizens: { clock: 'finish', span: { count: 1, unit: 'WD' }, startedAt: iso(0), dueAt: iso(70) },
  });

  it('tells the unit its deadlines and cards on its topic, and shows them with the work item', async () => {
    const ticketId = await offeredTo(ROADS);
    const clocks = started(ROADS);
    await city.happens(ticketId, 'clock.started', clocks);
    const card = newId();
    const about = { assignment: 1, unit: ROADS, clock: 'finish' as const, dueAt: clocks.clocks[2]?.dueAt ?? '' };
    await city.happens(ticketId, 'deadline.warned', { ...about, left: { count: 1, unit: 'WD' }, recipients: ['officer'] });
    const issued = { ...about, card, rule: 'finish-overdue', issuedAt: iso(73), accountability: true };
    await city.happens(ticketId, 'card.issued', { ...issued, colour: 'red', recipients: ['officer', 'section-head', 'unit-head'] });
    await city.happens(ticketId, 'card.withdrawn', {
      card,
      colour: 'red',
      unit: ROADS,
      assignment: 1,
      by: { kind: 'rule', rule: 'timely' },
    });
    await toldOf(ROADS, ticketId, 'card.taken-back');
    expect(city.told(ROADS, ticketId).map(({ type }) => type)).toEqual([
      'assignment.offered',
      'deadline.set',
      'deadline.near',
      'card.shown',
      'card.taken-back',
    ]);
    expect(await toldOf(ROADS, ticketId, 'deadline.set')).toMatchObject({
      deadlines: clocks.clocks.map(({ clock, dueAt }) => ({ clock, dueAt })),
    });
    await city.writes(ROADS, command('sign', ticketId), command('contact', ticketId, { outcome: 'reached' }));
    await saidOf(ticketId, 'citizen.contacted');
    expect((await city.asks({ unit: ROADS }, 'GET', `/v1/work-items/${ticketId}`)).body).toMatchObject({
      dueAt: about.dueAt,
      // Signed and in touch: what is left is to finish.
      deadlines: [{ clock: 'finish', dueAt: about.dueAt }],
      cards: [{ card, colour: 'red', withdrawn: true }],
      notes: [{ kind: 'contact', detail: 'reached' }],
    });
  });

  it('suspends, goes on by itself, asks for more time, gets some and not more', async () => {
    const ticketId = await offeredTo(WATER);
    const path = `/v1/work-items/${ticketId}`;
    const post = (what: string, more: object = {}) =>
      city.asks({ unit: WATER, sub: 'wang' }, 'POST', `${path}/${what}`, { commandId: newId(), assignment: 1, ...more });
    await post('signature');
    const until = iso(2);
    const suspension = { commandId: newId(), reason: 'engineering', grounds: '须停水施工', until };
    const suspended = await post('suspension', suspension);
    expect(suspended).toMatchObject({ status: 200, body: { state: { status: 'suspended', until } } });
    expect(await post('suspension', suspension)).toEqual(suspended);
    expect(await post('suspension', { ...suspension, grounds: '另有原因' })).toMatchObject({
      status: 409,
      body: { code: 'command-id-reused' },
    });
    expect(await post('reply', { text: '已修复', outcome: 'resolved' })).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    expect(await post('suspension', { ...suspension, commandId: newId(), until: '2020-01-01T00:00:00+08:00' })).toMatchObject({
      status: 409,
    });
    city.passes(2 * 3_600_000);
    expect((await saidOf(ticketId, 'work.resumed')).payload).toEqual({ assignment: 1, unit: WATER });

    const extension = (count: number) => post('extension', { span: { count, unit: 'WD' }, grounds: '配件需从外地调运' });
    expect(await extension(3)).toMatchObject({
      status: 200,
      body: { state: { status: 'signed', extension: { number: 1, waiting: false } } },
    });
    expect(await toldOf(WATER, ticketId, 'extension.decided')).toMatchObject({
      extension: 1,
      granted: true,
      span: { count: 3, unit: 'WD' },
    });
    expect(await post('extension', { grounds: 'x' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/span', code: 'required' }] },
    });
    expect(await extension(2)).toMatchObject({ status: 200, body: { state: { extension: { number: 2, waiting: true } } } });
    expect(await extension(1)).toMatchObject({ status: 409, body: { code: 'extension-waiting' } });

    const desk = { unit: 'desk', sub: 'liu', roles: ['dispatcher' as const] };
    const waiting = async () => (await city.asks(desk, 'GET', '/v1/extension-requests')).body as { items: { ticketId: string }[] };
    expect((await waiting()).items).toMatchObject([
      { ticketId, unit: WATER, extension: 2, span: { count: 2, unit: 'WD' }, grounds: '配件需从外地调运', officer: 'wang' },
    ]);
    const decision = { commandId: newId(), assignment: 1, extension: 2, granted: false, reason: '已延期一次，理由不足' };
    const decide = (body: object, who: Parameters<Departments['asks']>[0] = desk) =>
      city.asks(who, 'POST', `${path}/extension-decision`, body);
    expect(await decide(decision, { unit: WATER, roles: ['approver'] })).toMatchObject({ status: 403 });
    expect(await decide({ ...decision, commandId: newId(), extension: 1 })).toMatchObject({
      status: 409,
      body: { code: 'stale-extension', state: { extension: { number: 2 } } },
    });
    const decided = await decide(decision);
    expect(decided).toMatchObject({ status: 200, body: { state: { extension: { number: 2, waiting: false } } } });
    expect(await decide(decision)).toEqual(decided);
    expect((await waiting()).items).toEqual([]);
    await saidOf(ticketId, 'extension.refused');
    expect(city.said(ticketId).map(({ name }) => name)).toEqual([
      'assignment.signed',
      'work.suspended',
      'work.resumed',
      'extension.requested',
      'extension.granted',
      'extension.requested',
      'extension.refused',
    ]);
    const { body } = await city.asks({ unit: WATER }, 'GET', path);
    expect((body['notes'] as { kind: string }[]).map(({ kind }) => kind)).toEqual([
      'suspension',
      'resumption',
      'extension-request',
      'extension-granted',
      'extension-request',
      'extension-refused',
    ]);
  });

  it('ends with the ticket; redone before that, rounds go on', async () => {
    const ticketId = await offeredTo(ROADS);
    const answered = (round: number) => [
      command('sign', ticketId, { assignment: round }),
      command('reply', ticketId, { assignment: round, text: `第${round}次答复`, outcome: 'resolved' }),
      command('approve', ticketId, { assignment: round, round }),
    ];
    await city.writes(ROADS, ...answered(1));
    await saidOf(ticketId, 'reply.approved');
    const { returnUntil: _, ...redo } = assignment(2, ROADS, { designated: true, by: { kind: 'rule', rule: 'redo' } });
    await city.happens(ticketId, 'ticket.assigned', redo);
    await until('the second offer', () =>
      city.told(ROADS, ticketId).find((told) => told.type === 'assignment.offered' && told.assignment === 2),
    );
    const returned = command('return', ticketId, { assignment: 2, reason: 'not-our-duty', grounds: '非本单位职责' });
    await city.writes(ROADS, returned, ...answered(2).slice(0, 2));
    await until('round 2', () =>
      city.said(ticketId).find(({ name, payload }) => name === 'reply.submitted' && (payload as { round: number }).round === 2),
    );
    expect(await answerTo(ROADS, returned.commandId)).toMatchObject({ type: 'command.refused', reason: 'designated' });
    await city.happens(ticketId, 'ticket.closed', { because: 'withdrawn', closedAt: iso(0) });
    expect(await toldOf(ROADS, ticketId, 'assignment.withdrawn')).toMatchObject({ because: 'closed', assignment: 2 });
    const late = command('approve', ticketId, { assignment: 2, round: 2 });
    await city.writes(ROADS, late);
    expect(await answerTo(ROADS, late.commandId)).toMatchObject({ reason: 'wrong-state', state: { status: 'closed' } });
  });
});

describe('dispatch', () => {
  const release = (ticketId: string) => city.happens(ticketId, 'release.requested', { assignment: 1, unit: ROADS, reason: 'reassigned' });

  it('gets an assignment back while the work goes on, and the unit hears of it', async () => {
    const ticketId = await offeredTo(ROADS);
    await release(ticketId);
    expect((await saidOf(ticketId, 'assignment.released')).payload).toEqual({ assignment: 1, unit: ROADS });
    expect(await toldOf(ROADS, ticketId, 'assignment.withdrawn')).toMatchObject({ because: 'reassigned' });
    await city.happens(ticketId, 'ticket.assigned', assignment(2, WATER));
    expect(await toldOf(WATER, ticketId, 'assignment.offered')).toMatchObject({
      assignment: 2,
      content: { kind: 'open', text: '东风路三号门前路灯已坏一周' },
    });
  });

  it('does not when a reply has been approved', async () => {
    const ticketId = await offeredTo(ROADS);
    for (const one of [
      command('sign', ticketId),
      command('reply', ticketId, { text: '已办', outcome: 'explained' }),
      command('approve', ticketId, { round: 1 }),
    ]) {
      await city.writes(ROADS, one);
    }
    await saidOf(ticketId, 'reply.approved');
    await release(ticketId);
    expect((await saidOf(ticketId, 'release.refused')).payload).toEqual({ assignment: 1, unit: ROADS, because: 'reply-approved' });
  });
});
