import { until } from '@paidan/testing';
import { randomUUID } from 'node:crypto';
import type { City, Who } from './city.kit.js';

export const DISPATCHER: Who = { sub: 'dispatcher-7', roles: ['dispatcher'] };
export const OPERATOR: Who = { sub: 'operator-1', roles: ['operator'] };

/** 同意退单: as soon as the return stands in the dispatcher's queue. */
export async function agreeToReturn(city: City, ticketId: string): Promise<void> {
  const { decisionVersion, assignment } = await until('the return waits for a dispatcher', async () => {
    const { body } = await city.as(DISPATCHER, 'dispatch', 'GET', '/v1/returns');
    const tickets = body['tickets'] as { readonly ticketId: string; readonly decisionVersion: number; readonly assignment: number }[];
    return tickets.find((ticket) => ticket.ticketId === ticketId);
  });
  const word = { commandId: randomUUID(), decisionVersion, assignment };
  const answer = await city.as(DISPATCHER, 'dispatch', 'POST', `/v1/tickets/${ticketId}/return/acceptance`, word);
  expect(answer).toMatchObject({ status: 200 });
}
