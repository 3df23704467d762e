import type { AssignManyByHand } from '@paidan/contracts';
import { RuntimeError, type Actor } from '@paidan/runtime';
import type { Ticket } from '../domain/ticket.js';
import { dispatchError } from '../errors.js';
import { assignByHand, type Decider, type OrderAnswer } from './give-order.js';

/** What became of one ticket of many. */
export type OneAnswer =
  | ({ readonly outcome: 'assigned' } & OrderAnswer)
  | { readonly outcome: 'refused'; readonly ticketId: string; readonly code: string; readonly detail: string };

/** Gives each ticket its own order under its own id: one that is refused stands in nobody's way, and the whole may be sent again. */
export const assignMany = (
  decider: Decider,
  read: (ticketId: string) => Promise<Ticket | undefined>,
  actor: Actor,
  { tickets, unit, ...order }: AssignManyByHand,
): Promise<readonly OneAnswer[]> =>
  Promise.all(
    tickets.map(async ({ ticketId, commandId, decisionVersion }): Promise<OneAnswer> => {
      try {
        const lead = unit ?? proposedFor(await read(ticketId), ticketId, decisionVersion);
        return {
          outcome: 'assigned',
          ...(await assignByHand(decider, ticketId, actor, { ...order, unit: lead, commandId, decisionVersion })),
        };
      } catch (error) {
        if (!isAnswer(error)) throw error;
        return { outcome: 'refused', ticketId, code: error.code, detail: error.message };
      }
    }),
  );

/** A refusal of this ticket, and no failure of the service. */
const isAnswer = (error: unknown): error is Error & { readonly code: string } =>
  dispatchError.is(error) || (error instanceof RuntimeError && error.code === 'ticket-parked');

/** The first candidate of the decision that the person was shown, also when the order is repeated after it was carried out. */
function proposedFor(ticket: Ticket | undefined, ticketId: string, decisionVersion: number): string {
  if (ticket === undefined) throw dispatchError('unknown-ticket', `no ticket ${ticketId}`, { extensions: { ticketId } });
  const shown = ticket.decisions[decisionVersion - 1];
  const [first] = shown?.did === 'held' ? shown.candidates : [];
  if (first !== undefined) return first.unit;
  throw dispatchError('no-candidate', `no unit was proposed for ticket ${ticketId} in decision ${decisionVersion}`, {
    extensions: { ticketId },
  });
}
