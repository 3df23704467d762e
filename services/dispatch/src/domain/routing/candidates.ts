import type { Reason, RuledOut, RuledOutReason } from '@paidan/contracts';
import {
  atLevel,
  contains,
  standingOf,
  withSubordinates,
  type Area,
  type Directory,
  type Handler,
  type Matter,
  type Unit,
} from './directory.js';
import { wordsFor, type ScoredMatter } from './matter-scores.js';
import type { Hit } from './phrases.js';
import { responsibleFor, type Responsibility } from './responsibilities.js';

/** Who may not hold the appeal, and the record of whom that kept out. */
export interface Exclusions {
  reasonFor(unit: Unit): RuledOutReason | undefined;
  /** False, and remembered, for a unit that is out. `anywhere` lets a unit pass that was named although it is there for another area. */
  admits(unit: Unit, anywhere?: boolean): boolean;
  list(): readonly RuledOut[];
}

/** A reported party takes everything under it along: a street must not get what is said about its district. */
export const exclusionsOf = (
  directory: Directory,
  excluded: ReadonlyMap<string, RuledOutReason>,
  reported: Iterable<string>,
  area: Area | undefined,
  at: number,
): Exclusions => {
  const stated = new Map(excluded);
  for (const unit of reported) stated.set(unit, 'is-reported-party');
  const out = new Map<string, RuledOutReason>();
  for (const [unit, reason] of stated) if (reason !== 'is-reported-party') out.set(unit, reason);
  for (const [unit, reason] of stated)
    if (reason === 'is-reported-party') for (const code of withSubordinates(directory, unit)) out.set(code, reason);
  const kept = new Map(stated);

  const reasonFor = (unit: Unit): RuledOutReason | undefined => {
    const reason = out.get(unit.code);
    if (reason !== undefined) return reason;
    const standing = standingOf(unit, at);
    if (standing !== 'in-force') return standing;
    return area !== undefined && !unit.areas.some((own) => contains(own, area.code)) ? 'outside-area' : undefined;
  };
  return {
    reasonFor,
    admits: (unit, anywhere = false) => {
      const reason = reasonFor(unit);
      if (reason === undefined || (anywhere && reason === 'outside-area')) return true;
      kept.set(unit.code, reason);
      return false;
    },
    list: () => [...kept].map(([unit, reason]) => ({ unit, reason })),
  };
};

/** A unit with the matter that puts it forward. */
export interface Standing {
  readonly unit: Unit;
  readonly handler: Handler;
  readonly score: number;
  readonly scored: ScoredMatter;
  /** The entry that puts the unit in this place; left out, it is the catalogue. */
  readonly entry?: Responsibility;
}

/** What a matter's lead, its first co-handler, its second … get of its score. */
export const IN_LINE: readonly number[] = [1, 0.6, 0.4];
/** How many matters may put units forward; more would only lengthen the list that a dispatcher reads. */
export const MATTERS_CONSIDERED = 5;

const unitOf = (
  directory: Directory,
  handler: Handler,
  area: Area | undefined,
  matter: Matter,
  ranked: readonly ScoredMatter[],
  at: number,
): Unit | undefined => {
  switch (handler.by) {
    case 'unit':
      return directory.units.get(handler.unit);
    case 'street':
    case 'district': {
      if (area === undefined || area.level === 'city') return undefined;
      // Unclear street but known district: the district's government coordinates (Beijing 条例 §12).
      const place = atLevel(directory, area, handler.by) ?? atLevel(directory, area, 'district');
      return place === undefined ? undefined : directory.governments.get(place.code);
    }
    case 'utility':
      for (const { matter: sibling } of ranked) {
        if (sibling.topic !== matter.topic) continue;
        const { lead } = responsibleFor(directory, sibling, area, at);
        const unit = lead.by === 'unit' ? directory.units.get(lead.unit) : undefined;
        if (unit?.kind === 'utility') return unit;
      }
      return undefined;
  }
};

/** The lead and the co-handlers responsible for a matter there and then, in order; a place is empty where area or utility is not known. */
export const lineOf = (
  directory: Directory,
  scored: ScoredMatter,
  area: Area | undefined,
  ranked: readonly ScoredMatter[],
  at: number,
): readonly (Standing | undefined)[] => {
  const { lead, coHandlers, entry } = responsibleFor(directory, scored.matter, area, at);
  return [lead, ...coHandlers].map((handler, position) => {
    const unit = unitOf(directory, handler, area, scored.matter, ranked, at);
    if (unit === undefined) return undefined;
    const score = scored.score * (IN_LINE[position] ?? (IN_LINE.at(-1) as number));
    return { unit, handler, scored, score, ...(entry === undefined ? {} : { entry }) };
  });
};

/** Each unit once, at its best, best first; equal scores in order of code, so that the same appeal always gets the same answer. */
export const standingsOf = (lines: readonly (readonly (Standing | undefined)[])[]): readonly Standing[] => {
  const best = new Map<string, Standing>();
  for (const line of lines) {
    for (const standing of line) {
      if (standing !== undefined && standing.score > (best.get(standing.unit.code)?.score ?? 0)) best.set(standing.unit.code, standing);
    }
  }
  return [...best.values()].sort((a, b) => b.score - a.score || (a.unit.code < b.unit.code ? -1 : 1));
};

export const roundScore = (value: number): number => Math.round(value * 100) / 100;

export const wordsReason = (
  directory: Directory,
  { matter, score }: ScoredMatter,
  titleHits: readonly Hit[],
  textHits: readonly Hit[],
): Reason => ({
  code: 'matter-words',
  matter: matter.code,
  score: roundScore(score),
  words: [...wordsFor(directory, matter, titleHits, textHits)],
});

/** Why it isn't the catalogue's unit. */
export const entryReason = (unit: Unit, matter: Matter, { area, note }: Responsibility): Reason => ({
  code: 'responsibility',
  unit: unit.code,
  matter: matter.code,
  ...(area === undefined ? {} : { adminCode: area }),
  ...(note === undefined ? {} : { note }),
});
