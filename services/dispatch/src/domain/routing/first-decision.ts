import type { Reason, RuledOutReason } from '@paidan/contracts';
import { entryReason, type Exclusions, type Standing } from './candidates.js';
import { ROUTING, type Appeal, type Guides, type RoutingDecision, type RoutingPolicy, type RoutingRule } from './decision.js';
import { aboveOf, unitOfMailbox, type Directory, type Unit } from './directory.js';
import { pastTheBureau } from './front-line.js';
import { assignedTo, held } from './outcomes.js';
import { readAppeal, type Reading } from './reading.js';

/** What might speak for somebody else and isn't said: a score beside those of the best and of its rival. One strong phrase with no rival reaches 0.6. */
const UNSAID = 2;
const BY_ADDRESSEE = 0.95;
const BY_RULE = 0.95;
const BY_TITLE = 0.8;
/** Added where the catalogue's words lead to the named unit too. */
const CONFIRMED = 0.05;

/**
 * The first decision, from nothing but the appeal and what the city has published: the unit that it was addressed to, else the one that a rule names, that
 * the title turns to, that the catalogue's words, the place and the model of topics lead to, else held for a person with what there is. What is urgent in one
 * of the city's systems goes past the bureau that the title or the words lead to, to the front line, unless the sender or a rule has said who. What the rules
 * say beside the unit – co-handlers, copies, urgency, a look by a person – holds whoever leads. Units in `excluded` never get it, whatever speaks for
 * them, nor does one that is not in force at that time.
 */
export const route = (
  guides: Guides,
  appeal: Appeal,
  at: number,
  excluded: ReadonlyMap<string, RuledOutReason> = new Map(),
  policy: RoutingPolicy = ROUTING,
): RoutingDecision => {
  const reading = readAppeal(guides, appeal, at, excluded, policy);
  return byDirective(reading, appeal) ?? byWeight(reading, appeal);
};

/** Somebody has said who: the sender, a rule, or the title. */
const byDirective = (reading: Reading, appeal: Appeal): RoutingDecision | undefined => {
  const { directory, at, named, guidance, exclusions, lines, ranked, likely, because } = reading;
  const byTitle = named.addressed.size === 1 ? [...named.addressed.keys()][0] : undefined;
  const mailbox = appeal.mailbox === undefined ? undefined : unitOfMailbox(directory, appeal.mailbox, at);
  for (const [code, rule, confidence] of [
    [appeal.addressee, 'addressee', BY_ADDRESSEE],
    [mailbox?.code, 'mailbox', BY_ADDRESSEE],
    [guidance.lead?.code, 'rule-set', BY_RULE],
    [byTitle, 'named-unit', BY_TITLE],
  ] as const) {
    const lead = code === undefined ? undefined : directory.units.get(code);
    if (lead === undefined || !exclusions.admits(lead, true)) continue;
    const own = lines.findIndex((line) => line.some((standing) => standing?.unit === lead));
    const scored = own >= 0 ? ranked[own] : likely;
    const reasons = [
      ...directiveReason(lead, rule, appeal, named.addressed.get(lead.code)),
      ...(scored === undefined ? [] : [because(scored)]),
    ];
    const direct = rule === 'named-unit' && scored !== undefined ? pastTheBureau(reading, appeal, scored) : undefined;
    return assignedTo(reading, {
      ...{ lead, rule, scored },
      confidence: own >= 0 ? confidence + CONFIRMED : confidence,
      // Who turns to another unit than the bureau has said whom he wants.
      ...(direct?.passed === lead ? { ...direct, reasons: [...reasons, ...direct.reasons] } : { reasons }),
    });
  }
  return undefined;
};

const directiveReason = ({ code: unit }: Unit, rule: RoutingRule, { mailbox }: Appeal, words: string | undefined): readonly Reason[] => {
  // Which rule it was stands among the reasons anyway.
  if (rule === 'rule-set') return [];
  if (rule === 'mailbox') return [{ code: 'mailbox', unit, ...(mailbox === undefined ? {} : { note: mailbox }) }];
  return [{ code: 'named-unit', unit, ...(rule === 'named-unit' && words !== undefined ? { words: [words] } : {}) }];
};

