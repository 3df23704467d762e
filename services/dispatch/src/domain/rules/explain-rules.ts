import {
  CHANNEL_KIND_WORDS,
  wordsFor,
  type AppealType,
  type Confidentiality,
  type RuledOutReason,
  type Urgency,
  type Weekday,
} from '@paidan/contracts';
import { assertNever, memberOf } from '@paidan/kernel';
import type { Directory } from '../routing/directory.js';
import { explainRuledOut, type Language } from '../routing/explain.js';
import type { Effect, Given, PassedOver } from './combine.js';
import type { RuleWorld } from './document.js';
import type { AppliedRule, Matched } from './evaluate.js';
import { CONDITION_WORDS } from './problems.js';

type Words = Readonly<Record<Language, string>>;

const APPEAL_TYPES: Readonly<Record<AppealType, Words>> = {
  consultation: { zh: '咨询', en: 'consultation' },
  help: { zh: '求助', en: 'help' },
  complaint: { zh: '投诉', en: 'complaint' },
  report: { zh: '举报', en: 'report' },
  suggestion: { zh: '建议', en: 'suggestion' },
  praise: { zh: '表扬', en: 'praise' },
  other: { zh: '其他', en: 'other' },
};
const URGENCIES: Readonly<Record<Urgency, Words>> = {
  normal: { zh: '一般', en: 'normal' },
  urgent: { zh: '紧急', en: 'urgent' },
  critical: { zh: '特急', en: 'critical' },
};
const CONFIDENTIALITIES: Readonly<Record<Confidentiality, Words>> = {
  open: { zh: '公开', en: 'open' },
  confidential: { zh: '保密', en: 'confidential' },
  anonymous: { zh: '匿名', en: 'anonymous' },
};
const DAYS: Readonly<Record<Weekday, string>> = { mon: '一', tue: '二', wed: '三', thu: '四', fri: '五', sat: '六', sun: '日' };

const lookUp = (words: Readonly<Record<string, Words | undefined>>, code: string, language: Language): string =>
  words[code]?.[language] ?? code;

const unitName = (directory: Directory, code: string): string => directory.units.get(code)?.name ?? code;

const matterName = (directory: Directory, code: string, language: Language): string => {
  const named = directory.matterByCode.get(code) ?? directory.topics.find((topic) => topic.code === code);
  if (named === undefined) return code;
  return language === 'zh' ? `“${named.name}”（${code}）` : `“${named.english}” (${code})`;
};

/** Areas are kept by the digits that say something; the directory knows them by their whole code. */
const areaName = (directory: Directory, key: string): string =>
  (directory.areas.get(key) ?? directory.areas.get(key.padEnd(6, '0')))?.name ?? key;

const windowText = (written: string, language: Language): string => {
  const [span = '', ...days] = written.split(' ');
  if (days.length === 0) return span;
  return language === 'zh' ? `周${days.map((day) => DAYS[day as Weekday]).join('')} ${span}` : `${days.join(', ')} ${span}`;
};

const valueText = ({ directory }: RuleWorld, condition: Matched['condition'], value: string, language: Language): string => {
  switch (condition) {
    case 'channel':
    case 'mailbox':
      return value;
    case 'channelKind':
      return wordsFor(CHANNEL_KIND_WORDS, value)[language];
    case 'addressee':
    case 'reported':
      return unitName(directory, value);
    case 'appealType':
      return lookUp(APPEAL_TYPES, value, language);
    case 'matter':
      return matterName(directory, value, language);
    case 'area':
      return areaName(directory, value);
    case 'urgency':
      return lookUp(URGENCIES, value, language);
    case 'confidentiality':
      return lookUp(CONFIDENTIALITIES, value, language);
    case 'words':
    case 'title':
      return `“${value}”`;
    case 'time':
      return windowText(value, language);
    default:
      return assertNever(condition, 'condition');
  }
};

