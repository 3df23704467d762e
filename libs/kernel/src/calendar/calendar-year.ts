import { isStorable } from '../storable.js';
import { dateOf, isWeekend, parseDate, yearOf } from './day.js';

/** One day that isn't what its weekday says: a holiday, or a weekend day worked for one (调休). */
export interface MarkedDay {
  readonly day: number;
  readonly name: string;
  readonly off: boolean;
}

/** A year as the State Council has published it. */
export interface CalendarYear {
  readonly year: number;
  /** Addresses of the notices. */
  readonly papers: readonly string[];
  readonly days: readonly MarkedDay[];
}

/** What is wrong with a year, by day where it is a day that is wrong. */
export interface YearProblem {
  /** RFC 6901 pointer into the file. */
  readonly pointer: string;
  readonly date?: string;
  readonly code: string;
  readonly detail: string;
  readonly detailZh: string;
}

/** `year` is absent for a file that says nothing yet: it has no papers. */
export type CheckedYear =
  { readonly ok: true; readonly year: CalendarYear | undefined } | { readonly ok: false; readonly problems: readonly YearProblem[] };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads a file of holiday-cn (`{year, papers, days: [{name, date, isOffDay}]}`) and holds it against itself: all of it, or what is wrong and nothing.
 * A notice may mark days of the December before its year (2022-12-31 stands in that of 2023); no other day outside the year is taken.
 */
export function checkYear(file: unknown, year: number): CheckedYear {
  if (!isObject(file)) return { ok: false, problems: [wrong('', 'not-an-object', 'is not an object', '不是 JSON 对象')] };
  const { papers, days } = file;
  const problems: YearProblem[] = [];
  if (file['year'] !== year) problems.push(wrong('/year', 'other-year', `is not ${year}`, `不是 ${year} 年`));
  if (!Array.isArray(papers) || papers.some((paper) => typeof paper !== 'string' || !isStorable(paper) || paper.length > 500))
    problems.push(wrong('/papers', 'not-texts', 'is not a list of addresses', '不是文件地址列表'));
  if (!Array.isArray(days)) problems.push(wrong('/days', 'not-a-list', 'is not a list', '不是列表'));
  if (!Array.isArray(papers) || !Array.isArray(days)) return { ok: false, problems };

  if (papers.length === 0 && days.length > 0)
    problems.push(wrong('/papers', 'no-papers', 'has days, but no notice that publishes them', '列有日期，但没有公布文件'));
  if (papers.length > 0 && days.length === 0)
    problems.push(
      wrong('/days', 'no-days', 'has a notice, but no day: a year without holidays does not exist', '有公布文件，但没有任何日期'),
    );
  const marked = checkDays(days as readonly unknown[], year, problems);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, year: papers.length === 0 ? undefined : { year, papers: papers as string[], days: marked } };
}

function checkDays(entries: readonly unknown[], year: number, problems: YearProblem[]): MarkedDay[] {
  const seen = new Map<number, boolean>();
  return entries.flatMap((entry, index): MarkedDay[] => {
    const at = `/days/${index}`;
    if (!isObject(entry)) {
      problems.push(wrong(at, 'not-an-object', 'is not an object', '不是 JSON 对象'));
      return [];
    }
    const { name, date, isOffDay: off } = entry;
    const day = typeof date === 'string' ? parseDate(date) : undefined;
    if (typeof name !== 'string' || name.trim() === '' || name.length > 40 || !isStorable(name))
      problems.push(wrong(`${at}/name`, 'no-name', 'is not a name of 1 to 40 characters', '名称应为 1 至 40 个字符'));
    if (typeof off !== 'boolean') problems.push(wrong(`${at}/isOffDay`, 'not-boolean', 'is neither true nor false', '应为 true 或 false'));
    if (day === undefined) problems.push(wrong(`${at}/date`, 'no-date', 'is not a date like 2026-02-14', '不是 2026-02-14 形式的日期'));
    if (day === undefined || typeof off !== 'boolean' || typeof name !== 'string') return [];

    const problem = (code: string, detail: string, detailZh: string): void =>
      void problems.push({ ...wrong(`${at}/date`, code, `${dateOf(day)} ${detail}`, `${dateOf(day)} ${detailZh}`), date: dateOf(day) });
    const before = seen.get(day);
    seen.set(day, off);
    if (before === off) problem('twice', 'stands twice', '重复列出');
    else if (before !== undefined) problem('off-and-worked', 'is both a holiday and a make-up day', '既是放假日又是调休上班日');
    else if (!isOf(day, year)) problem('outside-year', `does not belong to ${year}`, `不属于 ${year} 年`);
    else if (!off && !isWeekend(day))
      problem('worked-anyway', 'is a make-up day on a weekday, worked anyway', '是工作日，不能作为调休上班日');
    return [{ day, name, off }];
  });
}

const isOf = (day: number, year: number): boolean => yearOf(day) === year || (yearOf(day) === year - 1 && dateOf(day).slice(5, 7) === '12');

const wrong = (pointer: string, code: string, detail: string, detailZh: string): YearProblem => ({ pointer, code, detail, detailZh });
