import { significant } from '../routing/directory.js';
import { DIMENSIONS, forceOf, type Dimension, type Rule, type RuleConditions, type RuleWords, type RuleWorld } from './document.js';
import type { Vocabulary } from './vocabulary.js';
import { ALL_WEEK, spansOf, without, type Span } from './week.js';

/** What a rule asks along one dimension: one of `only`, where that is given, and none of `except`. */
export interface Range {
  readonly only: ReadonlySet<string> | undefined;
  readonly except: ReadonlySet<string>;
  /** Those of `only` that `except` leaves; empty where no appeal can have what is asked. */
  readonly live: readonly string[];
}

/** Phrase ids of a condition; `any` is undefined where it asks nothing. */
export interface Phrases {
  readonly any: readonly number[] | undefined;
  readonly all: readonly number[];
  readonly none: readonly number[];
}

/** A rule's conditions in the form that they are tested and compared in. All of it must hold. */
export interface Clause {
  /** The dimensions that it asks anything along: pairs of 2,000 rules are compared, and most rules ask along two or three. */
  readonly asked: readonly Dimension[];
  readonly ranges: Readonly<Partial<Record<Dimension, Range>>>;
  /** In title or text. */
  readonly words: Phrases;
  readonly title: Phrases;
  /** When the appeal was received; undefined for any time. */
  readonly week: readonly Span[] | undefined;
  /** When the rule is in force, epoch ms. */
  readonly force: Span;
}

/** A matter lies in its topic, a place in its district, a unit under its parent: what holds of the outer one is asked of the inner one, too. */
export type Upwards = (dimension: Dimension, key: string) => readonly string[];

const MATTER_LEVELS = [2, 4, 6];
const AREA_LEVELS = [2, 4, 6, 9, 12];
const prefixes = (code: string, levels: readonly number[]): readonly string[] =>
  levels.filter((level) => level <= code.length).map((level) => code.slice(0, level));

export const keyOf = (dimension: Dimension, value: string): string => (dimension === 'area' ? significant(value) : value);

export const upwardsIn = ({ directory }: RuleWorld): Upwards => {
  const lines = new Map<string, readonly string[]>();
  const lineOf = (unit: string): readonly string[] => {
    const known = lines.get(unit);
    if (known !== undefined) return known;
    const line: string[] = [];
    for (let at: string | undefined = unit; at !== undefined && !line.includes(at); at = directory.units.get(at)?.parent) line.push(at);
    lines.set(unit, line);
    return line;
  };
  return (dimension, key) => {
    switch (dimension) {
      case 'matter':
        return prefixes(key, MATTER_LEVELS);
      case 'area':
        return prefixes(key, AREA_LEVELS);
      case 'reported':
        return lineOf(key);
      default:
        return [key];
    }
  };
};

const NOTHING: ReadonlySet<string> = new Set();

const rangeOf = (
  dimension: Dimension,
  only: readonly string[] | undefined,
  except: readonly string[] | undefined,
  upwards: Upwards,
): Range | undefined => {
  if (only === undefined && except === undefined) return undefined;
  const keys = only?.map((value) => keyOf(dimension, value));
  const out = except === undefined ? NOTHING : new Set(except.map((value) => keyOf(dimension, value)));
  return {
    only: keys === undefined ? undefined : new Set(keys),
    except: out,
    live: (keys ?? []).filter((key) => !upwards(dimension, key).some((above) => out.has(above))),
  };
};

const idsOf = (phrases: readonly string[] | undefined, vocabulary: Vocabulary): readonly number[] | undefined =>
  phrases?.map((phrase) => vocabulary.idOf(phrase)).filter((id) => id !== undefined);

const phrasesOf = (words: RuleWords | undefined, vocabulary: Vocabulary): Phrases => ({
  any: idsOf(words?.any, vocabulary),
  all: idsOf(words?.all, vocabulary) ?? [],
  none: idsOf(words?.none, vocabulary) ?? [],
});

const weekOf = ({ time, not }: RuleConditions): readonly Span[] | undefined => {
  if (time === undefined && not?.time === undefined) return undefined;
  return without(time === undefined ? ALL_WEEK : spansOf(time), spansOf(not?.time ?? []));
};

/** A channel is of one kind: of the channels that a rule names, those of other kinds than it asks for never count. */
const withKinds = (ranges: Partial<Record<Dimension, Range>>, { channels }: RuleWorld): void => {
  const { channel, channelKind } = ranges;
  if (channels === undefined || channel?.only === undefined || channelKind === undefined) return;
  const live = channel.live.filter((id) => {
    const kind = channels.get(id);
    return kind === undefined || (channelKind.only?.has(kind) !== false && !channelKind.except.has(kind));
  });
  ranges.channel = { ...channel, live };
};

export const clauseOf = (rule: Rule, vocabulary: Vocabulary, upwards: Upwards, world: RuleWorld): Clause => {
  const { when } = rule;
  const ranges: Partial<Record<Dimension, Range>> = {};
  for (const dimension of DIMENSIONS) {
    const range = rangeOf(dimension, when[dimension], when.not?.[dimension], upwards);
    if (range !== undefined) ranges[dimension] = range;
  }
  withKinds(ranges, world);
  return {
    asked: DIMENSIONS.filter((dimension) => ranges[dimension] !== undefined),
    ranges,
    words: phrasesOf(when.words, vocabulary),
    title: phrasesOf(when.title, vocabulary),
    week: weekOf(when),
    force: forceOf(rule),
  };
};
