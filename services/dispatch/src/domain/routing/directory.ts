import type { Integration, UnitKind } from '@paidan/contracts';
import { buildMatcher, type PhraseMatcher } from './phrases.js';

export type Level = 'city' | 'district' | 'street';

/** A place of the city with its names; the code is that of GB/T 2260, with nine digits for a street. */
export interface Area {
  readonly code: string;
  readonly name: string;
  readonly level: Level;
  readonly parent?: string;
  readonly aliases: readonly string[];
}

export interface Unit {
  readonly code: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly kind: UnitKind;
  readonly level: Level;
  /** The unit it belongs to: a street to its district, the traffic police to the police. */
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

export interface DirectoryData {
  readonly version: number;
  readonly areas: readonly Area[];
  readonly units: readonly Unit[];
  readonly topics: readonly Topic[];
  readonly matters: readonly Matter[];
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
  readonly topics: readonly Topic[];
  readonly matters: readonly Matter[];
  readonly matterByCode: ReadonlyMap<string, Matter>;
  readonly children: ReadonlyMap<string, readonly Unit[]>;
  /** The street's or district's own government, by area code. */
  readonly governments: ReadonlyMap<string, Unit>;
  readonly matcher: PhraseMatcher;
  /** By phrase of family `matters`. */
  readonly phrases: readonly string[];
  readonly bearings: readonly (readonly Bearing[])[];
  /** By phrase of family `units` and `areas`. */
  readonly unitNames: readonly { readonly name: string; readonly unit: string }[];
  readonly areaNames: readonly { readonly name: string; readonly area: string }[];
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

/** Expects data that the loader found sound; see `adapters/city/load-city.ts`. */
export const indexDirectory = (data: DirectoryData): Directory => {
  const children = new Map<string, Unit[]>();
  const governments = new Map<string, Unit>();
  for (const unit of data.units) {
    if (unit.parent !== undefined) children.set(unit.parent, [...(children.get(unit.parent) ?? []), unit]);
    if (unit.kind === 'street' || unit.kind === 'district') for (const area of unit.areas) governments.set(area, unit);
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
  const unitNames = data.units.flatMap((unit) => [unit.name, ...unit.aliases].map((name) => ({ name, unit: unit.code })));
  const areaNames = data.areas.flatMap((area) => [area.name, ...area.aliases].map((name) => ({ name, area: area.code })));
  return {
    version: data.version,
    units: new Map(data.units.map((unit) => [unit.code, unit])),
    areas: new Map(data.areas.map((area) => [area.code, area])),
    topics: data.topics,
    matters: data.matters,
    matterByCode: new Map(data.matters.map((matter) => [matter.code, matter])),
    children,
    governments,
    matcher: buildMatcher([phrases, unitNames.map(({ name }) => name), areaNames.map(({ name }) => name)]),
    phrases,
    bearings: phrases.map((phrase) => bearings.get(phrase) ?? []),
    unitNames,
    areaNames,
  };
};

/** A unit and everything under it. */
export const withSubordinates = (directory: Directory, code: string): readonly string[] => [
  code,
  ...(directory.children.get(code) ?? []).flatMap((child) => withSubordinates(directory, child.code)),
];
