import type { Log, Outcome } from '@paidan/runtime';
import type { Share } from '../domain/commands.js';

export interface AnswerMembersParts {
  /** Members whose master has been answered, and how. */
  readonly due: (most: number) => Promise<readonly { readonly ticketId: string; readonly share: Share['payload'] }[]>;
  readonly share: (ticketId: string, payload: Share['payload']) => Promise<Outcome>;
  /** Real time, milliseconds. */
  readonly pollMs: number;
  readonly log: Log;
}

const AT_ONCE = 100;

/**
 * Gives each member its master's reply: when the master is answered, and at once to who is linked to one that was. It looks at how things are, again and again,
 * so that nobody is forgotten by a crash between the master's transaction and the members'; several replicas may look, the second is refused.
 */
export class AnswerMembers {
  private running: Promise<void> | undefined;
  private stopped = false;
  private wake: () => void = () => undefined;

  constructor(private readonly parts: AnswerMembersParts) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
  }

  /** One look. @returns how many were answered */
  async look(): Promise<number> {
    let done = 0;
    for (const { ticketId, share } of await this.parts.due(AT_ONCE)) if ((await this.parts.share(ticketId, share)).accepted) done += 1;
    return done;
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.stopped;) {
      let done = 0;
      try {
        done = await this.look();
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
