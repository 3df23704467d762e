import type { Area, Level } from '../routing/directory.js';
import { buildMatcher, compact, type PhraseMatcher } from '../routing/phrases.js';
import { shortName } from './short-names.js';

/** A name with everyone who bears it; several bear it where it says little: there is a 城关镇 in every other county. */
export interface AreaName {
  readonly name: string;
  readonly areas: readonly string[];
}

/** A name found in an address. */
export interface Mention extends AreaName {
  /** Left without its 区, 街道 or 社区. */
  readonly short: boolean;
}

export interface Gazetteer {
  /** The places an address names, in their order. */
  read(address: string): readonly Mention[];
}

const WIDTH: Readonly<Record<Level, number>> = { city: 3, district: 2, street: 1, community: 0 };

/** Names and aliases with the codes of who bears them. A street keeps a name that a community has too: who means the community says so. */
export const areaNamesOf = (areas: readonly Pick<Area, 'code' | 'name' | 'aliases' | 'level'>[]): readonly AreaName[] => {
  const bearers = new Map<string, { readonly level: Level; readonly areas: string[] }>();
  for (const { code, name, aliases, level } of areas) {
    for (const each of new Set([name, ...aliases])) {
      const others = bearers.get(each);
      if (others === undefined || WIDTH[level] > WIDTH[others.level]) bearers.set(each, { level, areas: [code] });
      else if (level === others.level) others.areas.push(code);
    }
  }
  return [...bearers].map(([name, { areas: codes }]) => ({ name, areas: codes }));
};

/** Before these a short form is a part of another name: 岳麓大道 is a road, 桃园小学 a school. */
const OF_SOMETHING_ELSE =
  /^(?:[东南西北中一二三四五六七八九十]{0,2}(?:大道|大街|[路街巷弄桥站里])|大厦|广场|公园|小区|花园|家园|小学|中学|医院|酒店|商场|市场|超市)/u;
/** A1, short for A1区, is a staircase too. */
const HAN = /^\p{Script=Han}+$/u;
/** What may stand between two places in an address: 长沙市，岳麓. */
const BETWEEN = /^[省市区县、,，.。·\-—/]*$/u;

/**
 * Reads addresses: by the full names anywhere in them; by short forms only where they stand as a part of an address does, at its beginning or right behind a
 * place, because 建设, 和平 and 新华 are words too.
 */
export const buildGazetteer = (areas: readonly Area[]): Gazetteer => {
  const full = areaNamesOf(areas);
  const taken = new Set(full.map(({ name }) => name));
  const shortForms = areaNamesOf(
    areas.flatMap((area) => {
      const names = [area.name, ...area.aliases]
        .flatMap((name) => shortName(name) ?? [])
        .filter((name) => !taken.has(name) && HAN.test(name));
      const [name, ...aliases] = names;
      return name === undefined ? [] : [{ ...area, name, aliases }];
    }),
  );
  const names = [...full, ...shortForms];
  const matcher: PhraseMatcher = buildMatcher([names.map(({ name }) => name)]);
  return {
    read: (address) => {
      const words = compact(address);
      const mentions: Mention[] = [];
      let end = 0;
      for (const hit of matcher.scan(address)[0] ?? []) {
        const short = hit.phrase >= full.length;
        if (short && (!BETWEEN.test(words.slice(end, hit.start)) || OF_SOMETHING_ELSE.test(words.slice(hit.end)))) continue;
        mentions.push({ ...(names[hit.phrase] as AreaName), short });
        end = hit.end;
      }
      return mentions;
    },
  };
};
