import type { Integration, UnitKind } from '@paidan/contracts';
import { NO_MAP, type Boundary, type BoundaryMap } from '../where/boundary.js';
import { areaNamesOf, buildGazetteer, type AreaName, type Gazetteer } from '../where/gazetteer.js';
import { isWithin, type Period } from './period.js';
import { buildMatcher, type PhraseMatcher } from './phrases.js';
import { indexSystems, type System } from './systems.js';
import { indexResponsibilities, type Responsibility, type ResponsibilityIndex } from './responsibilities.js';

/** From above: 市, 区县, 街道乡镇, 社区（村）. */
export const LEVELS = ['city', 'district', 'street', 'community'] as const;
export type Level = (typeof LEVELS)[number];

/** A place of the city with its names; the code is that of GB/T 2260, with nine digits for a street and twelve for a community. */
export interface Area {
  readonly code: string;
  readonly name: string;
  readonly level: Level;
  readonly parent?: string;
  readonly aliases: readonly string[];
}

/** Until it is closed (`active`), a unit is there for its period. */
export interface Unit extends Period {
  readonly code: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly kind: UnitKind;
  readonly level: Level;
  /** The unit it belongs to: a street to its district, the traffic police to the police, a district's bureau to the district or to the city's bureau. */
  readonly parent?: string;
  /** Codes of the areas it is there for. */
  readonly areas: readonly string[];
  readonly integration: Integration;
  readonly active: boolean;
}

/**
 * Who handles a matter: a unit; the government of the street or district where it is (属地); or the utility that the message is about,
 * because a water bill and a power bill are one matter of the catalogue.
 */
export type Handler =
  { readonly by: 'unit'; readonly unit: string } | { readonly by: 'street' } | { readonly by: 'district' } | { readonly by: 'utility' };

export interface Matter {
  readonly code: string;
  readonly name: string;
  readonly english: string;
  /** Level 1 of the catalogue: the first two digits of the code. */
  readonly topic: string;
  readonly lead: Handler;
  readonly coHandlers: readonly Handler[];
  /** Phrases that by themselves say which matter it is. */
  readonly strong: readonly string[];
  /** Phrases that only add to others. */
  readonly weak: readonly string[];
}

export interface Topic {
  readonly code: string;
  readonly name: string;
  readonly english: string;
}

/** A leader's mailbox 信箱, and the unit that what comes through it is for. */
export interface Mailbox extends Period {
  readonly code: string;
  readonly name: string;
  readonly unit: string;
  readonly active: boolean;
}

export interface DirectoryData {
  readonly version: number;
  readonly areas: readonly Area[];
  readonly units: readonly Unit[];
  readonly topics: readonly Topic[];
  readonly matters: readonly Matter[];
  readonly responsibilities: readonly Responsibility[];
  readonly mailboxes: readonly Mailbox[];
  /** What areas cover; left out, points say nothing. */
  readonly boundaries?: readonly Boundary[];
  /** 条线 whose urgent matters go to the front line at once; left out, none do. */
  readonly systems?: readonly System[];
}

/** Families of the matcher, in the order of {@link PhraseMatcher.scan}. */
export const PHRASE_FAMILIES = ['matters', 'units', 'areas'] as const;

/** What a phrase says about one matter. */
export interface Bearing {
  /** Position in {@link Directory.matters}. */
  readonly matter: number;
  readonly strong: boolean;
}

/** A directory version with what routing looks up; built once, never changed. */
export interface Directory {
  readonly version: number;
  readonly units: ReadonlyMap<string, Unit>;
  readonly areas: ReadonlyMap<string, Area>;
  /** Of each area itself and what it lies in, smallest first, by its code. */
  readonly lineages: ReadonlyMap<string, readonly Area[]>;
  /** The area that all others lie in, if there is but one. */
  readonly root: Area | undefined;
  readonly topics: readonly Topic[];
  readonly matters: readonly Matter[];
  readonly matterByCode: ReadonlyMap<string, Matter>;
  readonly responsibilities: readonly Responsibility[];
  readonly responsibleIn: ResponsibilityIndex;
  readonly mailboxes: ReadonlyMap<string, Mailbox>;
  /** By matter or topic. */
  readonly systems: ReadonlyMap<string, System>;
  readonly children: ReadonlyMap<string, readonly Unit[]>;
  /** The own government of a district or street, or the committee of a community, by area code. */
  readonly governments: ReadonlyMap<string, Unit>;
  readonly matcher: PhraseMatcher;
  /** By phrase of family `matters`. */
  readonly phrases: readonly string[];
  readonly bearings: readonly (readonly Bearing[])[];
  /** By phrase of family `units` and `areas`. Of places also names that several bear: what else is named may say which. */
  readonly unitNames: readonly { readonly name: string; readonly unit: string }[];
  readonly areaNames: readonly AreaName[];
  /** Reads addresses, where short forms count too. */
  readonly gazetteer: Gazetteer;
  readonly map: BoundaryMap;
}

