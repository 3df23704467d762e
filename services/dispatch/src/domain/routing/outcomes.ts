import type { Candidate, HoldReason, Reason } from '@paidan/contracts';
import { roundScore } from './candidates.js';
import type { Held, RoutingDecision, RoutingRule } from './decision.js';
import { aboveOf, type Unit } from './directory.js';
import type { ScoredMatter } from './matter-scores.js';
import type { Reading } from './reading.js';

const MAX_CANDIDATES = 20;
const UNDECIDED: ReadonlySet<HoldReason> = new Set(['no-candidate', 'low-confidence', 'tie']);

/** Who leads, and why. */
export interface Chosen {
  readonly lead: Unit;
  readonly rule: RoutingRule;
  readonly scored: ScoredMatter | undefined;
  readonly confidence: number;
  readonly reasons: readonly Reason[];
  /** Gets a copy where it would have led or worked along by the matter's line. */
  readonly passed?: Unit;
}

/** The matter's own line and the rules say who works along and who is told. Where a rule wants a person to look, the unit is a proposal. */
export const assignedTo = (reading: Reading, { lead, rule, scored, confidence, reasons, passed }: Chosen): RoutingDecision => {
  const { directory, exclusions, guidance, lines, ranked, context } = reading;
  if (guidance.holds)
    return held(reading, 'by-rule', confidence, [{ unit: lead.code, score: roundScore(confidence), reasons: [...reasons] }]);
  const line = scored === undefined ? [] : (lines[ranked.indexOf(scored)] ?? []);
  const others = line.flatMap((standing) =>
    standing !== undefined && standing.unit !== lead && standing.unit !== passed && exclusions.admits(standing.unit)
      ? [standing.unit.code]
      : [],
  );
  // What goes straight to a street is copied to its district for supervision (Beijing 条例 §12); so is what goes to a community, to its street.
  const above = lead.kind === 'street' || lead.kind === 'community' ? aboveOf(directory, lead) : undefined;
  const informed = [above, passed].flatMap((unit) => (unit !== undefined && exclusions.admits(unit, true) ? [unit.code] : []));
  const coHandlers = [...new Set([...guidance.coHandlers, ...others])].filter((unit) => unit !== lead.code);
  const copies = [...new Set([...informed, ...guidance.copies])].filter((unit) => unit !== lead.code && !coHandlers.includes(unit));
  return {
    kind: 'assigned',
    lead: lead.code,
    coHandlers,
    copies,
    matter: scored?.matter.code ?? null,
    confidence: roundScore(confidence),
    rule,
    reasons: [...reasons, ...context],
    ruledOut: ruledOutBut(reading, [lead.code, ...coHandlers, ...copies]),
    ...raisedBy(reading),
  };
};

/** @param first proposals that come before those of the matters */
export const held = (reading: Reading, reason: HoldReason, confidence = 0, first: readonly Candidate[] = []): Held => {
  const { ranked, likely, because, context, guidance } = reading;
  const fitting = reading
    .admitted()
    .map(({ unit, score, scored }): Candidate => ({ unit: unit.code, score: roundScore(score), reasons: [because(scored)] }));
  const further = (fitting.length > 0 ? fitting : proposals(reading)).filter(({ unit }) => !first.some((other) => other.unit === unit));
  const candidates = [...first, ...further].slice(0, MAX_CANDIDATES);
  const [top] = ranked;
  return {
    kind: 'held',
    // Where nothing else speaks against a unit, it is the rule that wants a person.
    reason: guidance.holds && UNDECIDED.has(reason) ? 'by-rule' : reason,
    matter: likely?.matter.code ?? null,
    confidence: roundScore(confidence),
    candidates,
    reasons: [...(top === undefined ? [] : [because(top)]), ...reading.topicReasons(), ...context],
    ruledOut: ruledOutBut(
      reading,
      candidates.map(({ unit }) => unit),
    ),
    ...raisedBy(reading),
  };
};

/** Where the catalogue's words lead to nobody: whom the topic leads to. */
const proposals = ({ topic, area, at, directory, exclusions, topicReasons }: Reading): readonly Candidate[] =>
  (topic?.proposals(area, at) ?? [])
    .filter(({ unit }) => exclusions.admits(directory.units.get(unit) as Unit))
    .map((candidate) => ({ ...candidate, reasons: [...topicReasons()] }));

/** A unit that is there for another area and gets it all the same, because it was named, is not ruled out. */
const ruledOutBut = ({ exclusions }: Reading, chosen: readonly string[]) => exclusions.list().filter(({ unit }) => !chosen.includes(unit));

const raisedBy = ({ guidance: { urgency } }: Reading) => (urgency === undefined ? {} : { urgency });
