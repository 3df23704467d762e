import type { Clause, Phrases } from './clause.js';
import { DIMENSIONS, type Dimension } from './document.js';
import { hourOf, hoursOf } from './week.js';

/** Where a phrase was found: bits of a set. */
export const IN_TEXT = 1;
export const IN_TITLE = 2;

/** Phrases of an appeal, those inside others too, by id. */
export interface FoundPhrases {
  readonly ids: readonly number[];
  /** {@link IN_TEXT}, {@link IN_TITLE} or both, by id. */
  readonly where: Uint8Array;
}

/** The appeal's value along each dimension with all that it lies in; several where it is about several units. */
export type FactKeys = Readonly<Record<Dimension, readonly string[]>>;

export interface RuleIndex {
  /**
   * Positions of the rules that may apply, in order: all that it leaves out don't. Along the dimensions and the first of the wanted phrases nothing
   * remains to be tested; the other phrases, the minute and the days in force do.
   * @param minute of the week
   */
  candidates(keys: FactKeys, found: FoundPhrases, minute: number): readonly number[];
}

interface Axis<Key> {
  /** Rules that ask nothing along it. */
  readonly open: Uint32Array;
  readonly by: ReadonlyMap<Key, readonly number[]>;
  readonly except: ReadonlyMap<Key, readonly number[]>;
}

const put = <Key>(map: Map<Key, number[]>, key: Key, rule: number): void => {
  const list = map.get(key);
  if (list === undefined) map.set(key, [rule]);
  else list.push(rule);
};
const set = (bits: Uint32Array, rule: number): void => {
  bits[rule >>> 5] = (bits[rule >>> 5] as number) | (1 << (rule & 31));
};
const clear = (bits: Uint32Array, rule: number): void => {
  bits[rule >>> 5] = (bits[rule >>> 5] as number) & ~(1 << (rule & 31));
};

/** An axis from what each rule wants (undefined: anything) and what it refuses; undefined where no rule asks anything. */
const axisOf = <Key>(
  rules: readonly { readonly wants: Iterable<Key> | undefined; readonly refuses: Iterable<Key> }[],
): Axis<Key> | undefined => {
  const open = new Uint32Array((rules.length + 31) >>> 5);
  const [by, except] = [new Map<Key, number[]>(), new Map<Key, number[]>()];
  let asks = false;
  rules.forEach(({ wants, refuses }, rule) => {
    if (wants === undefined) set(open, rule);
    else {
      asks = true;
      for (const key of wants) put(by, key, rule);
    }
    for (const key of refuses) put(except, key, rule);
  });
  return asks || except.size > 0 ? { open, by, except } : undefined;
};

/** A rule that wants all of several phrases is looked for by the first of them. */
const wanted = ({ any, all }: Phrases): readonly number[] | undefined => any ?? (all.length > 0 ? all.slice(0, 1) : undefined);

const NONE: readonly never[] = [];

/**
 * A bit per rule and a table per dimension: of 2,000 rules some 60 words are and-ed per dimension, and a rule is looked at only where a phrase of it was
 * found and nothing else speaks against it.
 */
export const indexRules = (clauses: readonly Clause[]): RuleIndex => {
  const axes = DIMENSIONS.flatMap((dimension) => {
    const axis = axisOf(
      clauses.map(({ ranges }) => ({ wants: ranges[dimension]?.only, refuses: ranges[dimension]?.except ?? (NONE as readonly string[]) })),
    );
    return axis === undefined ? [] : [{ dimension, axis }];
  });
  const words = axisOf<number>(clauses.map((clause) => ({ wants: wanted(clause.words), refuses: clause.words.none })));
  const title = axisOf<number>(clauses.map((clause) => ({ wants: wanted(clause.title), refuses: clause.title.none })));

  const hours = axisOf<number>(clauses.map(({ week }) => ({ wants: week === undefined ? undefined : hoursOf(week), refuses: NONE })));

  const size = (clauses.length + 31) >>> 5;
  const left = new Uint32Array(size);
  const accepted = new Uint32Array(size);
  const narrow = <Key>({ open, by, except }: Axis<Key>, keys: readonly Key[]): void => {
    accepted.set(open);
    for (const key of keys) for (const rule of by.get(key) ?? NONE) set(accepted, rule);
    for (let at = 0; at < size; at++) left[at] = (left[at] as number) & (accepted[at] as number);
    if (except.size > 0) for (const key of keys) for (const rule of except.get(key) ?? NONE) clear(left, rule);
  };

  return {
    candidates: (keys, found, minute) => {
      left.fill(0xffff_ffff);
      for (const { dimension, axis } of axes) narrow(axis, keys[dimension]);
      if (hours !== undefined) narrow(hours, [hourOf(minute)]);
      if (words !== undefined) narrow(words, found.ids);
      if (title !== undefined)
        narrow(
          title,
          found.ids.filter((id) => ((found.where[id] as number) & IN_TITLE) !== 0),
        );
      const positions: number[] = [];
      for (let at = 0; at < size; at++) {
        for (let bits = left[at] as number; bits !== 0; bits &= bits - 1) {
          const rule = at * 32 + (31 - Math.clz32(bits & -bits));
          if (rule < clauses.length) positions.push(rule);
        }
      }
      return positions;
    },
  };
};
