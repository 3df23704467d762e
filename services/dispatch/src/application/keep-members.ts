import type { Actor, Log, Outcome } from '@paidan/runtime';
import type { DispatchCommand } from '../domain/orders.js';

/** A member whose master is none any more; `next` where its master has come under one itself. */
interface Stray {
  readonly ticketId: string;
  readonly decisionVersion: number;
  readonly next?: { readonly master: string; readonly masterNumber: string };
}

export interface MembersParts {
  readonly strays: (most: number) => Promise<readonly Stray[]>;
  readonly decider: (command: DispatchCommand) => Promise<Outcome>;
  readonly newId: () => string;
  /** Drops what is older than is looked back for. */
  readonly forget: () => Promise<number>;
  readonly pollMs: number;
  readonly log: Log;
}

const OWN: Actor = { kind: 'system', subject: 'dispatch', roles: [] };
const AT_ONCE = 100;
const FORGET_EVERY_MS = 3_600_000;

/**
 * Sees to it that no member hangs: when its master ends without an answer it goes its own way, when that comes under a master it goes along. A master's end is
 * decided in the master's own transaction, which can't lock its members; so this looks at how things are, again and again, and what is undone after a crash is
 * found by the next look. Several replicas may look: the second order about a member is on an old decision, and refused.
 */
export class KeepMembers {
  private running: Promise<void> | undefined;
  private stopped = false;
  private wake: () => void = () => undefined;

  constructor(private readonly parts: MembersParts) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
  }

  /** One look. @returns how many were seen to */
  async look(): Promise<number> {
    const { strays, decider, newId, log } = this.parts;
    let done = 0;
    for (const { ticketId, decisionVersion, next } of await strays(AT_ONCE)) {
      const about = { commandId: newId(), ticketId, actor: OWN, oneOff: true } as const;
      const outcome = await decider(
        next === undefined
          ? { ...about, name: 'unlink', payload: { decisionVersion, reason: 'master-ended' } }
          : { ...about, name: 'follow', payload: { decisionVersion, ...next } },
      );
      if (outcome.accepted) done += 1;
      else log.info({ ticketId, reason: outcome.reason }, 'member: seen to already');
    }
    return done;
  }

  private async run(): Promise<void> {
    let forgotAt = -Infinity;
    for (let failures = 0; !this.stopped;) {
      let done = 0;
      try {
        done = await this.look();
        if (performance.now() - forgotAt >= FORGET_EVERY_MS) {
          await this.parts.forget();
          forgotAt = performance.now();
        }
        failures = 0;
      } catch (err) {
        if (failures++ % 20 === 0) this.parts.log.warn({ err }, 'members: looking again later');
      }
      if (done === AT_ONCE || this.stopped) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.parts.pollMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
