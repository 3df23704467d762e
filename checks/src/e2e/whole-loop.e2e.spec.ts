import { assignmentsTopic, commandsTopic } from '@paidan/contracts';
import { until } from '@paidan/testing';
import { randomUUID } from 'node:crypto';
import { audit } from '../audit/audit.js';
import { ledgersOf } from '../audit/ledgers.js';
import { CallbackServer } from '../cast/channels/callback-server.js';
import { withCallbacks } from '../cast/channels/own-city.js';
import { City, SERVICES } from './city.kit.js';
import { DISPATCHER, OPERATOR } from './desk.kit.js';
import { appeal, officerOf, Stubborn } from './whole-loop.kit.js';

/*
 * The closed loop over five services, in a city that lives a day in two seconds: late, carded, answered, delivered, judged, done again, closed. What is
 * told of it is what strangers see: topics, call-backs, HTTP.
 */

let city: City;
let callbacks: CallbackServer;
/** Channels whose systems fail at first, and send elsewhere. */
let failing: Stubborn;
let redirecting: Stubborn;

beforeAll(async () => {
  callbacks = await CallbackServer.open();
  failing = await Stubborn.open((_, before, response) => response.writeHead(before === 0 ? 500 : 204));
  redirecting = await Stubborn.open((path, _, response) =>
    path === '/elsewhere' ? response.writeHead(204) : response.writeHead(302, { location: '/elsewhere' }),
  );
  const elsewhere: Readonly<Record<string, () => string>> = {
    'app-city': () => `${failing.url}/replies`,
    'weibo-city': () => `${redirecting.url}/replies`,
  };
  city = await City.open({
    retell: (table) =>
      withCallbacks(table, async (channel) => {
        const { url, secretFile } = await callbacks.register(channel);
        return { url: elsewhere[channel]?.() ?? url, secretFile };
      }),
    clock: { from: '2026-03-02T09:00:00+08:00', factor: 43_200 },
    // A day is two seconds here: a desk that is slower than that would find the warning pointless, and tell only the card.
    limits: (table) => table.replaceAll(/,5 WD,1 WD,/g, ',5 WD,4 WD,'),
    env: { PAIDAN_RATING_WINDOW: '3d' },
  });
}, 120_000);
afterAll(async () => {
  await city?.close();
  await Promise.all([callbacks?.close(), failing?.close(), redirecting?.close()]);
}, 60_000);

interface Receipt {
  readonly ticketId: string;
  readonly number: string;
  readonly queryCode: string;
}
interface Deadlines {
  readonly because?: string;
  readonly deadlines: readonly { readonly clock: string; readonly dueAt: string | null }[];
}

const submit = async (externalId: string, channel: string): Promise<Receipt> => {
  const { status, body } = await city.submit(appeal(externalId), channel);
  expect(status).toBe(201);
  return body as unknown as Receipt;
};
/** Who has it, once the unit has been offered it. */
const holderOf = async (ticketId: string, assignment = 1): Promise<string> => {
  const { json } = await city.log.event('ticket.assigned', ticketId, assignment);
  const unit = String(json['lead']);
  await told(unit, ticketId, 'assignment.offered', (offer) => offer['assignment'] === assignment);
  return unit;
};
const told = (unit: string, ticketId: string, type: string, fits: (json: Readonly<Record<string, unknown>>) => boolean = () => true) =>
  city.log.until(
    `${type} of ${ticketId}`,
    assignmentsTopic(unit),
    (json) => json['type'] === type && json['ticketId'] === ticketId && fits(json),
    1,
    60_000,
  );
const deadlineSet = async (unit: string, ticketId: string, because?: string): Promise<Deadlines> =>
  (await told(unit, ticketId, 'deadline.set', (json) => json['because'] === because)).json as unknown as Deadlines;
/** The unit's system writes a command, and waits for what comes of it. */
const says = async (unit: string, ticketId: string, command: string, more: object = {}) => {
  const said = { command, commandId: randomUUID(), ticketId, assignment: 1, officer: 'zhang-3', ...more };
  await city.log.write(commandsTopic(unit), said, { key: ticketId });
  const answer = await city.log.until(`answer to ${command}`, assignmentsTopic(unit), ({ commandId }) => commandId === said.commandId);
  return answer.json;
};
const does = async (...what: Parameters<typeof says>): Promise<void> =>
  expect(await says(...what)).toMatchObject({ type: 'command.accepted', command: what[2] });
