import type { Log } from '@paidan/runtime';

/**
 * Looks again and again whether another replica published something newer. A look that fails changes nothing: what is in force stays so, and the next
 * look comes in seconds.
 * @returns ends it
 */
export const lookAgain = (pollMs: number, look: () => Promise<void>, log: Log, what: string): (() => void) => {
  const timer = setInterval(
    () => void look().catch((err: unknown) => log.warn({ err }, `could not look for a newer ${what}`)),
    pollMs,
  ).unref();
  return () => clearInterval(timer);
};
