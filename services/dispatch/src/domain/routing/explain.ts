import { REOPEN_REASON_WORDS, wordsFor, type HoldReason, type Reason, type RuledOut, type RuledOutReason } from '@paidan/contracts';
import { assertNever } from '@paidan/kernel';
import type { Directory } from './directory.js';

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const FOUND_IN: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  address: { zh: '地址', en: 'address' },
  title: { zh: '标题', en: 'title' },
  text: { zh: '正文', en: 'text' },
};

const HELD: Readonly<Record<HoldReason, Readonly<Record<Language, string>>>> = {
  'no-candidate': {
    zh: '没有可派的单位：目录中没有相符的事项，或该事项按属地办理而地点不明，或相符的单位均已排除',
    en: 'no unit to assign to: no matter of the catalogue fits, or the matter goes by area and the area is not known, or every unit that fits is ruled out',
  },
  'low-confidence': { zh: '依据不足', en: 'too little evidence' },
  tie: { zh: '两个以上单位难分伯仲', en: 'two or more units fit equally well' },
  'returned-too-often': { zh: '多次退单', en: 'returned too often' },
  'conflict-of-interest': { zh: '主管单位系被反映对象或其下属', en: 'the unit in charge is the reported party or belongs to it' },
  sensitive: { zh: '敏感诉求', en: 'a sensitive appeal' },
  'unit-inactive': { zh: '主管单位已停用或尚未启用', en: 'the unit in charge is not active' },
  'asked-by-person': { zh: '工作人员要求人工派单', en: 'a member of staff asked to decide' },
  'by-rule': { zh: '派单规则要求由人工决定', en: 'a rule wants a person to decide' },
};

const RULED_OUT: Readonly<Record<RuledOutReason, Readonly<Record<Language, string>>>> = {
  'returned-before': { zh: '曾退单', en: 'returned it before' },
  inactive: { zh: '已停用', en: 'is no longer active' },
  'not-yet-in-force': { zh: '尚未启用', en: 'is not in force yet' },
  'is-reported-party': { zh: '系被反映对象或其下属', en: 'is the reported party or belongs to it' },
  'outside-area': { zh: '非其辖区', en: 'is there for another area' },
  'holds-it-now': { zh: '现正持有', en: 'holds it now' },
};

const unitName = (directory: Directory, code: string | undefined): string =>
  code === undefined ? '?' : (directory.units.get(code)?.name ?? code);
const areaName = (directory: Directory, code: string | undefined): string =>
  code === undefined ? '?' : (directory.areas.get(code)?.name ?? code);
const matterName = (directory: Directory, code: string | undefined, language: Language): string => {
  const matter = code === undefined ? undefined : directory.matterByCode.get(code);
  if (matter === undefined) return code ?? '?';
  return language === 'zh' ? `“${matter.name}”（${matter.code}）` : `“${matter.english}” (${matter.code})`;
};
/** How sure a place is. */
const sureness = (score: number | undefined, language: Language): string => {
  if (score === undefined) return '';
  const percent = Math.round(score * 100);
  return language === 'zh' ? `（把握${percent}%）` : ` (${percent} % sure)`;
};
const quoted = (words: readonly string[] | undefined): string => (words ?? []).map((word) => `“${word}”`).join('');