/** In a city that lives a day in two seconds the time to return can pass before the unit has signed: then it holds the ticket by that. */
const signs = async (unit: string, ticketId: string): Promise<void> => {
  const { type, reason } = await says(unit, ticketId, 'sign');
  expect(type === 'command.accepted' || reason === 'wrong-state').toBe(true);
};
const answers = async (unit: string, ticketId: string, text: string, assignment = 1, round = 1): Promise<void> => {
  await does(unit, ticketId, 'reply', { text, outcome: 'resolved', assignment });
  await does(unit, ticketId, 'approve', { round, assignment, officer: 'li-1' });
};
const track = ({ number, queryCode }: Receipt) => city.call('feedback', 'POST', '/v1/tracking', { body: { number, queryCode } });
const rate = ({ number, queryCode }: Receipt, rating: object) =>
  city.call('feedback', 'POST', '/v1/tracking/ratings', { body: { number, queryCode, ...rating } });
const finishOf = ({ deadlines }: Deadlines): number => Date.parse(deadlines.find(({ clock }) => clock === 'finish')?.dueAt ?? '');

describe('a ticket whose unit does not hurry', () => {
  let ticket: Receipt;
  let unit: string;

  it('has a deadline for the citizen and three for the unit, told to it and explained day by day', async () => {
    ticket = await submit('slow', 'web-portal');
    unit = await holderOf(ticket.ticketId);
    const { deadlines } = await deadlineSet(unit, ticket.ticketId);
    expect(deadlines.map(({ clock }) => clock).sort()).toEqual(['finish', 'respond', 'sign']);

    const path = `/v1/tickets/${ticket.ticketId}/clock`;
    const { status, body } = await city.as(officerOf(unit), 'sla-monitor', 'GET', path);
    expect([status, body['number'], body['holder']]).toEqual([200, ticket.number, unit]);
    const clocks = body['clocks'] as { clock: string; assignment?: number; dueAt: string; days: { kind: string; total: number }[] }[];
    expect(clocks.map(({ clock, assignment }) => `${clock} ${assignment ?? 'citizen'}`).sort()).toEqual([
      'finish 1',
      'finish citizen',
      'respond 1',
      'sign 1',
    ]);
    const finish = clocks.find(({ clock, assignment }) => clock === 'finish' && assignment === 1);
    expect(finish?.dueAt).toBe(deadlines.find(({ clock }) => clock === 'finish')?.dueAt);
    // Five working days always have a weekend among them, unless they begin on a Sunday.
    expect(finish?.days.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['working']));
    expect(finish?.days.at(-1)?.total).toBe(5);
    expect(await city.as(officerOf('city-water'), 'sla-monitor', 'GET', path)).toMatchObject({
      status: 403,
      body: { code: 'not-your-ticket' },
    });
  });

  it('is warned, gets a yellow card and then a red one, each told to whom it concerns', async () => {
    await told(unit, ticket.ticketId, 'deadline.near', (json) => (json['recipients'] as string[]).join() === 'officer');
    const card = async (colour: string) =>
      (await told(unit, ticket.ticketId, 'card.shown', (json) => json['clock'] === 'finish' && json['colour'] === colour)).json;
    const heads = ['officer', 'section-head', 'unit-head'];
    expect(await card('yellow')).toMatchObject({ assignment: 1, recipients: heads, accountability: false });
    const red = await card('red');
    expect(red).toMatchObject({ assignment: 1, recipients: heads, accountability: true });
    // Not before the time: each by the clock of the city.
    const issued = await city.log.event('card.issued', ticket.ticketId);
    expect(Date.parse(String(issued.json['issuedAt']))).toBeGreaterThan(Date.parse(String(issued.json['dueAt'])));
    const { body } = await city.as(officerOf(unit), 'sla-monitor', 'GET', '/v1/accountability');
    expect(body['items']).toContainEqual(expect.objectContaining({ ticketId: ticket.ticketId, card: red['card'], assignment: 1 }));
  }, 90_000);

  it('is answered late; the reply is pushed to the channel, signed, and shown to who has number and code', async () => {
    await answers(unit, ticket.ticketId, '已责令停止夜间施工，并立案查处。');
    const { json } = await city.log.event('reply.delivered', ticket.ticketId);
    expect(json).toMatchObject({ round: 1, assignment: 1, channel: 'web-portal', way: 'pushed', attempts: 1 });
    expect(callbacks.received.get(`${ticket.ticketId}.1`)).toMatchObject({
      channel: 'web-portal',
      text: '已责令停止夜间施工，并立案查处。',
    });
    const stopped = await city.log.until(
      'the verdict',
      'paidan.tickets',
      ({ clocks }, { key, headers }) =>
        key === ticket.ticketId &&
        headers['ce_type'] === 'paidan.clock.stopped.v1' &&
        (clocks as { clock: string }[]).some(({ clock }) => clock === 'finish'),
    );
    expect(stopped.json['clocks']).toContainEqual(expect.objectContaining({ clock: 'finish', because: 'missed' }));

    const { queryCode } = ticket;
    const spoken = `${queryCode.slice(0, 4)}-${queryCode.slice(4)}`.toLowerCase();
    const shown = await city.call('feedback', 'POST', '/v1/tracking', { body: { number: ticket.number, queryCode: spoken } });
    expect(shown).toMatchObject({ status: 200, body: { status: 'delivered', mayRate: 1, reply: { round: 1, outcome: 'resolved' } } });
  });

  it('is judged once per reply: unsatisfied, it goes back to the same unit, which may not return it', async () => {
    const verdict = { round: 1, stars: 1, satisfied: false, comment: '还在施工。' };
    const taken = await rate(ticket, verdict);
    expect(taken).toMatchObject({ status: 200, body: { round: 1, rating: 1, led: 'reopened' } });
    expect(await rate(ticket, verdict)).toMatchObject({ status: 200, body: taken.body });
    expect(await rate(ticket, { round: 1, stars: 5 })).toMatchObject({ status: 409, body: { code: 'already-rated' } });
    expect(await rate(ticket, { round: 2, stars: 5 })).toMatchObject({ status: 409, body: { code: 'not-answered-yet' } });
    expect((await city.log.event('ticket.reopened', ticket.ticketId)).json).toMatchObject({ because: 'unsatisfied', reopening: 1, unit });
    expect(await holderOf(ticket.ticketId, 2)).toBe(unit);
    expect((await city.log.event('ticket.assigned', ticket.ticketId, 2)).json).toMatchObject({
      designated: true,
      by: { kind: 'rule', rule: 'redo' },
    });
  });

  it('is closed by a second judgement, which the channel hands in', async () => {
    await does(unit, ticket.ticketId, 'sign', { assignment: 2 });
    await answers(unit, ticket.ticketId, '已停工，噪声监测达标。', 2, 2);
    expect((await city.log.event('reply.delivered', ticket.ticketId, 2)).json).toMatchObject({ round: 2, assignment: 2, way: 'pushed' });
    const path = `/v1/tickets/${ticket.ticketId}/ratings`;
    const body = { round: 2, stars: 5, resolved: true, satisfied: true, onTime: false };
    const by = async (channel: string, more: object = {}) =>
      city.call('feedback', 'POST', path, { key: await city.keys.localApiKey(channel), body: { ...body, ...more } });
    expect(await by('sms-12345')).toMatchObject({ status: 404, body: { code: 'unknown-ticket' } });
    expect(await by('web-portal')).toMatchObject({ status: 200, body: { led: 'satisfied' } });
    expect((await city.log.event('ticket.closed', ticket.ticketId)).json).toMatchObject({ because: 'satisfied', round: 2, unit, stars: 5 });
    expect(await by('web-portal', { round: 3 })).toMatchObject({ status: 409, body: { code: 'closed' } });
    expect(await by('web-portal', { stars: 4 })).toMatchObject({ status: 409, body: { code: 'already-rated' } });
  });

  it('leaves a trail in words, from all five services, for who may see it', async () => {
    const path = `/v1/tickets/${ticket.number}/trail`;
    const trail = async () => (await city.as(DISPATCHER, 'feedback', 'GET', path)).body;
    const body = await until('the trail is whole', async () => {
      const now = await trail();
      return (now['entries'] as { event: string }[]).some(({ event }) => event === 'ticket.closed') ? now : undefined;
    });
    const { en, zh } = body['line'] as { en: string; zh: string };
    expect(en).toMatch(
      /received by web mailbox · .*dispatched to .* · .*yellow card for .* · .*red card for .* · .*answered by .* · .*follow-up: unsatisfied · .*to be redone: .* · .*dispatched to .* · .*signed by .* · .*answered by .* · .*follow-up: satisfied · .*closed/,
    );
    expect(zh).toMatch(/网页受理 · .*派单至.*黄牌.*红牌.*答复.*回访：不满意.*重办.*回访：满意 · .*办结/);
    const entries = body['entries'] as { service: string; sequence: number }[];
    for (const service of SERVICES) {
      const numbers = entries.filter((entry) => entry.service === service).map(({ sequence }) => sequence);
      expect(numbers.length).toBeGreaterThan(0);
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    }
    expect((await city.as(officerOf(unit), 'feedback', 'GET', path)).status).toBe(200);
    expect(await city.as(officerOf('city-water'), 'feedback', 'GET', path)).toMatchObject({ status: 403 });
  });
});

