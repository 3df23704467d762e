import { assignmentsTopic, commandsTopic } from '@paidan/contracts';
import { until } from '@paidan/testing';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { City } from './city.kit.js';
import { agreeToReturn } from './desk.kit.js';
import { Department, departmentsPython, PROGRAM } from './stranger/python.kit.js';

/*
 * A department that is not ours: deploy/examples/department-python, a Python process with a Kafka client of its own, works on its tickets beside the running
 * system. It knows nothing of our code, and this file looks at what it did through the log alone.
 */

const UNIT = 'city-urban-management';
const OFFICER = 'officer-017';
const APPROVER = 'chief-003';
const READER = 'department-system';

let city: City;
let department: Department;
let python: string;

beforeAll(async () => {
  python = await departmentsPython();
  // Two minutes are a day: what is critical is late after seconds, and all else in good time.
  city = await City.open({ clock: { from: '2026-03-02T09:00:00+08:00', factor: 720 } });
  department = new Department(python, {
    unit: UNIT,
    brokers: city.system.brokers,
    paidan: city.system.urls['department-handler'] ?? '',
    token: await city.token({ sub: READER, roles: ['officer'], unit: UNIT }),
    folder: join(city.system.dataDir, 'department'),
    officer: OFFICER,
    approver: APPROVER,
    workSeconds: 0.4,
  });
  await department.start();
}, 300_000);
afterAll(async () => {
  await department?.end('SIGKILL');
  await city?.close();
}, 60_000);

const appeal = (externalId: string, title: string, text: string, more: object = {}) => ({
  externalId,
  appealType: 'complaint',
  title,
  text,
  ...more,
});
const lights = (externalId: string) => appeal(externalId, '路灯不亮', '小区门口没有路灯，一片漆黑，请安装路灯。', { appealType: 'help' });

async function submit(body: object): Promise<string> {
  const answer = await city.submit(body);
  expect(answer).toMatchObject({ status: 201 });
  return String(answer.body['ticketId']);
}

/** What the department wrote about a ticket, without what it wrote again under the same id. */
const commandsOn = (ticketId: string): string[] => {
  const written = city.log.on(commandsTopic(UNIT)).filter(({ json }) => json['ticketId'] === ticketId);
  return [...new Map(written.map(({ json }) => [json['commandId'], String(json['command'])])).values()];
};
const caseOf = async (ticketId: string) => (await department.cases()).find(({ ticket }) => ticket === ticketId);
const WORKED_OFF = ['assignment.signed', 'work.progressed', 'reply.submitted', 'reply.approved'];
const theirs = (ticketId: string) => city.log.story(ticketId).filter((name) => WORKED_OFF.includes(name));

it('has tests of its own, which pass', async () => {
  await promisify(execFile)(python, ['-m', 'unittest'], { cwd: PROGRAM, env: { PYTHONDONTWRITEBYTECODE: '1' } });
});

describe('a ticket that is its own', () => {
  it('is signed, worked on, replied to, and approved by a second person', async () => {
    const ticketId = await submit(lights('own'));
    expect((await city.log.event('ticket.assigned', ticketId)).json).toMatchObject({ lead: UNIT, assignment: 1 });
    expect((await city.log.event('assignment.signed', ticketId)).json).toMatchObject({ unit: UNIT, officer: OFFICER });
    expect((await city.log.event('reply.submitted', ticketId)).json).toMatchObject({ officer: OFFICER, outcome: 'resolved', round: 1 });
    expect((await city.log.event('reply.approved', ticketId)).json).toMatchObject({
      unit: UNIT,
      approver: APPROVER,
      reply: { kind: 'open', text: expect.stringContaining('路灯故障已修复') },
    });
    expect(theirs(ticketId)).toEqual(WORKED_OFF);
    await until('the department knows that it is approved', async () =>
      (await caseOf(ticketId))?.status === 'approved' ? true : undefined,
    );
    expect(commandsOn(ticketId)).toEqual(['sign', 'progress', 'reply', 'approve']);
    // It was told by when, too.
    expect((await caseOf(ticketId))?.deadlines).toMatchObject({ sign: expect.any(String), finish: expect.any(String) });
  });

  it('offered again, under the same id or another, is not worked on again', async () => {
    const offers = () => city.log.on(assignmentsTopic(UNIT)).filter(({ json }) => json['type'] === 'assignment.offered');
    const before = city.log.on(commandsTopic(UNIT)).length;
    for (const { key, value, headers } of offers())
      for (const ce_id of [headers['ce_id'] ?? '', '019aa8d0-0000-7d44-bf00-00000000abcd'])
        await city.log.write(assignmentsTopic(UNIT), value, { key: key ?? '', headers: { ...headers, ce_id } });
    // What comes after the repeats on the same partition is answered after them.
    const next = await submit(lights('after-repeats'));
    await city.log.event('reply.approved', next);
    const since = city.log.on(commandsTopic(UNIT)).slice(before);
    expect(new Set(since.map(({ json }) => json['ticketId']))).toEqual(new Set([next]));
  });
});

