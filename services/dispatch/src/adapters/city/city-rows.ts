import { ADMIN_CODE, CHANNEL_ID, CHANNELS, INTEGRATIONS, MATTER_CODE, UNIT_CODE, UNIT_KINDS, type ChannelKind } from '@paidan/contracts';
import { memberOf } from '@paidan/kernel';
import { contains, type Area, type Handler, type Matter, type Topic, type Unit } from '../../domain/routing/directory.js';
import { wordsOf, type CityProblem, type Row } from './csv-table.js';

export interface CityChannel {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelKind;
  readonly active: boolean;
}

/** The columns of each table. */
export const AREA_COLUMNS = ['code', 'name', 'level', 'parent', 'aliases'] as const;
export const UNIT_COLUMNS = ['code', 'name', 'kind', 'level', 'parent', 'areas', 'integration', 'active', 'aliases'] as const;
export const TOPIC_COLUMNS = ['code', 'name', 'english'] as const;
export const MATTER_COLUMNS = ['code', 'name', 'english', 'lead', 'coHandlers'] as const;
export const WORD_COLUMNS = ['matter', 'strength', 'phrases'] as const;
export const CHANNEL_COLUMNS = ['id', 'name', 'kind', 'active'] as const;
/** Feedback's: where it posts replies to the channel's tickets. */
export const CALLBACK_COLUMNS = ['callback_url', 'callback_secret_file'];
type Rows<Columns extends readonly string[]> = readonly Row<Columns[number]>[];

const isLevel = memberOf(['city', 'district', 'street']);
const isUnitKind = memberOf(UNIT_KINDS);
const isIntegration = memberOf(INTEGRATIONS);
const isChannelKind = memberOf(CHANNELS);
const isYesNo = memberOf(['yes', 'no']);
const isStrength = memberOf(['strong', 'weak']);
const isByArea = memberOf(['@street', '@district', '@utility']);

const DROPPED_ZERO = 'a spreadsheet drops the leading zero of a number: format the column as text';

/** Collects what is wrong with one table. */
const reporter = (file: string, problems: CityProblem[]) => {
  const say = (line: number, problem: string): void => void problems.push({ file, line, problem });
  return {
    say,
    /** Reports the second use of a key. */
    unique: (what: string) => {
      const seen = new Map<string, number>();
      return (key: string, line: number): void => {
        const first = seen.get(key);
        if (first === undefined) seen.set(key, line);
        else say(line, first === line ? `${what} ${key} is twice on this line` : `${what} ${key} is on line ${first} already`);
      };
    },
    member: <T extends string>(line: number, column: string, value: string, is: (value: unknown) => value is T): T | undefined => {
      if (is(value)) return value;
      say(line, `${column} "${value}" is not one that is known`);
      return undefined;
    },
  };
};

export const areasOf = (rows: Rows<typeof AREA_COLUMNS>, problems: CityProblem[]): readonly Area[] => {
  const { say, unique, member } = reporter('areas.csv', problems);
  const codes = new Set(rows.map(({ cells }) => cells.code));
  const [uniqueCode, uniqueName] = [unique('code'), unique('name')];
  return rows.flatMap(({ line, cells: { code, name, parent, ...cells } }) => {
    const aliases = wordsOf(cells.aliases);
    uniqueCode(code, line);
    for (const each of [name, ...aliases]) uniqueName(each, line);
    if (!ADMIN_CODE.test(code)) say(line, `code "${code}" is not 6 or 9 digits`);
    if (name === '') say(line, 'has no name');
    if (parent !== '' && !codes.has(parent)) say(line, `parent ${parent} is no area of this table`);
    else if (parent === code || (parent !== '' && !contains(parent, code))) say(line, `${code} does not lie in its parent ${parent}`);
    const level = member(line, 'level', cells.level, isLevel);
    if (level === undefined) return [];
    if (level !== 'city' && parent === '') say(line, `a ${level} has a parent`);
    return [{ code, name, level, ...(parent === '' ? {} : { parent }), aliases }];
  });
};

export const unitsOf = (rows: Rows<typeof UNIT_COLUMNS>, areaCodes: ReadonlySet<string>, problems: CityProblem[]): readonly Unit[] => {
  const { say, unique, member } = reporter('units.csv', problems);
  const parents = new Map(rows.map(({ cells }) => [cells.code, cells.parent]));
  const isAboveItself = (code: string): boolean => {
    const passed = new Set<string>();
    for (let at = parents.get(code); at !== undefined && !passed.has(at); at = parents.get(at)) {
      if (at === code) return true;
      passed.add(at);
    }
    return false;
  };
  const [uniqueCode, uniqueName, uniqueGovernment] = [unique('code'), unique('name'), unique('government of area')];
  return rows.flatMap(({ line, cells: { code, name, parent, ...cells } }) => {
    const aliases = wordsOf(cells.aliases);
    const areas = wordsOf(cells.areas);
    uniqueCode(code, line);
    for (const each of [name, ...aliases]) uniqueName(each, line);
    if (!UNIT_CODE.test(code)) say(line, `code "${code}" is not lower-case letters, digits and hyphens`);
    if (name === '') say(line, 'has no name');
    if (parent !== '' && !parents.has(parent)) say(line, `parent ${parent} is no unit of this table`);
    else if (isAboveItself(code)) say(line, `${code} is above itself through its parent ${parent}`);
    if (areas.length === 0) say(line, 'has no area');
    for (const area of areas) if (!areaCodes.has(area)) say(line, `area ${area} is not in areas.csv`);
    const kind = member(line, 'kind', cells.kind, isUnitKind);
    const level = member(line, 'level', cells.level, isLevel);
    const integration = member(line, 'integration', cells.integration, isIntegration);
    const active = member(line, 'active', cells.active, isYesNo);
    if (kind === 'street' && parent === '') say(line, 'a street has a parent');
    if (kind === 'street' || kind === 'district') for (const area of areas) uniqueGovernment(area, line);
    if (kind === undefined || level === undefined || integration === undefined || active === undefined) return [];
    return [{ code, name, aliases, kind, level, ...(parent === '' ? {} : { parent }), areas, integration, active: active === 'yes' }];
  });
};

