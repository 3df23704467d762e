import { spelled } from '../routing/phrases.js';
import type { RuleSet, RuleWords } from './document.js';

/**
 * The phrases of a set of rules, each spelling once. The matcher tells only the longest of phrases that lie inside each other, because that is what
 * words of matters want; for rules 施工 occurs in 夜间施工 whoever else looks for the longer one, so each phrase knows those inside it.
 */
export interface Vocabulary {
  /** By phrase id, as first written: a family for the matcher. */
  readonly phrases: readonly string[];
  /** By phrase id, the ids of the phrases inside it, its own first. */
  readonly inside: readonly (readonly number[])[];
  idOf(phrase: string): number | undefined;
  /** Whether `inner` occurs wherever `outer` does. */
  contains(outer: number, inner: number): boolean;
}

const phrasesOf = (words: RuleWords | undefined): readonly string[] => [
  ...(words?.any ?? []),
  ...(words?.all ?? []),
  ...(words?.none ?? []),
];

export const vocabularyOf = ({ rules }: RuleSet): Vocabulary => {
  const ids = new Map<string, number>();
  const phrases: string[] = [];
  let longest = 0;
  for (const { when } of rules) {
    for (const phrase of [...phrasesOf(when.words), ...phrasesOf(when.title)]) {
      const spelling = spelled(phrase);
      if (spelling === '' || ids.has(spelling)) continue;
      ids.set(spelling, phrases.push(phrase) - 1);
      longest = Math.max(longest, spelling.length);
    }
  }
  const inside = [...ids].map(([spelling, id]) => {
    const found = new Set([id]);
    for (let start = 0; start < spelling.length; start++) {
      for (let end = start + 1; end <= spelling.length; end++) {
        const inner = ids.get(spelling.slice(start, end));
        if (inner !== undefined) found.add(inner);
      }
    }
    return [...found];
  });
  const sets = inside.map((found) => (found.length === 1 ? undefined : new Set(found)));
  return {
    phrases,
    inside,
    idOf: (phrase) => ids.get(spelled(phrase)),
    contains: (outer, inner) => outer === inner || sets[outer]?.has(inner) === true,
  };
};
