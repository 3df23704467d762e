import type { RuledOutReason } from '@paidan/contracts';
import type { Unit } from '../routing/directory.js';
import { combine, type CombinedEffects, type Given } from './combine.js';
import type { CompiledRule, CompiledRules } from './compile.js';
import { DIMENSIONS, type Dimension } from './document.js';
import { factKeys, findPhrases, type PhraseHits, type RuleFacts } from './facts.js';
import { IN_TITLE, type FactKeys, type FoundPhrases } from './rule-index.js';
import { holds, minuteOfWeek } from './week.js';

/** What of the appeal met one condition of a rule: the rule's own values that did, phrases as the rule writes them. */
export interface Matched {
  readonly condition: Dimension | 'words' | 'title' | 'time';
  readonly values: readonly string[];
}

export interface AppliedRule {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly priority: number;
  /** One entry per condition that asks for something; none for what is merely absent. */
  readonly matched: readonly Matched[];
  /** Each effect of the rule: what it gave, or why it didn't. */
  readonly effects: readonly Given[];
}

export interface RulesOutcome {
  /** In the order in which they were asked. */
  readonly applied: readonly AppliedRule[];
  readonly effects: CombinedEffects;
  /** The rules after which no later priority was asked. */
  readonly stoppedBy: readonly string[];
}

export interface EvaluateOptions {
  /** Why a unit may not have this appeal (it returned it, it is the reported party …): an effect with such a unit is passed over. */
  readonly refusal?: ((unit: Unit) => RuledOutReason | undefined) | undefined;
  readonly hits?: PhraseHits | undefined;
}

/** Asks every rule about the appeal as it came: what one rule sets is no fact for another. */
export const evaluateRules = (compiled: CompiledRules, facts: RuleFacts, { refusal, hits }: EvaluateOptions = {}): RulesOutcome => {
  const keys = factKeys(compiled, facts);
  const found = findPhrases(compiled, facts, hits);
  const minute = minuteOfWeek(facts.receivedAt);
  const applied: CompiledRule[] = [];
  const positions = new Set<number>();
  let last = Infinity;
  for (const position of compiled.index.candidates(keys, found, minute)) {
    const candidate = compiled.rules[position] as CompiledRule;
    // The whole priority still counts: what is said of two rules of one priority must not hang on which was written first.
    if (candidate.rule.priority > last) break;
    if (!meets(candidate, found, minute, facts.now) || candidate.unless.some((other) => positions.has(other))) continue;
    positions.add(position);
    applied.push(candidate);
    if (candidate.rule.stop === true) last = candidate.rule.priority;
  }
  const { effects, given } = combine(
    compiled.world.directory,
    applied.map(({ rule }) => rule),
    facts,
    refusal ?? (() => undefined),
  );
  return {
    applied: applied.map((one, at): AppliedRule => ({
      id: one.rule.id,
      title: one.rule.title,
      priority: one.rule.priority,
      matched: matchedBy(one, keys, found, compiled.vocabulary.phrases),
      effects: given[at] ?? [],
    })),
    effects,
    stoppedBy: applied.filter(({ rule }) => rule.stop === true).map(({ rule }) => rule.id),
  };
};

/** What the index leaves to be tested. */
const meets = ({ clause: { words, title, week, force } }: CompiledRule, { where }: FoundPhrases, minute: number, now: number): boolean =>
  force[0] <= now &&
  now < force[1] &&
  (week === undefined || holds(week, minute)) &&
  words.all.every((id) => where[id] !== 0) &&
  title.all.every((id) => ((where[id] as number) & IN_TITLE) !== 0);

const matchedBy = (
  { rule, clause }: CompiledRule,
  keys: FactKeys,
  { where }: FoundPhrases,
  phrases: readonly string[],
): readonly Matched[] => {
  const matched: Matched[] = [];
  for (const dimension of DIMENSIONS) {
    const range = clause.ranges[dimension];
    if (range?.only === undefined) continue;
    matched.push({ condition: dimension, values: [...range.only].filter((key) => keys[dimension].includes(key)) });
  }
  for (const [condition, ids, bits] of [
    ['words', [...(clause.words.any ?? []), ...clause.words.all], 0xff],
    ['title', [...(clause.title.any ?? []), ...clause.title.all], IN_TITLE],
  ] as const) {
    const values = ids.filter((id) => ((where[id] as number) & bits) !== 0).map((id) => phrases[id] as string);
    if (values.length > 0) matched.push({ condition, values: [...new Set(values)] });
  }
  const { time } = rule.when;
  if (time !== undefined)
    matched.push({
      condition: 'time',
      values: time.map(({ days, from, to }) => `${from}–${to}${days === undefined ? '' : ` ${days.join(' ')}`}`),
    });
  return matched;
};
