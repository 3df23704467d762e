import type { EventPayload } from '@paidan/contracts';
import { registration as registrationOf } from '@paidan/contracts/happenings';
import { sharedInfra, until } from '@paidan/testing';
import { randomUUID } from 'node:crypto';
import { DispatchBench, newTicket, type Answer } from './dispatch.kit.js';

type Registration = EventPayload<'ticket.registered'>;

const registration = (title: string, text: string): Registration =>
  registrationOf({ channel: 'web-portal', channelKind: 'web', content: { kind: 'open', title, text } });
/** Assigned at once. */
export const NOISE = registration('夜间施工噪声扰民', '工地夜间施工，施工噪声很大，夜间施工到凌晨两点。');
/** Held. */
export const VAGUE = registration('一件小事', '不知道该找谁。');

export const back = (assignment: number, unit: string): EventPayload<'assignment.returned'> => ({
  assignment,
  unit,
  officer: 'officer-1',
  reason: 'not-our-duty',
  grounds: { kind: 'open', text: '不属我局职责' },
});

export const order = (unit: string, decisionVersion: number, more: object = {}) => ({
  commandId: randomUUID(),
  decisionVersion,
  unit,
  reason: '由其办理为宜',
  ...more,
});

/** A return that a dispatcher is to judge. */
export interface Waiting {
  readonly ticketId: string;
  readonly decisionVersion: number;
  readonly assignment: number;
}

/** A bench for the specs of one file, and what dispatchers do at it. */
export class Desk {
  bench!: DispatchBench;

  /** Opens it before the specs of the file, and closes it after them. */
  static ofFile(): Desk {
    const desk = new Desk();
    beforeAll(async () => {
      desk.bench = await DispatchBench.open(sharedInfra().brokers);
    }, 90_000);
    afterAll(async () => {
      await desk.bench.close();
    }, 60_000);
    return desk;
  }

  async register(payload = VAGUE): Promise<string> {
    const ticketId = newTicket();
    await this.bench.happens(ticketId, 'ticket.registered', payload);
    return ticketId;
  }

  waitingReturn(ticketId: string): Promise<Waiting & Record<string, unknown>> {
    return until('the return waits for a dispatcher', async () => {
      const { body } = await this.bench.call('GET', '/v1/returns', ['dispatcher']);
      return (body['tickets'] as (Waiting & Record<string, unknown>)[]).find((ticket) => ticket.ticketId === ticketId);
    });
  }

  judge({ ticketId, decisionVersion, assignment }: Waiting, what: 'acceptance' | 'refusal', more: object = {}): Promise<Answer> {
    const body = { commandId: randomUUID(), decisionVersion, assignment, ...more };
    return this.bench.call('POST', `/v1/tickets/${ticketId}/return/${what}`, ['dispatcher'], body);
  }

  async accept(waiting: Waiting): Promise<Answer['body']> {
    const answer = await this.judge(waiting, 'acceptance');
    expect(answer.status).toBe(200);
    return answer.body;
  }

  async metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.bench.services[0]?.metricsPort}/metrics`)).text();
  }
}
