import { assignmentsTopic, commandsTopic, receiptsTopic, submissionsTopic } from '@paidan/contracts';
import { until } from '@paidan/testing';
import { randomUUID } from 'node:crypto';
import { SERVICES, type ServiceName } from './city.kit.js';
import { OPERATOR } from './desk.kit.js';
import { CONTACT, good } from './wrong-input/bodies.kit.js';
import { wrongCallers } from './wrong-input/callers.kit.js';
import { wrongInTheLoop } from './wrong-input/closed-loop.kit.js';
import { forgedRecords } from './wrong-input/forged.kit.js';
import { wrongOverHttp } from './wrong-input/over-http.kit.js';
import { wrongOverKafka } from './wrong-input/over-kafka.kit.js';
import { Scene } from './wrong-input/scene.kit.js';

/*
 * Everything wrong that callers and writers can send, against the running system: each is told so clearly, or is parked or kept aside with its reason. At
 * the end stands the account: what was accepted has reached its unit, what was refused has left nothing, and nothing else is kept back.
 */

const scene = new Scene();
beforeAll(() => scene.open(), 300_000);
afterAll(() => scene.close(), 60_000);

wrongOverHttp(scene);
wrongCallers(scene);
wrongOverKafka(scene);
forgedRecords(scene);
wrongInTheLoop(scene);

describe('after all of this', () => {
  it('good appeals flow on every partition, from their channel to an approved reply', async () => {
    const overHttp = await Promise.all(Array.from({ length: 30 }, (_, i) => scene.accept(good(`after-${i}`))));
    await scene.city.log.write(submissionsTopic('sms-12345'), good('after-over-kafka'));
    const { json } = await scene.city.log.until(
      'receipt',
      receiptsTopic('sms-12345'),
      ({ externalId }) => externalId === 'after-over-kafka',
    );
    expect(json['type']).toBe('submission.accepted');
    scene.accepted.push(String(json['ticketId']));

    const partitions = new Set<number>();
    for (const id of [...overHttp, String(json['ticketId'])]) {
      const assigned = await scene.city.log.event('ticket.assigned', id);
      const unit = String(assigned.json['lead']);
      partitions.add(assigned.partition);
      const say = (command: string, more: object = {}) =>
        scene.city.log.write(commandsTopic(unit), { command, commandId: randomUUID(), ticketId: id, assignment: 1, ...more }, { key: id });
      await scene.city.log.until(
        'offer',
        assignmentsTopic(unit),
        (offer) => offer['ticketId'] === id && offer['type'] === 'assignment.offered',
      );
      await say('sign');
      await say('reply', { text: '已处理。', outcome: 'resolved' });
      await say('approve', { round: 1 });
    }
    for (const id of overHttp)
      expect((await scene.city.log.event('reply.approved', id)).json).toMatchObject({ reply: { text: '已处理。' } });
    expect(partitions.size).toBeGreaterThan(6);
  }, 60_000);

  it('what was accepted is there and decided, what was refused has left no ticket', async () => {
    expect(new Set(scene.accepted).size).toBe(scene.accepted.length);
    await until('all read', async () => ((await scene.unread()).length === 0 ? true : undefined), 15_000);
    const ids = async (sql: string) => (await scene.city.rows<{ id: string }>(sql)).map(({ id }) => id);
    expect(await ids('select ticket_id id from intake.ticket order by 1')).toEqual([...scene.accepted].sort());
    expect(await ids('select ticket_id id from dispatch.ticket where record is not null order by 1')).toEqual([...scene.accepted].sort());
    expect(
      await ids(
        `select ticket_id id from department_handler.ticket where record ->> 'status' not in ('awaiting', 'unregistered') order by 1`,
      ),
    ).toEqual([...scene.accepted].sort());
    for (const schema of ['sla_monitor', 'feedback'])
      expect(await ids(`select ticket_id id from ${schema}.ticket where record ->> 'status' <> 'unregistered' order by 1`)).toEqual(
        [...scene.accepted].sort(),
      );
  });

  it.each<ServiceName>(SERVICES)('%s is ready, keeps back what it should and nothing else', async (service) => {
    expect((await fetch(`${scene.city.system.metricsUrls[service]}/health/ready`)).status).toBe(200);
    const { body } = await scene.city.as(OPERATOR, service, 'GET', '/v1/operations/parked?limit=1000');
    const found = Object.fromEntries(
      (body['tickets'] as { ticketId: string; errorCode: string }[]).map((ticket) => [ticket.ticketId, ticket.errorCode]),
    );
    expect(found).toEqual(scene.parked[service]);
    const schema = service.replaceAll('-', '_');
    const aside = await scene.city.rows<{ place: string; reason: string; detail: string }>(
      `select topic || '/' || partition || '@' || log_offset place, reason, detail from ${schema}.quarantine`,
    );
    expect(aside.map(({ place }) => place).sort()).toEqual([...scene.quarantined[service]].sort());
    for (const { reason, detail } of aside)
      expect([reason, detail]).toEqual([expect.stringMatching(/^[a-z-]+$/), expect.stringMatching(/\w/)]);
    const quarantined = scene.quarantined[service].length;
    expect(await scene.city.keptBack(service)).toEqual({ quarantined, setAside: 0, outbox: 0, notices: 0 });
  });

  it('contact data of refused appeals is in no topic and in no log', async () => {
    await scene.city.log.caughtUp();
    const logs = await scene.city.serviceLogs();
    for (const datum of Object.values(CONTACT)) {
      expect({ datum, found: scene.city.log.whereIs(datum) }).toEqual({ datum, found: [] });
      for (const { file, text } of logs) expect({ file, datum, found: text.includes(datum) }).toEqual({ file, datum, found: false });
    }
  });
});
