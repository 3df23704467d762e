import type { EventPayload, TicketEvent } from '@paidan/contracts';
import type { Context, Decision, Message, NewEvent, Recall } from '@paidan/runtime';
import type { FeedbackCommand } from './commands.js';
import { decideFeedback } from './decisions.js';
import type { Facts } from './facts.js';
import { NO_RATING, NOT_FETCHED, type Follow } from './ticket.js';

const OWN = { kind: 'system', subject: 'recall', roles: [] } as const;

type Named<E, N> = Extract<E, { readonly name: N }>;
const roundOf = ({ payload }: NewEvent | TicketEvent): unknown => (payload as { readonly round?: number }).round;

/**
 * How a restored schema learns what became of a ticket: the command or the timer that a word tells of is decided once more.
 * @param fingerprintOf digest of a rating as the citizen gave it, by which the same rating is known again
 */
export const recallFeedback = (
  fingerprintOf: (rating: EventPayload<'rating.received'>, ticketId: string) => string,
): Recall<Follow, Facts> => ({
  answers: (expected, word) => {
    if (expected.name !== word.name || roundOf(expected) !== roundOf(word)) return false;
    return expected.name !== 'ticket.closed' || expected.payload.because === (word as Named<TicketEvent, 'ticket.closed'>).payload.because;
  },

  // The instants are the word's own.
  amended: (record, _expected, word) => {
    if (word.name === 'ticket.closed' && record.status === 'closed') return { ...record, at: Date.parse(word.payload.closedAt) };
    if (word.name === 'reply.delivered' && 'delivery' in record && record.delivery !== undefined)
      return { ...record, delivery: { ...record.delivery, at: Date.parse(word.payload.deliveredAt) } };
    return record;
  },

  recalled: (follow, word, context) => {
    const { ticketId, id: commandId } = word;
    const about = { ticketId, commandId, actor: OWN };
    switch (word.name) {
      case 'reply.delivered': {
        const { round, way, attempts } = word.payload;
        return decided(follow, { kind: 'command', command: { ...about, name: 'deliver', payload: { round, way, attempts } } }, context);
      }
      case 'rating.received': {
        const { round, stars, resolved, satisfied, onTime } = word.payload;
        const judgement = {
          ...{ round, stars, fingerprint: fingerprintOf(word.payload, ticketId) },
          ...(resolved === undefined ? {} : { resolved }),
          ...(satisfied === undefined ? {} : { satisfied }),
          ...(onTime === undefined ? {} : { onTime }),
        };
        return decided(follow, { kind: 'command', command: { ...about, name: 'rate', payload: judgement } }, context);
      }
      case 'reply.shared': {
        const { master, of, unit, outcome } = word.payload;
        const { service, epoch, sequence } = of;
        if (service !== 'dispatch' && service !== 'department-handler') return undefined;
        const by = { ...(unit === undefined ? {} : { unit }), ...(outcome === undefined ? {} : { outcome }) };
        const payload = { master, of: { service, epoch, sequence }, ...by };
        return decided(follow, { kind: 'command', command: { ...about, name: 'share', payload } }, context);
      }
      case 'ticket.closed': {
        const name = follow?.status === 'delivered' ? NO_RATING : NOT_FETCHED;
        const isLate = word.payload.because === 'no-rating' || word.payload.because === 'answered';
        return isLate ? decided(follow, { kind: 'timer', timer: { name, dueAt: context.now } }, context) : undefined;
      }
      default:
        return undefined;
    }
  },
});

function decided(follow: Follow | undefined, message: Message<FeedbackCommand>, context: Context<Facts>): Decision<Follow> | undefined {
  const isRate = message.kind === 'command' && message.command.name === 'rate';
  // Nobody rates what hasn't arrived: the ticket has gone on since.
  if (isRate && follow?.status !== 'delivered') return undefined;
  const decision = decideFeedback(follow, message, context);
  return decision?.outcome?.accepted === false ? undefined : decision;
}
