import { LINK_KIND_WORDS, UNLINK_REASON_WORDS, type Actor, type ReturnReason } from '@paidan/contracts';
import { dateOf, dayOf, startOf } from '@paidan/kernel';
import { explainHold, explainReason, explainRuledOut, type Language } from './routing/explain.js';
import type { Directory } from './routing/directory.js';
import type { Taken } from './ticket.js';

const RETURNED = {
  'not-our-duty': { zh: '非本单位职责', en: 'it is not its duty' },
  'not-our-area': { zh: '非本辖区', en: 'it is not in its area' },
  misclassified: { zh: '分类或派发错误', en: 'it was classified wrongly' },
  'insufficient-information': { zh: '信息不全无法办理', en: 'the information is not sufficient' },
  duplicate: { zh: '重复件', en: 'it is a duplicate' },
  'lawful-route': { zh: '应走法定途径', en: 'the law has another route for it' },
  'needs-several-units': { zh: '应由多单位主协办', en: 'it needs several units' },
} as const;

const REFUSED = {
  'is-their-duty': { zh: '属其职责', en: 'it is its duty' },
  designated: { zh: '直接指定，不得退单', en: 'it was designated, which is final' },
  'window-passed': { zh: '超过退单时限', en: 'the return window had passed' },
  'grounds-insufficient': { zh: '理由不足', en: 'the grounds were not sufficient' },
} as const;

const KEPT = {
  'reply-approved': { zh: '答复已审核通过', en: 'a reply had been approved' },
  'already-ended': { zh: '该派单记录已结束', en: 'the assignment had ended' },
} as const;

/** What a unit says against holding a ticket, before anybody has decided on it. */
export const explainObjection = (directory: Directory, unit: string, because: ReturnReason, language: Language): string => {
  const name = directory.units.get(unit)?.name ?? unit;
  return language === 'zh' ? `${name}申请退单：${RETURNED[because].zh}` : `${name} returns it: ${RETURNED[because].en}.`;
};

/** `2026-11-24 18:00` in Shanghai, by which officers live. */
const wallTime = (at: number): string => `${dateOf(dayOf(at))} ${new Date(at - startOf(dayOf(at))).toISOString().slice(11, 16)}`;

const decider = ({ kind }: Actor, language: Language): string =>
  kind === 'person' ? (language === 'zh' ? '人工' : 'by a person') : language === 'zh' ? '按规则' : 'by rule';

/** A decision in sentences, the outcome first and then what spoke for it. */
export const explainDecision = (directory: Directory, taken: Taken, language: Language): string[] => {
  const zh = language === 'zh';
  const name = (code: string): string => directory.units.get(code)?.name ?? code;
  switch (taken.did) {
    case 'assigned': {
      const { lead, coHandlers, copies, assignment, designated, by } = taken;
      const and = zh ? '、' : ', ';
      const others = [
        ...(coHandlers.length === 0 ? [] : [`${zh ? '协办' : 'co-handlers '}${coHandlers.map(name).join(and)}`]),
        ...(copies.length === 0 ? [] : [`${zh ? '同送' : 'copied to '}${copies.map(name).join(and)}`]),
        ...(designated ? [zh ? '直接指定，不得退单' : 'designated, not to be returned'] : []),
      ];
      const who = decider(by, language);
      const more = others.length === 0 ? '' : zh ? `，${others.join('，')}` : `; ${others.join('; ')}`;
      const outcome = zh
        ? `第${assignment}次派单（${who}）：${name(lead)}主办${more}`
        : `Assignment ${assignment} (${who}): ${name(lead)} leads${more}.`;
      return [outcome, ...grounds(directory, taken, language)];
    }
    case 'held':
      return [explainHold(taken.reason, language), ...grounds(directory, taken, language)];
    case 'return-accepted': {
      const because = RETURNED[taken.objection.because][language];
      const who = decider(taken.by, language);
      return [zh ? `${who}同意${name(taken.unit)}退单：${because}` : `${name(taken.unit)} returned it and may, ${who}: ${because}.`];
    }
    case 'return-refused': {
      const ended = taken.windowEnded === undefined ? '' : wallTime(taken.windowEnded);
      const late = ended === '' ? '' : zh ? `（截至${ended}）` : ` (it ended ${ended})`;
      const because = `${REFUSED[taken.because][language]}${late}`;
      const [who, grounds] = [decider(taken.by, language), RETURNED[taken.objection.because][language]];
      return [
        zh
          ? `${who}不同意${name(taken.unit)}退单（其称：${grounds}）：${because}`
          : `${name(taken.unit)} returned it because ${grounds} and may not, ${who}: ${because}.`,
      ];
    }
    case 'release-requested': {
      const { unit, target } = taken;
      if ('master' in target)
        return [
          zh
            ? `要求从${name(unit)}收回，并入主单 ${target.masterNumber}`
            : `Asked ${name(unit)} to let it go, so that it can be linked to ${target.masterNumber}.`,
        ];
      if (!('lead' in target))
        return [zh ? `撤销对${name(unit)}的派单` : `The assignment to ${name(unit)} was undone; it was asked to let go.`];
      return [
        zh
          ? `要求从${name(unit)}收回，改派${name(target.lead)}`
          : `Asked ${name(unit)} to let it go, so that it can be assigned to ${name(target.lead)}.`,
      ];
    }
    case 'linked': {
      const { masterNumber, link, by } = taken;
      const [who, kind] = [decider(by, language), LINK_KIND_WORDS[link][language]];
      return [zh ? `${who}并入主单 ${masterNumber}：${kind}` : `Linked to ${masterNumber}, ${who}: ${kind}.`];
    }
    case 'unlinked': {
      const { masterNumber, because, by } = taken;
      const [who, why] = [decider(by, language), UNLINK_REASON_WORDS[because][language]];
      return [zh ? `${who}解除与主单 ${masterNumber} 的并入：${why}` : `No longer under ${masterNumber}, ${who}: ${why}.`];
    }
    case 'request-dropped': {
      const because = KEPT[taken.because][language];
      if (taken.masterNumber !== undefined)
        return [zh ? `并入主单 ${taken.masterNumber} 未成：${because}` : `It could not be linked to ${taken.masterNumber}: ${because}.`];
      if (taken.unit === undefined) return [zh ? `撤销派单未成：${because}` : `It could not be undone: ${because}.`];
      return [zh ? `改派${name(taken.unit)}未成：${because}` : `It could not be assigned to ${name(taken.unit)}: ${because}.`];
    }
  }
};

const grounds = (directory: Directory, taken: Extract<Taken, { did: 'assigned' | 'held' }>, language: Language): string[] => [
  ...taken.reasons.map((reason) => explainReason(directory, reason, language)),
  ...taken.ruledOut.map((ruledOut) => explainRuledOut(directory, ruledOut, language)),
];
