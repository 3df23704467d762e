import type { Place, Reason } from '@paidan/contracts';
import type { Area, Directory } from '../routing/directory.js';
import type { Hit } from '../routing/phrases.js';
import { byAddress, byCode, byPoint, byWords, type Evidence, type Sure } from './evidence.js';
import { commonArea, depthOf, liesIn, lineageOf, onOneLine } from './lineage.js';

/** Where it is, and how sure that is. */
export interface Where {
  readonly area: Area;
  /** 0…1; no probability, but it orders answers by how far they can be trusted. */
  readonly certainty: number;
  /** The area and what it lies in, smallest first; the wider, the surer. */
  readonly line: readonly Sure[];
  readonly reasons: readonly Reason[];
  /** Two sources name places of which neither lies in the other; the area is the one that has both. */
  readonly contradicted: boolean;
}

/** Hits of the directory's matcher, of its family `areas`. */
export interface NamedPlaces {
  readonly title: readonly Hit[];
  readonly text: readonly Hit[];
}

/** What two sources that agree leave open of the doubt that each leaves. */
const together = (certainties: readonly number[]): number => 1 - certainties.reduce((doubt, certainty) => doubt * (1 - certainty), 1);
/** Never quite: sources that agree may have copied each other. */
const SUREST = 0.99;
const rounded = (certainty: number): number => Math.round(Math.min(certainty, SUREST) * 100) / 100;

const areaOf = ({ line: [{ area }] }: Evidence): Area => area;

/** Where a source leaves a choice, the one that another source makes: the far side of a near border, the street of that name in the district the code says. */
const settled = (directory: Directory, evidence: Evidence, others: readonly Evidence[]): Evidence => {
  const fits = ({ area }: Sure): boolean =>
    others.every((other) => onOneLine(directory, area, areaOf(other)) && areaOf(other) !== directory.root);
  const open = evidence.instead.filter(fits);
  const [only] = open;
  if (only === undefined || open.length > 1 || others.length === 0) return evidence;
  if (!liesIn(directory, only.area, areaOf(evidence)) && fits(evidence.line[0])) return evidence;
  const line = lineageOf(directory, only.area).map((area) => ({
    area,
    certainty: Math.max(only.certainty, evidence.line.find((sure) => sure.area === area)?.certainty ?? 0),
  }));
  return {
    ...evidence,
    line: line as readonly Sure[] as Evidence['line'],
    instead: [],
    reason: { ...evidence.reason, adminCode: only.area.code },
  };
};

const alone = ({ line, reason }: Evidence): Where => {
  const sure = line.map(({ area, certainty }) => ({ area, certainty: rounded(certainty) })) as readonly Sure[] as Evidence['line'];
  const [{ area, certainty }] = sure;
  return { area, certainty, line: sure, reasons: [{ ...reason, score: certainty }], contradicted: false };
};

const combine = (directory: Directory, found: readonly Evidence[]): Where | undefined => {
  const [one] = found;
  if (one === undefined) return undefined;
  if (found.length === 1) return alone(one);
  const sources = found.map((evidence) =>
    settled(
      directory,
      evidence,
      found.filter((other) => other !== evidence),
    ),
  );
  const areas = sources.map(areaOf);
  const smallest = [...areas].sort((a, b) => depthOf(b) - depthOf(a))[0];
  if (smallest === undefined) return undefined;
  const contradicted = areas.some((area) => !onOneLine(directory, area, smallest));
  const area = contradicted ? commonArea(directory, areas) : smallest;
  if (area === undefined) return undefined;
  const line = lineageOf(directory, area).map((each) => {
    const said = sources.flatMap((source) => source.line.find((sure) => sure.area === each)?.certainty ?? []);
    return { area: each, certainty: rounded(contradicted ? Math.min(...said) : together(said)) };
  });
  const reasons = sources.map(({ reason, line: [{ certainty }] }): Reason => ({ ...reason, score: rounded(certainty) }));
  const differ: Reason = { code: 'places-differ', adminCode: area.code, score: line[0]?.certainty ?? 0 };
  return { area, certainty: line[0]?.certainty ?? 0, line, reasons: contradicted ? [...reasons, differ] : reasons, contradicted };
};

/**
 * Where it is: what the channel gave – the admin code, the point, the address – taken together; the names of places in the title, else in the text, only
 * where none of these says more than the city, because a text also names places that it only comes past.
 */
export const where = (directory: Directory, place: Place | undefined, { title, text }: NamedPlaces): Where | undefined => {
  const names = (hits: readonly Hit[]) => hits.flatMap(({ phrase }) => directory.areaNames[phrase] ?? []);
  const { adminCode, coordinates, address } = place ?? {};
  const sources: readonly (() => readonly (Evidence | undefined)[])[] = [
    () => [
      adminCode === undefined ? undefined : byCode(directory, adminCode),
      coordinates === undefined ? undefined : byPoint(directory, coordinates),
      address === undefined ? undefined : byAddress(directory, directory.gazetteer.read(address)),
    ],
    () => [byWords(directory, names(title), 'title')],
    () => [byWords(directory, names(text), 'text')],
  ];
  let wide: Where | undefined;
  let ambiguous: readonly Evidence[] = [];
  for (const ask of sources) {
    const found = [...ambiguous, ...ask().filter((evidence) => evidence !== undefined)];
    // What says no more than the city goes with everything.
    const narrow = found.filter((evidence) => areaOf(evidence).level !== 'city' || evidence.instead.length > 0);
    const said = combine(directory, narrow.length > 0 ? narrow : found);
    if (said !== undefined && said.area.level !== 'city') return said;
    wide ??= said;
    ambiguous = found.filter(({ instead }) => instead.length > 0);
  }
  return wide;
};

/** The smallest area that is sure enough to go by. */
export const sureArea = (found: Where | undefined, minCertainty: number): Area | undefined =>
  found?.line.find(({ certainty }) => certainty >= minCertainty)?.area;
