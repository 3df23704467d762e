import { directoryHash, type DirectoryEntry, type DirectoryMessage, type EventPayload } from '@paidan/contracts';
import { registration as registrationOf } from '@paidan/contracts/happenings';
import { dayOf } from '@paidan/kernel';
import { sharedInfra, until } from '@paidan/testing';
import { openApiFaults } from '@paidan/service-host/testing/openapi-faults';
import { randomUUID } from 'node:crypto';
import { lostTargets } from './adapters/postgres/lost-targets.js';
import { DispatchBench, newTicket } from './dispatch.kit.js';
import { UNTOLD } from './domain/recall.js';

let bench: DispatchBench;
beforeAll(async () => {
  bench = await DispatchBench.open(sharedInfra().brokers);
}, 90_000);
afterAll(async () => {
  await bench.close();
}, 60_000);

const registration = (title: string, text: string) =>
  registrationOf({ channel: 'web-portal', channelKind: 'web', content: { kind: 'open', title, text } });
const NOISE = registration('夜间施工噪声扰民', '工地夜间施工，施工噪声很大，夜间施工到凌晨两点。');
const VAGUE = registration('一件小事', '不知道该找谁。');
const back = (assignment: number, unit: string): EventPayload<'assignment.returned'> => ({
  assignment,
  unit,
  officer: 'officer-1',
  reason: 'not-our-duty',
  grounds: { kind: 'open', text: '不属我局职责' },
});
const order = (unit: string, decisionVersion: number, more: object = {}) => ({
  commandId: randomUUID(),
  decisionVersion,
  unit,
  reason: '由其办理为宜',
  ...more,
});
interface Waiting {
  readonly ticketId: string;
  readonly decisionVersion: number;
  readonly assignment: number;
}
const waitingReturn = (ticketId: string): Promise<Waiting & Record<string, unknown>> =>
  until('the return waits for a dispatcher', async () => {
    const { body } = await bench.call('GET', '/v1/returns', ['dispatcher']);
    return (body['tickets'] as (Waiting & Record<string, unknown>)[]).find((ticket) => ticket.ticketId === ticketId);
  });
const judge = ({ ticketId, decisionVersion, assignment }: Waiting, what: 'acceptance' | 'refusal', more: object = {}) =>
  bench.call('POST', `/v1/tickets/${ticketId}/return/${what}`, ['dispatcher'], {
    commandId: randomUUID(),
    decisionVersion,
    assignment,
    ...more,
  });
const accept = async (waiting: Waiting) => {
  const answer = await judge(waiting, 'acceptance');
  expect(answer.status).toBe(200);
  return answer.body;
};
const register = async (payload = VAGUE): Promise<string> => {
  const ticketId = newTicket();
  await bench.happens(ticketId, 'ticket.registered', payload);
  return ticketId;
};