/** Nobody has: what speaks for whom is weighed. */
const byWeight = (reading: Reading, appeal: Appeal): RoutingDecision => {
  const { directory, policy, exclusions, lines, ranked, likely } = reading;
  if (ranked.length === 0) return held(reading, 'no-candidate');
  if (likely === undefined) return held(reading, 'low-confidence');
  const inCharge = lines[0]?.[0];
  if (inCharge === undefined) return held(reading, 'no-candidate');
  const refusal = exclusions.reasonFor(inCharge.unit);
  if (refusal === 'is-reported-party') return aboutTheOneInCharge(reading, appeal, inCharge);
  const order = reading.admitted();
  const [best] = order;
  if (best === undefined) return held(reading, refusal === 'inactive' || refusal === 'not-yet-in-force' ? 'unit-inactive' : 'no-candidate');
  if (best.score < policy.minScore) return held(reading, 'low-confidence');
  const rival = order.find(({ unit, scored }) => unit !== best.unit && scored !== best.scored);
  const margin = 1 - (rival?.score ?? 0) / best.score;
  // The model has spoken in the scores. As a second witness it would say too much: it knows the topic, and which of the topic's matters it is only the words say.
  const confidence = best.score / (best.score + (rival?.score ?? 0) + UNSAID);
  if (margin < policy.minMargin) return held(reading, 'tie', confidence);
  if (confidence < policy.minConfidence) return held(reading, 'low-confidence', confidence);
  const direct = pastTheBureau(reading, appeal, best.scored);
  if (direct !== undefined)
    return assignedTo(reading, {
      ...{ ...direct, scored: best.scored, confidence },
      reasons: [reading.because(best.scored), ...reading.topicReasons(), ...direct.reasons],
    });
  const byArea = best.handler.by === 'street' || best.handler.by === 'district';
  const ofArea = byArea || (best.entry?.area !== undefined && best.entry.area !== directory.root?.code);
  return assignedTo(reading, {
    ...{ lead: best.unit, scored: best.scored, confidence },
    rule: ofArea ? 'matter-and-area' : 'matter',
    reasons: reasonsFor(reading, best, byArea),
  });
};

/**
 * Who takes an appeal about the unit in charge is no question of words. A confidential one goes to the level above without passing through more hands; of
 * the rest a person says whether it is that or the discipline inspection.
 */
const aboutTheOneInCharge = (reading: Reading, { confidentiality }: Appeal, { unit, scored }: Standing): RoutingDecision => {
  const lead = confidentiality === 'open' ? undefined : levelAbove(reading.directory, unit, reading.exclusions);
  if (lead === undefined) return held(reading, 'conflict-of-interest');
  const reasons: Reason[] = [reading.because(scored), { code: 'level-above', unit: lead.code }];
  return assignedTo(reading, { lead, rule: 'level-above', scored, confidence: BY_TITLE, reasons });
};

/** 上一级: the nearest unit above that may have it. */
const levelAbove = (directory: Directory, unit: Unit, exclusions: Exclusions): Unit | undefined => {
  let above = aboveOf(directory, unit);
  while (above !== undefined && !exclusions.admits(above, true)) above = aboveOf(directory, above);
  return above;
};

const reasonsFor = (reading: Reading, { unit, scored, score, entry }: Standing, byArea: boolean): readonly Reason[] => {
  const { area, exclusions, standings } = reading;
  const passedOver = standings.filter((other) => other.score > score && exclusions.reasonFor(other.unit) !== undefined);
  return [
    reading.because(scored),
    ...reading.topicReasons(),
    ...(entry === undefined ? [] : [entryReason(unit, scored.matter, entry)]),
    ...(byArea && area !== undefined ? [{ code: 'area-unit', unit: unit.code, adminCode: area.code } as const] : []),
    ...(byArea || entry !== undefined ? [] : [{ code: 'matter-lead', unit: unit.code, matter: scored.matter.code } as const]),
    ...passedOver.map((other): Reason => ({ code: 'history', unit: other.unit.code })),
  ];
};
