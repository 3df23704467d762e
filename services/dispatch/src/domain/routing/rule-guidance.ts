import type { Reason, Urgency } from '@paidan/contracts';
import type { CompiledRules } from '../rules/compile.js';
import { evaluateRules, type AppliedRule } from '../rules/evaluate.js';
import type { RuleFacts } from '../rules/facts.js';
import type { Exclusions } from './candidates.js';
import type { Directory, Unit } from './directory.js';
import type { ScoredMatter } from './matter-scores.js';

/** What the published rules say of one appeal, in the terms of routing. */
export interface RuleGuidance {
  readonly lead?: Unit;
  readonly coHandlers: readonly string[];
  readonly copies: readonly string[];
  readonly urgency?: Urgency;
  /** A person decides, whatever else speaks for a unit. */
  readonly holds: boolean;
  /** One per rule that gave something: what it is called, and the appeal's words that it asked for. */
  readonly reasons: readonly Reason[];
  /** The matters once the rules have said which it is. */
  readonly ranked: readonly ScoredMatter[];
}

const MOST_WORDS = 20;

/** A rule that names a unit knows of no areas: the unit is there for the whole of what it names. */
export const askRules = (
  rules: CompiledRules | undefined,
  facts: RuleFacts,
  directory: Directory,
  exclusions: Exclusions,
  ranked: readonly ScoredMatter[],
  /** Score of a matter that a rule says; nobody doubts it. */
  certain: number,
): RuleGuidance => {
  if (rules === undefined) return { coHandlers: [], copies: [], holds: false, reasons: [], ranked };
  const refusal = (unit: Unit) => (exclusions.admits(unit, true) ? undefined : exclusions.reasonFor(unit));
  const { applied, effects } = evaluateRules(rules, facts, { refusal });
  const lead = effects.lead === undefined ? undefined : directory.units.get(effects.lead.unit);
  const matter = effects.matter === undefined ? undefined : directory.matterByCode.get(effects.matter.code);
  return {
    ...(lead === undefined ? {} : { lead }),
    coHandlers: effects.coHandlers.map(({ unit }) => unit),
    copies: effects.copies.map(({ unit }) => unit),
    ...(effects.urgency === undefined ? {} : { urgency: effects.urgency.to }),
    holds: effects.holds.length > 0,
    reasons: applied.filter(({ effects: given }) => given.some(({ passedOver }) => passedOver === undefined)).map(ruleReason),
    ranked:
      matter === undefined
        ? ranked
        : [{ matter, score: Math.max(certain, ranked[0]?.score ?? 0) }, ...ranked.filter((other) => other.matter !== matter)],
  };
};

/** What the rule would tell a dispatcher who is to look stands in its hold. */
const ruleReason = ({ id, title, matched, effects }: AppliedRule): Reason => {
  const words = matched.flatMap(({ condition, values }) => (condition === 'words' || condition === 'title' ? values : []));
  const lead = effects.find(({ effect, passedOver }) => effect.kind === 'lead' && passedOver === undefined)?.effect;
  const hold = effects.find(({ effect, passedOver }) => effect.kind === 'hold' && passedOver === undefined)?.effect;
  const told = hold?.kind === 'hold' ? { zh: `${title.zh}：${hold.zh}`, en: `${title.en}: ${hold.en}` } : { zh: title.zh, en: title.en };
  return {
    code: 'rule',
    rule: id,
    title: told,
    ...(lead?.kind === 'lead' ? { unit: lead.unit } : {}),
    ...(words.length === 0 ? {} : { words: [...new Set(words)].slice(0, MOST_WORDS) }),
  };
};
