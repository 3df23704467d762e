import type { TicketEvent } from '@paidan/contracts';

/** (epoch, sequence) of the last event handled from a service. */
export type Mark = readonly [epoch: number, sequence: number];

export interface ArmedTimer {
  readonly version: number;
  /** Epoch ms. */
  readonly dueAt: number;
}

/** A service's row of a ticket: what the runtime needs for its guarantees, and the service's own record. */
export interface TicketRow<R> {
  readonly ticketId: string;
  /** Last number this service gave to an event of this ticket. */
  readonly sequence: number;
  /** Number of the last notice of this ticket, over all topics. */
  readonly notices: number;
  readonly handled: Readonly<Record<string, Mark>>;
  readonly timers: Readonly<Record<string, ArmedTimer>>;
  /** Last version given to a timer; never goes back, so an old timer can't be mistaken for a new one of the same name. */
  readonly timerVersion: number;
  readonly parked: boolean;
  readonly record: R | undefined;
}

export function newRow<R>(ticketId: string): TicketRow<R> {
  return { ticketId, sequence: 0, notices: 0, handled: {}, timers: {}, timerVersion: 0, parked: false, record: undefined };
}

/** True when the event was handled already: not later than the mark kept for its service. */
export function isHandled(row: Pick<TicketRow<unknown>, 'handled'>, event: Pick<TicketEvent, 'service' | 'epoch' | 'sequence'>): boolean {
  const mark = row.handled[event.service];
  return mark !== undefined && (event.epoch < mark[0] || (event.epoch === mark[0] && event.sequence <= mark[1]));
}