/** Zeros that only fill an admin code up: 990100 is the city 9901, 990102000 the district 990102. */
export const significant = (adminCode: string): string => {
  let code = adminCode;
  if (code.length === 12 && code.endsWith('000')) code = code.slice(0, 9);
  if (code.length === 9 && code.endsWith('000')) code = code.slice(0, 6);
  while (code.length <= 6 && code.length > 2 && code.endsWith('00')) code = code.slice(0, -2);
  return code;
};

/** Whether `inner` lies in `outer` or is the same place. */
export const contains = (outer: string, inner: string): boolean => significant(inner).startsWith(significant(outer));

const GOVERNING: ReadonlySet<UnitKind> = new Set(['district', 'street', 'community']);

const lineagesOf = (areas: ReadonlyMap<string, Area>): ReadonlyMap<string, readonly Area[]> =>
  new Map(
    [...areas].map(([code, area]) => {
      const line: Area[] = [];
      for (let at: Area | undefined = area; at !== undefined; at = at.parent === undefined ? undefined : areas.get(at.parent))
        line.push(at);
      return [code, line];
    }),
  );

/**
 * Expects data that the loader found sound; see `adapters/city/load-city.ts`.
 * @param map of its boundaries
 */
export const indexDirectory = (data: DirectoryData, map: BoundaryMap = NO_MAP): Directory => {
  const children = new Map<string, Unit[]>();
  const governments = new Map<string, Unit>();
  for (const unit of data.units) {
    if (unit.parent !== undefined) {
      const siblings = children.get(unit.parent);
      if (siblings === undefined) children.set(unit.parent, [unit]);
      else siblings.push(unit);
    }
    if (GOVERNING.has(unit.kind)) for (const area of unit.areas) governments.set(area, unit);
  }
  const bearings = new Map<string, Bearing[]>();
  data.matters.forEach((matter, index) => {
    for (const [words, strong] of [
      [matter.strong, true],
      [matter.weak, false],
    ] as const) {
      for (const phrase of words) bearings.set(phrase, [...(bearings.get(phrase) ?? []), { matter: index, strong }]);
    }
  });
  const phrases = [...bearings.keys()];
  // Three 幸福社区 in one city are usual: the name says not which is meant.
  const unitNames = areaNamesOf(data.units).flatMap(({ name, areas: [unit, ...others] }) =>
    unit === undefined || others.length > 0 ? [] : [{ name, unit }],
  );
  const areaNames = areaNamesOf(data.areas);
  const areas = new Map(data.areas.map((area) => [area.code, area]));
  const roots = data.areas.filter(({ parent }) => parent === undefined);
  return {
    version: data.version,
    units: new Map(data.units.map((unit) => [unit.code, unit])),
    areas,
    lineages: lineagesOf(areas),
    root: roots.length === 1 ? roots[0] : undefined,
    topics: data.topics,
    matters: data.matters,
    matterByCode: new Map(data.matters.map((matter) => [matter.code, matter])),
    responsibilities: data.responsibilities,
    responsibleIn: indexResponsibilities(data.responsibilities, data.matters),
    mailboxes: new Map(data.mailboxes.map((mailbox) => [mailbox.code, mailbox])),
    systems: indexSystems(data.systems ?? []),
    children,
    governments,
    matcher: buildMatcher([phrases, unitNames.map(({ name }) => name), areaNames.map(({ name }) => name)]),
    phrases,
    bearings: phrases.map((phrase) => bearings.get(phrase) ?? []),
    unitNames,
    areaNames,
    gazetteer: buildGazetteer(data.areas),
    map,
  };
};

/** A unit and everything under it. */
export const withSubordinates = (directory: Directory, code: string): readonly string[] => [
  code,
  ...(directory.children.get(code) ?? []).flatMap((child) => withSubordinates(directory, child.code)),
];

/** The unit that it is under. */
export const aboveOf = (directory: Directory, { parent }: Unit): Unit | undefined =>
  parent === undefined ? undefined : directory.units.get(parent);

/** Whether it may be given work at a time; if not, why. */
export const standingOf = (unit: Unit, at: number): 'in-force' | 'inactive' | 'not-yet-in-force' => {
  if (!unit.active || (unit.until !== undefined && unit.until <= at)) return 'inactive';
  return isWithin(unit, at) ? 'in-force' : 'not-yet-in-force';
};

/** Whether the directory has a unit that may be given work at a time. */
export const isInForce = (directory: Directory, code: string, at: number): boolean => {
  const unit = directory.units.get(code);
  return unit !== undefined && standingOf(unit, at) === 'in-force';
};

/** The unit that what comes through a mailbox at a time is for; undefined for a mailbox that isn't known or isn't in force. Whether the unit is, is another question. */
export const unitOfMailbox = (directory: Directory, code: string, at: number): Unit | undefined => {
  const mailbox = directory.mailboxes.get(code);
  return mailbox?.active === true && isWithin(mailbox, at) ? directory.units.get(mailbox.unit) : undefined;
};

/** The area itself or what it lies in, of a level. */
export const atLevel = (directory: Directory, area: Area, level: Level): Area | undefined => {
  let at: Area | undefined = area;
  while (at !== undefined && at.level !== level) at = at.parent === undefined ? undefined : directory.areas.get(at.parent);
  return at;
};
