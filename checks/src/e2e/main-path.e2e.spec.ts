import { assignmentsTopic, commandsTopic, openContent, receiptsTopic, submissionsTopic, type Content } from '@paidan/contracts';
import { until } from '@paidan/testing';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { City, SERVICES, type Who } from './city.kit.js';
import { agreeToReturn, DISPATCHER, OPERATOR } from './desk.kit.js';
import {
  approverOf,
  BY_TEXT_MESSAGE,
  CITIZEN,
  LIGHTS,
  NOISE,
  officerOf,
  REPORT,
  REPORTER,
  SECRET,
  SECRETS,
  VAGUE,
} from './main-path.kit.js';

/*
 * One story, as adapters, departments, dispatchers and officers live through it: HTTP, and Kafka with nothing but kafkajs. Each part stands on the one
 * before it.
 */

let city: City;
beforeAll(async () => {
  city = await City.open();
}, 300_000);
afterAll(async () => {
  await city?.close();
}, 60_000);

interface Receipt {
  readonly ticketId: string;
  readonly number: string;
  readonly queryCode: string;
}
let noise: Receipt;
let lights: Receipt;
let report: Receipt;
let first: string;
let second: string;

/** Writes a command to a unit's topic as the unit's own system does. */
const command = (unit: string, name: string, ticketId: string, more: object = {}) => {
  const said = { command: name, commandId: randomUUID(), ticketId, assignment: 1, officer: 'zhang-3', ...more };
  return city.log.write(commandsTopic(unit), said, { key: ticketId }).then(() => said.commandId);
};
const answered = (unit: string, commandId: string, nth = 1) =>
  city.log.until(`answer ${nth} to ${commandId}`, assignmentsTopic(unit), (json) => json['commandId'] === commandId, nth);
const offered = (unit: string, ticketId: string, assignment = 1) =>
  city.log.until(
    `offer ${assignment} of ${ticketId}`,
    assignmentsTopic(unit),
    (json) => json['type'] === 'assignment.offered' && json['ticketId'] === ticketId && json['assignment'] === assignment,
  );

describe('an appeal over HTTP', () => {
  it('becomes a ticket, and the same again is the same ticket', async () => {
    const accepted = await city.submit(NOISE);
    expect(accepted).toMatchObject({
      status: 201,
      body: { number: expect.stringMatching(/^\d{8}-\d{6}$/), queryCode: expect.stringMatching(/^[2-9A-Z]{8}$/) },
    });
    noise = accepted.body as unknown as Receipt;
    const again = await city.submit(NOISE);
    expect([again.status, again.body]).toEqual([200, accepted.body]);
    await city.log.event('ticket.registered', noise.ticketId);
  });

  it('is assigned by rule, and the offer lies on the topic of the unit, with the text and without the citizen', async () => {
    const { json } = await city.log.event('ticket.assigned', noise.ticketId);
    expect(json).toMatchObject({ assignment: 1, matter: '0702', by: { kind: 'rule' }, designated: false, directoryVersion: 1 });
    first = String(json['lead']);
    const offer = await offered(first, noise.ticketId);
    expect(offer.key).toBe(noise.ticketId);
    expect(offer.json).toMatchObject({
      type: 'assignment.offered',
      number: noise.number,
      role: 'lead',
      lead: first,
      content: { kind: 'open', title: NOISE.title, text: NOISE.text, place: NOISE.place },
    });
    expect(offer.json).not.toHaveProperty('contact');
  });
});

describe('an appeal over Kafka', () => {
  it('is answered on the channel’s receipts, the same again with the same ticket', async () => {
    const receipt = async (nth: number) => {
      await city.log.write(submissionsTopic('sms-12345'), LIGHTS, { key: LIGHTS.externalId });
      const fits = (json: object) => (json as { externalId?: string }).externalId === LIGHTS.externalId;
      return city.log.until(`receipt ${nth}`, receiptsTopic('sms-12345'), fits, nth);
    };
    const accepted = await receipt(1);
    expect(accepted.key).toBe(LIGHTS.externalId);
    expect(accepted.json).toMatchObject({
      type: 'submission.accepted',
      channel: 'sms-12345',
      number: expect.stringMatching(/^\d{8}-\d{6}$/),
    });
    expect((await receipt(2)).json).toEqual(accepted.json);
    lights = accepted.json as unknown as Receipt;
    const { json } = await city.log.event('ticket.assigned', lights.ticketId);
    expect(json).toMatchObject({ assignment: 1, by: { kind: 'rule' }, matter: '0203' });
    expect(city.log.story(lights.ticketId).filter((name) => name === 'ticket.registered')).toHaveLength(1);
  });
});