describe('a registered ticket on the log', () => {
  it('is assigned on the log, the same event twice once; returned, it goes to another unit', async () => {
    const ticketId = newTicket();
    const today = dayOf(Date.now());
    await bench.happens(ticketId, 'ticket.registered', NOISE);
    await bench.repeat();
    const first = await bench.heard('ticket.assigned', ticketId);
    expect(first).toMatchObject({ assignment: 1, by: { kind: 'rule' }, matter: '0702', directoryVersion: 1, designated: false });
    // A working day, counted from the day after: in the evening that is less than a day and a night.
    expect(dayOf(Date.parse(first.returnUntil ?? ''))).toBeGreaterThan(today);

    await bench.happens(ticketId, 'assignment.returned', back(1, first.lead));
    await accept(await waitingReturn(ticketId));
    expect(await bench.heard('return.accepted', ticketId)).toMatchObject({ assignment: 1, unit: first.lead, by: { kind: 'person' } });
    const second = await bench.heard('ticket.assigned', ticketId, 2);
    expect(second).toMatchObject({ assignment: 2 });
    expect([second.lead, ...second.coHandlers]).not.toContain(first.lead);
    expect(bench.said.filter((said) => said.ticketId === ticketId).map(({ name, sequence }) => [name, sequence])).toEqual([
      ['ticket.assigned', 1],
      ['return.accepted', 2],
      ['ticket.assigned', 3],
    ]);

    const { status, body } = await bench.call('GET', `/v1/tickets/${ticketId}/routing`, ['dispatcher']);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'assigned',
      decisionVersion: 3,
      lead: second.lead,
      returnedBy: [first.lead],
      decisions: [
        { did: 'assigned' },
        { did: 'return-accepted' },
        { did: 'assigned', ruledOut: [{ unit: first.lead, reason: 'returned-before' }] },
      ],
    });
    const [decision] = body['decisions'] as { explanation: { zh: string[]; en: string[] } }[];
    expect(decision?.explanation.zh.join('')).toContain('第1次派单（按规则）');
    expect(decision?.explanation.en.join('')).toContain('“夜间施工”');
  });

  it('keeps the text in its own row, under its seal, and out of the record', async () => {
    const ticketId = newTicket();
    const content = bench.sealed(ticketId, { title: '举报工地夜间施工', text: '夜间施工，施工噪声' });
    await bench.happens(ticketId, 'ticket.registered', { ...NOISE, appealType: 'report', confidentiality: 'confidential', content });
    expect(JSON.stringify(await bench.heard('ticket.assigned', ticketId))).not.toContain('施工');
    const { rows } = await bench.runtime.database.query<{ record: object; content: string }>(
      'select record, content from ticket join ticket_text using (ticket_id) where ticket_id = $1',
      [ticketId],
    );
    expect(JSON.stringify(rows[0]?.record)).not.toContain('施工');
    expect(JSON.parse(rows[0]?.content ?? '')).toEqual(content);
    await expect(bench.runtime.database.query(`update ticket_text set content = ''`)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('a returned ticket', () => {
  it('stands in the queue of returns with the unit’s grounds; refused, it stays where it is', async () => {
    const ticketId = await register(NOISE);
    const { lead } = await bench.heard('ticket.assigned', ticketId);
    await bench.happens(ticketId, 'assignment.returned', back(1, lead));
    const waiting = await waitingReturn(ticketId);
    expect(waiting).toMatchObject({
      assignment: 1,
      unit: lead,
      decisionVersion: 1,
      title: '夜间施工噪声扰民',
      matter: '0702',
      objection: { because: 'not-our-duty', officer: 'officer-1', grounds: '不属我局职责' },
      explanation: { zh: expect.stringContaining('申请退单：非本单位职责') },
    });
    const metrics = await (await fetch(`http://127.0.0.1:${bench.services[0]?.metricsPort}/metrics`)).text();
    expect(metrics).toMatch(/paidan_returned_tickets\{[^}]*\} 1$/m);
    const routing = await bench.call('GET', `/v1/tickets/${ticketId}/routing`, ['operator']);
    expect(routing.body).toMatchObject({ status: 'returned', objection: { because: 'not-our-duty' } });
    expect(JSON.stringify(routing.body)).not.toContain('不属我局职责');

    expect(await judge({ ...waiting, assignment: 2 }, 'refusal', { reason: 'is-their-duty' })).toMatchObject({
      status: 409,
      body: { code: 'stale-assignment', state: { status: 'returned' } },
    });
    expect(await judge(waiting, 'refusal', { reason: 'moon' })).toMatchObject({ status: 422, body: { code: 'validation-failed' } });
    expect(await judge(waiting, 'refusal', { reason: 'is-their-duty', note: '属你局职责' })).toMatchObject({
      status: 200,
      body: { status: 'assigned', lead },
    });
    expect(await bench.heard('return.refused', ticketId)).toMatchObject({ reason: 'is-their-duty', note: { text: '属你局职责' } });
    expect(await judge(waiting, 'acceptance')).toMatchObject({ status: 409, body: { code: 'stale-decision' } });
  });

  it('for the second time is for a supervisor, who sees all positions and whose word is final; the pairs of units are counted', async () => {
    const ticketId = await register(NOISE);
    const units: string[] = [];
    for (const assignment of [1, 2]) {
      const { lead } = await bench.heard('ticket.assigned', ticketId, assignment);
      units.push(lead);
      await bench.happens(ticketId, 'assignment.returned', back(assignment, lead));
      await accept(await waitingReturn(ticketId));
    }
    expect(await bench.heard('ticket.held', ticketId)).toMatchObject({ reason: 'returned-too-often' });
    const { body } = await bench.call('GET', `/v1/tickets/${ticketId}/routing`, ['supervisor']);
    const positions = (body['decisions'] as { did: string; unit?: string; objection?: object }[]).filter(
      ({ did }) => did === 'return-accepted',
    );
    expect(positions.map(({ unit, objection }) => [unit, objection])).toEqual(
      units.map((unit) => [unit, expect.objectContaining({ because: 'not-our-duty', grounds: '不属我局职责' })]),
    );

    const version = Number(body['decisionVersion']);
    const path = `/v1/tickets/${ticketId}/assignment`;
    expect(await bench.call('POST', path, ['dispatcher'], order('city-education', version))).toMatchObject({
      status: 403,
      body: { code: 'for-supervisor' },
    });
    expect(await bench.call('POST', path, ['supervisor'], order('city-education', version))).toMatchObject({ status: 200 });
    expect(await bench.heard('ticket.assigned', ticketId, 3)).toMatchObject({ lead: 'city-education', designated: true });
    await bench.happens(ticketId, 'assignment.returned', back(3, 'city-education'));
    expect(await bench.heard('return.refused', ticketId)).toMatchObject({ reason: 'designated', by: { kind: 'rule' } });

    const pairs = await bench.call('GET', '/v1/returns/pairs', ['operator']);
    const [first, second] = units;
    expect(pairs.body['pairs']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ from: first, to: second, returnedAgain: 1, fromName: expect.stringContaining('示例市') }),
        expect.objectContaining({ from: second, to: 'city-education', handedOver: 1, returnedAgain: 0, rate: 0 }),
      ]),
    );
    expect(await bench.call('GET', '/v1/returns/pairs?days=0', ['operator'])).toMatchObject({ status: 400 });
  });
});

