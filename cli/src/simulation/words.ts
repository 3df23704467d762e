import type { Language } from '../options.js';
import type { ASPECTS, Change, Simulation } from './answers.js';

type Aspect = (typeof ASPECTS)[number];

interface Words {
  readonly what: string;
  readonly tickets: string;
  readonly share: string;
  readonly unchanged: string;
  readonly unreadable: string;
  readonly changes: Readonly<Record<Change, string>>;
  readonly aspects: Readonly<Record<Aspect, string>>;
  readonly automatic: string;
  readonly from: string;
  readonly to: string;
  readonly people: string;
  readonly unit: string;
  readonly leads: string;
  readonly helps: string;
  readonly after: string;
  readonly before: string;
  /** A column or row of what was, or would be. */
  readonly at: (what: string, when: string) => string;
  readonly states: Readonly<Record<Exclude<Simulation['state'], 'done' | 'running'>, string>>;
  readonly head: (tickets: string, seconds: string) => string;
  readonly more: (count: string) => string;
  readonly nothing: string;
}

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    what: 'what',
    tickets: 'tickets',
    share: 'share',
    unchanged: 'as before',
    unreadable: 'not decided: text erased, or no key for it',
    changes: {
      'other-unit': 'to another unit',
      'now-assigned': 'to a unit instead of a person',
      'now-held': 'to a person instead of a unit',
      'other-reason': 'held for another reason',
      details: 'same unit or queue, other details',
    },
    aspects: { matter: '– another matter', urgency: '– another urgency', coHandlers: '– other co-handlers', copies: '– other copies' },
    automatic: 'assigned without a person',
    from: 'from',
    to: 'to',
    people: '(a person)',
    unit: 'unit',
    leads: 'leads',
    helps: 'helps with',
    after: 'after',
    before: 'before',
    at: (what, when) => `${what}, ${when}`,
    states: { failed: 'It failed', interrupted: 'The replica that made it has ended: ask for it again' },
    head: (tickets, seconds) => `The ${tickets} newest tickets, decided twice in ${seconds} s`,
    more: (count) => `and ${count} more: --json has them`,
    nothing: 'nothing changes',
  },
  zh: {
    what: '项目',
    tickets: '工单数',
    share: '占比',
    unchanged: '不变',
    unreadable: '未判定：正文已删除或无密钥',
    changes: {
      'other-unit': '改派其他单位',
      'now-assigned': '由人工改为自动派单',
      'now-held': '由自动派单改为人工',
      'other-reason': '仍待人工，原因不同',
      details: '去向不变，其他内容有变',
    },
    aspects: { matter: '– 事项不同', urgency: '– 紧急程度不同', coHandlers: '– 协办不同', copies: '– 同送不同' },
    automatic: '自动派单',
    from: '原去向',
    to: '新去向',
    people: '（人工）',
    unit: '单位',
    leads: '主办',
    helps: '协办',
    after: '之后',
    before: '之前',
    at: (what, when) => `${what}（${when}）`,
    states: { failed: '模拟失败', interrupted: '执行模拟的副本已停止，请重新发起' },
    head: (tickets, seconds) => `最近 ${tickets} 件工单，按现行与草案各判定一次，用时 ${seconds} 秒`,
    more: (count) => `另有 ${count} 项，见 --json`,
    nothing: '没有变化',
  },
};
