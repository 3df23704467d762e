import type { DepartmentCommandName, Service, Span, TicketEvent } from '@paidan/contracts';
import type { Attempt } from '../../cast/channels/callback-server.js';
import type { OrderSeen, RatingSeen, ReceiptSeen } from '../load/witness.js';

/*
 * Everything that is known of a run when it is over and all services stand still: what lies in the log and on the strangers' topics, what each schema
 * holds, and what adapters, departments and citizens have seen. Instants are epoch milliseconds of the city's time.
 */

/** An event as it lies in the log, without texts. */
export type Logged = TicketEvent & {
  readonly offset: number;
  /** Of headers and value together: who has the same id and the same digest is an exact repeat. */
  readonly digest: string;
  /** Of type and value, as feedback keeps them. */
  readonly kept: string;
};

/** A record that is not what its topic promises. */
export interface Unreadable {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly reason: string;
}

/** A receipt over Kafka. */
export type Receipt = ReceiptSeen['outcome'];

/** A submission as an adapter meant it, and every answer that it got. */
export interface Submitted {
  readonly channel: string;
  readonly externalId: string;
  /** Whether another text was handed in under the same id as well. */
  readonly conflicting: boolean;
  /** Answers over HTTP to the text that came first, and to another one; of a receipt over Kafka nobody can tell which it is about. */
  readonly own: readonly Receipt[];
  readonly other: readonly Receipt[];
  readonly overKafka: readonly Receipt[];
}

/** A department's command or a dispatcher's order, with every answer: `accepted`, or the reason against it. */
export interface Commanded {
  readonly commandId: string;
  readonly service: OrderSeen['service'];
  readonly name: OrderSeen['name'];
  readonly ticketId: string;
  readonly assignment?: number;
  readonly answers: readonly string[];
}

/** A message on a unit's topic that offers it an assignment. */
export interface OfferSeen {
  /** CloudEvents id: the same when it is sent again. */
  readonly id: string;
  readonly unit: string;
}

export interface RowSeen {
  readonly sequence: number;
  readonly parked: boolean;
  /** By service: the last (epoch, sequence) handled. */
  readonly handled: Readonly<Record<string, readonly [epoch: number, sequence: number]>>;
  /** When each armed timer is due. */
  readonly timers: Readonly<Record<string, number>>;
}

/** What a service remembers of a command, to answer its repetition. */
export interface KeptCommand {
  readonly ticketId: string;
  /** `accepted`, or the reason against it. */
  readonly answer: string;
}

/** What a schema holds. */
export interface SchemaBook {
  /** Above 1 the schema was restored from a back-up. */
  readonly epoch: number;
  readonly rows: ReadonlyMap<string, RowSeen>;
  /** What is kept of commands, by their ids. */
  readonly commands: ReadonlyMap<string, KeptCommand>;
  /** `topic/partition` → the next offset to be handled. */
  readonly positions: ReadonlyMap<string, number>;
  /** Rows by table, of the tables that must be empty. */
  readonly left: Readonly<Record<string, number>>;
}

export interface TrailOf {
  readonly service: string;
  readonly epoch: number;
  readonly sequences: readonly number[];
  /** Digests of type and payload, in the order of the sequences. */
  readonly kept: readonly string[];
}

/** A name or number of the town where it has no business. */
export interface Leak {
  readonly topic: string;
  readonly offset: number;
  readonly what: string;
}

/** What of the city's tables says which limits count and when a red card is due. */
export interface Limits {
  /** By the policy's code: so long after the deadline. */
  readonly redAfter: ReadonlyMap<string, Span>;
  /** By `help normal`, or `* urgent` for every type without a line of its own: code of the limits. */
  readonly codes: ReadonlyMap<string, string>;
  /** `2026-04-06` → whether it is off; other days are worked from Monday to Friday. */
  readonly marked: ReadonlyMap<string, boolean>;
}

export interface DeliveryRow {
  readonly ticketId: string;
  readonly round: number;
  readonly state: string;
}

/** Something a service said to others through Kafka: an event, or a message on a stranger's topic or the directory's. */
export interface Word {
  readonly what: string;
  readonly topic: string;
  readonly offset: number;
  /** Of headers and value together. */
  readonly digest: string;
}

/** Of a Kafka that was lost and made anew; everything else in the books is what both had. */
export interface LostLog {
  /** What the services had said in the lost one, by topic, service and id. */
  readonly said: ReadonlyMap<string, Word>;
  /** And what they said in the new one. */
  readonly again: ReadonlyMap<string, Word>;
  /** The stories as somebody hears them who knows the new one alone. */
  readonly stories: ReadonlyMap<string, readonly Logged[]>;
  /** `topic/partition` → where the lost one ended. */
  readonly ends: ReadonlyMap<string, number>;
}

export interface Books {
  /** By `channel/externalId`. */
  readonly submissions: readonly Submitted[];
  /** `channel/externalId` → ticket, as intake keeps it. */
  readonly registered: ReadonlyMap<string, string>;
  /** Tickets that a restored intake knows by the log alone: their external ids are known again when they are handed in again. */
  readonly recalled: ReadonlySet<string>;
  /** By ticket, in the order of the log, repeats included. */
  readonly stories: ReadonlyMap<string, readonly Logged[]>;
  readonly unreadable: readonly Unreadable[];
  readonly commands: readonly Commanded[];
  /** Ids of commands that were answered on a unit's topic and that nobody gave. */
  readonly strays: readonly string[];
  /** By `ticketId/assignment`, those to the lead. */
  readonly offers: ReadonlyMap<string, readonly OfferSeen[]>;
  /** Units that have topics. */
  readonly units: ReadonlySet<string>;
  /** Channels that are called back. */
  readonly calledBack: ReadonlySet<string>;
  readonly ratings: readonly RatingSeen[];
  readonly attempts: readonly Attempt[];
  readonly schemas: Readonly<Record<Service, SchemaBook>>;
  readonly trail: ReadonlyMap<string, readonly TrailOf[]>;
  readonly gaps: readonly { readonly ticketId: string; readonly what: string }[];
  readonly deliveries: readonly DeliveryRow[];
  readonly leaks: readonly Leak[];
  /** `topic/partition` → where the log ends. */
  readonly ends: ReadonlyMap<string, number>;
  readonly limits: Limits;
  /** Where Kafka was lost. */
  readonly lostLog?: LostLog;
  /** When the services were made to stand still. */
  readonly stoodAt: number;
  /** What a timer may take from coming due to having its effect, in the city's time. */
  readonly grace: number;
}

/** Event that an accepted command leads to, of a person's or department's. */
export const EVENT_OF: Readonly<Record<DepartmentCommandName, TicketEvent['name']>> = {
  sign: 'assignment.signed',
  return: 'assignment.returned',
  contact: 'citizen.contacted',
  progress: 'work.progressed',
  suspend: 'work.suspended',
  resume: 'work.resumed',
  'request-extension': 'extension.requested',
  reply: 'reply.submitted',
  approve: 'reply.approved',
  'send-back': 'reply.sent-back',
};
