import type { Directory, Matter } from './directory.js';
import type { Hit } from './phrases.js';

export interface ScoredMatter {
  readonly matter: Matter;
  readonly score: number;
}

/** Settings of the word count, chosen on half of 3,110 labelled messages, checked on the other half. */
export interface ScoringPolicy {
  readonly strong: number;
  readonly weak: number;
  /** How much more a phrase of four or more characters weighs: 学校门口 is about a gate, 学校 is about anything. */
  readonly long: number;
  /** How much more a phrase of the title weighs: the title is what the citizen himself took to be the point. */
  readonly title: number;
  /** What each repetition in the text adds, and how many of them count: a long complaint repeats its subject, a rant repeats everything. */
  readonly repeat: number;
  readonly repeats: number;
  /** The part of the other matters' scores of the same level 1 that a matter is given: words of a school speak for all matters of schools. */
  readonly kinship: number;
}

export const SCORING: ScoringPolicy = { strong: 3, weak: 1, long: 1.5, title: 3, repeat: 0.4, repeats: 3, kinship: 0.15 };

const LONG = 4;

/** Counts the catalogue's words. Best first; a tie goes to the lower code, so that the same text always gives the same answer. */
export const scoreMatters = (
  directory: Directory,
  titleHits: readonly Hit[],
  textHits: readonly Hit[],
  policy: ScoringPolicy = SCORING,
): readonly ScoredMatter[] => {
  const own = new Float64Array(directory.matters.length);
  const count = (phrase: number, times: number): void => {
    const weight = (directory.phrases[phrase] as string).length >= LONG ? times * policy.long : times;
    for (const { matter, strong } of directory.bearings[phrase] ?? []) {
      own[matter] = (own[matter] as number) + weight * (strong ? policy.strong : policy.weak);
    }
  };
  for (const phrase of new Set(titleHits.map((hit) => hit.phrase))) count(phrase, policy.title);
  const counts = new Map<number, number>();
  for (const { phrase } of textHits) counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
  for (const [phrase, times] of counts) count(phrase, 1 + policy.repeat * Math.min(times - 1, policy.repeats));

  const byTopic = new Map<string, number>();
  const scored: { matter: Matter; own: number }[] = [];
  own.forEach((score, index) => {
    const matter = directory.matters[index];
    if (score === 0 || matter === undefined) return;
    scored.push({ matter, own: score });
    byTopic.set(matter.topic, (byTopic.get(matter.topic) ?? 0) + score);
  });
  return scored
    .map(({ matter, own: score }) => ({ matter, score: score + policy.kinship * ((byTopic.get(matter.topic) ?? score) - score) }))
    .sort((a, b) => b.score - a.score || (a.matter.code < b.matter.code ? -1 : 1));
};

/** The phrases that spoke for a matter, strong ones and the title's first; they are the catalogue's own words. */
export const wordsFor = (directory: Directory, matter: Matter, titleHits: readonly Hit[], textHits: readonly Hit[]): readonly string[] => {
  const strong = new Set<string>();
  const weak = new Set<string>();
  for (const { phrase } of [...titleHits, ...textHits]) {
    for (const bearing of directory.bearings[phrase] ?? []) {
      if (directory.matters[bearing.matter] === matter) (bearing.strong ? strong : weak).add(directory.phrases[phrase] ?? '');
    }
  }
  return [...strong, ...weak].slice(0, 10);
};
