import { CLOCK_WORDS, STOP_WORDS, TIME_UNIT_WORDS, type MessageWords, type Span } from '@paidan/contracts';
import { type DayKind, parseDate, weekdayOf } from '@paidan/kernel';
import { isPaused, type Clock } from '../domain/clock.js';
import type { CountedDay } from '../domain/explain.js';

/* What people read of a clock, in English and Chinese. Times are those of Shanghai. */

const WEEKDAYS = ['Sun 周日', 'Mon 周一', 'Tue 周二', 'Wed 周三', 'Thu 周四', 'Fri 周五', 'Sat 周六'];
const KINDS: Readonly<Record<DayKind, MessageWords>> = {
  working: { en: 'working day', zh: '工作日' },
  weekend: { en: 'weekend', zh: '周末' },
  holiday: { en: 'holiday', zh: '法定节假日' },
  'make-up': { en: 'make-up working day', zh: '调休上班日' },
  suspended: { en: 'work suspended', zh: '挂起' },
};

export const localTime = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');

export const spanWords = ({ count, unit }: Span): MessageWords => ({
  en: `${count} ${count === 1 ? TIME_UNIT_WORDS[unit].en.replace(/s$/, '') : TIME_UNIT_WORDS[unit].en}`,
  zh: `${count}${TIME_UNIT_WORDS[unit].zh}`,
});

/** One line for a day: `2026-02-14 Sat: make-up working day (春节), counted: 1 of 5 working days`. */
export function dayWords({ date, kind, name, counted, total, of, role }: CountedDay): MessageWords {
  const [en = '', zh = ''] = (WEEKDAYS[weekdayOf(parseDate(date) ?? 0)] ?? '').split(' ');
  const span = spanWords(of);
  const byDay = of.unit === 'WD' || of.unit === 'CD';
  const amount = byDay ? { en: 'counted', zh: '计入' } : { en: `${counted} counted`, zh: `计入 ${counted}` };
  const count =
    counted > 0
      ? { en: `${amount.en}: ${total} of ${span.en}`, zh: `${amount.zh}，累计 ${total}，共 ${span.zh}` }
      : role === 'start' && byDay
        ? { en: 'not counted: the day of the start', zh: '不计入：起始日' }
        : { en: 'not counted', zh: '不计入' };
  const due = role === 'due' ? { en: '; the deadline', zh: '；到期日' } : { en: '', zh: '' };
  return {
    en: `${date} ${en}: ${KINDS[kind].en}${name === undefined ? '' : ` (${name})`}, ${count.en}${due.en}`,
    zh: `${date} ${zh}：${KINDS[kind].zh}${name === undefined ? '' : `（${name}）`}，${count.zh}${due.zh}`,
  };
}

/** One line for a clock: what it is, since when, until when, and what became of it. */
export function clockWords(clock: Clock): MessageWords {
  const words = CLOCK_WORDS[clock.clock];
  const span = spanWords(clock.span);
  const [whose, whoseZh] =
    clock.assignment === undefined ? ['the citizen’s', '对诉求人'] : [`assignment ${clock.assignment}`, `派单 ${clock.assignment}`];
  const start = localTime(clock.startedAt);
  const state = stateWords(clock);
  const before = shortenedWords(clock);
  return {
    en: `${words.en}, ${whose}: ${span.en} from ${start}${before.en}; ${state.en}`,
    zh: `${words.zh}（${whoseZh}）：自 ${start} 起 ${span.zh}${before.zh}；${state.zh}`,
  };
}

function shortenedWords({ shortened }: Clock): MessageWords {
  if (shortened === undefined) return { en: '', zh: '' };
  const [from, at] = [spanWords(shortened.from), localTime(shortened.at)];
  return { en: `, no longer ${from.en}: found more urgent ${at}`, zh: `（原 ${from.zh}，${at} 紧急程度提高）` };
}

function stateWords(clock: Clock): MessageWords {
  const { dueAt, awaitsYear, stopped, unjudged } = clock;
  const due =
    dueAt !== undefined
      ? { en: `due ${localTime(dueAt)}`, zh: `到期 ${localTime(dueAt)}` }
      : awaitsYear !== undefined
        ? { en: `no deadline yet: the calendar of ${awaitsYear} is not published`, zh: `暂无到期时间：${awaitsYear} 年工作日历尚未公布` }
        : { en: 'no deadline', zh: '无到期时间' };
  if (stopped !== undefined) {
    const { en, zh } = STOP_WORDS[stopped.because];
    return { en: `${due.en}; stopped ${localTime(stopped.at)}, ${en}`, zh: `${due.zh}；${localTime(stopped.at)} 结束，${zh}` };
  }
  if (unjudged !== undefined)
    return {
      en: `${due.en}; stopped ${localTime(unjudged)}, judged when it is published`,
      zh: `${due.zh}；${localTime(unjudged)} 结束，待日历公布后认定`,
    };
  return isPaused(clock) ? { en: `${due.en}; suspended`, zh: `${due.zh}；挂起中` } : due;
}
