import type { LogRecord } from '../kafka/log-record.js';
import type { Command, Message, Notice } from './decision.js';

/** What a service makes of a record of the log. Pure and cheap: thousands a second pass through it. */
export type Decoded<C extends Command> =
  | { readonly kind: 'message'; readonly ticketId: string; readonly message: Message<C>; readonly traceparent?: string }
  /** Belongs to a ticket but can't be processed by this release: parked behind that ticket, may be replayed by the next one. */
  | { readonly kind: 'unprocessable'; readonly ticketId: string; readonly code: string; readonly detail: string }
  /** Belongs to no ticket that we can tell: kept aside under topic, partition and offset. `notices` tell its sender, where there is one. */
  | { readonly kind: 'quarantine'; readonly reason: string; readonly detail: string; readonly notices?: readonly Notice[] }
  | { readonly kind: 'skip' };

export type Decode<C extends Command> = (record: LogRecord) => Decoded<C>;

/** A decoder that throws is a fault of ours that no ticket can be blamed for. */
export function decoded<C extends Command>(decode: Decode<C>, record: LogRecord): Decoded<C> {
  try {
    return decode(record);
  } catch (error) {
    return { kind: 'quarantine', reason: 'decoder-failed', detail: error instanceof Error ? error.message : String(error) };
  }
}

/** One thing to fold into one ticket, in order. */
export type Item<C extends Command> =
  | {
      readonly kind: 'log';
      readonly record: LogRecord;
      readonly decoded: Extract<Decoded<C>, { kind: 'message' | 'unprocessable' }>;
    }
  | {
      readonly kind: 'command';
      readonly command: C;
      readonly traceparent?: string;
      /**
       * The ticket begins with this command, and its caller settles repetition in its own way (intake: channel and external id): there is nothing to
       * lock, to look up or to remember. Were the ticket there after all, its row could not be inserted and nothing would commit.
       */
      readonly fresh?: true;
    }
  | { readonly kind: 'timer'; readonly name: string; readonly version: number };

export type Work<C extends Command> = Map<string, Item<C>[]>;

export function addWork<C extends Command>(work: Work<C>, ticketId: string, item: Item<C>): void {
  const items = work.get(ticketId);
  if (items) items.push(item);
  else work.set(ticketId, [item]);
}

export const isFresh = <C extends Command>(item: Item<C>): boolean => item.kind === 'command' && item.fresh === true;

/** A command whose sender may repeat it: what became of it is kept. */
export const isRepeatable = <C extends Command>(item: Item<C>): boolean => !isFresh(item) && commandOf(item)?.oneOff !== true;

/** The first word that anybody says about a ticket: unless it is heard again, the service has no row of it. */
export const opensTicket = <C extends Command>(item: Item<C>): boolean =>
  item.kind === 'log' &&
  item.decoded.kind === 'message' &&
  item.decoded.message.kind === 'event' &&
  item.decoded.message.event.name === 'ticket.registered';

export function commandOf<C extends Command>(item: Item<C>): C | undefined {
  if (item.kind === 'command') return item.command;
  if (item.kind === 'log' && item.decoded.kind === 'message' && item.decoded.message.kind === 'command')
    return item.decoded.message.command;
  return undefined;
}
