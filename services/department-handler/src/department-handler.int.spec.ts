import { openWords, seal, type EventPayload } from '@paidan/contracts';
import { openApiFaults } from '@paidan/service-host/testing/openapi-faults';
import { until } from '@paidan/testing';
import { randomBytes } from 'node:crypto';
import { newId, startDepartments, type Departments } from './department.kit.js';
import { assignment, command, happeningsIn, registration } from './happenings.kit.js';

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

const { answerTo, assignedTo, offeredTo, saidOf, toldOf } = happeningsIn(() => city);

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
