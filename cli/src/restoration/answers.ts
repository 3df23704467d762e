/* What `GET /v1/operations/restoration` of a service answers, as far as it is shown here. */

export interface Loss {
  /** Like `contact-data`. */
  readonly what: string;
  readonly count: number;
  /** The first of them. */
  readonly tickets: readonly string[];
}

export interface Restored {
  readonly epoch: number;
  readonly begunAt: string;
  /** Absent while the service takes nothing. */
  readonly endedAt?: string;
  /** By whoever restored it; else it was found by the positions. */
  readonly told: boolean;
  /** From nothing: the schema was made anew. */
  readonly emptied: boolean;
  /** It waits for what the log no longer has to be told again. */
  readonly wantsHistory: boolean;
  readonly recalled: number;
  readonly unfolded: number;
  readonly saidAnew: number;
  readonly noticesNotRepeated: number;
  readonly commandsPassedOver: number;
  /** Records that left the log before the service had read them. */
  readonly goneUnread: number;
  readonly lost: readonly Loss[];
}
