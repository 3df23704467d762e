import { until } from '@paidan/testing';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, City, SERVICES, type ServiceName, type Who } from '../city.kit.js';
import { CONTACT, good } from './bodies.kit.js';
import { withPrivateCallback } from './callbacks.kit.js';

export const officerOf = (unit: string): Who => ({ sub: `officer-of-${unit}`, roles: ['officer', 'approver'], unit });
/** A unit that has nothing to do with the ticket of the scene. */
export const OTHER = 'city-water';

/** All services but the one that only speaks: what is wrong on `paidan.tickets` is wrong for each of them. */
export const READERS: readonly ServiceName[] = SERVICES.filter((name) => name !== 'intake');

const forEachService = <T>(make: () => T): Readonly<Record<ServiceName, T>> =>
  Object.fromEntries(SERVICES.map((name) => [name, make()])) as Record<ServiceName, T>;

/** A city, and the account of what must come of all that is thrown at it. */
export class Scene {
  city!: City;
  /** An assigned ticket, and the unit that has it. */
  ticketId = '';
  holder = '';
  readonly accepted: string[] = [];
  /** Places in the log that must lie in quarantine. */
  readonly quarantined = forEachService((): string[] => []);
  /** Tickets that must be parked, with the code. */
  readonly parked = forEachService((): Record<string, string> => ({}));

  private secrets = '';

  async open(): Promise<void> {
    this.secrets = await mkdtemp(join(tmpdir(), 'paidan-secret-'));
    const secretFile = join(this.secrets, 'callback.secret');
    await writeFile(secretFile, `whsec_${randomBytes(32).toString('base64')}\n`);
    this.city = await City.open({
      channels: ['fax-old,旧传真,phone,no', 'fax-gone,撤销的传真,phone,yes'],
      retell: (table) => withPrivateCallback(table, secretFile),
      // As in a city, and not as on a machine of one's own.
      env: { PAIDAN_CALLBACK_ALLOW_PRIVATE: 'false' },
    });
    this.ticketId = await this.accept(good('held-by-somebody'));
    this.holder = String((await this.city.log.event('ticket.assigned', this.ticketId)).json['lead']);
    expect(this.holder).not.toBe(OTHER);
    await this.untilSeen(this.ticketId, this.holder);
  }

  /** department-handler reads the same log on its own: until the unit can see its ticket there. */
  async untilSeen(ticketId: string, unit: string): Promise<void> {
    await until(`department-handler has ${ticketId}`, async () => {
      const { status } = await this.city.as(officerOf(unit), 'department-handler', 'GET', `/v1/work-items/${ticketId}`);
      return status === 200 ? true : undefined;
    });
  }

  async close(): Promise<void> {
    await this.city?.close();
    await rm(this.secrets, { recursive: true, force: true });
  }

  /** Hands in an appeal that must be taken. */
  async accept(body: object, channel?: string): Promise<string> {
    const { status, body: receipt } = await this.city.submit(body, channel);
    expect(status).toBe(201);
    this.accepted.push(String(receipt['ticketId']));
    return String(receipt['ticketId']);
  }

  /** A problem document (RFC 9457) that says all it should and quotes nothing; its type can be looked up. */
  async expectProblem(service: ServiceName, answer: Answer, status: number, code: string, pointers: readonly string[] = []): Promise<void> {
    const { body } = answer;
    expect(answer).toMatchObject({ status, contentType: expect.stringMatching(/^application\/problem\+json/) });
    expect(body).toMatchObject({
      type: `/problems/${code}`,
      status,
      code,
      title: expect.stringMatching(/\w/),
      titleZh: expect.stringMatching(/\p{Script=Han}/u),
      detail: expect.stringMatching(/\w/),
      requestId: answer.headers.get('x-request-id'),
    });
    const errors = (body['errors'] ?? []) as { pointer: string }[];
    expect([...new Set(errors.map(({ pointer }) => pointer))].sort()).toEqual(pointers);
    for (const error of errors)
      expect(error).toMatchObject({ code: expect.stringMatching(/^[a-z-]+$/), detail: expect.any(String), detailZh: expect.any(String) });
    for (const datum of Object.values(CONTACT)) expect(JSON.stringify(body)).not.toContain(datum);
    expect((await this.city.call(service, 'GET', `/problems/${code}`)).status).toBe(200);
  }

  /** Partitions in which a service has not come to the end of what stands there now. */
  async unread(): Promise<string[]> {
    await this.city.log.caughtUp();
    const last = new Map<string, number>();
    for (const { topic, partition, offset } of this.city.log.heard) {
      const place = `${topic}/${partition}`;
      last.set(place, Math.max(offset, last.get(place) ?? 0));
    }
    const behind: string[] = [];
    for (const [schema, topics] of [
      ['intake', /^paidan\.submissions\./],
      ['dispatch', /^paidan\.tickets\//],
      ['department_handler', /^paidan\.(tickets\/|directory\/|commands\.)/],
      ['sla_monitor', /^paidan\.tickets\//],
      ['feedback', /^paidan\.(tickets|directory)\//],
    ] as const) {
      const sql = `select topic || '/' || partition place, next_offset::int next from ${schema}.log_position`;
      const positions = new Map((await this.city.rows<{ place: string; next: number }>(sql)).map(({ place, next }) => [place, next]));
      for (const [place, offset] of last)
        if (topics.test(place) && (positions.get(place) ?? 0) <= offset) behind.push(`${schema} ${place}`);
    }
    return behind;
  }
}