export const topicsOf = (rows: Rows<typeof TOPIC_COLUMNS>, problems: CityProblem[]): readonly Topic[] => {
  const { say, unique } = reporter('topics.csv', problems);
  const uniqueCode = unique('code');
  return rows.map(({ line, cells }) => {
    uniqueCode(cells.code, line);
    if (!/^\d{2}$/.test(cells.code)) say(line, `code "${cells.code}" is not two digits; ${DROPPED_ZERO}`);
    return cells;
  });
};

export interface MatterWords {
  readonly strong: string[];
  readonly weak: string[];
}

/** By matter. A phrase that is strong for two matters would decide for neither, so it is refused. */
export const matterWordsOf = (
  rows: Rows<typeof WORD_COLUMNS>,
  matterCodes: ReadonlySet<string>,
  problems: CityProblem[],
): ReadonlyMap<string, MatterWords> => {
  const { say, member } = reporter('words.csv', problems);
  const words = new Map<string, MatterWords>([...matterCodes].map((code) => [code, { strong: [], weak: [] }]));
  const strongFor = new Map<string, string>();
  for (const { line, cells } of rows) {
    const { matter } = cells;
    const strength = member(line, 'strength', cells.strength, isStrength);
    const own = words.get(matter);
    if (own === undefined) say(line, `matter ${matter} is not in matters.csv${/^\d{3}$/.test(matter) ? `; ${DROPPED_ZERO}` : ''}`);
    if (own === undefined || strength === undefined) continue;
    for (const phrase of wordsOf(cells.phrases)) {
      const other = strength === 'strong' ? strongFor.get(phrase) : undefined;
      if (own.strong.includes(phrase) || own.weak.includes(phrase)) say(line, `${phrase} is twice under ${matter}`);
      else if (other !== undefined) say(line, `${phrase} is strong for ${other} too: it can decide for one matter only`);
      else if (strength === 'strong' && phrase.length < 2) say(line, `${phrase}: one character is no strong phrase`);
      else own[strength].push(phrase);
      if (strength === 'strong' && other === undefined) strongFor.set(phrase, matter);
    }
  }
  return words;
};

export const mattersOf = (
  rows: Rows<typeof MATTER_COLUMNS>,
  known: { readonly topics: ReadonlySet<string>; readonly units: ReadonlySet<string>; readonly words: ReadonlyMap<string, MatterWords> },
  problems: CityProblem[],
): readonly Matter[] => {
  const { say, unique } = reporter('matters.csv', problems);
  const uniqueCode = unique('code');
  return rows.map(({ line, cells: { code, name, english, ...cells } }) => {
    const topic = code.slice(0, 2);
    uniqueCode(code, line);
    if (!MATTER_CODE.test(code)) say(line, `code "${code}" is not four digits; ${DROPPED_ZERO}`);
    else if (!known.topics.has(topic)) say(line, `topic ${topic} is not in topics.csv`);
    if (name === '') say(line, 'has no name');
    const handlerOf = (word: string): Handler => {
      if (isByArea(word)) return { by: word === '@street' ? 'street' : word === '@district' ? 'district' : 'utility' };
      if (word === '') say(line, 'has no lead');
      else if (!known.units.has(word)) say(line, `unit ${word} is not in units.csv`);
      return { by: 'unit', unit: word };
    };
    const coHandlers = wordsOf(cells.coHandlers);
    if (new Set([cells.lead, ...coHandlers]).size <= coHandlers.length) say(line, 'names one unit twice');
    const words = known.words.get(code) ?? { strong: [], weak: [] };
    if (words.strong.length === 0) say(line, `${code} has no strong phrase in words.csv: nothing would ever be routed by it`);
    return { code, name, english, topic, lead: handlerOf(cells.lead), coHandlers: coHandlers.map(handlerOf), ...words };
  });
};

export const channelsOf = (rows: Rows<typeof CHANNEL_COLUMNS>, problems: CityProblem[]): readonly CityChannel[] => {
  const { say, unique, member } = reporter('channels.csv', problems);
  const uniqueId = unique('id');
  return rows.flatMap(({ line, cells: { id, name, ...cells } }) => {
    uniqueId(id, line);
    if (!CHANNEL_ID.test(id)) say(line, `id "${id}" is not 2 to 32 lower-case letters, digits and hyphens`);
    const kind = member(line, 'kind', cells.kind, isChannelKind);
    const active = member(line, 'active', cells.active, isYesNo);
    return kind === undefined || active === undefined ? [] : [{ id, name, kind, active: active === 'yes' }];
  });
};
