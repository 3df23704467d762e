import type { EventPayload, OutboundMessage } from '@paidan/contracts';
import { assignment as assignmentOf, nextNumber, registration as registrationOf } from '@paidan/contracts/happenings';
import { until } from '@paidan/testing';
import { newId, type Departments } from './department.kit.js';

/** 受理: now, with a number of its own. */
export const registration = (change: Partial<EventPayload<'ticket.registered'>> = {}): EventPayload<'ticket.registered'> =>
  registrationOf({ number: nextNumber(), receivedAt: new Date().toISOString(), ...change });

/** 派单: to be returned within a day. */
export const assignment = (
  number: number,
  lead: string,
  change: Partial<EventPayload<'ticket.assigned'>> = {},
): EventPayload<'ticket.assigned'> =>
  assignmentOf({ assignment: number, lead, returnUntil: new Date(Date.now() + 86_400_000).toISOString(), ...change });

/** What a unit's system writes about its assignment. */
export const command = (name: string, ticketId: string, more: object = {}) => ({
  command: name,
  commandId: newId(),
  ticketId,
  assignment: 1,
  ...more,
});

/** What happens in a city, and what is waited for. `city` gives it once it has started. */
export const happeningsIn = (city: () => Departments) => {
  const assignedTo = async (
    lead: string,
    registered = registration(),
    change: Partial<EventPayload<'ticket.assigned'>> = {},
  ): Promise<string> => {
    const ticketId = newId();
    await city().happens(ticketId, 'ticket.registered', registered);
    await city().happens(ticketId, 'ticket.assigned', assignment(1, lead, change));
    return ticketId;
  };
  const toldOf = <T extends OutboundMessage['type']>(
    unit: string,
    ticketId: string,
    type: T,
  ): Promise<Extract<OutboundMessage, { type: T }>> =>
    until(`${type} for ${unit}`, () =>
      city()
        .told(unit, ticketId)
        .find((message): message is Extract<typeof message, { type: T }> => message.type === type),
    ) as Promise<Extract<OutboundMessage, { type: T }>>;
  return {
    assignedTo,
    toldOf,
    offeredTo: async (unit: string): Promise<string> => {
      const ticketId = await assignedTo(unit);
      await toldOf(unit, ticketId, 'assignment.offered');
      return ticketId;
    },
    answerTo: (unit: string, commandId: string) =>
      until(`an answer to ${commandId}`, () =>
        city()
          .told(unit)
          .find((message) => 'commandId' in message && message.commandId === commandId),
      ),
    saidOf: (ticketId: string, name: string) =>
      until(`${name} of ${ticketId}`, () =>
        city()
          .said(ticketId)
          .find((event) => event.name === name),
      ),
  };
};
