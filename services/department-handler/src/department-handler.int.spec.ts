import { openWords, seal, type EventPayload, type OutboundMessage } from '@paidan/contracts';
import { openApiFaults } from '@paidan/service-host/testing/openapi-faults';
import { until } from '@paidan/testing';
import { randomBytes } from 'node:crypto';
import { newId, startDepartments, type Departments } from './department.kit.js';
import { assignment, registration } from './happenings.kit.js';

const tag = randomBytes(3).toString('hex');
const ROADS = `roads-${tag}`;
const WATER = `water-${tag}`;
const DESK = `${tag}-desk`;
/** In the directory as integrated, but its topics were never made. */
const GHOST = `ghost-${tag}`;

let city: Departments;
beforeAll(async () => {
  city = await startDepartments([ROADS, WATER]);
  await city.publish(1, [ROADS, WATER, DESK, GHOST]);
}, 60_000);
afterAll(async () => {
  await city?.stop();
});

async function assignedTo(
  lead: string,
  registered = registration(),
  change: Partial<EventPayload<'ticket.assigned'>> = {},
): Promise<string> {
  const ticketId = newId();
  await city.happens(ticketId, 'ticket.registered', registered);
  await city.happens(ticketId, 'ticket.assigned', assignment(1, lead, change));
  return ticketId;
}

const toldOf = <T extends OutboundMessage['type']>(
  unit: string,
  ticketId: string,
  type: T,
): Promise<Extract<OutboundMessage, { type: T }>> =>
  until(`${type} for ${unit}`, () =>
    city.told(unit, ticketId).find((message): message is Extract<typeof message, { type: T }> => message.type === type),
  ) as Promise<Extract<OutboundMessage, { type: T }>>;
const answerTo = (unit: string, commandId: string) =>
  until(`an answer to ${commandId}`, () => city.told(unit).find((message) => 'commandId' in message && message.commandId === commandId));
const saidOf = (ticketId: string, name: string) =>
  until(`${name} of ${ticketId}`, () => city.said(ticketId).find((event) => event.name === name));
const command = (name: string, ticketId: string, more: object = {}) => ({
  command: name,
  commandId: newId(),
  ticketId,
  assignment: 1,
  ...more,
});
const offeredTo = async (unit: string): Promise<string> => {
  const ticketId = await assignedTo(unit);
  await toldOf(unit, ticketId, 'assignment.offered');
  return ticketId;
};

describe('an assignment', () => {
  it('reaches the unit’s own topic with the text, though another unit’s topic is missing', async () => {
    const lost = await assignedTo(GHOST);
    const ticketId = await assignedTo(ROADS, registration(), { coHandlers: [WATER], copies: [DESK] });
    expect(await toldOf(ROADS, ticketId, 'assignment.offered')).toMatchObject({
      role: 'lead',
      content: { kind: 'open', title: '路灯不亮' },
      assignment: 1,
    });
    expect(await toldOf(WATER, ticketId, 'assignment.offered')).toMatchObject({ role: 'co-handler', lead: ROADS });
    // Of another ticket, in another partition: it may be heard later.
    const waiting = () => city.rows('select topic from notice where key = $1', [lost]);
    expect(await until('its offer', async () => (await waiting()).length > 0 && waiting())).toEqual([
      { topic: `paidan.assignments.${GHOST}` },
    ]);
    expect(await city.rows('select status from ticket where ticket_id = $1', [lost])).toEqual([{ status: 'offered' }]);
  });

  it('of a confidential ticket is read by the holder alone, on record', async () => {
    const ticketId = newId();
    const secret = { title: '举报', text: '某单位长期占用消防通道' };
    const content = seal(secret, ticketId, city.contentKeys, randomBytes(12));
    await city.happens(ticketId, 'ticket.registered', registration({ appealType: 'report', confidentiality: 'confidential', content }));
    await city.happens(ticketId, 'ticket.assigned', assignment(1, ROADS));
    const offer = await toldOf(ROADS, ticketId, 'assignment.offered');
    const path = offer.content.kind === 'fetch' ? offer.content.path : '';

    expect(await city.asks({ unit: ROADS, sub: 'li' }, 'GET', `${path}?purpose=handling`)).toMatchObject({
      status: 200,
      body: { content: secret, role: 'lead' },
    });
    expect(await city.asks({ unit: WATER }, 'GET', path)).toMatchObject({ status: 403, body: { code: 'not-your-ticket' } });
    const access = await city.rows('select unit, subject, purpose from content_access where ticket_id = $1', [ticketId]);
    expect(access).toEqual([{ unit: ROADS, subject: 'li', purpose: 'handling' }]);

    // What is said about it travels sealed as well.
    await city.writes(ROADS, command('sign', ticketId));
    await city.writes(ROADS, command('progress', ticketId, { note: '已约谈举报人所述单位' }));
    const event = await saidOf(ticketId, 'work.progressed');
    const { note } = event.payload as EventPayload<'work.progressed'>;
    expect(JSON.stringify(note)).not.toContain('约谈');
    expect(openWords(note, ticketId, city.contentKeys)).toEqual({ text: '已约谈举报人所述单位' });
  });
});

