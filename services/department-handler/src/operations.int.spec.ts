import { commandsTopic, type EventPayload, type OutboundMessage } from '@paidan/contracts';
import { until } from '@paidan/testing';
import { randomBytes } from 'node:crypto';
import { newId, startDepartments, type Departments } from './department.kit.js';
import { command as commandOf, happeningsIn, registration } from './happenings.kit.js';

/* What operators see and do over HTTP, and what the units notice of it. The units' texts and the citizen's must not get here. */

const UNIT = `roads-${randomBytes(3).toString('hex')}`;
const PHONE = '13800138000';

let city: Departments;
beforeAll(async () => {
  city = await startDepartments([UNIT]);
  await city.publish(1, [UNIT]);
}, 60_000);
afterAll(async () => {
  await city?.stop();
});

const operator = (method: 'GET' | 'POST', path: string, body?: object) =>
  city.asks({ unit: UNIT, sub: 'operator-wang', roles: ['operator'] }, method, `/v1/operations/${path}`, body);
const { offeredTo, saidOf } = happeningsIn(() => city);
const offered = (): Promise<string> => offeredTo(UNIT);
const command = (name: string, ticketId: string, more: object = {}) => commandOf(name, ticketId, { officer: 'zhang-3', ...more });
const answersTo = (commandId: string) => city.told(UNIT).filter((message) => 'commandId' in message && message.commandId === commandId);
interface Waiting {
  readonly record: string;
  readonly type: string;
  readonly error?: { readonly code: string };
}
const waiting = async (ticketId: string): Promise<readonly Waiting[]> =>
  ((await operator('GET', `parked/${ticketId}`)).body['records'] ?? []) as readonly Waiting[];
const waits = (ticketId: string, count: number) => until(`${count} wait`, async () => (await waiting(ticketId)).length === count);
/** A record with a hole in it, as a broken release might leave it. @returns mends it */
const damage = async (ticketId: string): Promise<() => Promise<unknown>> => {
  const [row] = await city.rows<{ record: object }>('select record from ticket where ticket_id = $1', [ticketId]);
  await city.rows(`update ticket set record = (record::jsonb - 'ticket')::json where ticket_id = $1`, [ticketId]);
  return () => city.rows('update ticket set record = $2 where ticket_id = $1', [ticketId, JSON.stringify(row?.record)]);
};

describe('a unit’s command that can’t be processed', () => {
  it('is shown by its name, discarded, and refused to the unit; sent again it is taken', async () => {
    const ticketId = await offered();
    const sign = command('sign', ticketId);
    await city.writes(UNIT, sign);
    await until('signed', () => answersTo(sign.commandId)[0]);
    const mend = await damage(ticketId);
    const reply = command('reply', ticketId, { text: `致电${PHONE}，已修好`, outcome: 'resolved' });
    const contact = command('contact', ticketId, { outcome: 'reached' });
    await city.writes(UNIT, reply, contact);
    await waits(ticketId, 2);
    const shown = await operator('GET', `parked/${ticketId}`);
    expect(shown).toMatchObject({
      status: 200,
      body: {
        ticketId,
        count: 2,
        records: [
          { topic: commandsTopic(UNIT), partition: 0, offset: 1, type: 'command reply', error: { code: 'TypeError' } },
          { topic: commandsTopic(UNIT), partition: 0, offset: 2, type: 'command contact' },
        ],
      },
    });
    expect(JSON.stringify(shown.body)).not.toMatch(new RegExp(`${PHONE}|修好`));
    expect(answersTo(reply.commandId)).toEqual([]);
    await mend();

    const [first, second] = await waiting(ticketId);
    const discard = (record: string, reason = '记录已损坏') => operator('POST', `parked/${ticketId}/discard`, { record, reason });
    expect(await discard(second?.record ?? '')).toMatchObject({
      status: 409,
      body: { code: 'not-first', first: first?.record, titleZh: '工单当前等待的是另一条记录', detail: expect.any(String) },
    });
    const twice = await Promise.all([discard(first?.record ?? ''), discard(first?.record ?? '')]);
    for (const { status, body } of twice)
      expect({ status, body }).toMatchObject({
        status: 200,
        body: { discarded: { type: 'command reply', by: 'operator-wang', reason: '记录已损坏', handled: false }, replay: { remaining: 0 } },
      });
    const refused = await until('the refusal', () => answersTo(reply.commandId)[0]);
    expect(refused).toMatchObject({
      type: 'command.refused',
      reason: 'discarded',
      detailZh: '指令无法处理，已由运维人员撤除，请重新发送',
      command: 'reply',
      ticketId,
    } satisfies Partial<OutboundMessage>);
    expect(await until('the answer behind it', () => answersTo(contact.commandId)[0])).toMatchObject({ type: 'command.accepted' });
    expect(await operator('GET', `parked/${ticketId}`)).toMatchObject({ status: 404, body: { code: 'nothing-parked' } });
    expect(await operator('POST', `parked/${ticketId}/replay`)).toMatchObject({ status: 404, body: { code: 'nothing-parked' } });
    expect(await operator('POST', `parked/${newId()}/discard`, { record: '1', reason: 'why' })).toMatchObject({ status: 404 });

    await city.writes(UNIT, reply);
    await until('taken', () => answersTo(reply.commandId).find(({ type }) => type === 'command.accepted'));
    expect(answersTo(reply.commandId)).toHaveLength(2);
  });
});

