import { assignmentsTopic, commandsTopic, receiptsTopic, submissionsTopic } from '@paidan/contracts';
import { randomUUID } from 'node:crypto';
import type { Written } from '../log.kit.js';
import { CONTACT, good, inGbk, WRONG_SHAPES } from './bodies.kit.js';
import { OTHER, type Scene } from './scene.kit.js';

const SUBMISSIONS = submissionsTopic('sms-12345');

/** What adapters and departments can write wrongly to their own topics. */
export function wrongOverKafka(scene: Scene): void {
  describe('a submission over Kafka', () => {
    const receiptFor = ({ partition, offset }: Written, channel = 'sms-12345') => {
      const fits = (json: object) => (json as { position?: { partition: number; offset: string } }).position?.offset === offset;
      scene.quarantined.intake.push(`${submissionsTopic(channel)}/${partition}@${offset}`);
      return scene.city.log.until(`refusal of ${offset}`, receiptsTopic(channel), fits);
    };

    it.each(WRONG_SHAPES)('with %s is answered with each wrong field', async (_, body, pointers) => {
      const { json } = await receiptFor(await scene.city.log.write(SUBMISSIONS, body));
      expect(json).toMatchObject({
        type: 'submission.refused',
        channel: 'sms-12345',
        reason: 'bad-shape',
        detail: expect.stringMatching(/\w/),
      });
      const errors = json['errors'] as { pointer: string; code: string; detailZh: string }[];
      expect([...new Set(errors.map(({ pointer }) => pointer))].sort()).toEqual(pointers);
      expect(JSON.stringify(json)).not.toContain(CONTACT.phone);
      if ('externalId' in body && typeof body.externalId === 'string') expect(json['externalId']).toBe(body.externalId);
    });

    it.each<[string, string | Buffer | null, string]>([
      ['that breaks off', JSON.stringify(good('half-sent')).slice(0, -20), 'bad-json'],
      ['without a value', null, 'bad-json'],
      ['in GBK', inGbk(good('gbk'), 'title'), 'bad-json'],
      ['of 900 KB', JSON.stringify(good('large', { text: 'x'.repeat(900_000) })), 'bad-shape'],
      ['of nothing but brackets', '['.repeat(200_000), 'bad-json'],
    ])('%s is refused with its place in the log', async (_, value, reason) => {
      const { json } = await receiptFor(
        await scene.city.log.write(SUBMISSIONS, value, { key: CONTACT.phone, headers: { traceparent: 'nonsense\0' } }),
      );
      expect(json).toMatchObject({ type: 'submission.refused', reason });
    });

    it('under an external id that another body has is a conflict', async () => {
      await scene.accept(good('taken-over-kafka'), 'sms-12345');
      await scene.city.log.write(SUBMISSIONS, good('taken-over-kafka', { title: '另一件事' }));
      const refusal = await scene.city.log.until('conflict', receiptsTopic('sms-12345'), (json) => json['reason'] === 'conflict');
      expect(refusal).toMatchObject({ key: 'taken-over-kafka', json: { type: 'submission.refused', externalId: 'taken-over-kafka' } });
    });

    it('on the topic of an inactive channel, or one that was struck off, is refused', async () => {
      for (const channel of ['fax-old', 'fax-gone']) {
        const { json } = await receiptFor(await scene.city.log.write(submissionsTopic(channel), good('by-fax')), channel);
        expect(json).toMatchObject({ type: 'submission.refused', reason: 'channel-inactive', channel });
      }
    });

    it('lies in quarantine under a seal: there may be contact data anywhere in it', async () => {
      const rows = await scene.city.rows<{ key: Buffer | null; headers: Buffer; value: Buffer }>(
        'select key, headers, value from intake.quarantine',
      );
      expect(rows.length).toBe(scene.quarantined.intake.length);
      for (const { key, headers, value } of rows) {
        expect(key).toBeNull();
        for (const datum of Object.values(CONTACT)) expect(`${headers.toString()} ${value.toString()}`).not.toContain(datum);
      }
    });
  });

  describe('a command over Kafka', () => {
    const sign = (more: object = {}) => ({ command: 'sign', commandId: randomUUID(), ticketId: scene.ticketId, assignment: 1, ...more });
    const refusalOf = ({ offset }: Written, unit: string) => {
      const fits = (json: object) => (json as { position?: { offset: string } }).position?.offset === offset;
      return scene.city.log.until(`refusal of ${offset}`, assignmentsTopic(unit), fits);
    };
    const answerTo = (commandId: string, unit: string) =>
      scene.city.log.until(`answer to ${commandId}`, assignmentsTopic(unit), (json) => json['commandId'] === commandId);

    it.each<[string, object | string | Buffer | null, string, readonly string[]]>([
      ['that is no JSON', '{"command":"sign"', 'bad-json', []],
      ['without a value', null, 'bad-json', []],
      ['in GBK', inGbk({ command: 'progress', commandId: randomUUID(), ticketId: randomUUID(), assignment: 1 }, 'note'), 'bad-json', []],
      ['that nobody knows', { command: 'dance', commandId: randomUUID() }, 'unknown-command', []],
      [
        'of a later version',
        { command: 'sign', version: 2, commandId: randomUUID(), ticketId: randomUUID(), assignment: 1 },
        'unsupported-version',
        [],
      ],
      [
        'with wrong types',
        { command: 'sign', commandId: 5, ticketId: 'x', assignment: '1', note: 'a' },
        'bad-shape',
        ['/assignment', '/commandId', '/note', '/ticketId'],
      ],
      [
        'with NUL in a text',
        { command: 'progress', commandId: randomUUID(), ticketId: randomUUID(), assignment: 1, note: 'a\0' },
        'bad-shape',
        ['/note'],
      ],
    ])('%s is refused on the unit’s topic with its place, and kept aside', async (_, value, reason, pointers) => {
      const written = await scene.city.log.write(commandsTopic(scene.holder), value, { key: scene.ticketId });
      scene.quarantined['department-handler'].push(`${commandsTopic(scene.holder)}/${written.partition}@${written.offset}`);
      const { json } = await refusalOf(written, scene.holder);
      expect(json).toMatchObject({ type: 'command.refused', reason, detail: expect.stringMatching(/\w/), detailZh: expect.any(String) });
      expect((json['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).sort()).toEqual(pointers);
    });

    it('about another’s ticket, an unknown one or an old assignment is refused, and tells a stranger nothing', async () => {
      for (const [unit, said, reason] of [
        [OTHER, sign(), 'not-yours'],
        [OTHER, sign({ officer: 'officer-of-city-urban-management' }), 'not-yours'],
        [scene.holder, sign({ ticketId: randomUUID() }), 'unknown-ticket'],
        [scene.holder, sign({ assignment: 9 }), 'stale-assignment'],
      ] as const) {
        await scene.city.log.write(commandsTopic(unit), said, { key: said.ticketId });
        const { json } = await answerTo(said.commandId, unit);
        expect(json).toMatchObject({ type: 'command.refused', reason, command: 'sign' });
        expect('state' in json).toBe(reason === 'stale-assignment');
      }
    });

    it('may come without headers or with broken ones: they neither help nor harm', async () => {
      const headers = { traceparent: Buffer.from('00-\0-broken'), ce_type: Buffer.from([0xff, 0xfe]), ce_traceparent: '\0' };
      const strange = sign();
      await scene.city.log.write(commandsTopic(OTHER), strange, { headers });
      expect((await answerTo(strange.commandId, OTHER)).json).toMatchObject({ reason: 'not-yours' });
      const own = { ...sign(), command: 'progress', note: '尚未签收' };
      await scene.city.log.write(commandsTopic(scene.holder), own, { headers });
      expect((await answerTo(own.commandId, scene.holder)).json).toMatchObject({ reason: 'wrong-state' });
    });

    it('cannot borrow the id of another command', async () => {
      const first = sign();
      await scene.city.log.write(commandsTopic(scene.holder), first, { headers: { traceparent: 'x\0' } });
      expect((await answerTo(first.commandId, scene.holder)).json).toMatchObject({ type: 'command.accepted' });
      await scene.city.log.write(commandsTopic(scene.holder), { ...first, command: 'return', reason: 'not-our-duty', grounds: '不归我局' });
      const refusal = (json: object) => (json as { reason?: string }).reason === 'command-id-reused';
      expect((await scene.city.log.until('refusal', assignmentsTopic(scene.holder), refusal)).json).toMatchObject({
        commandId: first.commandId,
        command: 'return',
      });
      await scene.city.log.caughtUp();
      expect(scene.city.log.story(scene.ticketId, ['intake', 'dispatch', 'department-handler'])).toEqual([
        'ticket.registered',
        'ticket.assigned',
        'assignment.signed',
      ]);
    });
  });
}