describe('the unit over Kafka', () => {
  it('signs; the same command again is answered alike and does nothing', async () => {
    const commandId = await command(first, 'sign', noise.ticketId);
    const accepted = await answered(first, commandId);
    expect(accepted.json).toMatchObject({
      type: 'command.accepted',
      command: 'sign',
      ticketId: noise.ticketId,
      state: { status: 'signed', officer: 'zhang-3' },
    });

    await command(first, 'sign', noise.ticketId, { commandId });
    expect((await answered(first, commandId, 2)).json).toEqual(accepted.json);
    await city.log.caughtUp();
    expect(city.log.story(noise.ticketId).filter((name) => name === 'assignment.signed')).toHaveLength(1);
  });

  it('returns it with a reason, a dispatcher agrees, and another unit gets it', async () => {
    const commandId = await command(first, 'return', noise.ticketId, { reason: 'not-our-duty', grounds: '夜间施工许可不归我局审批' });
    expect((await answered(first, commandId)).json).toMatchObject({ type: 'command.accepted', state: { status: 'returned' } });
    await agreeToReturn(city, noise.ticketId);
    const { json } = await city.log.event('ticket.assigned', noise.ticketId, 2);
    expect(json).toMatchObject({ assignment: 2, by: { kind: 'rule' } });
    second = String(json['lead']);
    expect([second, ...(json['coHandlers'] as string[]), ...(json['copies'] as string[])]).not.toContain(first);

    expect((await offered(second, noise.ticketId, 2)).json).toMatchObject({ role: 'lead', lead: second });
    const withdrawn = (message: object) => (message as { type?: string }).type === 'assignment.withdrawn';
    expect((await city.log.until('withdrawal', assignmentsTopic(first), withdrawn)).json).toMatchObject({
      ticketId: noise.ticketId,
      assignment: 1,
    });
    // Who gave it back is out: it neither acts on it nor reads it any more.
    const late = await command(first, 'sign', noise.ticketId);
    expect((await answered(first, late)).json).toMatchObject({ type: 'command.refused', reason: 'not-yours' });
    expect(await city.as(officerOf(first), 'department-handler', 'GET', `/v1/work-items/${noise.ticketId}`)).toMatchObject({ status: 403 });
  });
});

