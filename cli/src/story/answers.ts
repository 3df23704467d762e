import type { DiscardedRecord, WaitingRecords } from '../parked/answers.js';

/* What the five services answer about one ticket, as far as it is told here. */

export interface Told {
  readonly en: string;
  readonly zh: string;
}

/** Feedback's: everything that was said, in the order in which it was heard. */
export interface Trail {
  readonly ticketId: string;
  readonly number?: string;
  readonly status: string;
  readonly entries: readonly (Told & {
    readonly at: string;
    readonly service: string;
    readonly sequence: number;
    readonly event: string;
  })[];
}

/** Intake's, without what the citizen wrote. */
export interface Registration {
  readonly status: string;
  readonly number: string;
  readonly channel: string;
  readonly channelKind: string;
  readonly appealType: string;
  readonly urgency: string;
  readonly confidentiality: string;
  readonly replyWanted: boolean;
  readonly hasContact: boolean;
  readonly receivedAt: string;
  readonly addressee?: string;
  readonly mailbox?: string;
}

/** Dispatch's. */
export interface Routing {
  readonly status: string;
  readonly assignment?: number;
  readonly lead?: string;
  readonly target?: string;
  readonly decisionVersion: number;
  readonly decisions: readonly {
    readonly version: number;
    readonly did: string;
    readonly at: string;
    /** The outcome first, then what spoke for it. */
    readonly explanation: { readonly en: readonly string[]; readonly zh: readonly string[] };
  }[];
}

/** Department-handler's. */
export interface WorkItem {
  readonly status: string;
  readonly since: string;
  readonly work?: { readonly assignment: number; readonly lead: string; readonly signedBy?: string; readonly round?: number };
}

/** Sla-monitor's. */
export interface Clocks {
  readonly status: string;
  readonly clocks: readonly {
    readonly clock: string;
    readonly assignment?: number;
    readonly words: Told;
    readonly dueAt?: string;
    readonly stopped?: object;
    readonly stages: readonly { readonly stage: string; readonly at?: string; readonly state: string }[];
  }[];
}

/** A ticket as the runtime of a service holds it. */
export interface Standing {
  readonly epoch: number;
  readonly sequence: number;
  readonly parked: boolean;
  readonly waiting: number;
  readonly unsentEvents: number;
  readonly unsentNotices: number;
  readonly setAside: number;
  readonly discarded: readonly DiscardedRecord[];
}

/** Everything that was found out about a ticket. What is not there is not known to that service, or it did not answer. */
export interface Gathered {
  readonly ticketId: string;
  readonly registration?: Registration;
  readonly routing?: Routing;
  readonly workItem?: WorkItem;
  readonly clocks?: Clocks;
  readonly trail?: Trail;
  readonly standings: Readonly<Record<string, Standing>>;
  readonly waiting: Readonly<Record<string, WaitingRecords>>;
  /** What services did not say. */
  readonly missing: readonly string[];
}
