import { URGENCY } from '@paidan/contracts';
import type { Directory } from '../routing/directory.js';
import type { Clause } from './clause.js';
import type { Rule } from './document.js';
import type { Placed, Report } from './problems.js';
import type { Relations } from './relate.js';

/**
 * What is wrong between rules: one that never matters because an earlier one has said it all, one that its own exception always keeps out, and two of
 * one priority that want different things of the same appeal. Claims of the first two kinds are proven ones; the third is told unless it is
 * proven that the two never meet.
 */
export const checkOrder = (
  placed: readonly Placed[],
  clauses: readonly Clause[],
  possible: readonly boolean[],
  { implies, disjoint }: Relations,
  directory: Directory,
  report: Report,
): void => {
  const referred = new Set(placed.flatMap(({ rule }) => rule.unless ?? []));
  const ordered = placed.filter(({ at }) => possible[at]).sort((a, b) => a.rule.priority - b.rule.priority);
  const clauseOf = ({ at }: Placed): Clause => clauses[at] as Clause;

  ordered.forEach((later, position) => {
    const told = { shadowed: false, lead: false, matter: false };
    for (let before = 0; before < position; before++) {
      const earlier = ordered[before] as Placed;
      // What has an exception of its own doesn't always apply where its conditions hold.
      if (!told.shadowed && earlier.rule.unless === undefined) {
        const { id } = earlier.rule;
        const excepted = later.rule.unless?.includes(id) === true && earlier.rule.priority < later.rule.priority;
        const how = excepted ? 'excepted' : shadowing(earlier.rule, later.rule, referred.has(later.rule.id), directory);
        if (how !== undefined && implies(clauseOf(later), clauseOf(earlier))) {
          told.shadowed = true;
          tell(later, id, how, report);
        }
      }
      if (earlier.rule.priority !== later.rule.priority) continue;
      for (const effect of ['lead', 'matter'] as const) {
        const [one, other] = [earlier.rule.then[effect], later.rule.then[effect]];
        if (told[effect] || one === undefined || other === undefined || one === other || disjoint(clauseOf(earlier), clauseOf(later)))
          continue;
        told[effect] = true;
        const { id, priority } = earlier.rule;
        report(
          later,
          `/then/${effect}`,
          'contradiction',
          `${id} of the same priority ${priority} can apply to the same appeal and says ${one}, not ${other}`,
          `与同一优先级（${priority}）的规则 ${id} 可能同时适用，而后者为 ${one}，并非 ${other}`,
        );
      }
    }
  });
};

type Shadowing = 'excepted' | 'stopped' | 'covered';

const tell = (later: Placed, id: string, how: Shadowing, report: Report): void => {
  switch (how) {
    case 'excepted':
      return report(
        later,
        '/unless',
        'unreachable',
        `can never apply: wherever it could, ${id} does`,
        `永远不会适用：凡其可适用之处 ${id} 均已适用`,
      );
    case 'stopped':
      return report(
        later,
        '',
        'shadowed',
        `never gets its turn: wherever it could apply, ${id} stops`,
        `永远轮不到：凡其可适用之处 ${id} 均已终止`,
      );
    case 'covered':
      return report(
        later,
        '',
        'shadowed',
        `never matters: wherever it applies, ${id} has said all of it before`,
        `永远不起作用：凡其适用之处，${id} 均已作出同样的规定`,
      );
  }
};

/** Whether, where both apply, nothing is left to the later one. */
const shadowing = (earlier: Rule, later: Rule, referred: boolean, directory: Directory): Shadowing | undefined => {
  const ahead = earlier.priority < later.priority;
  if (ahead && earlier.stop === true) return 'stopped';
  // A rule that others except, or that stops, matters by applying.
  if (referred || (later.stop === true && (ahead || earlier.stop !== true))) return undefined;
  return covers(earlier.then, later.then, directory) ? 'covered' : undefined;
};

const covers = (earlier: Rule['then'], later: Rule['then'], directory: Directory): boolean => {
  // Of a unit with a first or a last day it isn't sure that it is there.
  const isSet = (code: string): boolean => {
    const unit = directory.units.get(code);
    return unit?.active === true && unit.from === undefined && unit.until === undefined;
  };
  const has = (some: readonly string[] | undefined, wanted: readonly string[] | undefined): boolean =>
    (wanted ?? []).every((code) => some?.includes(code) === true);
  const { lead, matter, urgency, hold } = later;
  return (
    // Of a place that isn't known @street is nobody, and the later rule has its turn.
    (lead === undefined || (earlier.lead !== undefined && (earlier.lead === lead || isSet(earlier.lead)))) &&
    (matter === undefined || (earlier.matter !== undefined && directory.matterByCode.has(earlier.matter))) &&
    (urgency === undefined || (earlier.urgency !== undefined && URGENCY.indexOf(earlier.urgency) >= URGENCY.indexOf(urgency))) &&
    (hold === undefined || (earlier.hold !== undefined && earlier.hold.zh === hold.zh && earlier.hold.en === hold.en)) &&
    has(earlier.coHandlers, later.coHandlers) &&
    has(earlier.copies, later.copies)
  );
};