describe('a deadline', () => {
  it('waits while work is suspended, goes on by itself, and moves by an extension', async () => {
    const { ticketId } = await submit('suspended', 'web-portal');
    const unit = await holderOf(ticketId);
    await signs(unit, ticketId);
    const first = finishOf(await deadlineSet(unit, ticketId));
    const assigned = await city.log.event('ticket.assigned', ticketId);
    const now = Date.parse(assigned.headers['ce_time'] ?? '');
    const until = new Date(now + 4 * 86_400_000).toISOString();
    await does(unit, ticketId, 'suspend', { reason: 'engineering', grounds: '待断水作业后施工。', until });
    expect((await deadlineSet(unit, ticketId, 'suspended')).deadlines).toEqual([{ clock: 'finish', dueAt: null }]);
    const later = finishOf(await deadlineSet(unit, ticketId, 'resumed'));
    expect(later).toBeGreaterThan(first);
    await does(unit, ticketId, 'request-extension', { span: { count: 2, unit: 'WD' }, grounds: '需多部门会商。' });
    expect((await told(unit, ticketId, 'extension.decided')).json).toMatchObject({ granted: true, extension: 1 });
    expect(finishOf(await deadlineSet(unit, ticketId, 'extended'))).toBeGreaterThan(later);
    const { body } = await city.as(DISPATCHER, 'sla-monitor', 'GET', `/v1/tickets/${ticketId}/clock`);
    const finish = (body['clocks'] as { clock: string; pauses: object[]; extensions: object[] }[]).filter(
      ({ clock }) => clock === 'finish',
    );
    for (const { pauses, extensions } of finish) expect([pauses.length, extensions.length]).toEqual([1, 1]);
  }, 60_000);
});

