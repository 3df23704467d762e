import type { RoutingDecision } from '../routing/decision.js';

/** What became of one ticket's decision under the draft. */
export const CHANGES = ['other-unit', 'now-assigned', 'now-held', 'other-reason', 'details'] as const;
export type ChangeKind = (typeof CHANGES)[number];

/** A ticket decided twice: as things are, and under the draft. */
export interface Twice<Of> {
  /** The ticket itself; handed back with the samples. */
  readonly of: Of;
  readonly before: RoutingDecision;
  readonly after: RoutingDecision;
  /** May be shown to whoever asked; what is under seal is counted and never shown. */
  readonly isOpen: boolean;
}

/** Units between which tickets move; null is the queue of people. */
export interface Move {
  readonly from: string | null;
  readonly to: string | null;
  readonly tickets: number;
}

/** What a unit is given; `led` as lead, `joined` as co-handler. */
export interface Load {
  readonly unit: string;
  readonly led: number;
  readonly ledAfter: number;
  readonly joined: number;
  readonly joinedAfter: number;
}

export interface Sample<Of> extends Twice<Of> {
  readonly change: ChangeKind;
}

export interface Compared<Of> {
  readonly tickets: number;
  /** Whose text is gone, or under a key that isn't here: not decided at all. */
  readonly unreadable: number;
  readonly unchanged: number;
  readonly changed: Readonly<Record<ChangeKind, number>>;
  /** Of the decided ones, how many went to a unit without a person. */
  readonly assigned: number;
  readonly assignedAfter: number;
  /** Most first. */
  readonly moves: readonly Move[];
  /** Of the units whose work changes, the largest change of led tickets first. */
  readonly loads: readonly Load[];
  readonly samples: readonly Sample<Of>[];
}

const leadOf = (decision: RoutingDecision): string | null => (decision.kind === 'assigned' ? decision.lead : null);
const sameUnits = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((unit) => b.includes(unit));

/** What the draft changes of a decision that a unit or a dispatcher would notice; undefined for nothing. Confidence and reasons alone are nothing. */
export const changeOf = (before: RoutingDecision, after: RoutingDecision): ChangeKind | undefined => {
  if (before.kind === 'held') {
    if (after.kind === 'assigned') return 'now-assigned';
    if (before.reason !== after.reason) return 'other-reason';
    return before.urgency === after.urgency && before.candidates[0]?.unit === after.candidates[0]?.unit ? undefined : 'details';
  }
  if (after.kind === 'held') return 'now-held';
  if (before.lead !== after.lead) return 'other-unit';
  const isSame =
    before.matter === after.matter &&
    before.urgency === after.urgency &&
    sameUnits(before.coHandlers, after.coHandlers) &&
    sameUnits(before.copies, after.copies);
  return isSame ? undefined : 'details';
};

/**
 * Takes tickets in as they are decided, and keeps no more of them than the samples: of each kind of change as many, spread over all that were seen of it, so
 * that the same tickets in the same order give the same samples.
 */
export class Comparison<Of> {
  #tickets = 0;
  #unreadable = 0;
  #unchanged = 0;
  #assigned = 0;
  #assignedAfter = 0;
  readonly #changed = new Map<ChangeKind, number>(CHANGES.map((kind) => [kind, 0]));
  readonly #moves = new Map<string, { from: string | null; to: string | null; tickets: number }>();
  readonly #loads = new Map<string, { led: number; ledAfter: number; joined: number; joinedAfter: number }>();
  readonly #samples = new Map<ChangeKind, Spread<Sample<Of>>>();

  /** @param samples of all kinds together */
  constructor(private readonly samples: number) {
    for (const kind of CHANGES) this.#samples.set(kind, new Spread(samples));
  }

  get tickets(): number {
    return this.#tickets;
  }

  unreadable(): void {
    this.#tickets += 1;
    this.#unreadable += 1;
  }

  add(twice: Twice<Of>): void {
    const { before, after, isOpen } = twice;
    this.#tickets += 1;
    this.#count(before, 'led', 'joined');
    this.#count(after, 'ledAfter', 'joinedAfter');
    if (before.kind === 'assigned') this.#assigned += 1;
    if (after.kind === 'assigned') this.#assignedAfter += 1;
    const change = changeOf(before, after);
    if (change === undefined) {
      this.#unchanged += 1;
      return;
    }
    this.#changed.set(change, (this.#changed.get(change) ?? 0) + 1);
    const [from, to] = [leadOf(before), leadOf(after)];
    if (from !== to) {
      const key = JSON.stringify([from, to]);
      const move = this.#moves.get(key) ?? { from, to, tickets: 0 };
      move.tickets += 1;
      this.#moves.set(key, move);
    }
    if (isOpen) this.#samples.get(change)?.offer({ ...twice, change });
  }

  result(): Compared<Of> {
    return {
      tickets: this.#tickets,
      unreadable: this.#unreadable,
      unchanged: this.#unchanged,
      changed: Object.fromEntries(this.#changed) as Record<ChangeKind, number>,
      assigned: this.#assigned,
      assignedAfter: this.#assignedAfter,
      moves: [...this.#moves.values()].sort((a, b) => b.tickets - a.tickets || compare(a.from, b.from) || compare(a.to, b.to)),
      loads: [...this.#loads]
        .map(([unit, load]): Load => ({ unit, ...load }))
        .filter(({ led, ledAfter, joined, joinedAfter }) => led !== ledAfter || joined !== joinedAfter)
        .sort((a, b) => Math.abs(b.ledAfter - b.led) - Math.abs(a.ledAfter - a.led) || compare(a.unit, b.unit)),
      samples: this.#chosen(),
    };
  }

  #count(decision: RoutingDecision, led: 'led' | 'ledAfter', joined: 'joined' | 'joinedAfter'): void {
    if (decision.kind === 'held') return;
    this.#loadOf(decision.lead)[led] += 1;
    for (const unit of decision.coHandlers) this.#loadOf(unit)[joined] += 1;
  }

  #loadOf(unit: string): { led: number; ledAfter: number; joined: number; joinedAfter: number } {
    const known = this.#loads.get(unit);
    if (known !== undefined) return known;
    const load = { led: 0, ledAfter: 0, joined: 0, joinedAfter: 0 };
    this.#loads.set(unit, load);
    return load;
  }

  /** One of each kind in turn, until there are enough: a kind with few isn't hidden behind one with many. */
  #chosen(): readonly Sample<Of>[] {
    const queues = CHANGES.map((kind) => [...(this.#samples.get(kind)?.kept ?? [])]);
    const chosen: Sample<Of>[] = [];
    while (chosen.length < this.samples && queues.some((queue) => queue.length > 0))
      for (const queue of queues) {
        const next = queue.shift();
        if (next !== undefined && chosen.length < this.samples) chosen.push(next);
      }
    return chosen;
  }
}

const compare = (a: string | null, b: string | null): number => (a === b ? 0 : (a ?? '') < (b ?? '') ? -1 : 1);

/** At most so many of what is offered, at even distances: every 2ⁿ-th, the n as small as it may be. */
class Spread<T> {
  #kept: T[] = [];
  #every = 1;
  #seen = 0;

  constructor(private readonly most: number) {}

  get kept(): readonly T[] {
    return this.#kept;
  }

  offer(one: T): void {
    if (this.most > 0 && this.#seen % this.#every === 0) this.#kept.push(one);
    this.#seen += 1;
    if (this.#kept.length <= this.most) return;
    this.#kept = this.#kept.filter((_, n) => n % 2 === 0);
    this.#every *= 2;
  }
}
