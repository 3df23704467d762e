import { MATTER_CODE } from '@paidan/contracts';
import { memberOf } from '@paidan/kernel';
import type { Handler, Matter, Topic } from '../../domain/routing/directory.js';
import type { CityProblem } from './city-files.js';
import { DROPPED_ZERO, DROPPED_ZERO_ZH, reporter, wordsOf } from './reporter.js';
import type { Table } from './table.js';

export const TOPIC_COLUMNS = { needed: ['code', 'name', 'english'] } as const;
export const MATTER_COLUMNS = { needed: ['code', 'name', 'english', 'lead', 'coHandlers'] } as const;
export const WORD_COLUMNS = { needed: ['matter', 'strength', 'phrases'] } as const;
type TableOf<Columns extends { readonly needed: readonly string[] }> = Table<Columns['needed'][number]>;

const isStrength = memberOf(['strong', 'weak']);
const isByArea = memberOf(['@street', '@district', '@utility']);

export const topicsOf = (table: TableOf<typeof TOPIC_COLUMNS>, problems: CityProblem[]): readonly Topic[] => {
  const { say, unique, named } = reporter(table.file, problems);
  const uniqueCode = unique('code', '代码');
  return table.rows.map(({ line, cells }) => {
    uniqueCode(cells.code, line);
    named(line, cells.name, 60);
    if (!/^\d{2}$/.test(cells.code))
      say(line, `code "${cells.code}" is not two digits; ${DROPPED_ZERO}`, `代码“${cells.code}”不是两位数字；${DROPPED_ZERO_ZH}`);
    return cells;
  });
};

export interface MatterWords {
  readonly strong: string[];
  readonly weak: string[];
}

/** By matter. A phrase that is strong for two matters would decide for neither, so it is refused. */
export const matterWordsOf = (
  table: TableOf<typeof WORD_COLUMNS>,
  matterCodes: ReadonlySet<string>,
  problems: CityProblem[],
): ReadonlyMap<string, MatterWords> => {
  const { say, member } = reporter(table.file, problems);
  const words = new Map<string, MatterWords>([...matterCodes].map((code) => [code, { strong: [], weak: [] }]));
  const strongFor = new Map<string, string>();
  for (const { line, cells } of table.rows) {
    const { matter } = cells;
    const strength = member(line, 'strength', cells.strength, isStrength);
    const own = words.get(matter);
    const [hint, hintZh] = /^\d{3}$/.test(matter) ? [`; ${DROPPED_ZERO}`, `；${DROPPED_ZERO_ZH}`] : ['', ''];
    if (own === undefined) say(line, `matter ${matter} is not in matters.csv${hint}`, `事项 ${matter} 不在事项表中${hintZh}`);
    if (own === undefined || strength === undefined) continue;
    for (const phrase of wordsOf(cells.phrases)) {
      const other = strength === 'strong' ? strongFor.get(phrase) : undefined;
      if (own.strong.includes(phrase) || own.weak.includes(phrase))
        say(line, `${phrase} is twice under ${matter}`, `${phrase} 在 ${matter} 下重复`);
      else if (other !== undefined)
        say(
          line,
          `${phrase} is strong for ${other} too: it can decide for one matter only`,
          `${phrase} 也是 ${other} 的强词：强词只能属于一个事项`,
        );
      else if (strength === 'strong' && phrase.length < 2)
        say(line, `${phrase}: one character is no strong phrase`, `${phrase}：单字不能作强词`);
      else if (phrase.length > 40) say(line, `${phrase} is longer than 40 characters`, `${phrase} 超过 40 个字符`);
      else own[strength].push(phrase);
      if (strength === 'strong' && other === undefined) strongFor.set(phrase, matter);
    }
  }
  return words;
};

/** Reads who handles something: `lead` and `coHandlers` of a row. */
export const handlersOf =
  (units: ReadonlySet<string>, { say, list }: Pick<ReturnType<typeof reporter>, 'say' | 'list'>) =>
  (line: number, cells: { readonly lead: string; readonly coHandlers: string }): { lead: Handler; coHandlers: readonly Handler[] } => {
    const handlerOf = (word: string): Handler => {
      if (isByArea(word)) return { by: word === '@street' ? 'street' : word === '@district' ? 'district' : 'utility' };
      if (word === '') say(line, 'has no lead', '没有主办');
      else if (!units.has(word)) say(line, `unit ${word} is not in units.csv`, `单位 ${word} 不在单位表中`);
      return { by: 'unit', unit: word };
    };
    const coHandlers = list(line, 'coHandlers', cells.coHandlers, 20);
    if (new Set([cells.lead, ...coHandlers]).size <= coHandlers.length) say(line, 'names one unit twice', '同一单位出现两次');
    return { lead: handlerOf(cells.lead), coHandlers: coHandlers.map(handlerOf) };
  };

export const mattersOf = (
  table: TableOf<typeof MATTER_COLUMNS>,
  known: { readonly topics: ReadonlySet<string>; readonly units: ReadonlySet<string>; readonly words: ReadonlyMap<string, MatterWords> },
  problems: CityProblem[],
): readonly Matter[] => {
  const report = reporter(table.file, problems);
  const { say, unique, named } = report;
  const uniqueCode = unique('code', '代码');
  const handlers = handlersOf(known.units, report);
  return table.rows.map(({ line, cells: { code, name, english, ...cells } }) => {
    const topic = code.slice(0, 2);
    uniqueCode(code, line);
    if (!MATTER_CODE.test(code))
      say(line, `code "${code}" is not four digits; ${DROPPED_ZERO}`, `代码“${code}”不是四位数字；${DROPPED_ZERO_ZH}`);
    else if (!known.topics.has(topic)) say(line, `topic ${topic} is not in topics.csv`, `类别 ${topic} 不在类别表中`);
    named(line, name, 60);
    const words = known.words.get(code) ?? { strong: [], weak: [] };
    if (words.strong.length === 0)
      say(
        line,
        `${code} has no strong phrase in words.csv: nothing would ever be routed by it`,
        `${code} 在词表中没有强词：永远不会据此派单`,
      );
    return { code, name, english, topic, ...handlers(line, cells), ...words };
  });
};
