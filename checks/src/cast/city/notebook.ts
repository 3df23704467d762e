import type { Appeal } from '../channels/appeal.js';

export type Outcome =
  | { readonly kind: 'accepted'; readonly ticketId: string; readonly number: string; readonly queryCode: string; readonly at: number }
  /** `reason` is the service's code for it; `detail` names fields and rules, and quotes nobody. */
  | { readonly kind: 'refused'; readonly reason: string; readonly detail: string };

/** The reason of a row that was handed in for a minute and never answered. */
export const NO_ANSWER = 'no-answer';

/** What the adapters know of one message. Times are epoch milliseconds of the city's time. */
export interface Entry {
  readonly appeal: Appeal;
  handedInAt?: number;
  outcome?: Outcome;
}

/** What has become of each message at the door, kept by the adapters and read by everybody in the play. */
export class Notebook {
  readonly entries: readonly Entry[];
  private readonly tickets = new Map<string, Entry>();
  private readonly listeners: ((ticketId: string) => void)[] = [];
  refused = 0;
  /** When a service last answered; real time, as everything that tells whether something moves. */
  changedAt = Date.now();

  constructor(
    appeals: readonly Appeal[],
    readonly now: () => number,
  ) {
    this.entries = appeals.map((appeal) => ({ appeal }));
  }

  handedIn(entry: Entry): void {
    entry.handedInAt ??= this.now();
  }

  accept(entry: Entry, ticketId: string, number: string, queryCode: string): void {
    this.settle(entry, { kind: 'accepted', ticketId, number, queryCode, at: this.now() });
  }

  settle(entry: Entry, outcome: Outcome): void {
    if (entry.outcome !== undefined) return;
    entry.outcome = outcome;
    if (outcome.kind === 'refused') {
      this.refused += 1;
      // A door that stays shut is no movement: else a dead intake would be waited for through every row.
      if (outcome.reason !== NO_ANSWER) this.changedAt = Date.now();
      return;
    }
    this.changedAt = Date.now();
    this.tickets.set(outcome.ticketId, entry);
    for (const listener of this.listeners) listener(outcome.ticketId);
  }

  /** Of a ticket of this play; another's, on a system that others use too, is none of its business. */
  entryOf(ticketId: string): Entry | undefined {
    return this.tickets.get(ticketId);
  }

  get accepted(): ReadonlyMap<string, Entry> {
    return this.tickets;
  }

  /** A department can have its offer before the adapter has its answer. */
  onAccepted(listener: (ticketId: string) => void): void {
    this.listeners.push(listener);
  }
}
