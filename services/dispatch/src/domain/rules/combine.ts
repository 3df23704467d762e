import { URGENCY, type RuledOutReason, type Urgency } from '@paidan/contracts';
import { atLevel, standingOf, type Area, type Directory, type Unit } from '../routing/directory.js';
import type { Rule } from './document.js';

/** One effect of one rule. */
export type Effect =
  | { readonly kind: 'lead' | 'co-handler' | 'copy'; readonly unit: string }
  | { readonly kind: 'matter'; readonly matter: string }
  | { readonly kind: 'urgency'; readonly to: Urgency }
  | { readonly kind: 'hold'; readonly zh: string; readonly en: string };

/**
 * Why an effect was passed over: an earlier rule had set it, the directory no longer has the unit or the matter, the place isn't known well enough for
 * `@street` or `@district`, the appeal is that urgent already, or the unit may not have this appeal.
 */
export type PassedOver = 'set-before' | 'unknown' | 'place-unknown' | 'no-higher' | RuledOutReason;

/** `effect` names the unit that was found, or what the rule wrote where none was. */
export interface Given {
  readonly effect: Effect;
  readonly passedOver?: PassedOver;
}

/** What the rules say together; each with the rule that says it. */
export interface CombinedEffects {
  readonly lead?: { readonly unit: string; readonly rule: string; /** 直派: it is the street of the place. */ readonly direct: boolean };
  readonly coHandlers: readonly { readonly unit: string; readonly rule: string }[];
  readonly copies: readonly { readonly unit: string; readonly rule: string }[];
  readonly matter?: { readonly code: string; readonly rule: string };
  /** Only where it is higher than what came in. */
  readonly urgency?: { readonly to: Urgency; readonly rule: string };
  /** Any of them, and a person decides; lead and the rest are proposals then. */
  readonly holds: readonly { readonly zh: string; readonly en: string; readonly rule: string }[];
}

export interface CombineFacts {
  readonly urgency: Urgency;
  readonly area?: Area | undefined;
  /** Epoch ms: units must be in force now. */
  readonly now: number;
}

type Found = { readonly unit: Unit } | { readonly passedOver: PassedOver };

/** The unit that a rule means, for this place; governments as `@street` and `@district` of the catalogue find them. */
const unitOf = (directory: Directory, written: string, area: Area | undefined, now: number): Found => {
  let unit: Unit | undefined;
  if (written === '@street' || written === '@district') {
    if (area === undefined || area.level === 'city') return { passedOver: 'place-unknown' };
    const place = atLevel(directory, area, written === '@street' ? 'street' : 'district') ?? area;
    unit = directory.governments.get(place.code);
    if (unit === undefined) return { passedOver: 'place-unknown' };
  } else unit = directory.units.get(written);
  if (unit === undefined) return { passedOver: 'unknown' };
  const standing = standingOf(unit, now);
  return standing === 'in-force' ? { unit } : { passedOver: standing };
};

const rank = (urgency: Urgency): number => URGENCY.indexOf(urgency);

/**
 * Puts the effects of the rules that apply together, the rules in order. Lead and matter: the first rule that can set it does. Co-handlers, copies and
 * holds add up. Urgency: the highest. A unit has one part in it, the first of lead, co-handler, copy.
 */
export const combine = (
  directory: Directory,
  rules: readonly Rule[],
  { urgency, area, now }: CombineFacts,
  refusal: (unit: Unit) => RuledOutReason | undefined,
): { readonly effects: CombinedEffects; readonly given: readonly (readonly Given[])[] } => {
  const first: { -readonly [Slot in 'lead' | 'matter' | 'urgency']?: NonNullable<CombinedEffects[Slot]> } = {};
  const coHandlers = new Map<string, string>();
  const copies = new Map<string, string>();
  const holds: { zh: string; en: string; rule: string }[] = [];

  const admitted = (written: string): Found => {
    const found = unitOf(directory, written, area, now);
    if (!('unit' in found)) return found;
    const because = refusal(found.unit);
    return because === undefined ? found : { passedOver: because };
  };
  const several = (rule: Rule, kind: 'co-handler' | 'copy', written: readonly string[] | undefined, into: Map<string, string>): Given[] =>
    (written ?? []).map((each): Given => {
      const found = admitted(each);
      if (!('unit' in found)) return { effect: { kind, unit: each }, passedOver: found.passedOver };
      const { code } = found.unit;
      const again = into.has(code);
      if (!again) into.set(code, rule.id);
      return { effect: { kind, unit: code }, ...(again ? { passedOver: 'set-before' as const } : {}) };
    });
  const leadOf = (rule: Rule, written: string): Given => {
    const found = admitted(written);
    if (!('unit' in found)) return { effect: { kind: 'lead', unit: written }, passedOver: found.passedOver };
    const { unit } = found;
    const effect = { kind: 'lead', unit: unit.code } as const;
    if (first.lead !== undefined) return { effect, passedOver: 'set-before' };
    first.lead = { unit: unit.code, rule: rule.id, direct: written === '@street' && unit.kind === 'street' };
    // What goes straight to a street is copied to its district for supervision (Beijing 条例 §12).
    const district = first.lead.direct && unit.parent !== undefined ? admitted(unit.parent) : undefined;
    if (district !== undefined && 'unit' in district && !copies.has(district.unit.code)) copies.set(district.unit.code, rule.id);
    return { effect };
  };

  const given = rules.map((rule): readonly Given[] => {
    const { then } = rule;
    const list: Given[] = [];
    if (then.lead !== undefined) list.push(leadOf(rule, then.lead));
    list.push(...several(rule, 'co-handler', then.coHandlers, coHandlers), ...several(rule, 'copy', then.copies, copies));
    if (then.matter !== undefined) {
      const known = directory.matterByCode.has(then.matter);
      const passedOver = known ? (first.matter === undefined ? undefined : 'set-before') : 'unknown';
      if (passedOver === undefined) first.matter = { code: then.matter, rule: rule.id };
      list.push({ effect: { kind: 'matter', matter: then.matter }, ...(passedOver === undefined ? {} : { passedOver }) });
    }
    if (then.urgency !== undefined) {
      const higher = rank(then.urgency) > rank(first.urgency?.to ?? urgency);
      if (higher) first.urgency = { to: then.urgency, rule: rule.id };
      list.push({ effect: { kind: 'urgency', to: then.urgency }, ...(higher ? {} : { passedOver: 'no-higher' as const }) });
    }
    if (then.hold !== undefined) {
      const { zh, en } = then.hold;
      const again = holds.some((other) => other.zh === zh && other.en === en);
      if (!again) holds.push({ zh, en, rule: rule.id });
      list.push({ effect: { kind: 'hold', zh, en }, ...(again ? { passedOver: 'set-before' as const } : {}) });
    }
    return list;
  });

  const others = (from: ReadonlyMap<string, string>, taken: (unit: string) => boolean) =>
    [...from].filter(([unit]) => !taken(unit)).map(([unit, rule]) => ({ unit, rule }));
  return {
    given,
    effects: {
      ...first,
      coHandlers: others(coHandlers, (unit) => unit === first.lead?.unit),
      copies: others(copies, (unit) => unit === first.lead?.unit || coHandlers.has(unit)),
      holds,
    },
  };
};