describe('a department', () => {
  it('signs, works, replies and approves over Kafka, each command once however often it is sent', async () => {
    const ticketId = await offeredTo(ROADS);
    const commands = [
      command('sign', ticketId),
      command('progress', ticketId, { note: '已派员查看' }),
      command('reply', ticketId, { text: '路灯已修复', outcome: 'resolved' }),
      command('approve', ticketId, { round: 1 }),
    ];
    await city.writes(ROADS, ...commands, ...commands);
    const approved = await saidOf(ticketId, 'reply.approved');
    expect(approved.payload).toMatchObject({ round: 1, outcome: 'resolved', approver: ROADS, reply: { kind: 'open', text: '路灯已修复' } });
    await until('eight answers', () => city.told(ROADS, ticketId).filter(({ type }) => type === 'command.accepted').length === 8);
    expect(city.said(ticketId).map(({ name, sequence }) => [name, sequence])).toEqual([
      ['assignment.signed', 1],
      ['work.progressed', 2],
      ['reply.submitted', 3],
      ['reply.approved', 4],
    ]);
    // Another command under a known id.
    await city.writes(ROADS, { ...commands[1], note: '已再次查看' });
    await until('a refusal', () =>
      city.told(ROADS, ticketId).find((message) => message.type === 'command.refused' && message.reason === 'command-id-reused'),
    );
  });

  it('that was refused hears the same again under the same id, over Kafka and at a screen, and takes a new one to try again', async () => {
    const ticketId = await offeredTo(ROADS);
    const early = command('progress', ticketId, { officer: 'wang', note: '已派员查看' });
    await city.writes(ROADS, early, command('sign', ticketId), early);
    const answers = await until('three answers', () => {
      const told = city.told(ROADS, ticketId).filter((message) => message.type.startsWith('command.'));
      return told.length === 3 && told;
    });
    const refusal = { type: 'command.refused', commandId: early.commandId, reason: 'wrong-state', state: { status: 'offered' } };
    expect(answers).toMatchObject([refusal, { type: 'command.accepted', command: 'sign' }, refusal]);

    const atScreen = (commandId: string) =>
      city.asks({ unit: ROADS, sub: 'wang' }, 'POST', `/v1/work-items/${ticketId}/progress`, { ...early, commandId });
    expect(await atScreen(early.commandId)).toMatchObject({ status: 409, body: { code: 'wrong-state', state: { status: 'offered' } } });
    await city.writes(ROADS, { ...early, officer: 'li' });
    await until('another person is another command', () =>
      city.told(ROADS, ticketId).find((message) => message.type === 'command.refused' && message.reason === 'command-id-reused'),
    );
    expect(await atScreen(newId())).toMatchObject({ status: 200, body: { state: { status: 'signed' } } });
    await saidOf(ticketId, 'work.progressed');
    expect(city.said(ticketId).map(({ name }) => name)).toEqual(['assignment.signed', 'work.progressed']);
  });

  it('that uses one id for two commands has the first of them', async () => {
    const [first, second] = [await offeredTo(ROADS), await offeredTo(ROADS)];
    const sign = command('sign', first);
    await city.writes(ROADS, sign, { ...sign, ticketId: second }, { ...sign, command: 'progress', note: '已派员查看' });
    await saidOf(first, 'assignment.signed');
    expect(await toldOf(ROADS, second, 'command.refused')).toMatchObject({ reason: 'command-id-reused', commandId: sign.commandId });
    expect(await toldOf(ROADS, first, 'command.refused')).toMatchObject({ reason: 'command-id-reused', command: 'progress' });
    expect(await city.rows('select from parked')).toEqual([]);
  });

  it('does the same over HTTP, where the address says what and the token who', async () => {
    const ticketId = await offeredTo(WATER);
    const path = `/v1/work-items/${ticketId}`;
    const [officer, approver] = [
      { unit: WATER, sub: 'wang' },
      { unit: WATER, sub: 'zhao', roles: ['approver' as const] },
    ];
    const post = (what: string, who: Parameters<Departments['asks']>[0], more: object = {}) =>
      city.asks(who, 'POST', `${path}/${what}`, { commandId: newId(), assignment: 1, ...more });

    expect(await post('signature', officer)).toMatchObject({ status: 200, body: { state: { status: 'signed', officer: 'wang' } } });
    expect(await post('signature', officer)).toMatchObject({
      status: 409,
      body: { code: 'wrong-state', state: { status: 'signed', holder: WATER } },
    });
    expect(await post('progress', officer, { note: '已到现场' })).toMatchObject({ status: 200 });
    const again = { commandId: newId(), text: '已修复供水管', outcome: 'resolved' };
    const first = await post('reply', officer, again);
    expect(first).toMatchObject({ status: 200, body: { state: { status: 'replied', round: 1 } } });
    expect(await post('reply', officer, again)).toEqual(first);
    expect(await post('approval', officer, { round: 1 })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await post('approval', { ...approver, sub: 'wang' }, { round: 1 })).toMatchObject({
      status: 403,
      body: { code: 'same-officer' },
    });
    expect(await post('approval', approver, { round: 2 })).toMatchObject({
      status: 409,
      body: { code: 'stale-round', state: { round: 1 } },
    });
    expect(await post('send-back', approver, { round: 1, reason: '请写明时间' })).toMatchObject({ body: { state: { status: 'signed' } } });
    expect(await post('reply', officer, { text: '已于今日修复', outcome: 'resolved' })).toMatchObject({ body: { state: { round: 2 } } });
    expect(await post('approval', approver, { round: 2 })).toMatchObject({ status: 200, body: { state: { status: 'approved' } } });
    expect((await saidOf(ticketId, 'reply.approved')).payload).toMatchObject({
      round: 2,
      approver: 'zhao',
      reply: { text: '已于今日修复' },
    });
    const view = await city.asks(officer, 'GET', path);
    expect(view.body).toMatchObject({
      status: 'approved',
      content: { title: '路灯不亮' },
      replies: [{ round: 1, text: '已修复供水管' }, { round: 2 }],
      notes: [
        { kind: 'progress', text: '已到现场' },
        { kind: 'send-back', round: 1, by: 'zhao' },
        { kind: 'approval', round: 2 },
      ],
    });
  });

  it('is refused another’s ticket, an unknown one, and a body that contradicts address or token', async () => {
    const ticketId = await offeredTo(ROADS);
    const signature = (id: string, more: object = {}, unit = WATER) =>
      city.asks({ unit }, 'POST', `/v1/work-items/${id}/signature`, { commandId: newId(), assignment: 1, ...more });
    expect(await signature(ticketId)).toMatchObject({ status: 403, body: { code: 'not-your-ticket' } });
    expect((await signature(ticketId)).body).not.toHaveProperty('state');
    expect(await signature(newId())).toMatchObject({ status: 404, body: { code: 'unknown-ticket' } });
    expect(await signature('not-an-id')).toMatchObject({ status: 400, body: { code: 'invalid-parameters' } });
    expect(await signature(ticketId, { assignment: 2 }, ROADS)).toMatchObject({
      status: 409,
      body: { code: 'stale-assignment', state: { assignment: 1 } },
    });
    expect(await signature(ticketId, { ticketId: newId() }, ROADS)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/ticketId' }] },
    });
    expect(await signature(ticketId, { officer: 'somebody' }, ROADS)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/officer' }] },
    });
    expect(await signature(ticketId, { unheard: 1 }, ROADS)).toMatchObject({ status: 422, body: { errors: [{ pointer: '/unheard' }] } });

    const overKafka = [command('sign', ticketId), command('sign', newId())];
    for (const one of overKafka) await city.writes(WATER, one);
    expect(await Promise.all(overKafka.map(({ commandId }) => answerTo(WATER, commandId)))).toMatchObject([
      { reason: 'not-yours' },
      { reason: 'unknown-ticket' },
    ]);
    expect(city.said(ticketId)).toEqual([]);
  });

  it('that writes what can’t be read is told so, and its next command is taken', async () => {
    const ticketId = await offeredTo(ROADS);
    const misshaped = command('return', ticketId, { reason: 'no-wish' });
    for (const message of ['{"command":', { command: 'dance', commandId: newId() }, { ...misshaped, version: 9 }, misshaped])
      await city.writes(ROADS, message);
    const good = command('return', ticketId, { reason: 'not-our-duty', grounds: '该路段由市政管理' });
    await city.writes(ROADS, good);
    expect(await answerTo(ROADS, good.commandId)).toMatchObject({ type: 'command.accepted', state: { status: 'returned' } });
    // They are under other keys than the answer.
    const refused = await until('four refusals', () => {
      const told = city.told(ROADS).filter((message) => message.type === 'command.refused' && message.position !== undefined);
      return told.length >= 4 && told;
    });
    expect(refused).toMatchObject([
      { reason: 'bad-json' },
      { reason: 'unknown-command', commandId: expect.any(String) },
      { reason: 'unsupported-version', ticketId },
      {
        reason: 'bad-shape',
        ticketId,
        commandId: misshaped.commandId,
        errors: expect.arrayContaining([expect.objectContaining({ pointer: '/reason' })]),
      },
    ]);
    expect(await city.rows('select reason from quarantine where topic like $1 order by log_offset', [`%${ROADS}`])).toHaveLength(4);
  });

  it('reads its list page by page, longest there first', async () => {
    const list = async (query: string) =>
      (await city.asks({ unit: DESK }, 'GET', `/v1/work-items?${query}`)).body as { items: { ticketId: string }[]; next?: string };
    const tickets: string[] = [];
    // One after the other is there: tickets of several partitions are read in no order.
    for (let i = 1; i <= 3; i += 1) {
      tickets.push(await assignedTo(DESK));
      await until(`${i} offers`, async () => (await list('status=offered')).items.length === i);
    }
    const first = await list('limit=2');
    const second = await list(`limit=2&after=${first.next}`);
    expect([...first.items, ...second.items].map(({ ticketId }) => ticketId)).toEqual(tickets);
    expect(first.items[0]).toMatchObject({ status: 'offered', title: '路灯不亮', lead: DESK });
    expect(second).not.toHaveProperty('next');
    expect(await city.asks({ unit: DESK }, 'GET', '/v1/work-items?after=bogus')).toMatchObject({ status: 400 });
  });
});

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

