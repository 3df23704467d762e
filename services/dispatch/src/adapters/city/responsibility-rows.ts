import { MAILBOX_CODE } from '@paidan/contracts';
import { memberOf } from '@paidan/kernel';
import { contains, type Area, type Handler, type Mailbox, type Unit } from '../../domain/routing/directory.js';
import { overlap, type Period } from '../../domain/routing/period.js';
import { clashesOf, type Responsibility } from '../../domain/routing/responsibilities.js';
import type { CityProblem } from './city-files.js';
import { handlersOf } from './matter-rows.js';
import { DROPPED_ZERO, DROPPED_ZERO_ZH, reporter } from './reporter.js';
import type { Table } from './table.js';

export const RESPONSIBILITY_COLUMNS = {
  needed: ['matter', 'area', 'lead', 'coHandlers'],
  optional: ['from', 'until', 'note'],
} as const;
export const MAILBOX_COLUMNS = { needed: ['code', 'name', 'unit', 'active'], optional: ['from', 'until'] } as const;
type TableOf<C extends { readonly needed: readonly string[]; readonly optional: readonly string[] }> = Table<
  C['needed' | 'optional'][number]
>;

const isYesNo = memberOf(['yes', 'no']);
const NOTE = 300;

interface Known {
  readonly subjects: ReadonlySet<string>;
  readonly areas: readonly Area[];
  /** Also of rows that are wrong otherwise. */
  readonly unitCodes: ReadonlySet<string>;
  readonly units: ReadonlyMap<string, Unit>;
}

/** Overrides of the catalogue. Where the city has one area that all others lie in, an empty cell is that one. */
export const responsibilitiesOf = (
  table: TableOf<typeof RESPONSIBILITY_COLUMNS>,
  { subjects, areas, unitCodes, units }: Known,
  problems: CityProblem[],
): readonly Responsibility[] => {
  const report = reporter(table.file, problems);
  const { say, period } = report;
  const handlers = handlersOf(unitCodes, report);
  const places = new Set(areas.map(({ code }) => code));
  const roots = areas.filter(({ parent }) => parent === undefined);
  const everywhere = roots.length === 1 ? roots[0]?.code : undefined;

  /** A unit that may never be given it would make the entry say nothing, and nobody would notice. */
  const checkUnit = (line: number, handler: Handler, place: string | undefined, times: Period): void => {
    const unit = handler.by === 'unit' ? units.get(handler.unit) : undefined;
    if (unit === undefined) return;
    if (place !== undefined && places.has(place) && !unit.areas.some((own) => contains(own, place)))
      say(line, `unit ${unit.code} is not there for the whole of ${place}`, `单位 ${unit.code} 的辖区不含 ${place} 全境`);
    if (!overlap(unit, times)) say(line, `unit ${unit.code} is not in force on any of its days`, `单位 ${unit.code} 在其有效期内均未启用`);
  };

  const entries = table.rows.map(({ line, cells: { matter, note, ...cells } }): Responsibility => {
    const area = cells.area === '' ? everywhere : cells.area;
    if (!subjects.has(matter))
      say(
        line,
        `"${matter}" is neither a matter nor a topic of the catalogue${/^\d(\d\d)?$/.test(matter) ? `; ${DROPPED_ZERO}` : ''}`,
        `“${matter}”既不是目录中的事项也不是类别${/^\d(\d\d)?$/.test(matter) ? `；${DROPPED_ZERO_ZH}` : ''}`,
      );
    if (area !== undefined && !places.has(area)) say(line, `area ${area} is not in areas.csv`, `区域 ${area} 不在区划表中`);
    if (note.length > NOTE) say(line, `note is longer than ${NOTE} characters`, `说明超过 ${NOTE} 个字符`);
    const times = period(line, cells.from, cells.until);
    const { lead, coHandlers } = handlers(line, cells);
    for (const handler of [lead, ...coHandlers]) checkUnit(line, handler, area, times);
    return { matter, ...(area === undefined ? {} : { area }), lead, coHandlers, ...times, ...(note === '' ? {} : { note }) };
  });

  for (const [first, second] of clashesOf(entries)) {
    const [before, row] = [table.rows[first], table.rows[second]];
    if (before === undefined || row === undefined) continue;
    const { matter, area } = row.cells;
    const where = area === '' ? ['', ''] : [` in ${area}`, `在 ${area}`];
    say(
      row.line,
      `says who handles ${matter}${where[0]} on days for which line ${before.line} does already`,
      `事项 ${matter} ${where[1]}的分工与第 ${before.line} 行的有效期重叠`,
    );
  }
  return entries;
};

export const mailboxesOf = (
  table: TableOf<typeof MAILBOX_COLUMNS>,
  { unitCodes, units }: Pick<Known, 'unitCodes' | 'units'>,
  problems: CityProblem[],
): readonly Mailbox[] => {
  const { say, unique, member, named, period } = reporter(table.file, problems);
  const uniqueCode = unique('code', '代码');
  return table.rows.flatMap(({ line, cells: { code, name, unit, ...cells } }) => {
    uniqueCode(code, line);
    if (!MAILBOX_CODE.test(code))
      say(
        line,
        `code "${code}" is not 2 to 64 lower-case letters, digits and . _ @ -`,
        `代码“${code}”不是 2 至 64 位小写字母、数字和 . _ @ -`,
      );
    named(line, name);
    const times = period(line, cells.from, cells.until);
    const bound = units.get(unit);
    if (!unitCodes.has(unit)) say(line, `unit ${unit} is not in units.csv`, `单位 ${unit} 不在单位表中`);
    else if (bound !== undefined && !overlap(bound, times))
      say(line, `unit ${unit} is not in force on any of its days`, `单位 ${unit} 在其有效期内均未启用`);
    const active = member(line, 'active', cells.active, isYesNo);
    return active === undefined ? [] : [{ code, name, unit, active: active === 'yes', ...times }];
  });
};
