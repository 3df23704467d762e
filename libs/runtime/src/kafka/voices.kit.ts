import {
  encodeHeaders,
  EVENTS,
  eventType,
  partitionOf,
  sourceOf,
  type EventName,
  type EventPayload,
  type Service,
} from '@paidan/contracts';
import type { OutgoingMessage } from './kafkajs.js';

export interface Saying {
  /** ISO 8601; now, unless it is said otherwise. */
  readonly time?: string;
  /** So many numbers before it are lost on the way. */
  readonly skip?: number;
  /** On the wire; that of the name, unless it is said otherwise. */
  readonly type?: string;
}

/**
 * The services that aren't there, on a log of so many partitions: gives an event of theirs as a message, each service's events of a ticket numbered 1, 2, 3 …
 * under one epoch. To be sent once and in this order.
 */
export const voices = (partitions: number) => {
  const sequences = new Map<string, number>();
  return <N extends EventName>(
    ticketId: string,
    name: N,
    payload: EventPayload<N>,
    { time = new Date().toISOString(), skip = 0, type = eventType(name) }: Saying = {},
  ): OutgoingMessage => {
    const from = EVENTS[name].service as Service;
    const sequence = (sequences.get(`${from} ${ticketId}`) ?? 0) + 1 + skip;
    sequences.set(`${from} ${ticketId}`, sequence);
    const id = `${ticketId}.1.${from}.${sequence}`;
    const headers = encodeHeaders({ id, source: sourceOf(from), type, subject: ticketId, time, sequence, epoch: 1 });
    return { key: ticketId, value: JSON.stringify(payload), headers, partition: partitionOf(ticketId, partitions) };
  };
};
