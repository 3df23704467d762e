import { hear, QUIET, type Burst, type BurstPolicy, type Voice } from '../domain/duplicates/burst.js';

/** What is said of one matter in one area, the oldest voice first. */
export interface Group {
  readonly area: string;
  readonly matter: string;
  readonly voices: readonly Voice[];
}

/** 群体性: more persons than usual speak of one thing. `raisedAt` and `lastAt` are epoch ms. */
export interface GroupAlertNow {
  readonly area: string;
  readonly matter: string;
  readonly raisedAt: number;
  readonly lastAt: number;
  readonly persons: number;
  /** The newest first. */
  readonly ticketIds: readonly string[];
}

export interface GroupAlertsParts {
  /** The groups that may be bursts now. */
  readonly groups: (now: number) => Promise<readonly Group[]>;
  readonly policy: BurstPolicy;
  /** Epoch ms. */
  readonly now: () => number;
}

/** The look reads a day of tickets, and whoever asks again within this gets the same answer. */
const FRESH_MS = 10_000;
const SHOWN = 20;

/** The alerts that stand. Nothing is kept of them: they follow from who spoke of what and when, and end by themselves when it is calm. */
export class GroupAlerts {
  private latest: { readonly at: number; readonly alerts: Promise<readonly GroupAlertNow[]> } | undefined;

  constructor(private readonly parts: GroupAlertsParts) {}

  standing(): Promise<readonly GroupAlertNow[]> {
    const asked = performance.now();
    if (this.latest === undefined || asked - this.latest.at >= FRESH_MS) {
      const latest = { at: asked, alerts: this.look() };
      this.latest = latest;
      // A look that failed is no answer for the next one who asks.
      latest.alerts.catch(() => (this.latest = this.latest === latest ? undefined : this.latest));
    }
    return this.latest.alerts;
  }

  async look(): Promise<readonly GroupAlertNow[]> {
    const { groups, policy, now } = this.parts;
    const until = now();
    return (await groups(until)).flatMap(({ area, matter, voices }): GroupAlertNow[] => {
      const burst = voices.reduce<Burst>((before, voice) => hear(before, voice, policy).burst, QUIET);
      const spoken = voices.filter(({ at }) => at > until - policy.withinMs);
      const persons = new Set(spoken.map(({ person }) => person)).size;
      const last = voices.at(-1);
      if (burst.raisedAt === undefined || last === undefined || persons <= policy.calm) return [];
      const ticketIds = spoken.map(({ ticketId }) => ticketId).reverse();
      return [{ area, matter, raisedAt: burst.raisedAt, lastAt: last.at, persons, ticketIds: ticketIds.slice(0, SHOWN) }];
    });
  }
}
