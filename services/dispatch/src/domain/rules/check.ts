import { RuleSetV1, validateShape, type FieldError } from '@paidan/contracts';
import { checkOrder } from './check-order.js';
import { checkReferences } from './check-references.js';
import { checkConditions } from './check-conditions.js';
import { clauseOf, upwardsIn } from './clause.js';
import type { RuleSet, RuleWorld } from './document.js';
import { reporter, type RuleProblem } from './problems.js';
import { relationsIn } from './relate.js';
import { vocabularyOf } from './vocabulary.js';

/** Phrases of one set: they are looked for together, and each knows which others lie inside it. */
export const MAX_PHRASES = 10_000;

/** Characters times different characters of all phrases: what the matcher can tell apart is four times that, and the directory's phrases want room, too. */
const MAX_SPACE = 2 ** 29;
const spaceOf = (phrases: readonly string[]): number => {
  const characters = phrases.join('');
  return characters.length * new Set(characters).size;
};

export interface CheckedRules {
  /** There when the shape is right, whatever else is wrong. */
  readonly document?: RuleSet;
  /** In the order of the document. */
  readonly problems: readonly RuleProblem[];
}

/**
 * Everything that is wrong with a document, whatever it is: a set with no problem means what it seems to mean, under this directory and now. Rules are
 * compared pair by pair; of several reasons of one kind against a rule, the first is told.
 * @param now epoch ms
 */
export const checkRules = (json: unknown, world: RuleWorld, now: number): CheckedRules => {
  const shaped = validateShape(RuleSetV1, json);
  if (!shaped.ok) return { problems: shaped.errors.map((error) => withRule(error, json)) };
  const document = shaped.value;
  const problems: RuleProblem[] = [];
  const report = reporter(problems);
  const placed = document.rules.map((rule, at) => ({ rule, at }));

  const phrases = document.rules.reduce((sum, { when }) => sum + [when.words, when.title].reduce((of, words) => of + countOf(words), 0), 0);
  if (phrases > MAX_PHRASES) {
    const [detail, detailZh] = [`${phrases} phrases; at most ${MAX_PHRASES}`, `词语共 ${phrases} 个，最多 ${MAX_PHRASES} 个`];
    return { document, problems: [{ pointer: '/rules', code: 'too-many-phrases', detail, detailZh }] };
  }
  const vocabulary = vocabularyOf(document);
  const space = spaceOf(vocabulary.phrases);
  if (space > MAX_SPACE) {
    const [detail, detailZh] = ['too many long phrases of too many different characters', '词语过多、过长且用字过杂'];
    return { document, problems: [{ pointer: '/rules', code: 'too-many-phrases', detail, detailZh }] };
  }
  checkReferences(placed, world, now, report);
  const upwards = upwardsIn(world);
  const relations = relationsIn(upwards, vocabulary);
  const clauses = document.rules.map((rule) => clauseOf(rule, vocabulary, upwards, world));
  const possible = checkConditions(placed, clauses, { relations, vocabulary, world }, report);
  checkOrder(placed, clauses, possible, relations, world.directory, report);
  const place = ({ pointer }: RuleProblem): number => Number(pointer.split('/')[2]);
  return { document, problems: problems.sort((a, b) => place(a) - place(b)) };
};

const countOf = (words: RuleSet['rules'][number]['when']['words']): number =>
  (words?.any?.length ?? 0) + (words?.all?.length ?? 0) + (words?.none?.length ?? 0);

/** A field of the wrong shape lies in a rule whose id may be readable all the same. */
const withRule = (error: FieldError, json: unknown): RuleProblem => {
  const [, list, at] = error.pointer.split('/');
  if (list !== 'rules' || at === undefined) return error;
  const rules: unknown = (json as { rules?: unknown }).rules;
  const rule: unknown = Array.isArray(rules) ? rules[Number(at)] : undefined;
  const id: unknown = typeof rule === 'object' && rule !== null ? (rule as { id?: unknown }).id : undefined;
  return typeof id === 'string' && id.length <= 64 ? { rule: id, ...error } : error;
};
