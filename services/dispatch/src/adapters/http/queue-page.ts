import { URGENCY } from '@paidan/contracts';
import { isUuid, memberOf } from '@paidan/kernel';
import type { Queryable } from '@paidan/runtime';
import { hostError } from '@paidan/service-host';
import { claimView } from '../../domain/orders.js';
import type { Directory } from '../../domain/routing/directory.js';
import { decisionVersion, type Ticket } from '../../domain/ticket.js';
import { countSome, readQueue, type Queue, type QueuedTicket, type QueueFilter, type QueuePosition } from '../postgres/review-queue.js';

const PAGE = 50;

export interface Page<Q extends Queue> {
  readonly tickets: readonly QueuedTicket<Q>[];
  /** Of all that wait, whatever the filter; counted up to 10,000. */
  readonly count: number;
  readonly next?: string;
}

/** @throws PaidanError `invalid-parameters` for an `after` that no page gave */
export async function pageOf<Q extends Queue>(
  database: Queryable,
  queue: Q,
  filter: QueueFilter,
  { limit = PAGE, after }: { readonly limit?: number | undefined; readonly after?: string | undefined },
): Promise<Page<Q>> {
  const from = after === undefined ? undefined : readCursor(after);
  const [found, count] = await Promise.all([readQueue(database, queue, filter, from, limit + 1), countSome(database, queue)]);
  const tickets = found.slice(0, limit);
  const last = tickets.at(-1);
  return { tickets, count, ...(found.length > limit && last !== undefined ? { next: writeCursor(last.position) } : {}) };
}

/** What a list shows of a ticket, whatever it waits for. */
export const waitingView = (
  { ticketId, parked, ticket, content }: Omit<QueuedTicket<Queue>, 'ticket'> & { readonly ticket: Extract<Ticket, { status: Queue }> },
  matter: string | null,
  directory: Directory,
) => {
  const { number, receivedAt, appeal, returnedBy, claim } = ticket;
  const { appealType, urgency, confidentiality, channel } = appeal;
  return {
    ticketId,
    number,
    decisionVersion: decisionVersion(ticket),
    appealType,
    urgency,
    confidentiality,
    channel,
    receivedAt,
    matter,
    ...(matter === null ? {} : { matterName: directory.matterByCode.get(matter)?.name ?? matter }),
    // Of a sealed ticket nothing is shown in a list; whoever may read it asks intake for that one.
    ...(content?.kind === 'open' ? { title: content.title } : {}),
    returnedBy,
    ...(claim === undefined ? {} : { claim: claimView(claim) }),
    parked,
  };
};

const isUrgency = memberOf(URGENCY);

const writeCursor = ({ urgency, since, ticketId }: QueuePosition): string =>
  Buffer.from(JSON.stringify([urgency, since, ticketId])).toString('base64url');

const readCursor = (cursor: string): QueuePosition => {
  const [urgency, since, ticketId] = partsOf(cursor);
  if (isUrgency(urgency) && typeof since === 'number' && Number.isSafeInteger(since) && Math.abs(since) <= 8.64e15 && isUuid(ticketId))
    return { urgency, since, ticketId };
  const errors = [
    { pointer: '/after', in: 'query', code: 'cursor', detail: 'is not a `next` of this list', detailZh: '不是本列表给出的翻页标记' },
  ];
  throw hostError('invalid-parameters', '1 wrong', { extensions: { errors } });
};

const partsOf = (cursor: string): readonly unknown[] => {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
};
