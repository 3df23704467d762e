import type { Dimension, Rule } from './document.js';

/** One thing wrong with a set of rules. */
export interface RuleProblem {
  /** Id of the rule; absent where the set as a whole is meant, or the id can't be read. */
  readonly rule?: string;
  /** RFC 6901 pointer into the document. */
  readonly pointer: string;
  /** One of {@link RULE_PROBLEMS}, or that of a field of the wrong shape. */
  readonly code: string;
  readonly detail: string;
  readonly detailZh?: string;
}

/** What speaks against publishing a set whose shape is right. */
export const RULE_PROBLEMS = [
  'too-many-phrases',
  'duplicate-id',
  'no-condition',
  'no-effect',
  'no-such-date',
  'empty-window',
  'unknown-channel',
  'unknown-mailbox',
  'unknown-unit',
  'unit-inactive',
  'unknown-matter',
  'unknown-area',
  'unknown-rule',
  'not-before',
  'ended',
  'refers-to-ended',
  'unit-twice',
  'unit-is-reported',
  'lead-outside-area',
  'unreachable',
  'dead-phrase',
  'shadowed',
  'contradiction',
] as const;
export type RuleProblemCode = (typeof RULE_PROBLEMS)[number];

/** What time alone brings about: it keeps a new set from being published, and nobody from going back to an old one. */
export const BY_TIME: ReadonlySet<string> = new Set<RuleProblemCode>(['ended', 'refers-to-ended']);

/** A rule with its position in the document. */
export interface Placed {
  readonly rule: Rule;
  readonly at: number;
}

export type Report = (placed: Placed, path: string, code: RuleProblemCode, detail: string, detailZh: string) => void;

export const reporter = (problems: RuleProblem[]): Report => {
  return ({ rule, at }, path, code, detail, detailZh) =>
    void problems.push({ rule: rule.id, pointer: `/rules/${at}${path}`, code, detail, detailZh });
};

/** What a condition is called, for people. */
export const CONDITION_WORDS: Readonly<
  Record<Dimension | 'words' | 'title' | 'time' | 'force', { readonly zh: string; readonly en: string }>
> = {
  channel: { zh: '来源渠道', en: 'the channel' },
  channelKind: { zh: '渠道类别', en: 'the kind of channel' },
  mailbox: { zh: '信箱', en: 'the mailbox' },
  addressee: { zh: '来件指明的单位', en: 'the addressee' },
  appealType: { zh: '诉求类型', en: 'the type of appeal' },
  matter: { zh: '事项', en: 'the matter' },
  area: { zh: '所在区划', en: 'the place' },
  reported: { zh: '被反映对象', en: 'the reported party' },
  urgency: { zh: '紧急程度', en: 'the urgency' },
  confidentiality: { zh: '保密要求', en: 'the confidentiality' },
  words: { zh: '词语', en: 'the words' },
  title: { zh: '标题词语', en: 'the words of the title' },
  time: { zh: '收到时间', en: 'the time' },
  force: { zh: '有效期', en: 'the days in force' },
};