describe('a ticket, as an operator sees it', () => {
  it('is what is said of it and waits, and where the work stands, without a word of anybody’s', async () => {
    const ticketId = await offered();
    await city.writes(UNIT, command('sign', ticketId), command('progress', ticketId, { note: `已联系${PHONE}` }));
    await until('both', async () => city.said(ticketId).length === 2);
    // Rows that have been sent are deleted a moment later.
    const standing = await until('sent', async () => {
      const answer = await operator('GET', `tickets/${ticketId}`);
      return answer.body['unsentEvents'] === 0 && answer.body['unsentNotices'] === 0 && answer;
    });
    // Its number is the shared Kafka's: where another test's department-handler has told its groups, this schema takes itself for an emptied one.
    const [schema] = await city.rows<{ epoch: number }>('select epoch from service_epoch');
    expect(standing).toEqual({
      status: 200,
      body: {
        service: 'department-handler',
        ticketId,
        epoch: schema?.epoch,
        sequence: 2,
        parked: false,
        waiting: 0,
        unsentEvents: 0,
        unsentNotices: 0,
        setAside: 0,
        discarded: [],
      },
    });
    const { status, body } = await operator('GET', `work-items/${ticketId}`);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { ticketId, status: 'signed', work: { lead: UNIT, assignment: 1, signedBy: 'zhang-3', deadlines: [], cards: [] } },
    });
    expect(JSON.stringify(body)).not.toMatch(/路灯|13800138000|已联系/);
    expect(await city.rows('select 1 from content_access where ticket_id = $1', [ticketId])).toEqual([]);
  });

  it('is told for one that nobody has heard of, and before its first assignment', async () => {
    for (const path of [`tickets/${newId()}`, `work-items/${newId()}`])
      expect(await operator('GET', path)).toMatchObject({ status: 404, body: { titleZh: expect.stringMatching(/\p{Script=Han}/u) } });
    const ticketId = newId();
    const registered = registration();
    await city.happens(ticketId, 'ticket.registered', registered);
    const overview = await until('heard', async () => {
      const { status, body } = await operator('GET', `work-items/${ticketId}`);
      return status === 200 && body;
    });
    expect(overview).toEqual({ ticketId, status: 'awaiting', since: expect.any(String), number: registered.number });
  });
});

describe('what is in quarantine', () => {
  it('is listed with its place and reason; its value is shown on demand alone, and the look is logged', async () => {
    const text = `{"command":"reply","text":"致电${PHONE}`;
    await city.writes(UNIT, text, '{"content":{"kind":"sealed","sealed":"AAAA"}}');
    // Where they stand is not the test's to say: a send that is repeated leaves a record twice.
    const list = await until('both', async () => {
      const { body } = await operator('GET', 'quarantine?limit=20');
      const records = body['records'] as readonly { readonly offset: number; readonly reason: string }[];
      return new Set(records.map(({ reason }) => reason)).size === 2 && records;
    });
    const bad = list.find(({ reason }) => reason === 'bad-json');
    const unknown = list.find(({ reason }) => reason === 'unknown-command');
    if (bad === undefined || unknown === undefined) throw new Error(`not what was written: ${JSON.stringify(list)}`);
    const place = { topic: commandsTopic(UNIT), partition: 0, offset: bad.offset };
    expect(bad).toEqual({
      ...place,
      reason: 'bad-json',
      detail: expect.any(String),
      bytes: Buffer.byteLength(text),
      quarantinedAt: expect.any(String),
    });
    const show = (offset: number, query = '') => operator('GET', `quarantine/${commandsTopic(UNIT)}/0/${offset}${query}`);
    expect((await show(bad.offset)).body).not.toHaveProperty('value');
    expect((await show(bad.offset, '?value=true')).body).toMatchObject({ ...place, value: '{"command":"reply","text":"致电[number]' });
    const sealed = await show(unknown.offset, '?value=true');
    expect(sealed).toMatchObject({ status: 200, body: { sealed: true } });
    expect(sealed.body).not.toHaveProperty('value');
    expect(await show(0)).toMatchObject({ status: 404, body: { code: 'not-quarantined', titleZh: '该记录不在隔离区' } });
  });
});

describe('a ticket that cannot be processed', () => {
  it('takes no command: people are told, a unit’s own wait behind it in order', async () => {
    const ticketId = await offered();
    await city.happens(ticketId, 'ticket.withdrawn', { reason: 'by-mistake' } as EventPayload<'ticket.withdrawn'>);
    await until('the parked ticket', async () => (await city.rows('select from parked where ticket_id = $1', [ticketId])).length === 1);
    const body = { commandId: newId(), assignment: 1 };
    const refused = await city.asks({ unit: UNIT }, 'POST', `/v1/work-items/${ticketId}/signature`, body);
    expect(refused).toMatchObject({ status: 409, body: { code: 'ticket-parked' } });
    await city.writes(UNIT, commandOf('sign', ticketId));
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
    expect((await saidOf(ticketId, 'assignment.signed')).payload).toMatchObject({ officer: UNIT });
  });
});
