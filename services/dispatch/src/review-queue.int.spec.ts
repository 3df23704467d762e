import { randomUUID } from 'node:crypto';
import { Desk, order, VAGUE } from './desk.kit.js';
import { newTicket } from './dispatch.kit.js';

const desk = Desk.ofFile();

describe('a held ticket', () => {
  it('stands in the queue by urgency and age, page by page, until a dispatcher assigns it', async () => {
    const ids: string[] = [];
    for (const urgency of ['normal', 'critical', 'normal', 'urgent'] as const) {
      const ticketId = await desk.register({ ...VAGUE, urgency });
      ids.push(ticketId);
      await desk.bench.heard('ticket.held', ticketId);
    }
    const [oldest, critical, newest, urgent] = ids;
    const seen: Record<string, unknown>[] = [];
    for (let after = ''; ;) {
      const { body } = await desk.bench.call('GET', `/v1/held?limit=1&reason=no-candidate${after}`, ['dispatcher']);
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
    const assigned = await desk.bench.call('POST', `/v1/tickets/${critical}/assignment`, ['dispatcher'], command);
    expect(assigned).toMatchObject({
      status: 200,
      body: { status: 'assigned', decisionVersion: 2, lead: 'city-education', assignment: 1 },
    });
    expect(await desk.bench.heard('ticket.assigned', critical ?? '')).toMatchObject({
      lead: 'city-education',
      coHandlers: ['city-housing'],
      by: { kind: 'person', subject: 'dispatcher-1' },
    });
    // Sent again because the answer was lost: the same answer, nothing done twice. Another click on what was shown before: refused, with what is now.
    expect((await desk.bench.call('POST', `/v1/tickets/${critical}/assignment`, ['dispatcher'], command)).body).toEqual(assigned.body);
    expect(await desk.bench.call('POST', `/v1/tickets/${critical}/assignment`, ['dispatcher'], order('city-housing', 1))).toMatchObject({
      status: 409,
      body: { code: 'stale-decision', state: { status: 'assigned', decisionVersion: 2, lead: 'city-education' } },
    });
    const { body } = await desk.bench.call('GET', '/v1/held?urgency=critical', ['supervisor']);
    expect((body['tickets'] as object[]).length).toBe(0);
  });

  it('is assigned with others in one go, each to its first candidate or to one unit, and each answered for itself', async () => {
    const doubtful = await desk.register({ ...VAGUE, content: { kind: 'open', title: '有人扬言要跳楼', text: '小区停水，停水三天' } });
    const vague = await desk.register();
    for (const ticketId of [doubtful, vague]) await desk.bench.heard('ticket.held', ticketId);
    const many = (tickets: readonly string[], more: object = {}) => ({
      tickets: tickets.map((ticketId) => ({ ticketId, commandId: randomUUID(), decisionVersion: 1 })),
      reason: '按候选意见批量派单。',
      ...more,
    });
    const send = (body: object) => desk.bench.call('POST', '/v1/held/assignments', ['dispatcher'], body);
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
    expect(await desk.bench.heard('ticket.assigned', doubtful)).toMatchObject({ by: { kind: 'person', subject: 'dispatcher-1' } });
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
    const ticketId = await desk.register();
    await desk.bench.heard('ticket.held', ticketId);
    const body = order('city-education', 1, { matter: '1103' });
    expect(await desk.bench.call('POST', `/v1/tickets/${ticketId}/assignment`, ['dispatcher'], body)).toMatchObject({ status: 200 });
    expect(await desk.bench.text('/v1/routing/corrections', ['supervisor'])).toMatch(/^label,text,decidedAt\r\n"教育文体旅游","一件小事\n/);
  });

  it('is claimed by one of two dispatchers at once; the other is told who has it', async () => {
    const ticketId = await desk.register();
    await desk.bench.heard('ticket.held', ticketId);
    const claim = (sub: string) =>
      desk.bench.call('POST', `/v1/tickets/${ticketId}/claim`, ['dispatcher'], { commandId: randomUUID(), decisionVersion: 1 }, { sub });
    const answers = await Promise.all([claim('li'), claim('wang')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [winner, loser] = answers[0]?.status === 200 ? ['li', 'wang'] : ['wang', 'li'];
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'claimed', state: { claim: { by: winner } } });
    const { body } = await desk.bench.call('GET', '/v1/held?limit=200', ['dispatcher']);
    const listed = (body['tickets'] as { ticketId: string; claim?: object }[]).find((held) => held.ticketId === ticketId);
    expect(listed).toMatchObject({ claim: { by: winner, until: expect.any(String) } });

    const assign = (sub: string) =>
      desk.bench.call('POST', `/v1/tickets/${ticketId}/assignment`, ['dispatcher'], order('city-education', 1), { sub });
    expect(await assign(loser ?? '')).toMatchObject({ status: 409, body: { code: 'claimed' } });
    expect(await assign(winner ?? '')).toMatchObject({ status: 200, body: { status: 'assigned' } });
    const undo = (sub: string) =>
      desk.bench.call(
        'POST',
        `/v1/tickets/${ticketId}/assignment/undo`,
        ['dispatcher'],
        { commandId: randomUUID(), decisionVersion: 2, assignment: 1 },
        { sub },
      );
    expect(await undo(loser ?? '')).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    expect(await undo(winner ?? '')).toMatchObject({ status: 202, body: { status: 'releasing' } });
    expect(await desk.bench.heard('release.requested', ticketId)).toMatchObject({ assignment: 1, unit: 'city-education' });
    await desk.bench.happens(ticketId, 'assignment.released', { assignment: 1, unit: 'city-education' });
    expect(await desk.bench.heard('ticket.held', ticketId, 2)).toMatchObject({ reason: 'asked-by-person' });
  });

  it.each([
    ['a unit nobody knows', () => order('nowhere', 1), 422, 'unknown-unit'],
    ['a matter nobody knows', () => order('city-education', 1, { matter: '9999' }), 422, 'unknown-matter'],
    ['no reason', () => ({ ...order('city-education', 1), reason: undefined }), 422, 'validation-failed'],
    ['an unknown field', () => order('city-education', 1, { unitName: '教育局' }), 422, 'validation-failed'],
  ])('is not assigned with %s', async (_what, body, status, code) => {
    const ticketId = await desk.register();
    await desk.bench.heard('ticket.held', ticketId);
    expect(await desk.bench.call('POST', `/v1/tickets/${ticketId}/assignment`, ['dispatcher'], body())).toMatchObject({
      status,
      body: { code },
    });
  });

  it('is counted for who scales the desk', async () => {
    const metrics = await desk.metrics();
    expect(Number(/^paidan_held_tickets\{[^}]*\} (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(3);
    expect(metrics).toMatch(/paidan_events_total\{name="ticket.held"/);
  });

  it('is shown to nobody without the right token', async () => {
    expect(await desk.bench.call('GET', '/v1/held', ['officer'])).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await desk.bench.call('GET', '/v1/held', ['dispatcher'], undefined, { now: Date.now() - 7_200_000 })).toMatchObject({
      status: 401,
      body: { code: 'token-expired' },
    });
    expect(await desk.bench.call('POST', '/v1/directory/republish', ['dispatcher'])).toMatchObject({ status: 403 });
    expect(await desk.bench.call('GET', '/v1/held?after=%00nonsense', ['dispatcher'])).toMatchObject({
      status: 400,
      body: { code: 'invalid-parameters' },
    });
    expect(await desk.bench.call('GET', `/v1/tickets/${newTicket()}/routing`, ['dispatcher'])).toMatchObject({
      status: 404,
      body: { code: 'unknown-ticket' },
    });
  });
});

describe('a queue of 200,000', () => {
  const [HELD, STEP] = [200_000, 20_000];
  /** As many tickets as nobody could place in a bad year, like one that was held just now. */
  beforeAll(async () => {
    const ticketId = await desk.register();
    await desk.bench.heard('ticket.held', ticketId);
    const { database } = desk.bench.runtime;
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
    await desk.bench.runtime.database.query(`delete from ticket where status = 'held' and held_since < now() - interval '1 minute'`);
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
      const { status, body } = await desk.bench.call('GET', `/v1/held?limit=50${filter}`, ['dispatcher']);
      best = Math.min(best, performance.now() - before);
      expect(status).toBe(200);
      expect(body['held']).toBe(10_000);
    }
    expect(best).toBeLessThan(100);
  });
});