describe('the other unit over HTTP', () => {
  const give = (who: Who, what: string, more: object = {}) =>
    city.as(who, 'department-handler', 'POST', `/v1/work-items/${noise.ticketId}/${what}`, {
      commandId: randomUUID(),
      assignment: 2,
      ...more,
    });

  it('signs, notes progress, asks for the contact, replies, and a second person approves', async () => {
    const officer = officerOf(second);
    const { body } = await city.as(officer, 'department-handler', 'GET', '/v1/work-items?status=offered');
    expect(body['items']).toContainEqual(expect.objectContaining({ ticketId: noise.ticketId, title: NOISE.title, assignment: 2 }));

    expect(await give(officer, 'signature')).toMatchObject({ status: 200, body: { state: { status: 'signed' } } });
    expect(await give(officer, 'progress', { note: '已联系施工方，今晚现场查看。' })).toMatchObject({ status: 200 });
    const contact = await city.as(officer, 'intake', 'GET', `/v1/tickets/${noise.ticketId}/contact?purpose=arrange-visit`);
    expect([contact.status, contact.body]).toEqual([200, CITIZEN]);
    const reply = { text: '已责令停止夜间施工，并立案查处。', outcome: 'resolved' };
    expect(await give(officer, 'reply', reply)).toMatchObject({ status: 200, body: { state: { status: 'replied', round: 1 } } });
    expect(await give(officer, 'approval', { round: 1 })).toMatchObject({ status: 403 });
    expect(await give(approverOf(second), 'approval', { round: 1 })).toMatchObject({
      status: 200,
      body: { state: { status: 'approved' } },
    });

    const shown = await city.as(officer, 'department-handler', 'GET', `/v1/work-items/${noise.ticketId}`);
    expect(shown.body).toMatchObject({
      status: 'approved',
      signedBy: officer.sub,
      content: { text: NOISE.text },
      replies: [{ round: 1, ...reply }],
    });
    expect(shown.body['notes']).toContainEqual(expect.objectContaining({ kind: 'progress', text: '已联系施工方，今晚现场查看。' }));
    const { json } = await city.log.event('reply.approved', noise.ticketId);
    expect(json).toMatchObject({
      assignment: 2,
      unit: second,
      approver: approverOf(second).sub,
      reply: { kind: 'open', text: reply.text },
    });
  });

  it('and the log tells the story in order, each service counting 1, 2, 3 …', async () => {
    await city.log.caughtUp();
    const told = city.log.on('paidan.tickets').filter(({ key }) => key === noise.ticketId);
    expect(city.log.story(noise.ticketId, ['intake', 'dispatch', 'department-handler'])).toEqual([
      'ticket.registered',
      'ticket.assigned',
      'assignment.signed',
      'assignment.returned',
      'return.accepted',
      'ticket.assigned',
      'assignment.signed',
      'work.progressed',
      'reply.submitted',
      'reply.approved',
    ]);
    expect(new Set(told.map(({ partition }) => partition)).size).toBe(1);
    for (const service of SERVICES) {
      const sequences = told
        .filter(({ headers }) => headers['ce_source'] === `/paidan/${service}`)
        .map(({ headers }) => Number(headers['ce_sequence']));
      expect(sequences).toEqual(sequences.map((__, index) => index + 1));
    }
  });
});

describe('why it went where it went', () => {
  it('is told for each decision, in Chinese and English', async () => {
    const routing = async () => (await city.as(DISPATCHER, 'dispatch', 'GET', `/v1/tickets/${noise.ticketId}/routing`)).body;
    const body = await until('dispatch knows of the reply', async () => {
      const now = await routing();
      return now['status'] === 'answered' ? now : undefined;
    });
    expect(body).toMatchObject({
      number: noise.number,
      returnedBy: [first],
      decisions: [
        { did: 'assigned', assignment: 1, lead: first },
        {
          did: 'return-accepted',
          unit: first,
          by: { kind: 'person' },
          objection: { because: 'not-our-duty', grounds: '夜间施工许可不归我局审批' },
        },
        { did: 'assigned', assignment: 2, lead: second, ruledOut: [{ unit: first, reason: 'returned-before' }] },
      ],
    });
    const units = Object.fromEntries(
      (await readFile(`${city.system.cityDir}/units.csv`, 'utf8'))
        .split('\n')
        .map((line) => line.split(',').slice(0, 2) as [string, string]),
    );
    const [one, returned, two] = (body['decisions'] as { explanation: { zh: string[]; en: string[] } }[]).map(({ explanation }) => ({
      zh: explanation.zh.join(''),
      en: explanation.en.join(' '),
    }));
    expect(one?.zh).toMatch(`第1次派单（按规则）：${units[first]}主办`);
    expect(one?.zh).toContain('“施工噪声”');
    expect(one?.en).toMatch(/^Assignment 1 \(by rule\): .* leads.*The words .* fit the matter “Noise of building works” \(0702\)/);
    expect(returned?.zh).toContain('非本单位职责');
    expect(returned?.en).toContain('it is not its duty');
    expect(two?.zh).toMatch(`第2次派单（按规则）：${units[second]}主办`);
    expect(two?.zh).toContain(`排除${units[first]}：曾退单`);
    expect(two?.en).toContain('is ruled out: it returned it before');
  });
});

