/* What the operators' routes of a service answer, as far as it is shown here. */

export interface Failure {
  readonly code: string;
  readonly message: string;
}

export interface ParkedTickets {
  readonly count: number;
  readonly tickets: readonly {
    readonly ticketId: string;
    readonly waiting: number;
    readonly since: string;
    readonly errorCode: string;
    readonly errorMessage: string;
  }[];
}

export interface LogRecord {
  readonly record: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly type: string;
  readonly said?: { readonly service: string; readonly epoch: number; readonly sequence: number };
  readonly time?: string;
}

export interface WaitingRecords {
  readonly ticketId: string;
  readonly count: number;
  readonly records: readonly (LogRecord & { readonly parkedAt: string; readonly error?: Failure })[];
}

export interface Replayed {
  readonly ticketId: string;
  readonly replayed: number;
  readonly remaining: number;
  readonly error?: Failure;
}

export interface DiscardedRecord extends LogRecord {
  readonly error: Failure;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
  readonly handled: boolean;
}

export interface Discarded {
  readonly discarded: DiscardedRecord;
  readonly replay: Replayed;
}

export interface Quarantined {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly reason: string;
  readonly detail: string;
  readonly bytes: number;
  readonly quarantinedAt: string;
  readonly sealed?: boolean;
  readonly value?: string;
}
