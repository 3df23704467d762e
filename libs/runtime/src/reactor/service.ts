import type { SaidEvent, Service, TicketEvent } from '@paidan/contracts';
import type { Clock } from '../clock.js';
import type { Log, Metrics } from '../metrics.js';
import type { Database } from '../postgres/database.js';
import type { Queryable, Tx } from '../postgres/transaction.js';
import type { Gather } from '../kafka/fetch-pace.js';
import type { Column } from '../postgres/rows.js';
import type { Recall } from '../restore/recall.js';
import type { Command, Decide, Message, Notice, Outcome } from './decision.js';
import type { NumberedEvent } from './fold.js';
import type { Decode, Work } from './work.js';

/** What one transaction did to one ticket; for tables that a service keeps beside the record. */
export interface Change<R, C extends Command> {
  readonly ticketId: string;
  readonly before: R | undefined;
  readonly after: R;
  readonly events: readonly NumberedEvent[];
  /** The messages that took effect, in order. */
  readonly messages: readonly Message<C>[];
  /** Words of this service's own that a restored schema was told by the log: said before, under their own numbers and at their own time. */
  readonly recalled: readonly RecalledEvent[];
}

/** With how many of the messages had been handled when it was said. */
export type RecalledEvent = TicketEvent & { readonly after: number };

/** What was said now, and what a restored schema was told that it had said, each at its own time. */
export const saidIn = <R, C extends Command>(
  { events, recalled }: Change<R, C>,
  now: Date,
): readonly { readonly event: SaidEvent; readonly at: Date }[] => [
  ...recalled.map((event) => ({ event, at: new Date(event.time) })),
  ...events.map(({ event }) => ({ event, at: now })),
];

/** Everything that makes the general runtime into one service. */
export interface ServiceDefinition<R, F, C extends Command> {
  readonly service: Service;
  readonly decide: Decide<R, F, C>;
  readonly decode: Decode<C>;
  readonly columns: readonly Column<R>[];
  /**
   * A service that nobody waits for gathers: what is said about a ticket in quick succession comes in one batch then, and costs one transaction, one
   * write of its row. Default: no rest when it is quiet, some milliseconds when it is busy.
   */
  readonly gather?: Gather;
  /**
   * Locks other tickets that the work's decisions rest on, together with the work's own and in the order of their ids: locked afterwards, two pieces of work
   * could wait for each other. By {@link Tx.send}.
   */
  readonly lock?: (tx: Tx, work: Work<C>) => void;
  /**
   * Reference data in force now; read once per transaction, after its tickets are locked. What a decision needs of these tickets' own tables (a text kept
   * out of the record, say) is loaded here: one statement for the whole work, not one per ticket.
   */
  readonly facts: (tx: Tx, work: Work<C>) => F | Promise<F>;
  /** Writes what the service keeps beside the record, in the same transaction. One statement per table, not per ticket, by {@link Tx.send}. */
  readonly write?: (tx: Tx, changes: readonly Change<R, C>[]) => void | Promise<void>;
  /** Answers a command that came over a stranger's topic, accepted or refused. */
  readonly answer?: (command: C, outcome: Outcome) => readonly Notice[];
  /** How a schema that was restored from a back-up learns of what was said since. Without it, it refuses to go on. */
  readonly recall?: Recall<R, F>;
  /** It reads no events of others. */
  readonly hearsNobody?: true;
  /** It keeps every ticket's whole story, and tells it again to those who lost theirs; nobody can tell it its own. */
  readonly keepsStory?: true;
  /** What the log could not give back to a restored schema, by name. */
  readonly lost?: (database: Queryable) => Promise<readonly Loss[]>;
}

/** Something of tickets that a restored schema doesn't have and the log can't give back. */
export interface Loss {
  /** Like `contact-data`. */
  readonly what: string;
  readonly count: number;
  /** The first of them, by what people call them. */
  readonly tickets: readonly string[];
}

export interface RuntimeParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}