describe('an appeal that no rule can place', () => {
  it('waits for a dispatcher, who assigns it over HTTP', async () => {
    const { body } = await city.submit(VAGUE);
    const ticketId = String(body['ticketId']);
    expect((await city.log.event('ticket.held', ticketId)).json).toMatchObject({ reason: 'no-candidate', candidates: [] });
    const queue = await until('it stands in the queue', async () => {
      const { body: page } = await city.as(DISPATCHER, 'dispatch', 'GET', '/v1/held');
      return (page['tickets'] as { ticketId: string; decisionVersion: number }[]).find((held) => held.ticketId === ticketId);
    });
    expect(queue).toMatchObject({
      title: VAGUE.title,
      reason: 'no-candidate',
      explanation: { en: expect.stringContaining('Held for a person') },
    });

    const order = { commandId: randomUUID(), decisionVersion: queue.decisionVersion, unit: 'street-lanqiao', reason: '先由街道了解情况' };
    const assigned = await city.as(DISPATCHER, 'dispatch', 'POST', `/v1/tickets/${ticketId}/assignment`, order);
    expect(assigned).toMatchObject({ status: 200, body: { status: 'assigned', lead: 'street-lanqiao', assignment: 1 } });
    expect((await city.log.event('ticket.assigned', ticketId)).json).toMatchObject({
      lead: 'street-lanqiao',
      by: { kind: 'person', subject: DISPATCHER.sub },
    });
    expect((await offered('street-lanqiao', ticketId)).json).toMatchObject({ content: { kind: 'open', text: VAGUE.text } });
    const { body: routing } = await city.as(DISPATCHER, 'dispatch', 'GET', `/v1/tickets/${ticketId}/routing`);
    const decided = (routing['decisions'] as { explanation: { zh: string[]; en: string[] } }[]).at(-1);
    expect(decided?.explanation.zh.join('')).toContain('由工作人员决定：先由街道了解情况');
    expect(decided?.explanation.en[0]).toContain('Assignment 1 (by a person)');
  });
});

describe('a confidential report', () => {
  let holder: string;

  it('is routed, its words sealed on the log; the unit is told where to ask', async () => {
    const { body } = await city.submit(REPORT);
    report = body as unknown as Receipt;
    const registered = await city.log.event('ticket.registered', report.ticketId);
    expect(registered.json).toMatchObject({ confidentiality: 'confidential', content: { kind: 'sealed' } });
    const { json } = await city.log.event('ticket.assigned', report.ticketId);
    expect(json).toMatchObject({ matter: '0802', by: { kind: 'rule' } });
    holder = String(json['lead']);
    const offer = await offered(holder, report.ticketId);
    expect(offer.json).toMatchObject({
      confidentiality: 'confidential',
      content: { kind: 'fetch', path: `/v1/work-items/${report.ticketId}` },
    });
    // It is all there for who holds the key, and for nobody under another ticket.
    const file = JSON.parse(await readFile(city.keys.files.contentKeys, 'utf8')) as { current: string; keys: Record<string, string> };
    const keys = { current: file.current, keys: new Map(Object.entries(file.keys).map(([id, key]) => [id, Buffer.from(key, 'base64')])) };
    const content = registered.json['content'] as Content;
    expect(openContent(content, report.ticketId, keys)).toMatchObject({ title: REPORT.title, text: REPORT.text, place: REPORT.place });
    expect(() => openContent(content, noise.ticketId, keys)).toThrow();
  });

  it('is read by the holder over HTTP, on record, and by no other unit', async () => {
    const path = `/v1/work-items/${report.ticketId}`;
    const read = await city.as(officerOf(holder), 'department-handler', 'GET', `${path}?purpose=${encodeURIComponent('现场检查前核对')}`);
    expect(read).toMatchObject({ status: 200, body: { content: { title: REPORT.title, text: REPORT.text, place: REPORT.place } } });
    const stranger = await city.as(officerOf('city-water'), 'department-handler', 'GET', path);
    expect(stranger).toMatchObject({ status: 403, body: { code: 'not-your-ticket' } });
    expect(JSON.stringify(stranger.body)).not.toContain('望江楼');
    const access = await city.rows('select unit, subject, purpose from department_handler.content_access where ticket_id = $1', [
      report.ticketId,
    ]);
    expect(access).toEqual([{ unit: holder, subject: officerOf(holder).sub, purpose: '现场检查前核对' }]);
    const contact = `/v1/tickets/${report.ticketId}/contact?purpose=ask-for-details`;
    expect(await city.as(officerOf(holder), 'intake', 'GET', contact)).toMatchObject({ status: 403, body: { code: 'contact-withheld' } });
    expect((await city.as(DISPATCHER, 'intake', 'GET', contact)).body).toEqual(REPORTER);
  });

  it('stays sealed in what the holder says about it, though it quotes', async () => {
    const give = (who: Who, what: string, more: object = {}) =>
      city.as(who, 'department-handler', 'POST', `/v1/work-items/${report.ticketId}/${what}`, {
        commandId: randomUUID(),
        assignment: 1,
        ...more,
      });
    expect((await give(officerOf(holder), 'signature')).status).toBe(200);
    expect((await give(officerOf(holder), 'progress', { note: `到场，${SECRET}，属实` })).status).toBe(200);
    expect((await give(officerOf(holder), 'reply', { text: `经查，${SECRET}，已立案。`, outcome: 'resolved' })).status).toBe(200);
    expect((await give(approverOf(holder), 'approval', { round: 1 })).status).toBe(200);
    const approved = await city.log.event('reply.approved', report.ticketId);
    expect(approved.json).toMatchObject({ reply: { kind: 'sealed' } });
    const { body } = await city.as(officerOf(holder), 'department-handler', 'GET', `/v1/work-items/${report.ticketId}`);
    expect(body).toMatchObject({
      replies: [{ text: `经查，${SECRET}，已立案。` }],
      notes: expect.arrayContaining([expect.objectContaining({ kind: 'progress', text: `到场，${SECRET}，属实` })]),
    });

    await city.log.caughtUp();
    for (const secret of SECRETS) expect({ secret, found: city.log.whereIs(secret) }).toEqual({ secret, found: [] });
  });
});

