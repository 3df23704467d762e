/**
 * Every failure the runtime names. `retry`: the same call may succeed later, so the caller waits and repeats; nothing is parked for it.
 * `loud`: a person must look, so it is logged as an error and the service reports itself degraded.
 */
export const RUNTIME_ERRORS = {
  /** Another process moved the partition's position: it owns the partition now. */
  fenced: { retry: true, loud: false },
  /** The log no longer has the kept position: retention passed over it, or the topic was created anew. */
  'position-lost': { retry: false, loud: true },
  /** The kept position belongs to another Kafka cluster. */
  'cluster-changed': { retry: false, loud: true },
  /** An operator holds what this service says until what a lost log held has been said again. */
  'log-held': { retry: true, loud: true },
  /** The log is taken, and said to again, only while what is said is held. */
  'log-not-held': { retry: false, loud: false },
  /** What was said is not said again to a log that has not been taken. */
  'log-not-taken': { retry: false, loud: false },
  /** The topic has another number of partitions than the positions were kept under: one ticket's order would break. */
  'partition-count-changed': { retry: false, loud: true },
  /** More tickets than the limit failed alike within a minute: a bad release, not bad tickets. */
  'partition-halted': { retry: false, loud: true },
  /** A statement asked for after its transaction ended. */
  'transaction-over': { retry: false, loud: true },
  'ticket-parked': { retry: true, loud: false },
  'command-id-reused': { retry: false, loud: false },
  'command-without-outcome': { retry: false, loud: true },
  'timer-loop': { retry: false, loud: true },
  /** Rows another transaction created in between: the fold starts again on what is there now. */
  'row-conflict': { retry: true, loud: false },
  'database-unavailable': { retry: true, loud: true },
  'log-unavailable': { retry: true, loud: true },
  'topic-missing': { retry: true, loud: true },
  'message-too-large': { retry: false, loud: true },
  'nothing-parked': { retry: false, loud: false },
  /** A discard of another record than the one that its ticket waits for now. */
  'not-first': { retry: false, loud: false },
  /** A discard of a record that nobody has tried to process since it waits. */
  'not-failed': { retry: false, loud: false },
  /** The schema is older than what this service has said: it first folds its own later words from the log. */
  restoring: { retry: true, loud: true },
  /** An empty schema needs what the log no longer has: it is to be told again. */
  'history-wanted': { retry: true, loud: true },
  /** What was told again is of no use: nobody waits for it. */
  'history-not-wanted': { retry: false, loud: false },
  /** What was told again lies in another log, or the log no longer goes on from it. */
  'history-out-of-date': { retry: false, loud: false },
  'shutting-down': { retry: true, loud: false },
} as const satisfies Record<string, { retry: boolean; loud: boolean }>;

export type RuntimeErrorCode = keyof typeof RUNTIME_ERRORS;

/** HTTP status where one of these reaches a person; 500 otherwise. */
const STATUS: Partial<Record<RuntimeErrorCode, number>> = {
  'ticket-parked': 409,
  'command-id-reused': 409,
  'database-unavailable': 503,
  restoring: 503,
  'shutting-down': 503,
  'row-conflict': 503,
  'nothing-parked': 404,
  'not-first': 409,
  'not-failed': 409,
  'log-not-held': 409,
  'log-not-taken': 409,
  'topic-missing': 409,
  'history-not-wanted': 409,
  'history-out-of-date': 409,
  'log-unavailable': 503,
};

export class RuntimeError extends Error {
  override readonly name = 'RuntimeError';
  readonly retryable: boolean;
  readonly loud: boolean;
  readonly status: number;
  constructor(
    readonly code: RuntimeErrorCode,
    message: string,
    readonly extensions: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.retryable = RUNTIME_ERRORS[code].retry;
    this.loud = RUNTIME_ERRORS[code].loud;
    this.status = STATUS[code] ?? 500;
  }
}

/** The partitions whose position another process has moved. */
export class Fenced extends RuntimeError {
  constructor(readonly partitions: readonly { readonly topic: string; readonly partition: number }[]) {
    super('fenced', `position moved by another process: ${partitions.map((p) => `${p.topic}/${p.partition}`).join(', ')}`);
  }
}
