import { UNIT_CODE } from '@paidan/contracts';
import type { FrontLine, System } from '../../domain/routing/systems.js';
import type { CityProblem } from './city-files.js';
import { DROPPED_ZERO, DROPPED_ZERO_ZH, reporter } from './reporter.js';
import type { Table } from './table.js';

export const SYSTEM_COLUMNS = { needed: ['code', 'name', 'english', 'bureau', 'matters', 'frontLine'] } as const;

interface Known {
  /** Matters and topics. */
  readonly subjects: ReadonlySet<string>;
  readonly unitCodes: ReadonlySet<string>;
}

/** 条线 whose urgent matters go to the front line at once. A matter of two systems would go to either, so it is refused. */
export const systemsOf = (
  table: Table<(typeof SYSTEM_COLUMNS.needed)[number]>,
  { subjects, unitCodes }: Known,
  problems: CityProblem[],
): readonly System[] => {
  const { say, unique, named, list } = reporter(table.file, problems);
  const [uniqueCode, uniqueMatter] = [unique('code', '代码'), unique('matter', '事项')];
  const known = (line: number, unit: string): void => {
    if (!unitCodes.has(unit)) say(line, `unit ${unit} is not in units.csv`, `单位 ${unit} 不在单位表中`);
  };
  return table.rows.map(({ line, cells: { code, name, english, bureau, ...cells } }): System => {
    uniqueCode(code, line);
    if (!UNIT_CODE.test(code))
      say(
        line,
        `code "${code}" is not 2 to 48 lower-case letters, digits and hyphens`,
        `代码“${code}”不是 2 至 48 位小写字母、数字和连字符`,
      );
    named(line, name, 60);
    if (english === '') say(line, 'has no English name', '缺少英文名称');
    if (english.length > 100) say(line, 'English name is longer than 100 characters', '英文名称超过 100 个字符');
    if (bureau === '') say(line, 'has no bureau', '没有主管部门');
    else known(line, bureau);

    const matters = list(line, 'matters', cells.matters, 200);
    if (matters.length === 0) say(line, 'has no matter', '没有事项');
    for (const matter of matters) {
      uniqueMatter(matter, line);
      const [hint, hintZh] = /^\d(\d\d)?$/.test(matter) ? [`; ${DROPPED_ZERO}`, `；${DROPPED_ZERO_ZH}`] : ['', ''];
      if (!subjects.has(matter))
        say(
          line,
          `"${matter}" is neither a matter nor a topic of the catalogue${hint}`,
          `“${matter}”既不是目录中的事项也不是类别${hintZh}`,
        );
    }

    const words = list(line, 'frontLine', cells.frontLine, 200);
    if (words.length === 0) say(line, 'has no front-line unit', '没有一线单位');
    if (new Set(words).size < words.length) say(line, 'names one unit twice', '同一单位出现两次');
    if (words.includes(bureau))
      say(line, `${bureau} is the bureau: it is not its own front line`, `${bureau} 是主管部门，不能同时是一线单位`);
    const frontLine = words.map((word): FrontLine => {
      if (word === '@street' || word === '@district') return { by: word === '@street' ? 'street' : 'district' };
      known(line, word);
      return { by: 'unit', unit: word };
    });
    return { code, name, english, bureau, matters, frontLine };
  });
};