/** One reason as a sentence; names come from the directory version it was decided under. */
export const explainReason = (directory: Directory, reason: Reason, language: Language): string => {
  const zh = language === 'zh';
  const unit = unitName(directory, reason.unit);
  const matter = matterName(directory, reason.matter, language);
  const area = areaName(directory, reason.adminCode);
  const words = quoted(reason.words);
  const sure = sureness(reason.score, language);
  const note = reason.note === undefined ? '' : zh ? `：${reason.note}` : `: ${reason.note}`;
  switch (reason.code) {
    case 'named-unit':
      if (words === '') return zh ? `来件指明由${unit}办理` : `The appeal was addressed to ${unit}.`;
      return zh ? `标题点名${words}，即${unit}` : `The title turns to ${words}: ${unit}.`;
    case 'mailbox':
      return zh
        ? `来信寄至信箱${reason.note ?? ''}，由${unit}办理`
        : `It was written to the mailbox ${reason.note ?? ''}, which is for ${unit}.`;
    case 'rule': {
      const id = reason.rule === undefined ? '' : zh ? `（${reason.rule}）` : ` (${reason.rule})`;
      const title = reason.title === undefined ? id : `“${reason.title[language]}”${id}`;
      const found = words === '' ? '' : zh ? `，出现${words}` : `, for it has ${words}`;
      const lead = reason.unit === undefined ? '' : zh ? `，由${unit}主办` : `; ${unit} leads`;
      return zh ? `派单规则${title}适用${found}${lead}` : `The rule ${title} applies${found}${lead}.`;
    }
    case 'front-line': {
      const system = reason.title === undefined ? '' : zh ? `“${reason.title.zh}”系统` : ` of the system “${reason.title.en}”`;
      const told =
        reason.note === undefined
          ? ''
          : zh
            ? `，同送${unitName(directory, reason.note)}`
            : `; ${unitName(directory, reason.note)} gets a copy`;
      return zh
        ? `${system}紧急事项，即时直派一线单位${unit}${told}`
        : `It is urgent and a matter${system}: ${unit}, the front-line unit, gets it at once${told}.`;
    }
    case 'level-above':
      return zh
        ? `保密件不经被反映单位，由其上一级${unit}办理`
        : `It is confidential and about the unit in charge: ${unit}, the level above, gets it.`;
    case 'admin-code':
      return zh ? `行政区划代码${reason.adminCode ?? ''}为${area}${sure}` : `The admin code ${reason.adminCode ?? ''} is ${area}${sure}.`;
    case 'coordinates': {
      const system =
        reason.note === undefined
          ? zh
            ? '，坐标系未注明'
            : ', whose system is not stated,'
          : zh
            ? `（${reason.note}）`
            : ` (${reason.note})`;
      return zh ? `坐标${system}位于${area}${sure}` : `The point${system} lies in ${area}${sure}.`;
    }
    case 'places-differ':
      return zh ? `地点依据不一致，均在${area}范围内${sure}` : `The sources name different places, all of them in ${area}${sure}.`;
    case 'address': {
      const where = FOUND_IN[reason.note ?? '']?.[language];
      return zh ? `${where ?? '内容'}提到${words}，地点为${area}${sure}` : `The ${where ?? 'content'} names ${words}: ${area}${sure}.`;
    }
    case 'matter-words': {
      const score = reason.score === undefined ? '' : zh ? `（${reason.score}分）` : ` (score ${reason.score})`;
      if (words === '') return zh ? `用词与事项${matter}相符${score}` : `The words fit the matter ${matter}${score}.`;
      return zh ? `出现${words}，与事项${matter}相符${score}` : `The words ${words} fit the matter ${matter}${score}.`;
    }
    case 'matter-lead':
      return zh ? `派单目录规定事项${matter}由${unit}承办` : `By the catalogue ${matter} goes to ${unit}.`;
    case 'responsibility': {
      const within = reason.adminCode === undefined ? '' : zh ? `在${area}` : ` in ${area}`;
      const basis = reason.note === undefined ? '' : zh ? `（依据：${reason.note}）` : ` (on the ground of: ${reason.note})`;
      return zh
        ? `按职责分工，事项${matter}${within}由${unit}承办${basis}`
        : `By the table of responsibilities ${matter}${within} goes to ${unit}${basis}.`;
    }
    case 'area-unit':
      return zh ? `该事项属地办理，${area}由${unit}承办` : `The matter goes by area: for ${area} it is ${unit}.`;
    case 'appeal-type':
      return zh
        ? `诉求反映的对象是${unit}，不得由其及其下属承办`
        : `The appeal is about ${unit}, so neither it nor anything under it may hold it.`;
    case 'history':
      return zh ? `${unit}排在前面，但已排除` : `${unit} would have come first but is ruled out.`;
    case 'classifier': {
      const label = reason.note ?? '';
      const sure =
        reason.score === undefined ? '' : zh ? `（${Math.round(reason.score * 100)}%）` : ` (${Math.round(reason.score * 100)} %)`;
      const weighed = words === '' ? '' : zh ? `，主要依据${words}` : `, most of all for ${words}`;
      return zh ? `分类模型判断为“${label}”${sure}${weighed}` : `The classifier takes it for “${label}”${sure}${weighed}.`;
    }
    case 'by-person':
      return zh ? `由工作人员决定${note}` : `A member of staff decided${note}.`;
    case 'reopened': {
      const because = reason.note === undefined ? undefined : wordsFor(REOPEN_REASON_WORDS, reason.note);
      return zh
        ? `重办${because === undefined ? '' : `（${because.zh}）`}：此前由${unit}答复`
        : `It was reopened${because === undefined ? '' : ` (${because.en})`}: ${unit} had answered it.`;
    }
    default:
      return assertNever(reason.code, 'decision reason');
  }
};

export const explainHold = (reason: HoldReason, language: Language): string =>
  language === 'zh' ? `待人工派单：${HELD[reason].zh}` : `Held for a person: ${HELD[reason].en}.`;

export const explainRuledOut = (directory: Directory, { unit, reason }: RuledOut, language: Language): string =>
  language === 'zh'
    ? `排除${unitName(directory, unit)}：${RULED_OUT[reason].zh}`
    : `${unitName(directory, unit)} is ruled out: it ${RULED_OUT[reason].en}.`;
