import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import type { RuleSetV1 } from '@paidan/contracts';
import { checkRules } from './check.js';
import { compileRules } from './compile.js';
import type { Rule } from './document.js';
import { evaluateRules, type RulesOutcome } from './evaluate.js';
import type { RuleFacts } from './facts.js';
import { appeals, appliedBy, DIRECTORY, NOW, ruleSets, WORLD } from './rules.kit.js';

/** Compiling takes a millisecond, whatever the set: it is done once for all appeals. */
const outcomes = (document: RuleSetV1, facts: readonly RuleFacts[]): readonly RulesOutcome[] => {
  const compiled = compileRules(document, WORLD);
  return facts.map((each) => evaluateRules(compiled, each));
};

/** What follows, whoever said it and in whatever order. */
const follows = ({ effects }: RulesOutcome) => ({
  lead: effects.lead?.unit,
  direct: effects.lead?.direct,
  matter: effects.matter?.code,
  urgency: effects.urgency?.to,
  coHandlers: effects.coHandlers.map(({ unit }) => unit).sort(),
  copies: effects.copies.map(({ unit }) => unit).sort(),
  holds: effects.holds.map(({ zh }) => zh).sort(),
});
const without = (document: RuleSetV1, id: string): RuleSetV1 => ({ ...document, rules: document.rules.filter((rule) => rule.id !== id) });
const many = fc.array(appeals, { minLength: 10, maxLength: 20 });

describe('rules, whatever they are', () => {
  it('apply as the document reads', () => {
    let applied = 0;
    fc.assert(
      fc.property(ruleSets, many, (document, facts) => {
        const ids = outcomes(document, facts).map((outcome) => outcome.applied.map(({ id }) => id));
        expect(ids).toEqual(facts.map((each) => appliedBy(document, each)));
        applied += ids.flat().length;
      }),
      runs(200),
    );
    expect(applied).toBeGreaterThan(1_000);
  });

  it('give only what they say, to units that are there', () => {
    fc.assert(
      fc.property(ruleSets, many, (document, facts) => {
        for (const { applied, effects } of outcomes(document, facts)) {
          const units = [effects.lead, ...effects.coHandlers, ...effects.copies].flatMap((given) =>
            given === undefined ? [] : [given.unit],
          );
          expect(new Set(units).size).toBe(units.length);
          for (const unit of units) expect(DIRECTORY.units.get(unit)?.active).toBe(true);
          for (const { id, matched } of applied) {
            const when: Rule['when'] = document.rules.find((rule) => rule.id === id)?.when ?? {};
            const asked = Object.entries(when).flatMap(([field, value]: [string, object]) => {
              if (field === 'words' || field === 'title') return 'any' in value || 'all' in value ? [field] : [];
              return field === 'not' ? [] : [field];
            });
            expect(matched.map(({ condition }) => condition).sort()).toEqual(asked.sort());
            for (const { values } of matched) expect(values.length).toBeGreaterThan(0);
          }
        }
      }),
      runs(80),
    );
  });

  it('never give a unit that is refused, and pass on to the next rule', () => {
    fc.assert(
      fc.property(ruleSets, appeals, fc.constantFrom('urban', 'police', 'peach', 'east'), (document, facts, refused) => {
        const { effects } = evaluateRules(compileRules(document, WORLD), facts, {
          refusal: (unit) => (unit.code === refused ? 'returned-before' : undefined),
        });
        const units = [effects.lead, ...effects.coHandlers, ...effects.copies].map((given) => given?.unit);
        expect(units).not.toContain(refused);
      }),
      runs(200),
    );
  });

  it('are told that they never matter only when they don’t', () => {
    const told: Record<string, number> = {};
    fc.assert(
      fc.property(ruleSets, many, (document, facts) => {
        const { problems } = checkRules(document, WORLD, NOW);
        const all = outcomes(document, facts);
        for (const { code, rule = '' } of problems) {
          if (code !== 'shadowed' && code !== 'unreachable') continue;
          told[code] = (told[code] ?? 0) + 1;
          if (code === 'unreachable') for (const { applied } of all) expect(applied.map(({ id }) => id)).not.toContain(rule);
          expect(outcomes(without(document, rule), facts).map(follows)).toEqual(all.map(follows));
        }
      }),
      runs(400),
    );
    expect(told['shadowed']).toBeGreaterThan(10);
    expect(told['unreachable']).toBeGreaterThan(10);
  });

  it('are called a contradiction whenever two of one priority can want different things', () => {
    let sound = 0;
    fc.assert(
      fc.property(ruleSets, many, (document, facts) => {
        const { problems } = checkRules(document, WORLD, NOW);
        if (problems.some(({ code }) => code === 'contradiction' || code === 'not-before')) return;
        const turned = { ...document, rules: [...document.rules].reverse() };
        sound += 1;
        const all = outcomes(document, facts);
        for (const { applied } of all) {
          for (const effect of ['lead', 'matter'] as const) {
            const said = applied.map(
              ({ id, priority }) => [priority, document.rules.find((rule) => rule.id === id)?.then[effect]] as const,
            );
            for (const [priority, one] of said)
              for (const [other, another] of said)
                if (one !== undefined && another !== undefined && priority === other) expect(one).toBe(another);
          }
        }
        // So it makes no difference in which order rules of one priority are written.
        expect(outcomes(turned, facts).map(follows)).toEqual(all.map(follows));
      }),
      runs(200),
    );
    expect(sound).toBeGreaterThan(20);
  });
});

describe('the check', () => {
  it('answers for any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(checkRules(json, WORLD, NOW).problems.length).toBeGreaterThan(0);
      }),
      runs(300),
    );
  });

  it('answers for a set of rules with anything in any place of it', () => {
    fc.assert(
      fc.property(ruleSets, fc.jsonValue(), fc.nat(), (document, json, pick) => {
        const places: [Record<string, unknown>, string][] = [];
        const walk = (node: unknown): void => {
          if (typeof node !== 'object' || node === null) return;
          for (const key of Object.keys(node)) {
            places.push([node as Record<string, unknown>, key]);
            walk((node as Record<string, unknown>)[key]);
          }
        };
        const copy = JSON.parse(JSON.stringify(document)) as RuleSetV1;
        walk(copy);
        const [node, key] = places[pick % places.length] as (typeof places)[number];
        node[key] = json;
        for (const problem of checkRules(copy, WORLD, NOW).problems) expect(problem.detail).not.toBe('');
      }),
      runs(500),
    );
  });
});