describe('a ticket that cannot be processed', () => {
  it('takes no command: people are told, a unit’s own wait behind it in order', async () => {
    const ticketId = await offeredTo(ROADS);
    await city.happens(ticketId, 'ticket.withdrawn', { reason: 'by-mistake' } as EventPayload<'ticket.withdrawn'>);
    await until('the parked ticket', async () => (await city.rows('select from parked where ticket_id = $1', [ticketId])).length === 1);
    const body = { commandId: newId(), assignment: 1 };
    const refused = await city.asks({ unit: ROADS }, 'POST', `/v1/work-items/${ticketId}/signature`, body);
    expect(refused).toMatchObject({ status: 409, body: { code: 'ticket-parked' } });
    await city.writes(ROADS, command('sign', ticketId));
    await until('the waiting command', async () => (await city.rows('select from parked where ticket_id = $1', [ticketId])).length === 2);
    const operator = { unit: 'desk', roles: ['operator' as const] };
    expect((await city.asks(operator, 'GET', '/v1/operations/parked')).body).toMatchObject({
      tickets: [{ ticketId, waiting: 2, errorCode: 'schema' }],
    });
    expect((await city.asks(operator, 'POST', `/v1/operations/parked/${ticketId}/replay`)).body).toMatchObject({
      replayed: 0,
      remaining: 2,
    });
    // What no release will understand is taken out by hand.
    await city.rows('delete from parked where ticket_id = $1 and error_code is not null', [ticketId]);
    expect((await city.asks(operator, 'POST', `/v1/operations/parked/${ticketId}/replay`)).body).toMatchObject({
      replayed: 1,
      remaining: 0,
    });
    expect((await saidOf(ticketId, 'assignment.signed')).payload).toMatchObject({ officer: ROADS });
  });
});

