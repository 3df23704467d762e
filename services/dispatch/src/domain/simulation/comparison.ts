import type { RoutingDecision } from '../routing/decision.js';

/** What became of one ticket's decision under the draft. */
export const CHANGES = ['other-unit', 'now-assigned', 'now-held', 'other-reason', 'details'] as const;
export type ChangeKind = (typeof CHANGES)[number];

/** What else a draft may change, beside the unit or along with it. */
export const ASPECTS = ['matter', 'urgency', 'coHandlers', 'copies'] as const;
export type Aspect = (typeof ASPECTS)[number];

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
  /** Tickets of which this is another; co-handlers and copies of those that a unit gets both times. */
  readonly aspects: Readonly<Record<Aspect, number>>;
  /** Of the decided ones, how many went to a unit without a person. */
  readonly assigned: number;
  readonly assignedAfter: number;
  /** Most first. */
  readonly moves: readonly Move[];
  /** Of each unit that has any, the largest change of led tickets first. */
  readonly loads: readonly Load[];
  readonly samples: readonly Sample<Of>[];
}

const leadOf = (decision: RoutingDecision): string | null => (decision.kind === 'assigned' ? decision.lead : null);
const sameUnits = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((unit) => b.includes(unit));

const aspectsOf = (before: RoutingDecision, after: RoutingDecision): readonly Aspect[] => {
  const both = before.kind === 'assigned' && after.kind === 'assigned';
  const isOther: Readonly<Record<Aspect, boolean>> = {
    matter: before.matter !== after.matter,
    urgency: before.urgency !== after.urgency,
    coHandlers: both && !sameUnits(before.coHandlers, after.coHandlers),
    copies: both && !sameUnits(before.copies, after.copies),
  };
  return ASPECTS.filter((aspect) => isOther[aspect]);
};

/** What the draft changes of a decision that a unit or a dispatcher would notice; undefined for nothing. Confidence and reasons alone are nothing. */
export const changeOf = (before: RoutingDecision, after: RoutingDecision): ChangeKind | undefined => {
  if (before.kind === 'held') {
    if (after.kind === 'assigned') return 'now-assigned';
    if (before.reason !== after.reason) return 'other-reason';
    return before.urgency === after.urgency && before.candidates[0]?.unit === after.candidates[0]?.unit ? undefined : 'details';
  }
  if (after.kind === 'held') return 'now-held';
  if (before.lead !== after.lead) return 'other-unit';
  return aspectsOf(before, after).length === 0 ? undefined : 'details';
};

/** Takes tickets in as they are decided. */
export interface Comparison<Of> {
  /** So far. */
  readonly tickets: () => number;
  readonly unreadable: () => void;
  readonly add: (twice: Twice<Of>) => void;
  readonly result: () => Compared<Of>;
}

/**
 * Keeps no more of the tickets than the samples: of each kind of change as many, spread over all that were seen of it, so that the same tickets in the same
 * order give the same samples.
 * @param most samples of all kinds together
 */
export const comparison = <Of>(most: number): Comparison<Of> => {
  const count = { tickets: 0, unreadable: 0, unchanged: 0, assigned: 0, assignedAfter: 0 };
  const changed: Record<ChangeKind, number> = { 'other-unit': 0, 'now-assigned': 0, 'now-held': 0, 'other-reason': 0, details: 0 };
  const aspects: Record<Aspect, number> = { matter: 0, urgency: 0, coHandlers: 0, copies: 0 };
  const moves = new Map<string, { from: string | null; to: string | null; tickets: number }>();
  const loads = new Map<string, Omit<Mutable<Load>, 'unit'>>();
  const seen = new Map(CHANGES.map((kind) => [kind, spread<Sample<Of>>(most)]));

  const loadOf = (unit: string): Omit<Mutable<Load>, 'unit'> => {
    const load = loads.get(unit) ?? { led: 0, ledAfter: 0, joined: 0, joinedAfter: 0 };
    loads.set(unit, load);
    return load;
  };
  const weigh = (decision: RoutingDecision, led: 'led' | 'ledAfter', joined: 'joined' | 'joinedAfter'): void => {
    if (decision.kind === 'held') return;
    loadOf(decision.lead)[led] += 1;
    for (const unit of decision.coHandlers) loadOf(unit)[joined] += 1;
  };
  const move = (from: string | null, to: string | null): void => {
    if (from === to) return;
    const key = JSON.stringify([from, to]);
    const known = moves.get(key) ?? { from, to, tickets: 0 };
    known.tickets += 1;
    moves.set(key, known);
  };

  return {
    tickets: () => count.tickets,
    unreadable: () => {
      count.tickets += 1;
      count.unreadable += 1;
    },
    add: (twice) => {
      const { before, after, isOpen } = twice;
      count.tickets += 1;
      count.assigned += before.kind === 'assigned' ? 1 : 0;
      count.assignedAfter += after.kind === 'assigned' ? 1 : 0;
      weigh(before, 'led', 'joined');
      weigh(after, 'ledAfter', 'joinedAfter');
      const change = changeOf(before, after);
      if (change === undefined) {
        count.unchanged += 1;
        return;
      }
      changed[change] += 1;
      for (const aspect of aspectsOf(before, after)) aspects[aspect] += 1;
      move(leadOf(before), leadOf(after));
      if (isOpen) seen.get(change)?.offer({ ...twice, change });
    },
    result: () => ({
      ...count,
      changed: { ...changed },
      aspects: { ...aspects },
      moves: [...moves.values()].sort((a, b) => b.tickets - a.tickets || compare(a.from, b.from) || compare(a.to, b.to)),
      loads: [...loads]
        .map(([unit, load]): Load => ({ unit, ...load }))
        .sort((a, b) => shift(b) - shift(a) || b.led - a.led || compare(a.unit, b.unit)),
      samples: inTurn(
        CHANGES.map((kind) => seen.get(kind)?.kept() ?? []),
        most,
      ),
    }),
  };
};

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const shift = ({ led, ledAfter }: Load): number => Math.abs(ledAfter - led);

const compare = (a: string | null, b: string | null): number => (a === b ? 0 : (a ?? '') < (b ?? '') ? -1 : 1);

/** One of each in turn, until there are enough: a kind with few isn't hidden behind one with many. */
const inTurn = <T>(queues: readonly (readonly T[])[], most: number): readonly T[] => {
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  return Array.from({ length: longest }, (_, n) => queues.flatMap((queue) => queue.slice(n, n + 1)))
    .flat()
    .slice(0, most);
};

/** At most so many of what is offered, at even distances: every 2ⁿ-th, the n as small as it may be. */
const spread = <T>(most: number): { readonly kept: () => readonly T[]; readonly offer: (one: T) => void } => {
  let kept: T[] = [];
  let [every, seen] = [1, 0];
  return {
    kept: () => kept,
    offer: (one) => {
      if (most > 0 && seen % every === 0) kept.push(one);
      seen += 1;
      if (kept.length <= most) return;
      kept = kept.filter((_, n) => n % 2 === 0);
      every *= 2;
    },
  };
};