describe('a ticket that is not its own', () => {
  it('is returned with reason and grounds, and goes to another unit when a dispatcher agrees', async () => {
    const ticketId = await submit(
      appeal('not-own', '夜间施工噪声扰民', '工地夜间施工，施工噪声很大，夜间施工到凌晨两点。', { place: { adminCode: '990102' } }),
    );
    expect((await city.log.event('ticket.assigned', ticketId)).json).toMatchObject({ lead: UNIT });
    expect((await city.log.event('assignment.returned', ticketId)).json).toMatchObject({
      unit: UNIT,
      officer: OFFICER,
      reason: 'not-our-duty',
      grounds: { kind: 'open', text: expect.stringContaining('路灯照明') },
    });
    await agreeToReturn(city, ticketId);
    const again = (await city.log.event('ticket.assigned', ticketId, 2)).json;
    expect(again).toMatchObject({ assignment: 2 });
    expect(again['lead']).not.toBe(UNIT);
    await until('the department knows that it is over', async () => ((await caseOf(ticketId))?.status === 'over' ? true : undefined));
    expect(commandsOn(ticketId)).toEqual(['return']);
  });
});

describe('a confidential ticket', () => {
  it('is read over HTTP with the unit’s token, on record, and answered', async () => {
    const secret = '三号摊主老郭每天占道经营';
    const ticketId = await submit(
      appeal('secret', '举报占道经营', `${secret}，流动摊贩堵了路。`, { appealType: 'report', place: { adminCode: '990102' } }),
    );
    expect((await city.log.event('ticket.assigned', ticketId)).json).toMatchObject({ lead: UNIT });
    await city.log.event('reply.approved', ticketId);
    const sql = 'select unit, subject, purpose from department_handler.content_access where ticket_id = $1';
    expect(await city.rows(sql, [ticketId])).toEqual([{ unit: UNIT, subject: READER, purpose: '判断是否属于本单位职责' }]);
    await city.log.caughtUp();
    expect(city.log.whereIs(secret)).toEqual([]);
    const kept = await Promise.all(
      ['department.sqlite', 'department.log'].map((file) => readFile(join(city.system.dataDir, 'department', file))),
    );
    expect(kept.map((bytes) => bytes.includes(secret))).toEqual([false, false]);
  });
});

describe('a ticket that it is late with', () => {
  it('has a card, which the department keeps with its deadlines when it is back', async () => {
    await department.end('SIGKILL');
    // To be signed within half an hour.
    const ticketId = await submit({ ...lights('late'), urgency: 'critical' });
    const about = (type: string, clock?: string) => (json: Readonly<Record<string, unknown>>) =>
      json['type'] === type && json['ticketId'] === ticketId && (clock === undefined || json['clock'] === clock);
    const card = await city.log.until('a card', assignmentsTopic(UNIT), about('card.shown', 'sign'), 1, 40_000);
    expect(card.json).toMatchObject({ colour: 'yellow' });
    await department.start();
    await city.log.event('reply.approved', ticketId);
    const kept = await caseOf(ticketId);
    const [set] = city.log.on(assignmentsTopic(UNIT)).filter(({ json }) => about('deadline.set')(json));
    const told = set?.json['deadlines'] as { clock: string; dueAt: string }[];
    expect(kept).toMatchObject({
      cards: expect.objectContaining({ [String(card.json['card'])]: 'yellow' }),
      deadlines: Object.fromEntries(told.map(({ clock, dueAt }) => [clock, dueAt])),
    });
  }, 90_000);
});

describe('killed in the middle of its work, again and again', () => {
  it('takes up where it was, and nothing happens twice', async () => {
    const tickets = await Promise.all(Array.from({ length: 12 }, (_, i) => submit(lights(`killed-${i}`))));
    const written = () => city.log.on(commandsTopic(UNIT)).filter(({ json }) => tickets.includes(String(json['ticketId']))).length;
    // 4 commands a ticket: killed while it signs, while it works, while it replies.
    for (const share of [5, 20, 32]) {
      await until(`${share} commands`, () => (written() >= share ? true : undefined), 30_000);
      expect(department.running).toBe(true);
      expect(await department.end('SIGKILL')).toBe('SIGKILL');
      // The city goes on meanwhile.
      tickets.push(await submit(lights(`while-dead-${share}`)));
      await department.start();
    }
    for (const ticketId of tickets) await city.log.event('reply.approved', ticketId);
    await city.log.caughtUp();
    for (const ticketId of tickets) {
      expect({ ticketId, story: theirs(ticketId).sort() }).toEqual({ ticketId, story: [...WORKED_OFF].sort() });
      expect({ ticketId, commands: commandsOn(ticketId) }).toEqual({ ticketId, commands: ['sign', 'progress', 'reply', 'approve'] });
    }
  }, 120_000);

  it('ends in good order when it is told to, with nothing left for a person', async () => {
    await until('all cases are done', async () =>
      (await department.cases()).every(({ status }) => status === 'approved' || status === 'over') ? true : undefined,
    );
    expect((await department.cases()).filter(({ trouble }) => trouble !== null)).toEqual([]);
    expect(await department.end('SIGTERM')).toBe('code 0');
  });
});