describe('a reply', () => {
  const answered = async (externalId: string, channel: string): Promise<Receipt> => {
    const receipt = await submit(externalId, channel);
    const unit = await holderOf(receipt.ticketId);
    await signs(unit, receipt.ticketId);
    await answers(unit, receipt.ticketId, '已处理。');
    return receipt;
  };
  const deliveryOf = async ({ ticketId }: Receipt) => (await city.log.event('reply.delivered', ticketId)).json;

  it('that nobody rates closes its ticket after some days', async () => {
    const { ticketId } = await answered('unrated', 'web-portal');
    const { json } = await city.log.event('ticket.closed', ticketId);
    expect(json).toMatchObject({ because: 'no-rating', round: 1 });
    const delivered = await city.log.event('reply.delivered', ticketId);
    const days = (Date.parse(String(json['closedAt'])) - Date.parse(String(delivered.json['deliveredAt']))) / 86_400_000;
    expect(days).toBeGreaterThanOrEqual(3);
  });

  it('of a channel without a call-back is kept until the citizen asks for it', async () => {
    const receipt = await answered('by-phone', 'hotline-12345');
    expect(await until('it is there', async () => ((await track(receipt)).body['reply'] === undefined ? undefined : true))).toBe(true);
    expect(await deliveryOf(receipt)).toMatchObject({ way: 'fetched', channel: 'hotline-12345' });
  });

  it('whose call-back fails comes again, under the same id', async () => {
    const receipt = await answered('failing', 'app-city');
    expect(await deliveryOf(receipt)).toMatchObject({ way: 'pushed', attempts: 2 });
    expect(failing.paths).toEqual(['/replies', '/replies']);
  }, 40_000);

  it('whose call-back sends it elsewhere does not go there, and is kept', async () => {
    const receipt = await answered('redirected', 'weibo-city');
    await until('it was tried', () => (redirecting.paths.length > 0 ? true : undefined));
    const [row] = await until('the failure is on record', async () => {
      const rows = await city.rows<{ last_error: string | null }>('select last_error from feedback.delivery where ticket_id = $1', [
        receipt.ticketId,
      ]);
      return typeof rows[0]?.last_error === 'string' ? rows : undefined;
    });
    expect(row?.last_error).toContain('redirects are not followed');
    expect(redirecting.paths).not.toContain('/elsewhere');
    expect(await track(receipt)).toMatchObject({ status: 200, body: { reply: { text: '已处理。' } } });
    expect(await deliveryOf(receipt)).toMatchObject({ way: 'fetched' });
  });
});

describe('when all is said', () => {
  it('every call-back was signed, and feedback has heard every number of every service', async () => {
    expect([callbacks.wrong, callbacks.received.size]).toEqual([0, 3]);
    await city.log.caughtUp();
    const token = await city.token(OPERATOR);
    const found = await audit(ledgersOf(city.system.urls, token), 3_000);
    expect(found.differences).toEqual([]);
    expect(Object.keys(found.look.events).sort()).toEqual([...SERVICES].sort());
    expect(await city.call('feedback', 'GET', '/v1/operations/gaps', { token })).toMatchObject({
      status: 200,
      body: { found: 0, open: 0 },
    });
    for (const service of SERVICES)
      expect(await city.as(OPERATOR, service, 'GET', '/v1/operations/parked')).toMatchObject({ status: 200, body: { count: 0 } });
  }, 40_000);
});
