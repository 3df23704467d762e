import { encodeHeaders } from '@paidan/contracts';
import { until } from '@paidan/testing';
import { randomUUID } from 'node:crypto';
import { OPERATOR } from '../desk.kit.js';
import { type ServiceName } from '../city.kit.js';
import { good, inGbk } from './bodies.kit.js';
import { officerOf, READERS, type Scene } from './scene.kit.js';

/** What nobody but the services may write, once Kafka's ACLs have failed or a release is broken. */
export function forgedRecords(scene: Scene): void {
  describe('a forged record on paidan.tickets', () => {
    const registered = (subject: string, more: object = {}) => ({
      ...encodeHeaders({
        id: randomUUID(),
        source: '/paidan/intake',
        type: 'paidan.ticket.registered.v1',
        subject,
        time: new Date().toISOString(),
        sequence: 1,
        epoch: 1,
      }),
      ...more,
    });
    const without = (name: string, headers: Record<string, string>) =>
      Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));

    it.each<
      [string, (id: string) => Record<string, string>, object | string | Buffer | null, string, Partial<Record<ServiceName, string>>?]
    >([
      ['without any headers', () => ({}), {}, 'bad-envelope'],
      ['without an id', (id) => without('ce_id', registered(id)), {}, 'bad-envelope'],
      ['of another CloudEvents version', (id) => registered(id, { ce_specversion: '0.3' }), {}, 'bad-envelope'],
      ['of a service that may not say it', (id) => registered(id, { ce_source: '/paidan/dispatch' }), {}, 'bad-envelope'],
      ['of nobody', (id) => registered(id, { ce_source: '/elsewhere' }), {}, 'bad-envelope'],
      ['with sequence 0', (id) => registered(id, { ce_sequence: '0' }), {}, 'bad-envelope'],
      ['of a version that is not known yet', (id) => registered(id, { ce_type: 'paidan.ticket.registered.v9' }), {}, 'unknown-version'],
      ['that is no JSON', registered, '{"number":', 'bad-json'],
      ['without a value', registered, null, 'bad-json'],
      ['in GBK', registered, inGbk({}, 'number'), 'bad-json'],
      ['of another schema', registered, { number: 5, appealType: 'help' }, 'schema'],
      // Feedback keeps what it can't read, so it looks whose it is first.
      ['about another ticket than its key', () => registered(randomUUID()), 'another', 'bad-json', { feedback: 'key-mismatch' }],
    ])('%s parks the ticket it names, with the reason', async (_, headers, value, usual, codes = {}) => {
      const id = randomUUID();
      await scene.city.log.write('paidan.tickets', value, { key: id, headers: headers(id) });
      for (const service of READERS) {
        const code = codes[service] ?? usual;
        scene.parked[service][id] = code;
        const found = await until(`${service} parks it`, async () => {
          const { body } = await scene.city.as(OPERATOR, service, 'GET', '/v1/operations/parked?limit=1000');
          return (body['tickets'] as { ticketId: string }[]).find((ticket) => ticket.ticketId === id);
        });
        expect(found).toMatchObject({ waiting: 1, errorCode: code, errorMessage: expect.stringMatching(/\w/) });
      }
    });

    it('under no ticket’s key is kept aside', async () => {
      for (const key of ['not-a-ticket', undefined]) {
        const { partition, offset } = await scene.city.log.write(
          'paidan.tickets',
          {},
          { headers: registered(randomUUID()), ...(key === undefined ? {} : { key }) },
        );
        for (const service of READERS) scene.quarantined[service].push(`paidan.tickets/${partition}@${offset}`);
      }
    });

    it('of a type nobody knows is passed over', async () => {
      await scene.city.log.write('paidan.tickets', 'whatever', {
        key: scene.ticketId,
        headers: registered(scene.ticketId, { ce_type: 'paidan.ticket.sung.v1' }),
      });
    });

    it('about a real ticket holds back that one alone, until it can be read', async () => {
      const mine = await scene.accept(good('to-be-parked'));
      const unit = String((await scene.city.log.event('ticket.assigned', mine)).json['lead']);
      // Each service reads the log on its own: before it has read the assignment, the ticket is not the unit's (403), or not known at all.
      await scene.untilSeen(mine, unit);
      await until('it has a clock', async () => {
        const { status } = await scene.city.as(OPERATOR, 'sla-monitor', 'GET', `/v1/tickets/${mine}/clock`);
        return status === 200 ? true : undefined;
      });
      await scene.city.log.write(
        'paidan.tickets',
        {},
        { key: mine, headers: registered(mine, { ce_type: 'paidan.ticket.withdrawn.v7', ce_sequence: '2' }) },
      );
      for (const service of READERS) scene.parked[service][mine] = 'unknown-version';
      const sign = () =>
        scene.city.as(officerOf(unit), 'department-handler', 'POST', `/v1/work-items/${mine}/signature`, {
          commandId: randomUUID(),
          assignment: 9,
        });
      const answer = await until('it is parked', async () => {
        const now = await sign();
        return now.body['code'] === 'stale-assignment' ? undefined : now;
      });
      await scene.expectProblem('department-handler', answer, 409, 'ticket-parked');
      // So is a command to its clock.
      const recompute = () =>
        scene.city.as(OPERATOR, 'sla-monitor', 'POST', `/v1/tickets/${mine}/clock/recomputation`, { commandId: randomUUID() });
      const clock = await until('its clocks are parked', async () => {
        const now = await recompute();
        return now.status === 200 ? undefined : now;
      });
      await scene.expectProblem('sla-monitor', clock, 409, 'ticket-parked');
      expect((await scene.city.as(OPERATOR, 'sla-monitor', 'GET', `/v1/tickets/${mine}/clock`)).body).toMatchObject({ parked: true });
      const replay = await scene.city.as(OPERATOR, 'department-handler', 'POST', `/v1/operations/parked/${mine}/replay`);
      expect(replay).toMatchObject({ status: 200, body: { replayed: 0, error: { code: 'unknown-version' } } });
      // Itself, and behind it whatever others have said about the ticket meanwhile.
      expect((replay.body as { remaining: number }).remaining).toBeGreaterThanOrEqual(1);
    });
  });

  describe('a forged record on paidan.directory', () => {
    const unit = {
      type: 'directory.unit',
      version: 7,
      code: 'forged',
      name: '伪造局',
      aliases: [],
      level: 1,
      parent: null,
      kind: 'bureau',
      areas: [],
      integration: 'kafka',
      active: true,
    };

    // Feedback takes names alone, to show them.
    const [everybody, nobody] = [['department-handler', 'feedback'], []] as const;
    it.each<[string, object | string | null, readonly ServiceName[]]>([
      ['that is no JSON', 'unit: forged', everybody],
      ['of another schema', { ...unit, code: 'No Code' }, ['department-handler']],
      [
        'that belongs elsewhere',
        { type: 'assignment.withdrawn', ticketId: randomUUID(), number: '1', assignment: 1, unit: 'x-1', because: 'closed' },
        everybody,
      ],
      ['of a type nobody knows', { type: 'directory.anthem', version: 7 }, nobody],
      ['without a value', null, nobody],
      ['of a version nobody finished', unit, nobody],
      ['that ends a version which is not whole', { type: 'directory.published', version: 7, count: 2, hash: 'f'.repeat(64) }, nobody],
    ])('%s leaves the directory as it is', async (_, value, aside) => {
      const { partition, offset } = await scene.city.log.write('paidan.directory', value, { key: 'unit:forged' });
      for (const service of aside) scene.quarantined[service].push(`paidan.directory/${partition}@${offset}`);
      const readTo = async () =>
        (
          await scene.city.rows<{ n: number }>(
            `select next_offset::int n from department_handler.log_position where topic = 'paidan.directory'`,
          )
        )[0]?.n ?? 0;
      await until('it has been read', async () => ((await readTo()) > Number(offset) ? true : undefined));
      expect(await scene.city.rows('select version::int from department_handler.directory_version')).toEqual([{ version: 1 }]);
      expect(await scene.city.rows(`select code from department_handler.unit where code = 'forged'`)).toEqual([]);
    });
  });
}
