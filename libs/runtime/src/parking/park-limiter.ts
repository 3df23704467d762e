import { RuntimeError } from '../errors.js';

const WINDOW_MS = 60_000;

/**
 * Tells bad tickets from a bad release: more than `limit` tickets parked with one error code within a minute halt the partition instead,
 * because parking a whole city one by one would only move the outage into a table.
 */
export class ParkLimiter {
  private readonly parkedAt = new Map<string, number[]>();

  constructor(
    private readonly now: () => number,
    private readonly limit = 20,
  ) {}

  /** @throws RuntimeError `partition-halted` when these tickets would exceed the limit; nothing is counted then. */
  admit(failures: readonly { readonly code: string; readonly topic: string; readonly partition: number }[]): void {
    const since = this.now() - WINDOW_MS;
    const byCode = new Map<string, { count: number; partitions: Set<string> }>();
    for (const { code, topic, partition } of failures) {
      const entry = byCode.get(code) ?? { count: 0, partitions: new Set<string>() };
      entry.count += 1;
      entry.partitions.add(`${topic}/${partition}`);
      byCode.set(code, entry);
    }
    for (const [code, { count, partitions }] of byCode) {
      const recent = (this.parkedAt.get(code) ?? []).filter((at) => at > since);
      this.parkedAt.set(code, recent);
      if (recent.length + count > this.limit)
        throw new RuntimeError(
          'partition-halted',
          `more than ${this.limit} tickets failed with ${code} within a minute: this looks like a bad release`,
          {
            errorCode: code,
            partitions: [...partitions],
          },
        );
    }
    for (const [code, { count }] of byCode) this.parkedAt.get(code)?.push(...Array.from({ length: count }, () => this.now()));
  }
}
