import type { AppealType } from '@paidan/contracts';
import type { Directory } from './directory.js';
import { compact, type Hit } from './phrases.js';

export interface NamedUnits {
  /** Units the title turns to: 请教育局…, 咨询医保局…. */
  readonly addressed: ReadonlyMap<string, string>;
  /** Units the title accuses: 投诉城管局…. They must not get what is said about them. */
  readonly accused: ReadonlyMap<string, string>;
}

const ADDRESSING = /(?:请|请求|恳请|恳求|求|希望|盼|盼望|望|建议|咨询|请问|请教|问|呼吁|致|感谢|求助|敦促|督促|要求|麻烦|向|给|表扬)$/u;
const ACCUSING = /(?:举报|投诉|控告|检举|揭发)$/u;
/** Names of places outside the directory, and the city's own 市 and 区, stand between the verb and the unit: 请求L4县教育局. */
const FOREIGN_PLACE = /(?:[a-z]\d{0,2}[省市区县州]|[省市区县州]|有关部门|人民政府|政府)$/iu;

/**
 * Reads the title's units. A complaint or a report that names a unit without turning to it is about that unit, because the unit
 * complained of is what such a title names first; any appeal that says 投诉 or 举报 right before a unit is about it, whatever type it was filed under.
 */
export const namedUnits = (
  directory: Directory,
  appealType: AppealType,
  title: string,
  unitHits: readonly Hit[],
  areaHits: readonly Hit[],
): NamedUnits => {
  const addressed = new Map<string, string>();
  const accused = new Map<string, string>();
  if (unitHits.length === 0) return { addressed, accused };
  const words = compact(title);
  for (const hit of unitHits) {
    const named = directory.unitNames[hit.phrase];
    if (named === undefined) continue;
    let head = words.slice(0, hit.start);
    for (;;) {
      const area = areaHits.find(({ end }) => end === head.length);
      const shorter = area === undefined ? head.replace(FOREIGN_PLACE, '') : head.slice(0, area.start);
      if (shorter.length === head.length) break;
      head = shorter;
    }
    if (ACCUSING.test(head)) accused.set(named.unit, named.name);
    else if (ADDRESSING.test(head)) addressed.set(named.unit, named.name);
    else if (appealType === 'complaint' || appealType === 'report') accused.set(named.unit, named.name);
    else if (head === '') addressed.set(named.unit, named.name);
  }
  for (const unit of accused.keys()) addressed.delete(unit);
  return { addressed, accused };
};
