import type { Clause, Phrases, Range, Upwards } from './clause.js';
import type { Dimension } from './document.js';
import type { Vocabulary } from './vocabulary.js';
import { ALL_WEEK, isWithin, meet } from './week.js';

/** How clauses lie to each other. Both answers are true when given and may be missed: what they say is told to people as a mistake of theirs. */
export interface Relations {
  /** Whenever `inner` holds, `outer` does. */
  implies(inner: Clause, outer: Clause): boolean;
  /** The two never hold together; of a clause and itself: it never holds. */
  disjoint(a: Clause, b: Clause): boolean;
  /** Why a clause never holds, along the dimensions that say so. */
  conflicts(clause: Clause): readonly Conflict[];
}
export type Conflict = Dimension | 'words' | 'title' | 'time' | 'force';

export const relationsIn = (upwards: Upwards, vocabulary: Vocabulary): Relations => {
  const { contains } = vocabulary;
  const under = (dimension: Dimension, key: string, set: ReadonlySet<string>): boolean =>
    set.size > 0 && upwards(dimension, key).some((above) => set.has(above));
  const nested = (dimension: Dimension, a: string, b: string): boolean =>
    upwards(dimension, a).includes(b) || upwards(dimension, b).includes(a);

  const rangeImplies = (dimension: Dimension, inner: Range | undefined, outer: Range): boolean => {
    const { only, except } = outer;
    if (only !== undefined && (inner?.only === undefined || !inner.live.every((key) => under(dimension, key, only)))) return false;
    return [...except].every((out) => {
      if (inner === undefined) return false;
      if (under(dimension, out, inner.except)) return true;
      // An appeal is about several units at once: that it is about this one doesn't say that it isn't about that one.
      return dimension !== 'reported' && inner.only !== undefined && !inner.live.some((key) => nested(dimension, key, out));
    });
  };

  const rangesDisjoint = (dimension: Dimension, a: Range, b: Range): boolean => {
    const outside = (some: Range, other: Range): boolean =>
      some.only !== undefined && some.live.every((key) => under(dimension, key, other.except));
    if (outside(a, b) || outside(b, a)) return true;
    if (dimension === 'reported' || a.only === undefined || b.only === undefined) return false;
    return !a.live.some((key) => b.live.some((other) => nested(dimension, key, other)));
  };

  /** Whether each of `phrases` has one of `within` inside it. */
  const everyHas = (phrases: readonly number[] | undefined, within: readonly number[]): boolean =>
    phrases !== undefined && phrases.every((phrase) => within.some((inner) => contains(phrase, inner)));
  /** Whether an appeal for which these phrases were found has one of `wanted`. */
  const assures = (found: Phrases, wanted: readonly number[]): boolean =>
    found.all.some((phrase) => wanted.some((inner) => contains(phrase, inner))) || everyHas(found.any, wanted);
  const rulesOut = (none: readonly number[], phrase: number): boolean => none.some((out) => contains(phrase, out));

  const wordsImply = (inner: Clause, outer: Clause): boolean => {
    const anywhere = (wanted: readonly number[]): boolean => assures(inner.words, wanted) || assures(inner.title, wanted);
    const inTitle = (wanted: readonly number[]): boolean => assures(inner.title, wanted);
    return (
      (outer.words.any === undefined || anywhere(outer.words.any)) &&
      outer.words.all.every((phrase) => anywhere([phrase])) &&
      outer.words.none.every((phrase) => rulesOut(inner.words.none, phrase)) &&
      (outer.title.any === undefined || inTitle(outer.title.any)) &&
      outer.title.all.every((phrase) => inTitle([phrase])) &&
      outer.title.none.every((phrase) => rulesOut(inner.title.none, phrase) || rulesOut(inner.words.none, phrase))
    );
  };

  /** What is asked for in the title is forbidden in the title or anywhere; what is asked for anywhere, anywhere. */
  const titleClash = (a: Clause, b: Clause): boolean => assures(a.title, b.title.none) || assures(a.title, b.words.none);
  const wordsClash = (a: Clause, b: Clause): boolean => assures(a.words, b.words.none);

  const conflicts = (clause: Clause): readonly Conflict[] => [
    ...clause.asked.filter((dimension) => {
      const range = clause.ranges[dimension];
      return range?.only !== undefined && range.live.length === 0;
    }),
    ...(wordsClash(clause, clause) ? (['words'] as const) : []),
    ...(titleClash(clause, clause) ? (['title'] as const) : []),
    ...(clause.week?.length === 0 ? (['time'] as const) : []),
    ...(clause.force[0] < clause.force[1] ? [] : (['force'] as const)),
  ];

  return {
    conflicts,
    implies: (inner, outer) => {
      for (const dimension of outer.asked)
        if (!rangeImplies(dimension, inner.ranges[dimension], outer.ranges[dimension] as Range)) return false;
      return (
        outer.force[0] <= inner.force[0] &&
        inner.force[1] <= outer.force[1] &&
        (outer.week === undefined || isWithin(inner.week ?? ALL_WEEK, outer.week)) &&
        wordsImply(inner, outer)
      );
    },
    disjoint: (a, b) => {
      if (!(Math.max(a.force[0], b.force[0]) < Math.min(a.force[1], b.force[1]))) return true;
      for (const dimension of a.asked) {
        const [one, other] = [a.ranges[dimension], b.ranges[dimension]];
        if (one !== undefined && other !== undefined && rangesDisjoint(dimension, one, other)) return true;
      }
      if (a.week !== undefined && b.week !== undefined && !meet(a.week, b.week)) return true;
      return titleClash(a, b) || titleClash(b, a) || wordsClash(a, b) || wordsClash(b, a);
    },
  };
};
