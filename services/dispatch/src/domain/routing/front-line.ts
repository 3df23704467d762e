import type { Exclusions } from './candidates.js';
import type { Appeal } from './decision.js';
import { atLevel, contains, type Area, type Directory, type Unit } from './directory.js';
import type { ScoredMatter } from './matter-scores.js';
import type { Chosen } from './outcomes.js';
import type { Reading } from './reading.js';
import { systemOf, type FrontLine, type System } from './systems.js';

/** 直派一线: what is urgent in one of the city's systems goes at once to its front-line unit there, and its bureau is told. */
export const pastTheBureau = (
  { directory, area, exclusions, guidance }: Reading,
  { urgency }: Appeal,
  { matter }: ScoredMatter,
): Required<Pick<Chosen, 'lead' | 'rule' | 'reasons' | 'passed'>> | undefined => {
  if ((guidance.urgency ?? urgency) === 'normal') return undefined;
  const system = systemOf(directory, matter);
  const passed = system === undefined ? undefined : directory.units.get(system.bureau);
  if (system === undefined || passed === undefined) return undefined;
  const lead = frontLineIn(directory, system, area, exclusions);
  if (lead === undefined) return undefined;
  // Where a rule has it work along, that is more than a copy.
  const copied = exclusions.admits(passed, true) && !guidance.coHandlers.includes(passed.code);
  const title = { zh: system.name, en: system.english };
  const note = copied ? { note: passed.code } : {};
  return { lead, rule: 'front-line', passed, reasons: [{ code: 'front-line', unit: lead.code, matter: matter.code, title, ...note }] };
};

/** The unit of a system's front line for a place; where no more than the city is known, only one that is there for all of it. */
const frontLineIn = (directory: Directory, { frontLine }: System, area: Area | undefined, exclusions: Exclusions): Unit | undefined => {
  const place = area ?? directory.root;
  for (const handler of frontLine) {
    const unit = unitOf(directory, handler, area);
    if (unit === undefined || place === undefined || !unit.areas.some((own) => contains(own, place.code))) continue;
    if (exclusions.admits(unit)) return unit;
  }
  return undefined;
};

/** Unlike in the catalogue, the district is not taken for a street that isn't known: it is no front line unless the table says so. */
const unitOf = (directory: Directory, handler: FrontLine, area: Area | undefined): Unit | undefined => {
  if (handler.by === 'unit') return directory.units.get(handler.unit);
  const place = area === undefined ? undefined : atLevel(directory, area, handler.by);
  return place === undefined ? undefined : directory.governments.get(place.code);
};
