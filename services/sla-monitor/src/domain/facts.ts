import type { Calendar } from '@paidan/kernel';
import type { Command } from '@paidan/runtime';
import type { Policies } from './policy.js';

/** What decisions need beside the record. */
export interface Facts {
  readonly calendar: Calendar;
  readonly policies: Policies;
  /** Instant (epoch ms) up to which the log has been read and decided; 0 when unknown. Nothing said before it can still be missing. */
  readonly readThrough: number;
  /** A second of real time in the clock's own milliseconds: how long a stage waits for the log before it looks again. */
  readonly second: number;
}

/** Deadlines computed anew under the calendar in force: asked by an operator for one ticket, by the sweep for all that a new calendar concerns. */
export type ClockCommand = Command<'recompute', Readonly<Record<string, never>>>;
