import { directoryHash, type DirectoryEntry, type DirectoryMessage } from '@paidan/contracts';
import { openApiFaults } from '@paidan/service-host/testing/openapi-faults';
import { until } from '@paidan/testing';
import { Desk, NOISE, order } from './desk.kit.js';
import { newTicket } from './dispatch.kit.js';

const desk = Desk.ofFile();

it('describes its interface', async () => {
  const document = (await (await fetch(`${desk.bench.services[0]?.url}/openapi.json`)).json()) as {
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

describe('the directory', () => {
  const version = (number: number, from = 0): DirectoryMessage[] | undefined => {
    const messages = desk.bench.directory.slice(from).filter((message) => message.version === number);
    const own = messages.findIndex((message) => message.type === 'directory.unit' && message.name.includes(desk.bench.tag));
    const marker = messages.findIndex((message, at) => at > own && message.type === 'directory.published');
    return own < 0 || marker < 0 ? undefined : messages.slice(0, marker + 1);
  };

  it('is published whole, the marker last, and said again on demand', async () => {
    const published = await until('version 1', () => version(1));
    const marker = published.at(-1);
    const { body } = await desk.bench.call('GET', '/v1/directory', ['dispatcher']);
    const { count, hash } = body as { count: number; hash: string };
    expect(marker).toMatchObject({ type: 'directory.published', version: 1, count, hash });
    expect(directoryHash(published.slice(-1 - count, -1) as DirectoryEntry[])).toBe(hash);

    const before = desk.bench.directory.length;
    expect(await desk.bench.call('POST', '/v1/directory/republish', ['operator'])).toMatchObject({
      status: 202,
      body: { version: 1, count, hash },
    });
    const again = await until('version 1 again', () => version(1, before));
    expect(directoryHash(again.slice(-1 - count, -1) as DirectoryEntry[])).toBe(hash);

    const units = await desk.bench.call('GET', '/v1/units?kind=street', ['supervisor']);
    expect((units.body['units'] as { kind: string }[]).every(({ kind }) => kind === 'street')).toBe(true);
  });
});

describe('a ticket that can not be processed', () => {
  it('waits alone, and with it what comes later; a release that can, replays it, and a newer directory reaches every replica', async () => {
    const ticketId = newTicket();
    const content = desk.bench.sealed(ticketId, { title: '夜间施工', text: '夜间施工，施工噪声' }, 2);
    await desk.bench.happens(ticketId, 'ticket.registered', { ...NOISE, confidentiality: 'anonymous', content });
    await desk.bench.happens(ticketId, 'ticket.withdrawn', { reason: 'by-mistake', withdrawnAt: new Date().toISOString() });
    const broken = newTicket();
    await desk.bench.happens(broken, 'ticket.registered', { number: 7 } as never);
    await desk.bench.write('no-ticket', '{}', { ce_type: 'paidan.ticket.registered.v1' });
    const neighbour = await desk.register(NOISE);
    await desk.bench.heard('ticket.assigned', neighbour);

    const parked = await until('parked', async () => {
      const { body } = await desk.bench.call('GET', '/v1/operations/parked', ['operator']);
      return body['count'] === 2 ? (body['tickets'] as Record<string, unknown>[]) : undefined;
    });
    expect(parked).toMatchObject([
      { ticketId, waiting: 2, errorCode: 'content-key-unknown' },
      { ticketId: broken, waiting: 1, errorCode: 'schema' },
    ]);
    const { rows } = await desk.bench.runtime.database.query('select reason from quarantine');
    expect(rows).toEqual([{ reason: 'bad-key' }]);
    expect(await desk.bench.call('POST', `/v1/tickets/${ticketId}/assignment`, ['dispatcher'], order('city-education', 1))).toMatchObject({
      status: 409,
      body: { code: 'ticket-parked' },
    });
    const replay = `/v1/operations/parked/${ticketId}/replay`;
    expect(await desk.bench.call('POST', replay, ['dispatcher'])).toMatchObject({ status: 403 });
    expect(await desk.bench.call('POST', replay, ['operator'])).toMatchObject({
      status: 200,
      body: { remaining: 2, error: { code: 'content-key-unknown' } },
    });

    desk.bench.rename(`示例市教育体育局${desk.bench.tag}`);
    await desk.bench.start(2);
    expect(await desk.bench.call('POST', replay, ['operator'], undefined, {}, 1)).toMatchObject({
      status: 200,
      body: { replayed: 2, remaining: 0 },
    });
    expect(await desk.bench.heard('ticket.assigned', ticketId)).toMatchObject({ assignment: 1, directoryVersion: 2 });
    expect(await desk.bench.heard('release.requested', ticketId)).toMatchObject({ reason: 'withdrawn' });
    expect(await desk.bench.call('POST', replay, ['operator'])).toMatchObject({ status: 404, body: { code: 'nothing-parked' } });

    await until('the first replica follows', async () => {
      const { body } = await desk.bench.call('GET', '/v1/directory', ['dispatcher']);
      return body['version'] === 2 ? true : undefined;
    });
    const { body } = await desk.bench.call('GET', '/v1/units?kind=bureau', ['dispatcher']);
    expect(body['units']).toContainEqual(expect.objectContaining({ code: 'city-education', name: `示例市教育体育局${desk.bench.tag}` }));
  }, 60_000);
});