const matchedText = (world: RuleWorld, { condition, values }: Matched, language: Language): string => {
  const list = values.map((value) => valueText(world, condition, value, language));
  const { zh, en } = CONDITION_WORDS[condition];
  if (condition === 'words') return language === 'zh' ? `出现${list.join('')}` : `it has ${list.join('')}`;
  if (condition === 'title') return language === 'zh' ? `标题出现${list.join('')}` : `its title has ${list.join('')}`;
  if (condition === 'time') return language === 'zh' ? `收到时间在${list.join('、')}` : `it came in within ${list.join(', ')}`;
  return language === 'zh' ? `${zh}为${list.join('、')}` : `${en} is ${list.join(', ')}`;
};

const effectText = ({ directory }: RuleWorld, effect: Effect, language: Language): string => {
  const zh = language === 'zh';
  switch (effect.kind) {
    case 'lead':
      return zh ? `由${unitName(directory, effect.unit)}主办` : `${unitName(directory, effect.unit)} leads`;
    case 'co-handler':
      return zh ? `${unitName(directory, effect.unit)}协办` : `${unitName(directory, effect.unit)} works along`;
    case 'copy':
      return zh ? `同送${unitName(directory, effect.unit)}` : `copy to ${unitName(directory, effect.unit)}`;
    case 'matter':
      return zh
        ? `事项为${matterName(directory, effect.matter, language)}`
        : `the matter is ${matterName(directory, effect.matter, language)}`;
    case 'urgency':
      return zh ? `按${URGENCIES[effect.to].zh}办理` : `it is ${URGENCIES[effect.to].en}`;
    case 'hold':
      return zh ? `转人工：${effect.zh}` : `a person decides: ${effect.en}`;
    default:
      return assertNever(effect, 'effect');
  }
};

const PASSED_OVER: Readonly<Record<Exclude<PassedOver, RuledOutReason>, Words>> = {
  'set-before': { zh: '先前的规则已有规定', en: 'an earlier rule has said it' },
  unknown: { zh: '派单目录中已没有', en: 'the directory no longer has it' },
  'place-unknown': { zh: '地点不明', en: 'the place isn’t known' },
  'no-higher': { zh: '已不低于此', en: 'it is that urgent already' },
};
const isOurs = memberOf(['set-before', 'unknown', 'place-unknown', 'no-higher'] as const);

const passedOverText = ({ directory }: RuleWorld, effect: Effect, because: PassedOver, language: Language): string => {
  if (isOurs(because)) return PASSED_OVER[because][language];
  return explainRuledOut(directory, { unit: 'unit' in effect ? effect.unit : '', reason: because }, language).replace(/\.$/, '');
};

const givenText = (world: RuleWorld, { effect, passedOver }: Given, language: Language): string => {
  const text = effectText(world, effect, language);
  if (passedOver === undefined) return text;
  const because = passedOverText(world, effect, passedOver, language);
  return language === 'zh' ? `${text}（未生效：${because}）` : `${text} (not done: ${because})`;
};

/**
 * One rule that applied, as a sentence: what met its conditions and what followed.
 * @param quote false for a ticket under seal: its words and place are not told
 */
export const explainRule = (
  world: RuleWorld,
  { id, title, priority, matched, effects }: AppliedRule,
  language: Language,
  quote = true,
): string => {
  const told = quote ? matched : matched.filter(({ condition }) => condition !== 'words' && condition !== 'title' && condition !== 'area');
  const because = told.map((one) => matchedText(world, one, language));
  const then = effects.map((given) => givenText(world, given, language));
  if (language === 'zh') {
    const grounds = because.length === 0 ? '' : `：${because.join('；')}`;
    return `规则“${title.zh}”（${id}，优先级${priority}）适用${grounds}${then.length === 0 ? '' : `。${then.join('；')}`}`;
  }
  const grounds = because.length === 0 ? '' : `, because ${because.join('; ')}`;
  return `The rule “${title.en}” (${id}, priority ${priority}) applies${grounds}${then.length === 0 ? '' : `: ${then.join('; ')}`}.`;
};
