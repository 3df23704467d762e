import { callbackId, type ReplyCallback } from '@paidan/contracts';
import type { Log, Metrics, Outcome } from '@paidan/runtime';
import { nextAttempt, type RetrySchedule } from './retry-schedule.js';

/** `pushed`: received by the channel, only not yet noted with the ticket. `kept`: given up, to be picked up. */
export const DELIVERY_STATES = ['queued', 'pushed', 'kept'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** A delivery that is this courier's until its lease ends. */
export interface Claimed {
  readonly ticketId: string;
  readonly round: number;
  readonly channel: string;
  readonly state: DeliveryState;
  /** With this one. */
  readonly attempts: number;
  readonly queuedAt: number;
}

export interface DeliveryQueue {
  /**
   * What has been due for longest.
   * @param room deliveries at most, by channel
   * @param most and in all
   */
  claim(room: ReadonlyMap<string, number>, most: number, now: number, leaseUntil: number): Promise<Claimed[]>;
  pushed(claimed: Claimed): Promise<void>;
  again(claimed: Claimed, nextAt: number, error: string): Promise<void>;
  keep(claimed: Claimed, error: string): Promise<void>;
  drop(claimed: Claimed): Promise<void>;
  /** Keeps what is queued for channels that have no call-back any more. */
  keepOthers(channels: readonly string[]): Promise<number>;
}

/** Why an attempt failed. */
export const FAILURES = ['status', 'redirect', 'gone', 'address', 'insecure', 'timeout', 'connection', 'secret', 'text'] as const;
export type Failure = (typeof FAILURES)[number];

export type Posted =
  { readonly ok: true } | { readonly ok: false; readonly failure: Failure; readonly detail: string; readonly retryAfterMs?: number };

export interface CourierParts {
  readonly queue: DeliveryQueue;
  /** Channels with a call-back now. */
  readonly channels: () => readonly string[];
  /** The reply as it is posted; undefined when it is not waiting any more. @throws when it can't be read, a seal without its key, say */
  readonly letter: (ticketId: string, round: number) => Promise<ReplyCallback | undefined>;
  readonly post: (channel: string, id: string, body: string) => Promise<Posted>;
  /** Notes with the ticket that the reply has arrived. */
  readonly arrived: (claimed: Claimed) => Promise<Outcome>;
  readonly schedule: RetrySchedule;
  /** Real time. */
  readonly now: () => number;
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Deliveries under way at once: of one channel, and in all. */
const PER_CHANNEL = 4;
const IN_ALL = 16;
/** Longer than any attempt takes. If the process dies, another takes over after this. */
const LEASE_MS = 120_000;
const POLL_MS = 1_000;
const KEEP_OTHERS_EVERY_MS = 60_000;
/** A reply that the channel has, and whose ticket can't be told at the moment. */
const TELL_AGAIN_MS = 60_000;
/** Of a call-back that fails for days, the first failure and every so many. */
const SAY_EVERY = 20;

/** Brings approved replies to the channels' call-backs: at least once, each time under the same id, until it is received or given up. */
export class Courier {
  private readonly underWay = new Map<string, number>();
  private readonly attempts = new Set<Promise<void>>();
  private running: Promise<void> | undefined;
  private stopped = false;
  private awake: () => void = () => undefined;
  private keptOthersAt = -Infinity;

  constructor(private readonly parts: CourierParts) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.awake();
    await this.running;
    await Promise.all(this.attempts);
  }

  /** Something may be due. */
  wake(): void {
    this.awake();
  }

  /** Takes what is due and brings it; ends when nothing is due any more. For tests, which have no time to wait for the loop. */
  async drain(): Promise<void> {
    while ((await this.take()) > 0 || this.attempts.size > 0) await Promise.all(this.attempts);
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const slept = new Promise<void>((resolve) => (this.awake = resolve));
      const took = await this.take().catch((error: unknown) => {
        this.parts.log.warn({ err: error }, 'deliveries: trying again');
        return 0;
      });
      if (took > 0 || this.stopped) continue;
      const timer = setTimeout(() => this.awake(), POLL_MS);
      await slept;
      clearTimeout(timer);
    }
  }

  /** @returns how many were taken */
  private async take(): Promise<number> {
    const { queue, now } = this.parts;
    const channels = this.parts.channels();
    if (now() - this.keptOthersAt >= KEEP_OTHERS_EVERY_MS) {
      this.keptOthersAt = now();
      const kept = await queue.keepOthers(channels);
      if (kept > 0) this.parts.log.warn({ kept }, 'deliveries: their channels have no call-back any more');
    }
    const [room, free] = [this.room(channels), IN_ALL - this.attempts.size];
    if (room.size === 0 || free <= 0) return 0;
    const claimed = await queue.claim(room, free, now(), now() + LEASE_MS);
    for (const one of claimed) this.bring(one);
    return claimed.length;
  }

  /** What each channel may have under way; shared out beforehand, the room of all was gone after the first four, whether they had anything due or not. */
  private room(channels: readonly string[]): Map<string, number> {
    const room = new Map<string, number>();
    for (const channel of channels) {
      const here = PER_CHANNEL - (this.underWay.get(channel) ?? 0);
      if (here > 0) room.set(channel, here);
    }
    return room;
  }

  private bring(claimed: Claimed): void {
    const { channel } = claimed;
    this.underWay.set(channel, (this.underWay.get(channel) ?? 0) + 1);
    const attempt = this.attempt(claimed)
      .catch((error: unknown) => this.parts.log.warn({ err: error, ticketId: claimed.ticketId, channel }, 'delivery: trying again'))
      .finally(() => {
        this.attempts.delete(attempt);
        this.underWay.set(channel, (this.underWay.get(channel) ?? 1) - 1);
        this.awake();
      });
    this.attempts.add(attempt);
  }

  private async attempt(claimed: Claimed): Promise<void> {
    const { queue, letter, post, metrics } = this.parts;
    const { ticketId, round, channel } = claimed;
    if (claimed.state === 'queued') {
      let posted: Posted;
      try {
        const reply = await letter(ticketId, round);
        if (reply === undefined) return await queue.drop(claimed);
        posted = await post(channel, callbackId(ticketId, round), JSON.stringify(reply));
      } catch (error) {
        // An outage of our own database says nothing about the reply: its lease runs out, and it is tried again.
        if ((error as { retryable?: unknown }).retryable === true) throw error;
        posted = { ok: false, failure: 'text', detail: error instanceof Error ? error.message : 'unreadable' };
      }
      metrics.count('paidan_delivery_attempts_total', 'Attempts to push a reply, by result', {
        result: posted.ok ? 'received' : posted.failure,
      });
      if (!posted.ok) return this.failed(claimed, posted);
      // First of all: from here on it isn't posted again, whatever becomes of the rest.
      await queue.pushed(claimed);
    }
    const outcome = await this.parts.arrived(claimed).catch(async (error: unknown) => {
      await queue.again(claimed, this.parts.now() + TELL_AGAIN_MS, error instanceof Error ? error.message : 'not noted');
      throw error;
    });
    // The citizen has fetched it meanwhile, or there is a newer one.
    if (!outcome.accepted) await queue.drop(claimed);
  }

  private async failed(claimed: Claimed, posted: Posted & { readonly ok: false }): Promise<void> {
    const { queue, schedule, now, random, log, metrics } = this.parts;
    const { ticketId, round, channel, attempts, queuedAt } = claimed;
    const { failure, detail, retryAfterMs } = posted;
    const about = { ticketId, round, channel, attempts, failure, detail };
    const asked = retryAfterMs === undefined ? {} : { retryAfterMs };
    const next = failure === 'gone' ? undefined : nextAttempt({ attempts, queuedAt, now: now(), ...asked }, schedule, random());
    if (next === undefined) {
      await queue.keep(claimed, `${failure}: ${detail}`);
      metrics.count('paidan_deliveries_given_up_total', 'Replies whose call-back never took them: kept to be picked up', { channel });
      log.error(about, 'delivery given up: the reply is kept to be picked up');
      return;
    }
    await queue.again(claimed, next, `${failure}: ${detail}`);
    if (attempts % SAY_EVERY === 1) log.warn({ ...about, next: new Date(next).toISOString() }, 'delivery failed: it will be tried again');
  }
}
