/** When a call-back that failed is tried again; all times real, in milliseconds. */
export interface RetrySchedule {
  readonly first: number;
  /** Pauses double up to this. */
  readonly most: number;
  /** After so long since the reply was queued nobody tries any more. */
  readonly giveUpAfter: number;
}

export const RETRY_PAUSES = { first: 5_000, most: 15 * 60_000 } as const;
/** An adapter that asks to be left alone is, but not for ever. */
const MOST_ASKED_FOR = 3_600_000;

export interface FailedAttempt {
  /** Attempts made so far, the failed one included. */
  readonly attempts: number;
  readonly queuedAt: number;
  readonly now: number;
  /** `Retry-After` of the answer. */
  readonly retryAfterMs?: number;
}

/**
 * The next attempt: 5 s, 10 s, 20 s … 15 min after the last, each a quarter longer or shorter, so that a thousand replies that failed together do not come
 * back together. The last attempt falls on the end of the time; after it: undefined.
 * @param random in [0, 1)
 */
export const nextAttempt = (failed: FailedAttempt, schedule: RetrySchedule, random: number): number | undefined => {
  const { attempts, queuedAt, now, retryAfterMs = 0 } = failed;
  const end = queuedAt + schedule.giveUpAfter;
  if (now >= end) return undefined;
  const pause = Math.min(schedule.most, schedule.first * 2 ** Math.min(attempts - 1, 30)) * (0.75 + random / 2);
  return Math.min(end, now + Math.round(Math.max(pause, Math.min(retryAfterMs, MOST_ASKED_FOR))));
};
