import type { Period } from '../../domain/routing/period.js';
import type { CityProblem } from './city-files.js';

/** Words of a cell are separated by blanks: a spreadsheet shows them in one cell, and no Chinese name has a blank in it. */
export const wordsOf = (cell: string): readonly string[] => cell.split(/[\s\u3000]+/u).filter((word) => word !== '');

export const DROPPED_ZERO = 'a spreadsheet drops the leading zero of a number: format the column as text';
export const DROPPED_ZERO_ZH = '表格软件会去掉数字前面的 0：请把该列设为文本格式';

const HOUR = 3_600_000;
/** China has one time, eight hours ahead of UTC, the whole year. */
const OFFSET = 8 * HOUR;

/** The instant a day begins; undefined for what is no date. 30 February would become 2 March without a word, so it must come out as written. */
const startOf = (date: string, later = 0): number | undefined => {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date ? undefined : at + later * 24 * HOUR - OFFSET;
};

/** Collects what is wrong with one table. */
export const reporter = (file: string, problems: CityProblem[]) => {
  const say = (line: number, problem: string, problemZh: string): void => void problems.push({ file, line, problem, problemZh });
  const instant = (line: number, column: string, date: string, later?: number): number | undefined => {
    if (date === '') return undefined;
    const at = startOf(date, later);
    if (at === undefined) say(line, `${column} "${date}" is not a date like 2026-07-01`, `${column} “${date}”不是形如 2026-07-01 的日期`);
    return at;
  };
  return {
    say,
    /** Reports the second use of a key. */
    unique: (what: string, whatZh: string) => {
      const seen = new Map<string, number>();
      return (key: string, line: number): void => {
        const first = seen.get(key);
        if (first === undefined) seen.set(key, line);
        else if (first === line) say(line, `${what} ${key} is twice on this line`, `${whatZh} ${key} 在本行重复`);
        else say(line, `${what} ${key} is on line ${first} already`, `${whatZh} ${key} 与第 ${first} 行重复`);
      };
    },
    member: <T extends string>(line: number, column: string, value: string, is: (value: unknown) => value is T): T | undefined => {
      if (is(value)) return value;
      say(line, `${column} "${value}" is not one that is known`, `${column} “${value}”不在可选值之内`);
      return undefined;
    },
    /** A name for people, of so many characters at most: what is published has no room for more. */
    named: (line: number, name: string, most = 100): void => {
      if (name === '') say(line, 'has no name', '缺少名称');
      if (name.length > most) say(line, `name is longer than ${most} characters`, `名称超过 ${most} 个字符`);
    },
    /** The words of a cell, of which there may be so many. */
    list: (line: number, column: string, cell: string, most: number): readonly string[] => {
      const words = wordsOf(cell);
      if (words.length > most) say(line, `${column} has more than ${most} values`, `${column} 超过 ${most} 个值`);
      return words;
    },
    /** From the beginning of the first day to the end of the last. */
    period: (line: number, first: string, last: string): Period => {
      const from = instant(line, 'from', first);
      const until = instant(line, 'until', last, 1);
      if (from !== undefined && until !== undefined && until <= from)
        say(line, `ends on ${last}, before it begins`, `截止日 ${last} 早于起始日`);
      return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
    },
  };
};