describe('the API', () => {
  it('is described, each way with its body', async () => {
    const document = (await (await fetch(`${city.service.url}/openapi.json`)).json()) as {
      paths: Record<string, unknown>;
      components: { schemas: object };
    };
    expect(openApiFaults(document)).toEqual([]);
    expect(
      Object.keys(document.paths)
        .filter((path) => path.startsWith('/v1/work-items'))
        .sort(),
    ).toEqual(
      [
        '',
        '/{ticketId}',
        ...['approval', 'contact', 'extension', 'extension-decision', 'progress', 'reply', 'resumption', 'return'].map(
          (what) => `/{ticketId}/${what}`,
        ),
        ...['send-back', 'signature', 'suspension'].map((what) => `/{ticketId}/${what}`),
      ].map((path) => `/v1/work-items${path}`),
    );
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining([
        'SignCommand',
        'RequestExtensionCommand',
        'SpanV1',
        'DecideExtension',
        'WorkItemView',
        'CommandReceipt',
        'ReplyShown',
      ]),
    );
    expect(await city.asks({ unit: ROADS, roles: ['dispatcher'] }, 'GET', '/v1/work-items')).toMatchObject({ status: 403 });
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

describe('the directory', () => {
  const version = async () => Number((await city.rows<{ version: string }>('select version from directory_version'))[0]?.version);

  it('that is behind makes assignments wait until it has come whole', async () => {
    const parks = `parks-${tag}`;
    await until('version 1', async () => (await version()) === 1);
    const ticketId = await assignedTo(WATER, registration(), { directoryVersion: 3, copies: [parks] });
    await city.publish(2, [ROADS], { count: 7 });
    await city.publish(1, [ROADS]);
    await until('the entries of version 2', async () => (await city.rows('select from directory_entry where version = 2')).length === 1);
    expect([await version(), city.told(WATER, ticketId)]).toEqual([1, []]);
    await city.publish(3, [ROADS, WATER, DESK, parks]);
    await toldOf(WATER, ticketId, 'assignment.offered');
    expect(await version()).toBe(3);
    expect(await city.rows('select code from unit order by code')).toHaveLength(4);
    expect(await city.rows('select from directory_entry')).toEqual([]);
    expect(await city.rows('select from parked')).toEqual([]);
  });
});
