import { contains, withSubordinates } from '../routing/directory.js';
import type { Clause } from './clause.js';
import { DIMENSIONS, forceOf, type Rule, type RuleWords, type RuleWorld } from './document.js';
import { CONDITION_WORDS, type Placed, type Report } from './problems.js';
import type { Relations } from './relate.js';
import type { Vocabulary } from './vocabulary.js';
import { isEmptyWindow } from './week.js';

export interface CheckParts {
  readonly relations: Relations;
  readonly vocabulary: Vocabulary;
  readonly world: RuleWorld;
}

/**
 * What is wrong with each rule by itself: it asks for nothing or for what can't be, it gives nothing or to whom it can't.
 * @returns which rules can apply at all
 */
export const checkConditions = (
  placed: readonly Placed[],
  clauses: readonly Clause[],
  { relations, vocabulary, world }: CheckParts,
  report: Report,
): readonly boolean[] => {
  const referred = new Set(placed.flatMap(({ rule }) => rule.unless ?? []));
  return placed.map((each, at) => {
    const { rule } = each;
    const clause = clauses[at] as Clause;
    if (!asksAnything(rule))
      report(each, '/when', 'no-condition', 'asks for nothing: it would apply to every appeal', '没有任何条件，将适用于所有诉求');
    if (!givesAnything(rule) && rule.stop !== true && !referred.has(rule.id))
      report(
        each,
        '/then',
        'no-effect',
        'has no effect, does not stop, and no rule refers to it',
        '没有任何效果，不终止，也未被其他规则引用',
      );
    const dated = checkDates(each, report);
    checkTime(each, report);
    checkPhrases(each, vocabulary, report);
    checkUnits(each, clause, world, report);
    const conflicts = relations.conflicts(clause).filter((conflict) => dated || conflict !== 'force');
    for (const conflict of conflicts) {
      const { zh, en } = CONDITION_WORDS[conflict];
      const path = conflict === 'force' ? '/until' : `/when/${conflict}`;
      report(each, path, 'unreachable', `can never apply: what it asks of ${en} can’t be`, `永远不会适用：对${zh}的要求不可能成立`);
    }
    return dated && conflicts.length === 0;
  });
};

const asksAnything = ({ when }: Rule): boolean =>
  DIMENSIONS.some((dimension) => when[dimension] !== undefined || when.not?.[dimension] !== undefined) ||
  when.time !== undefined ||
  when.not?.time !== undefined ||
  [when.words, when.title].some((words) => words?.any !== undefined || words?.all !== undefined || words?.none !== undefined);

const givesAnything = ({ then }: Rule): boolean => Object.values(then).some((effect) => effect !== undefined);

const checkDates = (each: Placed, report: Report): boolean => {
  const [first, end] = forceOf(each.rule);
  const wrong = [
    ['from', first],
    ['until', end],
  ] as const;
  for (const [field, at] of wrong) {
    if (Number.isNaN(at))
      report(each, `/${field}`, 'no-such-date', `the calendar has no ${each.rule[field] ?? ''}`, `没有 ${each.rule[field] ?? ''} 这一天`);
  }
  return !Number.isNaN(first) && !Number.isNaN(end);
};

const checkTime = (each: Placed, report: Report): void => {
  const { time, not } = each.rule.when;
  for (const [path, windows] of [
    ['/when/time', time],
    ['/when/not/time', not?.time],
  ] as const) {
    windows?.forEach((window, at) => {
      if (isEmptyWindow(window))
        report(
          each,
          `${path}/${at}`,
          'empty-window',
          'ends when it begins; the whole day is 00:00 to 24:00',
          '起止时刻相同；全天请写 00:00 至 24:00',
        );
    });
  }
};

/** A phrase of `any` with one of `none` inside it can't count: where it occurs, the rule doesn't apply. */
const checkPhrases = (each: Placed, vocabulary: Vocabulary, report: Report): void => {
  const { words, title } = each.rule.when;
  const dead = (path: string, { any }: RuleWords, none: readonly string[]): void =>
    any?.forEach((phrase, at) => {
      const outer = vocabulary.idOf(phrase);
      const inner = none.find((other) => {
        const id = vocabulary.idOf(other);
        return outer !== undefined && id !== undefined && vocabulary.contains(outer, id);
      });
      if (inner !== undefined)
        report(
          each,
          `${path}/any/${at}`,
          'dead-phrase',
          `“${phrase}” can’t count: none may have “${inner}”`,
          `“${phrase}”不起作用：不得出现“${inner}”`,
        );
    });
  if (words !== undefined) dead('/when/words', words, words.none ?? []);
  if (title !== undefined) dead('/when/title', title, [...(title.none ?? []), ...(words?.none ?? [])]);
};

const checkUnits = (each: Placed, clause: Clause, { directory }: RuleWorld, report: Report): void => {
  const { then, when } = each.rule;
  const about = new Set((when.reported ?? []).flatMap((unit) => withSubordinates(directory, unit)));
  const seen = new Set<string>();
  for (const [path, code] of [
    ...(then.lead === undefined ? [] : [['/then/lead', then.lead] as const]),
    ...(then.coHandlers ?? []).map((code, at) => [`/then/coHandlers/${at}`, code] as const),
    ...(then.copies ?? []).map((code, at) => [`/then/copies/${at}`, code] as const),
  ]) {
    if (seen.has(code)) report(each, path, 'unit-twice', `${code} has a part in it already`, `${code} 已在本规则中`);
    seen.add(code);
    if (about.has(code)) report(each, path, 'unit-is-reported', `${code} would get what is said about it`, `${code} 系被反映对象或其下属`);
  }
  const lead = then.lead === undefined ? undefined : directory.units.get(then.lead);
  const areas = clause.ranges.area?.live ?? [];
  if (lead === undefined || areas.length === 0) return;
  if (!areas.some((area) => lead.areas.some((own) => contains(own, area) || contains(area, own))))
    report(each, '/then/lead', 'lead-outside-area', `${lead.name} is there for none of these areas`, `${lead.name}的辖区不含所列区划`);
};