describe('a held ticket', () => {
  it('stands in the queue by urgency and age, page by page, until a dispatcher assigns it', async () => {
    const ids: string[] = [];
    for (const urgency of ['normal', 'critical', 'normal', 'urgent'] as const) {
      const ticketId = await register({ ...VAGUE, urgency });
      ids.push(ticketId);
      await bench.heard('ticket.held', ticketId);
    }
    const [oldest, critical, newest, urgent] = ids;
    const seen: Record<string, unknown>[] = [];
    for (let after = ''; ;) {
      const { body } = await bench.call('GET', `/v1/held?limit=1&reason=no-candidate${after}`, ['dispatcher']);
      seen.push(...(body['tickets'] as Record<string, unknown>[]));
      const { next } = body as { next?: string };
      if (next === undefined) break;
      after = `&after=${next}`;
    }
    expect(seen.map(({ ticketId }) => ticketId)).toEqual([critical, urgent, oldest, newest]);
    expect(seen[0]).toMatchObject({
      title: '一件小事',
      decisionVersion: 1,
      urgency: 'critical',
      explanation: { zh: expect.stringContaining('待人工派单') },
    });

    const command = order('city-education', 1, { coHandlers: ['city-housing'] });
    const assigned = await bench.call('POST', `/v1/tickets/${critical}/assignment`, ['dispatcher'], command);
    expect(assigned).toMatchObject({
      status: 200,
      body: { status: 'assigned', decisionVersion: 2, lead: 'city-education', assignment: 1 },
    });
    expect(await bench.heard('ticket.assigned', critical ?? '')).toMatchObject({
      lead: 'city-education',
      coHandlers: ['city-housing'],
      by: { kind: 'person', subject: 'dispatcher-1' },
    });
    // Sent again because the answer was lost: the same answer, nothing done twice. Another click on what was shown before: refused, with what is now.
    expect((await bench.call('POST', `/v1/tickets/${critical}/assignment`, ['dispatcher'], command)).body).toEqual(assigned.body);
    expect(await bench.call('POST', `/v1/tickets/${critical}/assignment`, ['dispatcher'], order('city-housing', 1))).toMatchObject({
      status: 409,
      body: { code: 'stale-decision', state: { status: 'assigned', decisionVersion: 2, lead: 'city-education' } },
    });
    const { body } = await bench.call('GET', '/v1/held?urgency=critical', ['supervisor']);
    expect((body['tickets'] as object[]).length).toBe(0);
  });

  it('is assigned with others in one go, each to its first candidate or to one unit, and each answered for itself', async () => {
    const doubtful = await register({ ...VAGUE, content: { kind: 'open', title: '有人扬言要跳楼', text: '小区停水，停水三天' } });
    const vague = await register();
    for (const ticketId of [doubtful, vague]) await bench.heard('ticket.held', ticketId);
    const many = (tickets: readonly string[], more: object = {}) => ({
      tickets: tickets.map((ticketId) => ({ ticketId, commandId: randomUUID(), decisionVersion: 1 })),
      reason: '按候选意见批量派单。',
      ...more,
    });
    const send = (body: object) => bench.call('POST', '/v1/held/assignments', ['dispatcher'], body);
    const unknown = randomUUID();
    const first = many([doubtful, vague, unknown]);
    const answer = await send(first);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        assigned: 1,
        refused: 2,
        tickets: [
          { ticketId: doubtful, outcome: 'assigned', lead: 'utility-water', decisionVersion: 2 },
          { ticketId: vague, outcome: 'refused', code: 'no-candidate' },
          { ticketId: unknown, outcome: 'refused', code: 'unknown-ticket' },
        ],
      },
    });
    expect(await bench.heard('ticket.assigned', doubtful)).toMatchObject({ by: { kind: 'person', subject: 'dispatcher-1' } });
    expect(await send(first)).toEqual(answer);
    expect(await send(many([vague, doubtful], { unit: 'city-education' }))).toMatchObject({
      body: {
        tickets: [
          { outcome: 'assigned', lead: 'city-education' },
          { outcome: 'refused', code: 'stale-decision' },
        ],
      },
    });
    expect(await send(many([]))).toMatchObject({ status: 422, body: { code: 'validation-failed' } });
  });

  it('leaves a row to learn from when a dispatcher takes it for another matter: by its topic, for there is no model here', async () => {
    const ticketId = await register();
    await bench.heard('ticket.held', ticketId);
    const body = order('city-education', 1, { matter: '1103' });
    expect(await bench.call('POST', `/v1/tickets/${ticketId}/assignment`, ['dispatcher'], body)).toMatchObject({ status: 200 });
    expect(await bench.text('/v1/routing/corrections', ['supervisor'])).toMatch(/^label,text,decidedAt\r\n"教育文体旅游","一件小事\n/);
  });

  it('is claimed by one of two dispatchers at once; the other is told who has it', async () => {
    const ticketId = await register();
    await bench.heard('ticket.held', ticketId);
    const claim = (sub: string) =>
      bench.call('POST', `/v1/tickets/${ticketId}/claim`, ['dispatcher'], { commandId: randomUUID(), decisionVersion: 1 }, { sub });
    const answers = await Promise.all([claim('li'), claim('wang')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [winner, loser] = answers[0]?.status === 200 ? ['li', 'wang'] : ['wang', 'li'];
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'claimed', state: { claim: { by: winner } } });
    const { body } = await bench.call('GET', '/v1/held?limit=200', ['dispatcher']);
    const listed = (body['tickets'] as { ticketId: string; claim?: object }[]).find((held) => held.ticketId === ticketId);
    expect(listed).toMatchObject({ claim: { by: winner, until: expect.any(String) } });

    const assign = (sub: string) =>
      bench.call('POST', `/v1/tickets/${ticketId}/assignment`, ['dispatcher'], order('city-education', 1), { sub });
    expect(await assign(loser ?? '')).toMatchObject({ status: 409, body: { code: 'claimed' } });
    expect(await assign(winner ?? '')).toMatchObject({ status: 200, body: { status: 'assigned' } });
    const undo = (sub: string) =>
      bench.call(
        'POST',
        `/v1/tickets/${ticketId}/assignment/undo`,
        ['dispatcher'],
        { commandId: randomUUID(), decisionVersion: 2, assignment: 1 },
        { sub },
      );
    expect(await undo(loser ?? '')).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    expect(await undo(winner ?? '')).toMatchObject({ status: 202, body: { status: 'releasing' } });
    expect(await bench.heard('release.requested', ticketId)).toMatchObject({ assignment: 1, unit: 'city-education' });
    await bench.happens(ticketId, 'assignment.released', { assignment: 1, unit: 'city-education' });
    expect(await bench.heard('ticket.held', ticketId, 2)).toMatchObject({ reason: 'asked-by-person' });
  });

  it.each([
    ['a unit nobody knows', () => order('nowhere', 1), 422, 'unknown-unit'],
    ['a matter nobody knows', () => order('city-education', 1, { matter: '9999' }), 422, 'unknown-matter'],
    ['no reason', () => ({ ...order('city-education', 1), reason: undefined }), 422, 'validation-failed'],
    ['an unknown field', () => order('city-education', 1, { unitName: '教育局' }), 422, 'validation-failed'],
  ])('is not assigned with %s', async (_what, body, status, code) => {
    const ticketId = await register();
    await bench.heard('ticket.held', ticketId);
    expect(await bench.call('POST', `/v1/tickets/${ticketId}/assignment`, ['dispatcher'], body())).toMatchObject({
      status,
      body: { code },
    });
  });

  it('is counted for who scales the desk', async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${bench.services[0]?.metricsPort}/metrics`)).text();
    expect(Number(/^paidan_held_tickets\{[^}]*\} (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(3);
    expect(metrics).toMatch(/paidan_events_total\{name="ticket.held"/);
  });

  it('is shown to nobody without the right token', async () => {
    expect(await bench.call('GET', '/v1/held', ['officer'])).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await bench.call('GET', '/v1/held', ['dispatcher'], undefined, { now: Date.now() - 7_200_000 })).toMatchObject({
      status: 401,
      body: { code: 'token-expired' },
    });
    expect(await bench.call('POST', '/v1/directory/republish', ['dispatcher'])).toMatchObject({ status: 403 });
    expect(await bench.call('GET', '/v1/held?after=%00nonsense', ['dispatcher'])).toMatchObject({
      status: 400,
      body: { code: 'invalid-parameters' },
    });
    expect(await bench.call('GET', `/v1/tickets/${newTicket()}/routing`, ['dispatcher'])).toMatchObject({
      status: 404,
      body: { code: 'unknown-ticket' },
    });
  });
});

it('describes its interface', async () => {
  const document = (await (await fetch(`${bench.services[0]?.url}/openapi.json`)).json()) as {
    paths: object;
    components: { schemas: object };
  };
  expect(openApiFaults(document)).toEqual([]);
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining([
      '/v1/held',
      '/v1/units',
      '/v1/directory',
      '/v1/directory/republish',
      '/v1/tickets/{ticketId}/routing',
      '/v1/tickets/{ticketId}/assignment',
      '/v1/tickets/{ticketId}/reassignment',
      '/v1/tickets/{ticketId}/assignment/undo',
      '/v1/tickets/{ticketId}/claim',
      '/v1/tickets/{ticketId}/return/acceptance',
      '/v1/returns/pairs',
      '/v1/operations/parked/{ticketId}/replay',
    ]),
  );
  expect(document.components.schemas).toHaveProperty('AssignByHand');
});

describe('a queue of 200,000', () => {
  const [HELD, STEP] = [200_000, 20_000];
  /** As many tickets as nobody could place in a bad year, like one that was held just now. */
  beforeAll(async () => {
    const ticketId = await register();
    await bench.heard('ticket.held', ticketId);
    const { database } = bench.runtime;
    const { rows } = await database.query<{ name: string }>(
      `select column_name as name from information_schema.columns where table_schema = current_schema() and table_name = 'ticket'`,
    );
    const own: Readonly<Record<string, string>> = {
      ticket_id: 'gen_random_uuid()',
      urgency: 'n % 3',
      held_since: `held_since - n * interval '1 second'`,
      matter: `lpad((n % 15 + 1)::text, 2, '0') || '01'`,
    };
    const [names, values] = [rows.map(({ name }) => name), rows.map(({ name }) => own[name] ?? name)];
    for (let from = 0; from < HELD; from += STEP)
      await database.query(
        `insert into ticket (${names.join()}) select ${values.join()} from ticket, generate_series($2::int, $3::int) n where ticket_id = $1`,
        [ticketId, from + 1, from + STEP],
      );
  }, 60_000);
  afterAll(async () => {
    await bench.runtime.database.query(`delete from ticket where status = 'held' and held_since < now() - interval '1 minute'`);
  }, 60_000);

  it.each([
    ['the first page', ''],
    ['one urgency', '&urgency=normal'],
    ['one level 1 of the catalogue', '&matter=07'],
    ['the reason nearly all have', '&reason=no-candidate'],
    ['the reason nobody has', '&reason=sensitive'],
  ])('is listed in less than 100 ms: %s', async (_what, filter) => {
    let best = Infinity;
    // The best of many, on a busy machine: what else runs there is not the question.
    for (let i = 0; i < 40 && best >= 100; i += 1) {
      const before = performance.now();
      const { status, body } = await bench.call('GET', `/v1/held?limit=50${filter}`, ['dispatcher']);
      best = Math.min(best, performance.now() - before);
      expect(status).toBe(200);
      expect(body['held']).toBe(10_000);
    }
    expect(best).toBeLessThan(100);
  });
});

describe('a reassignment', () => {
  it('asks the holder and waits for its answer', async () => {
    const ticketId = await register(NOISE);
    const { lead } = await bench.heard('ticket.assigned', ticketId);
    const path = `/v1/tickets/${ticketId}/reassignment`;
    expect(await bench.call('POST', path, ['dispatcher'], order('city-housing', 1, { assignment: 1 }))).toMatchObject({
      status: 202,
      body: { status: 'releasing', target: 'city-housing' },
    });
    expect(await bench.heard('release.requested', ticketId)).toEqual({ assignment: 1, unit: lead, reason: 'reassigned' });
    await bench.happens(ticketId, 'assignment.released', { assignment: 1, unit: lead });
    expect(await bench.heard('ticket.assigned', ticketId, 2)).toMatchObject({ assignment: 2, lead: 'city-housing' });
  });
});

describe('what a restoration lost', () => {
  it('is who was to hold a ticket whose holder has not let go: counted and named', async () => {
    const lost = async () => lostTargets(bench.runtime.database);
    expect(await lost()).toEqual([]);
    const ticketId = await register(NOISE);
    await bench.heard('ticket.assigned', ticketId);
    await bench.call('POST', `/v1/tickets/${ticketId}/reassignment`, ['dispatcher'], order('city-housing', 1, { assignment: 1 }));
    await bench.runtime.database.query(
      `update ticket set record = jsonb_set(record::jsonb, '{target,lead}', $2::jsonb)::json where ticket_id = $1`,
      [ticketId, JSON.stringify(UNTOLD)],
    );
    expect(await lost()).toEqual([{ what: 'reassignment-targets', count: 1, tickets: [NOISE.number] }]);
  });
});

describe('why a ticket is where it is', () => {
  it('is shown to operators without what dispatchers wrote', async () => {
    const ticketId = await register();
    await bench.heard('ticket.held', ticketId);
    await bench.call('POST', `/v1/tickets/${ticketId}/assignment`, ['dispatcher'], order('city-housing', 1));
    const again = order('city-water', 2, { assignment: 1, reason: '改由其办理' });
    expect((await bench.call('POST', `/v1/tickets/${ticketId}/reassignment`, ['dispatcher'], again)).status).toBe(202);
    const read = async (role: 'dispatcher' | 'operator' | 'officer') => bench.call('GET', `/v1/tickets/${ticketId}/routing`, [role]);
    const decisions = [{ did: 'held' }, { did: 'assigned', lead: 'city-housing' }, { did: 'release-requested' }];
    const toDispatcher = await read('dispatcher');
    expect(toDispatcher.body).toMatchObject({
      decisions: [decisions[0], { ...decisions[1], opinion: '由其办理为宜' }, { ...decisions[2], target: { opinion: '改由其办理' } }],
    });
    const toOperator = await read('operator');
    expect(toOperator).toMatchObject({ status: 200, body: { decisions } });
    expect(JSON.stringify(toOperator.body)).not.toMatch(/opinion|办理为宜|改由其/);
    expect((await read('officer')).status).toBe(403);
  });
});

describe('an answered ticket', () => {
  it('that is reopened goes back to the unit that answered; closed, it takes no order', async () => {
    const ticketId = await register(NOISE);
    const { lead: unit, coHandlers } = await bench.heard('ticket.assigned', ticketId);
    const approval = { unit, approver: 'approver-1', outcome: 'resolved', reply: { kind: 'open', text: '已处理' } } as const;
    await bench.happens(ticketId, 'reply.approved', { ...approval, assignment: 1, round: 1 });
    await bench.happens(ticketId, 'ticket.reopened', { because: 'unsatisfied', reopening: 1, round: 1, unit });
    const redo = await bench.heard('ticket.assigned', ticketId, 2);
    expect(redo).toMatchObject({ assignment: 2, lead: unit, coHandlers, designated: true, by: { kind: 'rule', rule: 'redo' } });

    await bench.happens(ticketId, 'reply.approved', { ...approval, assignment: 2, round: 2 });
    await bench.happens(ticketId, 'ticket.closed', { because: 'second-rating', closedAt: new Date().toISOString() });
    const why = await until('closed', async () => {
      const { body } = await bench.call('GET', `/v1/tickets/${ticketId}/routing`, ['dispatcher']);
      return body['status'] === 'closed' ? body : undefined;
    });
    expect(why).toMatchObject({
      decisionVersion: 2,
      closed: { because: 'second-rating', explanation: { zh: '已办结：二次评价为终', en: 'Closed: the second rating is final.' } },
      decisions: [
        { did: 'assigned' },
        { did: 'assigned', explanation: { zh: expect.arrayContaining([expect.stringContaining('重办（不满意）')]) } },
      ],
    });
    const late = order('city-housing', 2, { assignment: 2 });
    expect(await bench.call('POST', `/v1/tickets/${ticketId}/reassignment`, ['dispatcher'], late)).toMatchObject({
      status: 409,
      body: { code: 'wrong-state', state: { status: 'closed', because: 'second-rating' } },
    });
  });
});

describe('the directory', () => {
  const version = (number: number, from = 0): DirectoryMessage[] | undefined => {
    const messages = bench.directory.slice(from).filter((message) => message.version === number);
    const own = messages.findIndex((message) => message.type === 'directory.unit' && message.name.includes(bench.tag));
    const marker = messages.findIndex((message, at) => at > own && message.type === 'directory.published');
    return own < 0 || marker < 0 ? undefined : messages.slice(0, marker + 1);
  };

  it('is published whole, the marker last, and said again on demand', async () => {
    const published = await until('version 1', () => version(1));
    const marker = published.at(-1);
    const { body } = await bench.call('GET', '/v1/directory', ['dispatcher']);
    const { count, hash } = body as { count: number; hash: string };
    expect(marker).toMatchObject({ type: 'directory.published', version: 1, count, hash });
    expect(directoryHash(published.slice(-1 - count, -1) as DirectoryEntry[])).toBe(hash);

    const before = bench.directory.length;
    expect(await bench.call('POST', '/v1/directory/republish', ['operator'])).toMatchObject({
      status: 202,
      body: { version: 1, count, hash },
    });
    const again = await until('version 1 again', () => version(1, before));
    expect(directoryHash(again.slice(-1 - count, -1) as DirectoryEntry[])).toBe(hash);

    const units = await bench.call('GET', '/v1/units?kind=street', ['supervisor']);
    expect((units.body['units'] as { kind: string }[]).every(({ kind }) => kind === 'street')).toBe(true);
  });
});

describe('a ticket that can not be processed', () => {
  it('waits alone, and with it what comes later; a release that can, replays it, and a newer directory reaches every replica', async () => {
    const ticketId = newTicket();
    const content = bench.sealed(ticketId, { title: '夜间施工', text: '夜间施工，施工噪声' }, 2);
    await bench.happens(ticketId, 'ticket.registered', { ...NOISE, confidentiality: 'anonymous', content });
    await bench.happens(ticketId, 'ticket.withdrawn', { reason: 'by-mistake', withdrawnAt: new Date().toISOString() });
    const broken = newTicket();
    await bench.happens(broken, 'ticket.registered', { number: 7 } as never);
    await bench.write('no-ticket', '{}', { ce_type: 'paidan.ticket.registered.v1' });
    const neighbour = await register(NOISE);
    await bench.heard('ticket.assigned', neighbour);

    const parked = await until('parked', async () => {
      const { body } = await bench.call('GET', '/v1/operations/parked', ['operator']);
      return body['count'] === 2 ? (body['tickets'] as Record<string, unknown>[]) : undefined;
    });
    expect(parked).toMatchObject([
      { ticketId, waiting: 2, errorCode: 'content-key-unknown' },
      { ticketId: broken, waiting: 1, errorCode: 'schema' },
    ]);
    const { rows } = await bench.runtime.database.query('select reason from quarantine');
    expect(rows).toEqual([{ reason: 'bad-key' }]);
    expect(await bench.call('POST', `/v1/tickets/${ticketId}/assignment`, ['dispatcher'], order('city-education', 1))).toMatchObject({
      status: 409,
      body: { code: 'ticket-parked' },
    });
    const replay = `/v1/operations/parked/${ticketId}/replay`;
    expect(await bench.call('POST', replay, ['dispatcher'])).toMatchObject({ status: 403 });
    expect(await bench.call('POST', replay, ['operator'])).toMatchObject({
      status: 200,
      body: { remaining: 2, error: { code: 'content-key-unknown' } },
    });

    bench.rename(`示例市教育体育局${bench.tag}`);
    await bench.start(2);
    expect(await bench.call('POST', replay, ['operator'], undefined, {}, 1)).toMatchObject({
      status: 200,
      body: { replayed: 2, remaining: 0 },
    });
    expect(await bench.heard('ticket.assigned', ticketId)).toMatchObject({ assignment: 1, directoryVersion: 2 });
    expect(await bench.heard('release.requested', ticketId)).toMatchObject({ reason: 'withdrawn' });
    expect(await bench.call('POST', replay, ['operator'])).toMatchObject({ status: 404, body: { code: 'nothing-parked' } });

    await until('the first replica follows', async () => {
      const { body } = await bench.call('GET', '/v1/directory', ['dispatcher']);
      return body['version'] === 2 ? true : undefined;
    });
    const { body } = await bench.call('GET', '/v1/units?kind=bureau', ['dispatcher']);
    expect(body['units']).toContainEqual(expect.objectContaining({ code: 'city-education', name: `示例市教育体育局${bench.tag}` }));
  }, 60_000);
});
