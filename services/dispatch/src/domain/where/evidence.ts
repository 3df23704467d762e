import type { Place, Reason } from '@paidan/contracts';
import type { Area, Directory } from '../routing/directory.js';
import { byAdminCode } from './by-admin-code.js';
import { inWgs84, isShifted, type Point } from './datum.js';
import type { AreaName, Mention } from './gazetteer.js';
import { commonArea, depthOf, liesIn, lineageOf, onOneLine } from './lineage.js';

/** How sure an area is: 0…1. */
export interface Sure {
  readonly area: Area;
  readonly certainty: number;
}

/** What one source says of the place. */
export interface Evidence {
  /** The area and what it lies in, smallest first; the wider, the surer. */
  readonly line: readonly [Sure, ...Sure[]];
  /** Where it may be as well: across the near border, or in the other district's street of that name. How sure, if another source says so too. */
  readonly instead: readonly Sure[];
  readonly reason: Reason;
}

/*
 * How far each source is trusted: chosen by us, and in this order because a channel's admin code is a choice from a list, a point is measured but may be
 * where the citizen sits, an address is what somebody wrote, and a text names places that it only comes past.
 */
const BY_CODE = 0.95;
const BY_POINT = 0.9;
const BY_ADDRESS = 0.85;
const BY_SHORT_NAME = 0.7;
export const BY_WORDS = { title: 0.7, text: 0.6 } as const;
/** On a border it is one side or the other. */
const ON_BORDER = 0.5;
/** What a name says that several areas bear. */
const AMBIGUOUS = 0.5;

/** GPS between houses and the drawing of boundaries are each some tens of metres off. */
export const BORDER_MARGIN = 50;
/** Between the two systems lie 100 to 700 m. */
const UNKNOWN_SYSTEM_MARGIN = 700;

const lineFrom = (directory: Directory, area: Area, certaintyOf: (area: Area) => number): Evidence['line'] => {
  let surest = 0;
  return lineageOf(directory, area).map((each) => {
    surest = Math.max(surest, certaintyOf(each));
    return { area: each, certainty: surest };
  }) as readonly Sure[] as Evidence['line'];
};

export const byCode = (directory: Directory, adminCode: string): Evidence | undefined => {
  const area = byAdminCode(directory, adminCode);
  return area && { line: lineFrom(directory, area, () => BY_CODE), instead: [], reason: { code: 'admin-code', adminCode: area.code } };
};

/** A point whose system nobody states is taken for WGS-84, which may be 700 m off. */
export const byPoint = (directory: Directory, coordinates: NonNullable<Place['coordinates']>): Evidence | undefined => {
  const system = coordinates.system as string;
  const known = system === 'WGS-84' || system === 'GCJ-02';
  const point: Point = known ? inWgs84(coordinates, coordinates.system) : coordinates;
  const margin = known || !isShifted(point) ? BORDER_MARGIN : UNKNOWN_SYSTEM_MARGIN;
  const nearby: { readonly area: Area; readonly inside: boolean; readonly clearance: number }[] = [];
  for (const { code, inside: lies, clearance } of directory.map.around(point, margin)) {
    const area = directory.areas.get(code);
    if (area !== undefined) nearby.push({ area, inside: lies, clearance });
  }
  const inside = nearby.filter((one) => one.inside).sort((a, b) => depthOf(b.area) - depthOf(a.area) || b.clearance - a.clearance);
  const [smallest] = inside;
  if (smallest === undefined) return undefined;
  const reason: Reason = { code: 'coordinates', adminCode: smallest.area.code, ...(known ? { note: system } : {}) };
  const within = lineageOf(directory, smallest.area);
  if (nearby.every(({ area, inside: lies, clearance }) => lies && clearance >= margin && within.includes(area)))
    return { line: within.map((area) => ({ area, certainty: BY_POINT })) as readonly Sure[] as Evidence['line'], instead: [], reason };
  /** To the border of an area, as far as it is drawn; else to what is drawn outside it. */
  const clearanceOf = (area: Area): number => {
    const own = nearby.find((one) => one.area === area && one.inside);
    const others = nearby.filter((one) => !onOneLine(directory, one.area, area));
    // Two areas that overlap there: neither is sure.
    if (others.some((one) => one.inside)) return 0;
    return own?.clearance ?? Math.min(margin, ...others.map(({ clearance }) => clearance));
  };
  const sureness = (clearance: number): number => ON_BORDER + ((BY_POINT - ON_BORDER) * Math.min(clearance, margin)) / margin;
  return {
    line: lineFrom(directory, smallest.area, (area) => sureness(clearanceOf(area))),
    instead: nearby.filter(({ area }) => !onOneLine(directory, area, smallest.area)).map(({ area }) => ({ area, certainty: ON_BORDER })),
    reason,
  };
};

/** The area that names say together: 锦澜区 and a street of it are the street; two streets of it are 锦澜区. */
const byNames = (
  directory: Directory,
  names: readonly AreaName[],
): { readonly area: Area; readonly agreed: Area | undefined; readonly instead: readonly Area[] } | undefined => {
  const bearers = names
    .map(({ areas }) => areas.flatMap((code) => directory.areas.get(code) ?? []))
    .filter(({ length }) => length > 0)
    .sort((a, b) => a.length - b.length || depthOf(a[0] as Area) - depthOf(b[0] as Area));
  const sure: Area[] = [];
  let open: readonly Area[] = [];
  for (const candidates of bearers) {
    // Of several that bear the name, the one that lies in what was named besides; the name of the whole city decides nothing.
    const fitting = candidates.filter((area) => sure.some((named) => named !== directory.root && onOneLine(directory, area, named)));
    const left = fitting.length > 0 ? fitting : candidates;
    if (left.length === 1) sure.push(left[0] as Area);
    else if (open.length === 0) open = left;
  }
  const smallest = [...sure].sort((a, b) => depthOf(b) - depthOf(a))[0];
  const agreed = smallest && lineageOf(directory, smallest).find((area) => sure.every((other) => onOneLine(directory, area, other)));
  const within = agreed === undefined ? open : open.filter((area) => liesIn(directory, area, agreed));
  const area = within.length > 0 ? commonArea(directory, within) : (agreed ?? commonArea(directory, sure));
  return area && { area, agreed, instead: within };
};

const named = (
  directory: Directory,
  names: readonly AreaName[],
  where: 'address' | 'title' | 'text',
  certainty: number,
): Evidence | undefined => {
  const found = byNames(directory, names);
  if (found === undefined) return undefined;
  const words = [...new Set(names.map(({ name }) => name))].slice(0, 5);
  const { agreed, instead } = found;
  const isSure = (area: Area): boolean => instead.length === 0 || (agreed !== undefined && liesIn(directory, agreed, area));
  return {
    line: lineFrom(directory, found.area, (area) => (isSure(area) ? certainty : certainty * AMBIGUOUS)),
    instead: instead.map((area) => ({ area, certainty })),
    reason: { code: 'address', adminCode: found.area.code, words, note: where },
  };
};

export const byAddress = (directory: Directory, mentions: readonly Mention[]): Evidence | undefined =>
  named(directory, mentions, 'address', mentions.some(({ short }) => short) ? BY_SHORT_NAME : BY_ADDRESS);

export const byWords = (directory: Directory, names: readonly AreaName[], where: 'title' | 'text'): Evidence | undefined =>
  named(directory, names, where, BY_WORDS[where]);
