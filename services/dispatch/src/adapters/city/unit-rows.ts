import { ADMIN_CODE, INTEGRATIONS, UNIT_CODE, UNIT_KINDS } from '@paidan/contracts';
import { memberOf } from '@paidan/kernel';
import { contains, LEVELS, significant, type Area, type Unit } from '../../domain/routing/directory.js';
import { cyclesOf } from '../../domain/routing/tree.js';
import type { CityProblem } from './city-files.js';
import { reporter } from './reporter.js';
import type { Table } from './table.js';

export const AREA_COLUMNS = { needed: ['code', 'name', 'level', 'parent', 'aliases'] } as const;
export const UNIT_COLUMNS = {
  needed: ['code', 'name', 'kind', 'level', 'parent', 'areas', 'integration', 'active', 'aliases'],
  optional: ['from', 'until'],
} as const;
type AreaTable = Table<(typeof AREA_COLUMNS.needed)[number]>;
type UnitTable = Table<(typeof UNIT_COLUMNS)['needed' | 'optional'][number]>;

const isLevel = memberOf(LEVELS);
const isUnitKind = memberOf(UNIT_KINDS);
const isIntegration = memberOf(INTEGRATIONS);
const isYesNo = memberOf(['yes', 'no']);
const GOVERNMENTS = ['district', 'street', 'community'] as const;
const isGovernment = memberOf(GOVERNMENTS);

/** Digits that say something, by level; a city may be run by its province (4), be one (2) or run itself under another (6). */
const DIGITS = { city: [2, 4, 6], district: [6], street: [9], community: [12] } as const;
const asTable = (code: string): string => significant(code).padEnd(6, '0');

const parentsOf = (table: Table<'code' | 'parent'>): ReadonlyMap<string, string | undefined> =>
  new Map(table.rows.map(({ cells: { code, parent } }) => [code, parent === '' ? undefined : parent]));

/** Names each cycle at the line of each of its members: any of them may be the wrong one. */
const nameCycles = (table: Table<'code' | 'parent'>, problems: CityProblem[]): void => {
  const { say } = reporter(table.file, problems);
  const cycles = new Map(cyclesOf(parentsOf(table)).flatMap((cycle) => cycle.slice(1).map((code) => [code, cycle])));
  for (const { line, cells } of table.rows) {
    const cycle = cycles.get(cells.code)?.join(' → ');
    if (cycle !== undefined) say(line, `${cells.code} is above itself: ${cycle}`, `${cells.code} 成了自己的上级：${cycle}`);
  }
};

export const areasOf = (table: AreaTable, problems: CityProblem[]): readonly Area[] => {
  const { say, unique, member, named, list } = reporter(table.file, problems);
  const levels = new Map(table.rows.map(({ cells }) => [cells.code, cells.level]));
  const [uniqueCode, uniqueName] = [unique('code', '代码'), unique('name', '名称')];
  nameCycles(table, problems);
  return table.rows.flatMap(({ line, cells: { code, name, parent, ...cells } }) => {
    const aliases = list(line, 'aliases', cells.aliases, 50);
    const level = member(line, 'level', cells.level, isLevel);
    uniqueCode(code, line);
    // There is a 城关镇 in every other county: only what else is named then says which.
    for (const each of [name, ...aliases]) uniqueName(parent === '' ? each : `${each} (${parent})`, line);
    if (!ADMIN_CODE.test(code)) say(line, `code "${code}" is not 6, 9 or 12 digits`, `代码“${code}”不是 6、9 或 12 位数字`);
    else if (asTable(code) !== code)
      say(line, `code ${code} is written ${asTable(code)} in this table`, `代码 ${code} 在本表中应写作 ${asTable(code)}`);
    else if (level !== undefined && !(DIGITS[level] as readonly number[]).includes(significant(code).length))
      say(line, `code ${code} is not that of a ${level}`, `代码 ${code} 的位数与级别 ${level} 不符`);
    named(line, name);
    const above = levels.get(parent);
    if (parent !== '' && above === undefined) say(line, `parent ${parent} is no area of this table`, `上级 ${parent} 不在本表中`);
    else if (parent === code || (parent !== '' && !contains(parent, code)))
      say(line, `${code} does not lie in its parent ${parent}`, `${code} 不在上级 ${parent} 范围内`);
    if (level === undefined) return [];
    if (level !== 'city' && parent === '') say(line, `a ${level} has a parent`, `${level} 级必须有上级`);
    if (isLevel(above) && LEVELS.indexOf(above) >= LEVELS.indexOf(level))
      say(line, `a ${level} does not lie in a ${above}`, `${level} 级的上级不能是 ${above} 级`);
    return [{ code, name, level, ...(parent === '' ? {} : { parent }), aliases }];
  });
};

export const unitsOf = (table: UnitTable, areaCodes: ReadonlySet<string>, problems: CityProblem[]): readonly Unit[] => {
  const { say, unique, member, named, list, period } = reporter(table.file, problems);
  const parents = parentsOf(table);
  const [uniqueCode, uniqueName, uniqueGovernment] = [unique('code', '代码'), unique('name', '名称'), unique('government of area', '辖区')];
  nameCycles(table, problems);
  return table.rows.flatMap(({ line, cells: { code, name, parent, ...cells } }) => {
    const aliases = list(line, 'aliases', cells.aliases, 50);
    const areas = list(line, 'areas', cells.areas, 200);
    const kind = member(line, 'kind', cells.kind, isUnitKind);
    uniqueCode(code, line);
    for (const each of [name, ...aliases]) uniqueName(kind === 'street' || kind === 'community' ? `${each} (${parent})` : each, line);
    if (!UNIT_CODE.test(code))
      say(
        line,
        `code "${code}" is not 2 to 48 lower-case letters, digits and hyphens`,
        `代码“${code}”不是 2 至 48 位小写字母、数字和连字符`,
      );
    named(line, name);
    if (parent !== '' && !parents.has(parent)) say(line, `parent ${parent} is no unit of this table`, `上级 ${parent} 不在本表中`);
    if (areas.length === 0) say(line, 'has no area', '没有辖区');
    for (const area of areas) if (!areaCodes.has(area)) say(line, `area ${area} is not in areas.csv`, `辖区 ${area} 不在区划表中`);
    const level = member(line, 'level', cells.level, isLevel);
    const integration = member(line, 'integration', cells.integration, isIntegration);
    const active = member(line, 'active', cells.active, isYesNo);
    if ((kind === 'street' || kind === 'community') && parent === '') say(line, `a ${kind} has a parent`, `${kind} 必须有上级单位`);
    if (isGovernment(kind)) {
      if (level !== undefined && level !== kind) say(line, `a ${kind} is not of level ${level}`, `类别 ${kind} 与级别 ${level} 不符`);
      for (const area of areas) uniqueGovernment(area, line);
    }
    const times = period(line, cells.from, cells.until);
    if (kind === undefined || level === undefined || integration === undefined || active === undefined) return [];
    const above = parent === '' ? {} : { parent };
    return [{ code, name, aliases, kind, level, ...above, areas, integration, active: active === 'yes', ...times }];
  });
};
