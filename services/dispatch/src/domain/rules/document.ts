import type {
  ChannelKind,
  RuleConditionsV1,
  RuleEffectsV1,
  RuleExceptionsV1,
  RuleSetV1,
  RuleTimeV1,
  RuleV1,
  RuleWordsV1,
} from '@paidan/contracts';
import type { Directory } from '../routing/directory.js';

/* The document is what supervisors send; its shape, limits and JSON Schema are those of `RuleSetV1` in the contracts. */

export type RuleSet = RuleSetV1;
export type Rule = RuleV1;
export type RuleConditions = RuleConditionsV1;
export type RuleExceptions = RuleExceptionsV1;
export type RuleEffects = RuleEffectsV1;
export type RuleTime = RuleTimeV1;
export type RuleWords = RuleWordsV1;

/** What rules refer to. */
export interface RuleWorld {
  readonly directory: Directory;
  /** Kind of each channel by its id; where it isn't at hand, no channel is called unknown. */
  readonly channels?: ReadonlyMap<string, ChannelKind> | undefined;
  /** Codes of the leaders' mailboxes; where they aren't at hand, none is called unknown. */
  readonly mailboxes?: { has(code: string): boolean } | undefined;
}

/** What is asked of one value of the appeal, or of the units it is about; the rest are words and time. */
export const DIMENSIONS = [
  'channel',
  'channelKind',
  'mailbox',
  'addressee',
  'appealType',
  'matter',
  'area',
  'reported',
  'urgency',
  'confidentiality',
] as const satisfies readonly (keyof RuleExceptions)[];
export type Dimension = (typeof DIMENSIONS)[number];

/** Lowest priority number first, then as written. */
export const inOrder = (rules: readonly Rule[]): readonly Rule[] => [...rules].sort((a, b) => a.priority - b.priority);

const DAY_MS = 86_400_000;
/** Asia/Shanghai, which has had no summer time since 1991. */
export const ZONE_MS = 8 * 3_600_000;

/** First instant of a day in Shanghai, epoch ms; NaN for one that the calendar doesn't have, like 02-30. */
export const startOfDay = (date: string): number => {
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date ? NaN : at - ZONE_MS;
};

/** When a rule is in force: `[first, end)`, epoch ms. */
export const forceOf = ({ from, until }: Rule): readonly [first: number, end: number] => [
  from === undefined ? -Infinity : startOfDay(from),
  until === undefined ? Infinity : startOfDay(until) + DAY_MS,
];
