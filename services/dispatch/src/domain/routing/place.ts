import type { Place, Reason } from '@paidan/contracts';
import { LEVELS, significant, type Area, type Directory } from './directory.js';
import type { Hit } from './phrases.js';

export interface Located {
  readonly area: Area;
  readonly reason: Reason;
}

/** The smallest known area that a code lies in. */
export const byAdminCode = (directory: Directory, adminCode: string): Area | undefined => {
  const code = significant(adminCode);
  for (const length of [12, 9, 6, 4, 2]) {
    const area = code.length < length ? undefined : directory.areas.get(code.slice(0, length).padEnd(6, '0'));
    if (area !== undefined) return area;
  }
  return undefined;
};

const isWithin = (directory: Directory, inner: Area, outer: Area): boolean => {
  for (
    let area: Area | undefined = inner;
    area !== undefined;
    area = area.parent === undefined ? undefined : directory.areas.get(area.parent)
  ) {
    if (area.code === outer.code) return true;
  }
  return false;
};

/** The smallest area that no name contradicts: 锦澜区 and a street of it are the street; two streets of it are 锦澜区. */
const commonArea = (directory: Directory, areas: readonly Area[]): Area | undefined => {
  const agrees = (area: Area): boolean => areas.every((other) => isWithin(directory, area, other) || isWithin(directory, other, area));
  let area = [...areas].sort((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level))[0];
  while (area !== undefined && !agrees(area)) area = area.parent === undefined ? undefined : directory.areas.get(area.parent);
  return area;
};

/** Where it is: the admin code the channel gave, else the names of places in the address, the title and the text, the first that says more than the city. */
export const locate = (
  directory: Directory,
  place: Place | undefined,
  sources: readonly { readonly where: 'address' | 'title' | 'text'; readonly hits: readonly Hit[] }[],
): Located | undefined => {
  let wide: Located | undefined;
  if (place?.adminCode !== undefined) {
    const area = byAdminCode(directory, place.adminCode);
    if (area !== undefined) {
      const located: Located = { area, reason: { code: 'admin-code', adminCode: area.code } };
      if (area.level !== 'city') return located;
      wide = located;
    }
  }
  for (const { where, hits } of sources) {
    if (hits.length === 0) continue;
    const names = hits.map(({ phrase }) => directory.areaNames[phrase]).filter((name) => name !== undefined);
    const area = commonArea(
      directory,
      [...new Set(names.map((name) => name.area))].map((code) => directory.areas.get(code)).filter((found) => found !== undefined),
    );
    if (area === undefined) continue;
    const located: Located = {
      area,
      reason: { code: 'address', adminCode: area.code, words: [...new Set(names.map(({ name }) => name))].slice(0, 5), note: where },
    };
    if (area.level !== 'city') return located;
    wide ??= located;
  }
  return wide;
};
