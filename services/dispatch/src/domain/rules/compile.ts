import type { RuleSetV1 } from '@paidan/contracts';
import { buildMatcher, type PhraseMatcher } from '../routing/phrases.js';
import { clauseOf, upwardsIn, type Clause, type Upwards } from './clause.js';
import { inOrder, type Rule, type RuleWorld } from './document.js';
import { indexRules, type RuleIndex } from './rule-index.js';
import { vocabularyOf, type Vocabulary } from './vocabulary.js';

export interface CompiledRule {
  readonly rule: Rule;
  readonly clause: Clause;
  /** Positions of the rules of `unless`; all of them come earlier. */
  readonly unless: readonly number[];
}

/** A set of rules ready to be asked; built once for a version of the rules and one of the directory, never changed. */
export interface CompiledRules {
  readonly name: string;
  /** In the order in which they are asked. */
  readonly rules: readonly CompiledRule[];
  readonly world: RuleWorld;
  readonly upwards: Upwards;
  readonly vocabulary: Vocabulary;
  /** Of the rules' phrases alone. Where another pass over the text takes place anyway, give it `vocabulary.phrases` as one more family. */
  readonly matcher: PhraseMatcher;
  readonly index: RuleIndex;
}

/**
 * Takes any document of the right shape, also one that `checkRules` would refuse: a set in force stays so when the directory loses a unit that it
 * names. What is gone is passed over by `evaluateRules`, which says so.
 */
export const compileRules = (document: RuleSetV1, world: RuleWorld): CompiledRules => {
  const vocabulary = vocabularyOf(document);
  const upwards = upwardsIn(world);
  const ordered = inOrder(document.rules);
  const positions = new Map(ordered.map(({ id }, position) => [id, position]));
  const rules = ordered.map((rule, position): CompiledRule => ({
    rule,
    clause: clauseOf(rule, vocabulary, upwards, world),
    unless: (rule.unless ?? []).map((id) => positions.get(id)).filter((at) => at !== undefined && at < position) as number[],
  }));
  return {
    name: document.name,
    rules,
    world,
    upwards,
    vocabulary,
    matcher: buildMatcher([vocabulary.phrases]),
    index: indexRules(rules.map(({ clause }) => clause)),
  };
};
