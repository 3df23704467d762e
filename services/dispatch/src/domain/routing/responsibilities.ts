import type { Area, Directory, Handler, Matter } from './directory.js';
import { isWithin, type Period } from './period.js';

/** 职责分工: who handles a matter in an area for a time, where it is not whom the catalogue says. */
export interface Responsibility extends Period {
  /** A matter, or a topic for all its matters. */
  readonly matter: string;
  /** With all below it; left out, it is everywhere. */
  readonly area?: string;
  readonly lead: Handler;
  readonly coHandlers: readonly Handler[];
  /** What it rests on: a law, a paper of the city's government. */
  readonly note?: string;
}

/** By matter, then by area (empty: everywhere), the entries of all times; those of the matter before those of its topic. */
export type ResponsibilityIndex = ReadonlyMap<string, ReadonlyMap<string, readonly Responsibility[]>>;

export interface Responsible {
  readonly lead: Handler;
  readonly coHandlers: readonly Handler[];
  /** The entry that says so; left out, it is the catalogue. */
  readonly entry?: Responsibility;
}

const EVERYWHERE = '';

export const indexResponsibilities = (
  entries: readonly Responsibility[],
  matters: readonly Pick<Matter, 'code'>[],
): ResponsibilityIndex => {
  const bySubject = new Map<string, Responsibility[]>();
  for (const entry of entries) {
    const known = bySubject.get(entry.matter);
    if (known === undefined) bySubject.set(entry.matter, [entry]);
    else known.push(entry);
  }
  const index = new Map<string, Map<string, Responsibility[]>>();
  for (const { code } of matters) {
    const areas = new Map<string, Responsibility[]>();
    for (const entry of subjectsOf(code).flatMap((subject) => bySubject.get(subject) ?? [])) {
      const place = entry.area ?? EVERYWHERE;
      const known = areas.get(place);
      if (known === undefined) areas.set(place, [entry]);
      else known.push(entry);
    }
    if (areas.size > 0) index.set(code, areas);
  }
  return index;
};

/** What an entry may be about, closest first: 010203 is of matter 0102 and of topic 01. */
const subjectsOf = (code: string): readonly string[] =>
  code.length > 4 ? [code, code.slice(0, 4), code.slice(0, 2)] : [code, code.slice(0, 2)];

/**
 * Who handles a matter in an area at a time. The smallest area with an entry in force decides, there the entry of the matter before that of its topic; where
 * there is none, the catalogue. A place that isn't known is somewhere in the city.
 */
export const responsibleFor = (
  directory: Pick<Directory, 'areas' | 'root' | 'responsibleIn'>,
  matter: Matter,
  area: Area | undefined,
  at: number,
): Responsible => {
  const places = directory.responsibleIn.get(matter.code);
  if (places === undefined) return matter;
  let place: Area | undefined = area ?? directory.root;
  let entry: Responsibility | undefined;
  while (place !== undefined && entry === undefined) {
    entry = inForce(places.get(place.code), at);
    place = place.parent === undefined ? undefined : directory.areas.get(place.parent);
  }
  entry ??= inForce(places.get(EVERYWHERE), at);
  return entry === undefined ? matter : { lead: entry.lead, coHandlers: entry.coHandlers, entry };
};

const inForce = (entries: readonly Responsibility[] | undefined, at: number): Responsibility | undefined =>
  entries?.find((entry) => isWithin(entry, at));

/** Pairs of positions whose entries say different things of one matter, one area and one day; each later one of a row of overlaps is in one of them. */
export const clashesOf = (entries: readonly Responsibility[]): readonly (readonly [first: number, second: number])[] => {
  const alike = new Map<string, number[]>();
  entries.forEach(({ matter, area = EVERYWHERE }, position) => {
    const key = `${matter} ${area}`;
    const group = alike.get(key);
    if (group === undefined) alike.set(key, [position]);
    else group.push(position);
  });
  const from = (position: number): number => entries[position]?.from ?? -Infinity;
  const until = (position: number): number => entries[position]?.until ?? Infinity;
  const clashes: [number, number][] = [];
  for (const group of alike.values()) {
    const [first, ...rest] = group.sort((a, b) => (from(a) === from(b) ? a - b : from(a) < from(b) ? -1 : 1));
    let last = first as number;
    for (const position of rest) {
      if (from(position) < until(last)) clashes.push(last < position ? [last, position] : [position, last]);
      if (until(position) > until(last)) last = position;
    }
  }
  return clashes;
};
