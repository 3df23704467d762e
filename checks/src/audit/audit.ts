import { setTimeout as delay } from 'node:timers/promises';
import { look, stillDiffers, type Difference, type Look } from './compare.js';
import type { Ledgers } from './ledgers.js';

/** Between the looks: longer than an event is ever on its way while everything works. */
export const PAUSE_MS = 10_000;

export interface Audit {
  readonly look: Look;
  /** What differed at both looks. */
  readonly differences: readonly Difference[];
}

/** Compares, per ticket, how much each service has said with what feedback keeps of it. Whatever differs is looked at twice. */
export async function audit(ledgers: Ledgers, pauseMs = PAUSE_MS): Promise<Audit> {
  const before = await look(ledgers);
  if (before.differences.length === 0) return { look: before, differences: [] };
  await delay(pauseMs);
  const now = await look(ledgers);
  return { look: now, differences: stillDiffers(before.differences, now.differences) };
}