describe('when all is said', () => {
  const contactData = [CITIZEN, BY_TEXT_MESSAGE, REPORTER].flatMap((contact) => Object.values(contact));

  it('contact data is in no topic, and query codes are on receipts alone', async () => {
    await city.log.caughtUp();
    // The search finds what is there: an adapter's own text, and a code on its receipt.
    expect(city.log.whereIs(NOISE.text)).not.toEqual([]);
    for (const datum of contactData) expect({ datum, found: city.log.whereIs(datum) }).toEqual({ datum, found: [] });
    for (const { queryCode } of [noise, report]) expect(city.log.whereIs(queryCode)).toEqual([]);
    expect(city.log.whereIs(lights.queryCode).every((place) => place.startsWith(receiptsTopic('sms-12345')))).toBe(true);
  });

  it('the services’ logs, at their most talkative, have neither contact data nor codes nor what was reported', async () => {
    const logs = await city.serviceLogs();
    expect(logs.map(({ file }) => file).sort()).toEqual(SERVICES.map((service) => `${service}.log`).sort());
    for (const { file, text } of logs) {
      expect(text).toContain('"level":"debug"');
      const unescaped = text.replace(/\\u([0-9a-f]{4})/gi, (__, hex: string) => String.fromCharCode(parseInt(hex, 16)));
      for (const secret of [...contactData, ...SECRETS, noise.queryCode, lights.queryCode, report.queryCode])
        expect({ file, secret, found: text.includes(secret) || unescaped.includes(secret) }).toEqual({ file, secret, found: false });
    }
  });

  it('and nothing in them is an error', async () => {
    for (const { file, text } of await city.serviceLogs()) {
      const errors = text.split('\n').filter((line) => /"level":"(error|fatal)"/.test(line));
      expect({ file, errors }).toEqual({ file, errors: [] });
    }
  });

  it('nothing is parked, quarantined, set aside or left to say', async () => {
    for (const service of SERVICES) {
      expect(await city.as(OPERATOR, service, 'GET', '/v1/operations/parked')).toMatchObject({
        status: 200,
        body: { count: 0, tickets: [] },
      });
      expect({ service, ...(await city.keptBack(service)) }).toEqual({ service, quarantined: 0, setAside: 0, outbox: 0, notices: 0 });
    }
  });
});
