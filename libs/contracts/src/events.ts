import type { Static, TSchema } from 'typebox';
import * as handler from './events/department-handler.js';
import * as dispatch from './events/dispatch.js';
import * as feedback from './events/feedback.js';
import * as intake from './events/intake.js';
import * as sla from './events/sla-monitor.js';
import { TicketSnapshot } from './events/snapshot.js';
import { type Service } from './vocabulary.js';

/** Who may say an event; `any` of `ticket.snapshot` alone. */
export interface EventDefinition {
  readonly version: number;
  readonly service: Service | 'any';
  readonly schema: TSchema;
}

/**
 * Every domain event: the one map from name to shape. On the wire the CloudEvents type is `paidan.<name>.v<version>`.
 *
 * Changes to a schema only add optional fields, members of closed sets, or room. Anything else is a new version, and a new version is
 * a new key, `'ticket.registered#2'`, so that code tells the two apart by name and never by `if (version === 2)`.
 */
export const EVENTS = {
  'ticket.registered': { version: 1, service: 'intake', schema: intake.TicketRegistered },
  'ticket.supplemented': { version: 1, service: 'intake', schema: intake.TicketSupplemented },
  'ticket.withdrawn': { version: 1, service: 'intake', schema: intake.TicketWithdrawn },
  'ticket.declined': { version: 1, service: 'intake', schema: intake.TicketDeclined },

  'ticket.assigned': { version: 1, service: 'dispatch', schema: dispatch.TicketAssigned },
  'ticket.held': { version: 1, service: 'dispatch', schema: dispatch.TicketHeld },
  'release.requested': { version: 1, service: 'dispatch', schema: dispatch.ReleaseRequested },
  'return.accepted': { version: 1, service: 'dispatch', schema: dispatch.ReturnAccepted },
  'return.refused': { version: 1, service: 'dispatch', schema: dispatch.ReturnRefused },
  'ticket.linked': { version: 1, service: 'dispatch', schema: dispatch.TicketLinked },
  'ticket.unlinked': { version: 1, service: 'dispatch', schema: dispatch.TicketUnlinked },
  'ticket.answered': { version: 1, service: 'dispatch', schema: dispatch.TicketAnswered },

  'assignment.signed': { version: 1, service: 'department-handler', schema: handler.AssignmentSigned },
  'assignment.returned': { version: 1, service: 'department-handler', schema: handler.AssignmentReturned },
  'assignment.released': { version: 1, service: 'department-handler', schema: handler.AssignmentReleased },
  'release.refused': { version: 1, service: 'department-handler', schema: handler.ReleaseRefused },
  'assignment.delegated': { version: 1, service: 'department-handler', schema: handler.AssignmentDelegated },
  'citizen.contacted': { version: 1, service: 'department-handler', schema: handler.CitizenContacted },
  'work.progressed': { version: 1, service: 'department-handler', schema: handler.WorkProgressed },
  'work.suspended': { version: 1, service: 'department-handler', schema: handler.WorkSuspended },
  'work.resumed': { version: 1, service: 'department-handler', schema: handler.WorkResumed },
  'extension.requested': { version: 1, service: 'department-handler', schema: handler.ExtensionRequested },
  'extension.granted': { version: 1, service: 'department-handler', schema: handler.ExtensionGranted },
  'extension.refused': { version: 1, service: 'department-handler', schema: handler.ExtensionRefused },
  'reply.submitted': { version: 1, service: 'department-handler', schema: handler.ReplySubmitted },
  'reply.approved': { version: 1, service: 'department-handler', schema: handler.ReplyApproved },
  'reply.sent-back': { version: 1, service: 'department-handler', schema: handler.ReplySentBack },

  'clock.started': { version: 1, service: 'sla-monitor', schema: sla.ClockStarted },
  'clock.stopped': { version: 1, service: 'sla-monitor', schema: sla.ClockStopped },
  'deadline.moved': { version: 1, service: 'sla-monitor', schema: sla.DeadlineMoved },
  'deadline.warned': { version: 1, service: 'sla-monitor', schema: sla.DeadlineWarned },
  'card.issued': { version: 1, service: 'sla-monitor', schema: sla.CardIssued },
  'card.withdrawn': { version: 1, service: 'sla-monitor', schema: sla.CardWithdrawn },

  'reply.delivered': { version: 1, service: 'feedback', schema: feedback.ReplyDelivered },
  'reply.shared': { version: 1, service: 'feedback', schema: feedback.ReplyShared },
  'follow-up.completed': { version: 1, service: 'feedback', schema: feedback.FollowUpCompleted },
  'rating.received': { version: 1, service: 'feedback', schema: feedback.RatingReceived },
  'ticket.reopened': { version: 1, service: 'feedback', schema: feedback.TicketReopened },
  'ticket.closed': { version: 1, service: 'feedback', schema: feedback.TicketClosed },

  'ticket.snapshot': { version: 1, service: 'any', schema: TicketSnapshot },
} as const satisfies Record<string, EventDefinition>;

export type EventName = keyof typeof EVENTS;
export const EVENT_NAMES = Object.keys(EVENTS) as EventName[];
export type EventPayload<N extends EventName> = Static<(typeof EVENTS)[N]['schema']>;
/** The service that says an event; each of the five may send a snapshot. */
export type EventService<N extends EventName> = (typeof EVENTS)[N]['service'] extends infer S ? (S extends Service ? S : Service) : never;
/** Names of what one service says, snapshots included. */
export type EventNameOf<S extends Service> = { [N in EventName]: S extends EventService<N> ? N : never }[EventName];

export const isEventName = (value: unknown): value is EventName => typeof value === 'string' && Object.hasOwn(EVENTS, value);

/** An event as a consumer gets it: a discriminated union by `name`. */
export type TicketEvent<N extends EventName = EventName> = {
  [K in N]: {
    readonly name: K;
    readonly service: EventService<K>;
    readonly ticketId: string;
    /** Raised when the service's schema was restored from a back-up. */
    readonly epoch: number;
    /** 1, 2, 3 … per (service, ticket). */
    readonly sequence: number;
    /** ISO 8601, UTC: when the service decided. */
    readonly time: string;
    readonly payload: EventPayload<K>;
    /** CloudEvents id; unique with the source. */
    readonly id: string;
    /** W3C trace context of the decision. */
    readonly traceparent?: string;
  };
}[N];

/** What a decision says: name and payload; the runtime adds ticket, epoch, sequence and time. */
export type SaidEvent<N extends EventName = EventName> = { [K in N]: { readonly name: K; readonly payload: EventPayload<K> } }[N];
