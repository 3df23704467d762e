import type { Reason, RuledOutReason } from '@paidan/contracts';
import { exclusionsOf, lineOf, MATTERS_CONSIDERED, standingsOf, wordsReason, type Exclusions, type Standing } from './candidates.js';
import type { Appeal, Guides, RoutingPolicy } from './decision.js';
import type { Area, Directory } from './directory.js';
import { scoreMatters, type ScoredMatter } from './matter-scores.js';
import { namedUnits, type NamedUnits } from './named-units.js';
import { askRules, type RuleGuidance } from './rule-guidance.js';
import type { TopicView } from './topics.js';
import { sureArea, where } from '../where/where.js';

/** What an appeal says once everything was asked about it; the decision is drawn from this. */
export interface Reading {
  readonly directory: Directory;
  readonly at: number;
  readonly policy: RoutingPolicy;
  readonly named: NamedUnits;
  readonly area: Area | undefined;
  readonly exclusions: Exclusions;
  readonly guidance: RuleGuidance;
  /** The matters by words, model and rules, best first. */
  readonly ranked: readonly ScoredMatter[];
  /** The best of them, where it is more than chance. */
  readonly likely: ScoredMatter | undefined;
  /** Who stands in line for each of the first ones. */
  readonly lines: readonly (readonly (Standing | undefined)[])[];
  /** Every unit in a line, the barred ones, too. */
  readonly standings: readonly Standing[];
  /** Those that may have it. Asked for only where nobody was named, because whom it passes over is told. */
  admitted(): readonly Standing[];
  readonly topic: TopicView | undefined;
  topicReasons(): readonly Reason[];
  because(scored: ScoredMatter): Reason;
  /** Where it is, whom it is about, which rules apply. */
  readonly context: readonly Reason[];
}

export const readAppeal = (
  { directory, rules, topics }: Guides,
  appeal: Appeal,
  at: number,
  excluded: ReadonlyMap<string, RuledOutReason>,
  policy: RoutingPolicy,
): Reading => {
  const [titleMatters = [], titleUnits = [], titleAreas = []] = directory.matcher.scan(appeal.title);
  const [textMatters = [], , textAreas = []] = directory.matcher.scan(appeal.text);
  const named = namedUnits(directory, appeal.appealType, appeal.title, titleUnits, titleAreas);
  const located = where(directory, appeal.place, { title: titleAreas, text: textAreas });
  const area = sureArea(located, policy.minCertainty);
  const reported = [...(appeal.reportedUnits ?? []), ...named.accused.keys()];
  const exclusions = exclusionsOf(directory, excluded, reported, area, at);
  const byWords = scoreMatters(directory, titleMatters, textMatters);
  const topic = topics?.(appeal.title, appeal.text, byWords);
  const known = topic?.ranked ?? byWords;
  const likelyOf = ([first]: readonly ScoredMatter[]) => (first !== undefined && first.score >= policy.minScore ? first : undefined);
  const facts = { ...appeal, matter: likelyOf(known)?.matter.code, area, reported, now: at };
  const guidance = askRules(rules, facts, directory, exclusions, known, policy.ofRule);
  const { ranked } = guidance;
  const lines = ranked.slice(0, MATTERS_CONSIDERED).map((scored) => lineOf(directory, scored, area, ranked, at));
  const standings = standingsOf(lines);
  let admitted: readonly Standing[] | undefined;
  let topicReasons: readonly Reason[] | undefined;
  return {
    ...{ directory, at, policy, named, area, exclusions, guidance, ranked, lines, standings, topic },
    likely: likelyOf(ranked),
    admitted: () => (admitted ??= standings.filter(({ unit }) => exclusions.admits(unit))),
    topicReasons: () => (topicReasons ??= topic === undefined ? [] : [topic.reason()]),
    because: (scored) => wordsReason(directory, scored, titleMatters, textMatters),
    context: [
      ...(located?.reasons ?? []),
      ...[...named.accused].map(([unit, name]): Reason => ({ code: 'appeal-type', unit, words: [name] })),
      ...guidance.reasons,
    ],
  };
};
