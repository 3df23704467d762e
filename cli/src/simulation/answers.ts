/* What dispatch answers of a simulation, as far as it is shown. */

export const CHANGES = ['other-unit', 'now-assigned', 'now-held', 'other-reason', 'details'] as const;
export type Change = (typeof CHANGES)[number];
export const ASPECTS = ['matter', 'urgency', 'coHandlers', 'copies'] as const;

export interface Begun {
  readonly id: string;
}

/** Null is the queue of people. */
export interface Move {
  readonly from: string | null;
  readonly fromName: string | null;
  readonly to: string | null;
  readonly toName: string | null;
  readonly tickets: number;
}

/** Tickets that a unit leads, and helps with. */
export interface Load {
  readonly unit: string;
  readonly name: string;
  readonly led: number;
  readonly ledAfter: number;
  readonly joined: number;
  readonly joinedAfter: number;
}

interface Decision {
  readonly explanation: { readonly zh: readonly string[]; readonly en: readonly string[] };
}

export interface Sample {
  readonly ticketId: string;
  readonly number: string;
  readonly change: Change;
  readonly before: Decision;
  readonly after: Decision;
}

export interface Result {
  readonly tickets: number;
  readonly unreadable: number;
  readonly unchanged: number;
  readonly changed: Readonly<Record<Change, number>>;
  readonly aspects: Readonly<Record<(typeof ASPECTS)[number], number>>;
  readonly assigned: number;
  readonly assignedAfter: number;
  readonly moves: readonly Move[];
  readonly loads: readonly Load[];
  readonly samples: readonly Sample[];
  readonly seconds: number;
}

export interface Simulation {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'interrupted';
  readonly last: number;
  readonly done: number;
  readonly result?: Result;
  /** Why it failed. */
  readonly detail?: string;
}
